import { setImmediate as nextTurn } from 'node:timers/promises';
import { render } from 'ink';
import type { FrontEnd, SwitchScope } from '../commands/model/types.ts';
import type { History } from '../commands/line/history.ts';
import type { SessionStore } from '../session/types.ts';
import type { Clock } from '../support/clock.ts';
import { userStreams } from '../support/user-streams.ts';
import { App, type Attached, type TuiEnd } from './actions/app.ts';
import { Screen } from './components/screen.tsx';
import { createFrontEnd } from './actions/front-end.ts';
import { isUtf8Locale } from './look/glyphs.ts';
import { createFrameStore } from './components/base/frame.ts';
import { pressesOf, type Input } from './terminal/input.ts';
import { handleInput } from './input/router.ts';
import { withOverrides } from './state/keys.ts';
import { Loop } from './loop.ts';
import { cursorOf } from './rows/cursor.ts';
import type { Settings } from './settings/settings.ts';
import { clipboardSequence } from './terminal/clipboard.ts';
import { backgroundTheme, colourDepth } from './terminal/colours.ts';
import { inkOptions } from './terminal/ink-stream.ts';
import { ScreenWriter } from './terminal/screen-writer.ts';
import { openTerminal, type OpenTerminal } from './terminal/terminal.ts';
import type { ThemeName } from './look/theme.ts';

export type { Attached, TuiEnd } from './actions/app.ts';

export interface TuiOptions {
  /** May be empty: the first frame does not wait for a connection. */
  readonly store: SessionStore;
  /** Called once the first frame is on the screen. If it rejects, the screen ends, and `runTui` rejects with the same error. */
  readonly connect: (front: FrontEnd) => Promise<Attached>;
  /** What the user waits for until `connect` resolves, in a word or two. */
  readonly starting?: string;
  readonly history?: Promise<History>;
  readonly settings: Settings;
  /** `--ascii`; default: the settings, then the locale. */
  readonly ascii?: boolean;
  /** A sentence to begin with, such as a problem with the settings file. */
  readonly notice?: string | undefined;
  readonly streams: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream };
  readonly env: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  /** Lets the user choose another cluster, using the whole terminal; true: the screen ends as `switched`. */
  readonly chooseCluster?: ((scope: SwitchScope) => Promise<boolean>) | undefined;
  /** Saves a theme that was chosen here for the next start. */
  readonly keepTheme?: ((name: ThemeName) => void) | undefined;
  readonly clock: Clock;
  /** SIGTERM and similar signals: the screen ends as `interrupted`. */
  readonly signal: AbortSignal;
}

/**
 * Shows the session until the user leaves, the cluster is stopped, or `signal` aborts. The terminal is restored when this settles, whatever
 * happened. Rejects with the error of `connect`, and with defects.
 */
export async function runTui(options: TuiOptions): Promise<TuiEnd> {
  const {
    store,
    settings,
    streams: { stdin, stdout },
    platform = process.platform,
    clock,
    signal,
  } = options;
  const ended = Promise.withResolvers<TuiEnd | { readonly error: unknown }>();
  using writer = new ScreenWriter(stdout, () => clock.monotonic());
  await using terminal = openTerminal({
    stdin,
    stdout,
    writer,
    platform,
    clock,
    signal,
    input: (inputs) => onInput(inputs),
    lost: () => app.end('interrupted'),
    continued: () => loop.flush(),
  });

  // Drawing must not throw; if it does, the terminal is restored and the defect reported.
  const safely = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      app.end({ error });
    }
  };
  const draw = (): void =>
    safely(() => {
      const frame = app.frame();
      writer.placeCursor(cursorOf(frame));
      frames.setState(frame, true);
      // By then React has drawn the changes.
      queueMicrotask(() =>
        safely(() => {
          writer.settle();
          app.watchers.drawn(frame, writer.rows, app.pressed);
        }),
      );
    });
  using loop = new Loop({ draw, pause: () => writer.pause, untilNextSecond: () => 1_000 - (clock.now() % 1_000) });
  const app = createApp(options, { writer, terminal, loop, end: ended.resolve });
  if (settings.mouse) terminal.setMouse(true);

  // Input that arrives together is drawn once, after all of it has taken effect.
  const onInput = (inputs: readonly Input[]): void => {
    safely(() => {
      for (const input of inputs) {
        app.pressed += pressesOf(input);
        handleInput(app, input);
      }
    });
    queueMicrotask(() => loop.flush());
  };
  const onAbort = (): void => app.end('interrupted');
  const onResize = (): void => {
    writer.forget();
    loop.flush();
  };

  const frames = createFrameStore(app.frame());
  loop.flush();
  const ink = render(
    <Screen frames={frames} onReady={(suspend) => terminal.useSuspender(suspend)} onDefect={(error) => app.end({ error })} />,
    inkOptions(stdin, stdout, writer),
  );
  stdout.on('resize', onResize);
  const unsubscribe = store.subscribe(() => loop.invalidate());
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);

  app.background(begin(app, options));
  try {
    const how = await ended.promise;
    if (typeof how === 'object') throw how.error;
    return how;
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
    stdout.off('resize', onResize);
    ink.unmount();
  }
}

/** The means of the screen: its output, its input, its frames, and its end. */
interface Devices {
  readonly writer: ScreenWriter;
  readonly terminal: OpenTerminal;
  readonly loop: Loop;
  readonly end: (how: TuiEnd | { readonly error: unknown }) => void;
}

/** The state of the screen before anything is known of the cluster. */
function createApp(options: TuiOptions, { writer, terminal, loop, end }: Devices): App {
  const {
    store,
    settings,
    streams: { stdin, stdout },
    env,
    platform = process.platform,
    clock,
    signal,
  } = options;
  const app = new App({
    store,
    settings,
    clock,
    theme: settings.theme ?? backgroundTheme(env),
    keys: withOverrides(settings.keys),
    depth: colourDepth(env, platform),
    ascii: options.ascii ?? settings.ascii ?? !isUtf8Locale(env, platform),
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    redraw: { soon: () => loop.invalidate(), now: () => loop.flush(), all: () => writer.repaint() },
    terminal: {
      setMouse: (on) => terminal.setMouse(on),
      suspend: () => app.background(terminal.suspend()),
      letAsk: (work) => terminal.letAsk(work),
      lend: (meanwhile) => terminal.lend(meanwhile),
      streams: userStreams({ stdin, stdout, stderr: stdout }, signal),
      copy(text) {
        const { sequence, ...copied } = clipboardSequence(text, env);
        writer.send(sequence);
        return copied;
      },
    },
    chooseCluster: options.chooseCluster,
    // Read once it is needed: a first frame does not look at the disk.
    readDisk: async (reader, kept, wish) => (await import('./actions/on-disk.ts')).readDisk(reader, kept, wish),
    keepTheme: options.keepTheme,
    end,
  });
  if (options.starting !== undefined) app.starting = options.starting;
  if (options.notice !== undefined) app.set({ result: { lines: [options.notice], tone: 'warn' } });
  return app;
}

/** Everything beyond the first frame, which is on the screen by now. */
async function begin(app: App, { connect, history }: TuiOptions): Promise<void> {
  await nextTurn();
  const [attached] = await Promise.all([
    connect(createFrontEnd(app)),
    history?.then((lines) => {
      app.history = lines;
    }),
  ]);
  app.attach(attached);
}
