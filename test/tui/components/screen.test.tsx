import { Readable } from 'node:stream';
import { setImmediate as drawn } from 'node:timers/promises';
import { cleanup, render } from 'ink-testing-library';
import { afterEach, expect, test } from 'vitest';
import { createSessionStore } from '../../../src/session/store.ts';
import { App } from '../../../src/tui/actions/app.ts';
import { Screen } from '../../../src/tui/components/screen.tsx';
import { createFrameStore } from '../../../src/tui/components/base/frame.ts';
import { defaultKeys } from '../../../src/tui/state/keys.ts';
import { defaultSettings } from '../../../src/tui/settings/settings.ts';
import { now, richSession } from '../fixtures.ts';
import { inPanel } from '../where.ts';

afterEach(cleanup);

/** The state of a screen that nobody touches, and its frames. */
function screen(size: { columns: number; rows: number }) {
  const session = richSession();
  const app = new App({
    store: createSessionStore(session.target, { from: session }),
    settings: defaultSettings,
    theme: 'dark',
    keys: defaultKeys,
    depth: 'true',
    ascii: false,
    clock: { now: () => now, monotonic: () => 0, sleep: () => new Promise(() => {}) },
    size: () => ({ ...size }),
    redraw: { soon() {}, now() {}, all() {} },
    terminal: {
      setMouse() {},
      suspend() {},
      letAsk: async () => false,
      lend: async () => false,
      streams: { stdin: Readable.from([]), stdout() {}, stderr() {}, terminal: undefined },
      copy: () => ({ cut: false, bytes: 0 }),
    },
    chooseCluster: undefined,
    readDisk: async () => {},
    end() {},
  });
  const frames = createFrameStore(app.frame());
  const view = render(
    <Screen
      frames={frames}
      onReady={() => {}}
      onDefect={(error) => {
        throw error;
      }}
    />,
  );
  const next = async (): Promise<number> => {
    view.frames.length = 0;
    frames.setState(app.frame(), true);
    await drawn();
    return view.frames.length;
  };
  return { app, next };
}

test('while nothing happens no frame is drawn, a change is drawn once, and so is another size', async () => {
  const size = { columns: 100, rows: 40 };
  const { app, next } = screen(size);
  expect(await next()).toBe(0);
  app.set(inPanel('jobs'));
  expect(await next()).toBe(1);
  expect(await next()).toBe(0);
  size.rows = 30;
  expect(await next()).toBe(1);
});
