import { setImmediate as drawn } from 'node:timers/promises';
import { Box } from 'ink';
import { cleanup, render } from 'ink-testing-library';
import type { ReactNode } from 'react';
import { afterEach } from 'vitest';
import { createFrameStore, FrameContext } from '../../../src/tui/components/base/frame.ts';
import { LookContext } from '../../../src/tui/components/base/look.ts';
import type { Area } from '../../../src/tui/state/layout.ts';
import type { Frame, ListState, Ui } from '../../../src/tui/state/ui.ts';
import { plain } from '../../../src/support/text-width.ts';
import { frameOf } from '../fixtures.ts';

afterEach(cleanup);

const size = { columns: 100, rows: 40 };
export const area: Area = { x: 0, y: 0, width: 72, height: 9 };

/** A frame with one of its tables in another state. */
export function withList(view: keyof Ui['lists'], list: Partial<ListState>, over: Partial<Frame> = {}, ui: Partial<Ui> = {}): Frame {
  const { lists } = frameOf(size).ui;
  return frameOf(size, over, { ...ui, lists: { ...lists, [view]: { ...lists[view], ...list } } });
}

export const frame = (over: Partial<Frame> = {}, ui: Partial<Ui> = {}): Frame => frameOf(size, over, ui);

/** One component in its room, drawn by Ink. */
export function show(component: ReactNode, first: Frame = frame(), room: Pick<Area, 'width' | 'height'> = area) {
  const frames = createFrameStore(first);
  const view = render(
    <FrameContext value={frames}>
      <LookContext value={first.look}>
        <Box width={room.width} height={room.height}>
          {component}
        </Box>
      </LookContext>
    </FrameContext>,
  );
  return {
    raw: (): string => view.lastFrame() ?? '',
    text: (): string => plain(view.lastFrame() ?? '').trimEnd(),
    /** Frames that Ink has drawn since the last time it was asked for. */
    drawnSince(): number {
      const count = view.frames.length;
      view.frames.length = 0;
      return count;
    },
    /** The next frame. */
    async next(change: (now: Frame) => Partial<Frame>): Promise<void> {
      frames.setState((now) => ({ ...now, ...change(now) }));
      await drawn();
    },
  };
}
