import { EventEmitter } from 'node:events';
import { render } from 'ink';
import type { ReactNode } from 'react';
import { Screen } from '../../src/tui/components/screen.tsx';
import { createFrameStore } from '../../src/tui/components/base/frame.ts';
import type { Size } from '../../src/tui/state/layout.ts';
import type { Frame } from '../../src/tui/state/ui.ts';

/** What Ink makes of a tree, as one text: rows joined with line feeds. */
export function drawn(tree: ReactNode, { columns, rows }: Size): string {
  const stdin: object = Object.assign(new EventEmitter(), {
    isTTY: true,
    setEncoding() {},
    setRawMode() {},
    ref() {},
    unref() {},
    read: () => null,
    resume() {},
    pause() {},
  });
  let last = '';
  const write = (text: string, done?: () => void): boolean => {
    if (text !== '' && !text.startsWith('\u001b[?')) last = text;
    done?.();
    return true;
  };
  const stdout: object = Object.assign(new EventEmitter(), { isTTY: true, columns, rows, write });
  const ink = render(tree, {
    stdout: stdout as NodeJS.WriteStream,
    stdin: stdin as NodeJS.ReadStream,
    debug: true,
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  ink.unmount();
  return last;
}

/** The whole screen of a frame. */
export const screenOf = (frame: Frame): string =>
  drawn(
    <Screen
      frames={createFrameStore(frame)}
      onReady={() => {}}
      onDefect={(error) => {
        throw error;
      }}
    />,
    frame.size,
  );
