import type { Subject } from '../../src/session/inspections/inspections.ts';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import headless from '@xterm/headless';
import type { Completion } from '../../src/commands/line/completion.ts';
import type { Outcome, Plan, Runner } from '../../src/commands/runner.ts';
import type { Command, FrontEnd } from '../../src/commands/model/types.ts';
import type { History } from '../../src/commands/line/history.ts';
import { createSessionStore } from '../../src/session/store.ts';
import type { Session, SessionLogs, SessionStore } from '../../src/session/types.ts';
import type { Clock } from '../../src/support/clock.ts';
import { runTui, type TuiEnd, type TuiOptions } from '../../src/tui/run.tsx';
import { defaultSettings } from '../../src/tui/settings/settings.ts';
import { typedKeys } from '../support/typed-keys.ts';
import { logsOf, now, richLines, richSession } from './fixtures.ts';
import { placeIn, resultIn, panelOf, partOf, type PanelOnScreen, type PartOnScreen } from './parts.ts';

/** A terminal without a process: what is written is drawn by an emulator, what is typed arrives as from a keyboard. */
class FakeOutput extends EventEmitter {
  readonly isTTY = true;
  readonly destroyed = false;
  columns: number;
  rows: number;
  readonly screen: headless.Terminal;
  written = '';
  /** Signs that the terminal has not taken. */
  writableLength = 0;
  readonly #drawn: () => void;
  #held: (() => void)[] | undefined;

  constructor(columns: number, rows: number, drawn: () => void) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.#drawn = drawn;
    this.screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 0 });
  }

  write(text: string, done?: () => void): boolean {
    this.written += text;
    const held = this.#held;
    if (held !== undefined) {
      this.writableLength += text.length;
      held.push(() => done?.());
    }
    this.screen.write(text, () => {
      this.#drawn();
      if (held === undefined) done?.();
    });
    return true;
  }

  /** Shows what is written, and yet says that it has not taken it. */
  hold(): void {
    this.#held = [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.writableLength = 0;
    for (const done of held) done();
  }
}

class FakeInput extends PassThrough {
  readonly isTTY = true;
  raw = false;

  setRawMode(on: boolean): this {
    this.raw = on;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

export interface FakeRunner extends Runner {
  readonly ran: string[];
}

const nothing: Completion = { from: 0, to: 0, candidates: [], common: '', ghost: '', expects: undefined, unavailable: undefined };

/** Commands by their line; what is not in `plans` runs and is remembered. */
export function fakeRunner(
  plans: Readonly<Record<string, Plan>> = {},
  words: readonly string[] = ['help', 'stop', 'story', 'submit'],
  run?: (line: string) => Promise<Outcome>,
): FakeRunner {
  const ran: string[] = [];
  const command: Command = {
    name: 'fake',
    aliases: [],
    summary: 'Fake',
    examples: [],
    group: 'session',
    args: [],
    options: [],
    danger: 'safe',
    dangerOf: () => 'safe',
    ends: false,
    available: () => true,
    run: async () => {},
  };
  return {
    ran,
    catalogue: [],
    unavailable: () => undefined,
    async complete(line, cursor) {
      if (cursor !== line.length || line === '' || line.includes(' ')) return nothing;
      const candidates = words
        .filter((word) => word.startsWith(line))
        .map((word) => ({ label: word, insert: `${word} `, description: `about ${word}` }));
      const common =
        candidates.length === 1
          ? `${candidates[0]?.label} `
          : candidates.reduce((all, { label }) => {
              let end = 0;
              while (end < all.length && all[end] === label[end]) end++;
              return all.slice(0, end);
            }, candidates[0]?.label ?? '');
      return { ...nothing, from: 0, to: line.length, candidates, common, ghost: candidates[0]?.label.slice(line.length) ?? '' };
    },
    async plan(line): Promise<Plan> {
      return plans[line] ?? { kind: 'run', line, command, given: {} };
    },
    async run(plan) {
      ran.push(plan.line);
      return run?.(plan.line) ?? { kind: 'done' };
    },
  };
}

export interface ScreenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly runner?: FakeRunner;
  readonly session?: Session;
  readonly logs?: SessionLogs;
  readonly history?: readonly string[];
  readonly tui?: Partial<TuiOptions>;
  /** `connect` waits for ever. */
  readonly unconnected?: boolean;
}

/** What is on a terminal, and what is typed there. */
export class EmulatedTerminal {
  readonly stdin = new FakeInput();
  readonly stdout: FakeOutput;
  readonly #listeners = new Set<() => void>();

  constructor(columns: number, rows: number) {
    this.stdout = new FakeOutput(columns, rows, () => this.#wake());
  }

  get streams(): TuiOptions['streams'] {
    return { stdin: this.stdin as unknown as NodeJS.ReadStream, stdout: this.stdout as unknown as NodeJS.WriteStream };
  }

  rows(): string[] {
    const buffer = this.stdout.screen.buffer.active;
    return Array.from(
      { length: this.stdout.screen.rows },
      (_, row) => buffer.getLine(buffer.viewportY + row)?.translateToString(true) ?? '',
    );
  }

  /** The row on which the cursor stands, with `█` at its place. */
  cursorRow(): string {
    const { active } = this.stdout.screen.buffer;
    const row = active.getLine(active.viewportY + active.cursorY);
    return `${row?.translateToString(false, 0, active.cursorX) ?? ''}█${row?.translateToString(true, active.cursorX) ?? ''}`;
  }

  /** One panel or dialog, by its title or the first words of it. */
  panel(title: string): PanelOnScreen {
    return panelOf(
      title,
      () => this.rows(),
      (what, condition) => this.when(what, condition),
    );
  }

  /** Only for what has all the screen to itself, such as a list of clusters: elsewhere a text is looked for in its panel or row. */
  readonly whole = this.#part('the whole screen', (rows) => rows.join('\n'));
  /** The rows above the panels: where one is, and the tabs. */
  readonly place = this.#part('the rows of the place', placeIn);
  /** The cluster, its sources and its slots. */
  readonly header = this.#part('the header', (rows) => rows[0] ?? '');
  /** What a command answered: in its box, or in the row of the worst problem if it is short and nothing is wrong. */
  readonly result = this.#part('the result', resultIn);
  /** The row above the command line. */
  readonly problem = this.#part('the row of the problem', (rows) => rows.at(-3) ?? '');
  readonly commandLine = this.#part('the command line', (rows) => rows.at(-2) ?? '');
  /** The last row: what can be done here, and what is running. */
  readonly hints = this.#part('the hints', (rows) => rows.at(-1) ?? '');

  #part(name: string, read: (rows: readonly string[]) => string): PartOnScreen {
    return partOf(
      name,
      () => read(this.rows()),
      (what, condition) => this.when(what, condition),
    );
  }

  get fullScreen(): boolean {
    return this.stdout.screen.buffer.active.type === 'alternate';
  }

  /** Presses keys, as `typedKeys` names them. */
  type(keys: string): this {
    this.stdin.write(typedKeys(keys));
    return this;
  }

  paste(text: string): this {
    this.stdin.write(`\u001b[200~${text}\u001b[201~`);
    return this;
  }

  resize(columns: number, rows: number): this {
    this.stdout.columns = columns;
    this.stdout.rows = rows;
    this.stdout.screen.resize(columns, rows);
    this.stdout.emit('resize');
    return this;
  }

  async when(what: string, condition: () => boolean): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!condition()) return;
        done();
        resolve();
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`the screen never ${what}; it shows:\n${this.rows().join('\n')}`));
      }, 20_000);
      // What is waited for is not always to be seen.
      const often = setInterval(look, 5);
      const done = (): void => {
        clearInterval(often);
        clearTimeout(timer);
        this.#listeners.delete(look);
      };
      this.#listeners.add(look);
    });
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The whole front end on an emulated terminal. */
export class ScreenUnderTest extends EmulatedTerminal implements AsyncDisposable {
  readonly store: SessionStore;
  readonly end: Promise<TuiEnd>;
  readonly runner: FakeRunner;
  readonly typed: string[] = [];
  front: FrontEnd | undefined;
  focused: boolean | undefined;
  refreshes = 0;
  /** What the place on the screen has asked to be read. */
  inspected: readonly Subject[] = [];
  readonly #abort = new AbortController();

  constructor({
    columns = 120,
    rows = 40,
    runner = fakeRunner(),
    session = richSession(),
    logs = logsOf(richLines()),
    history = [],
    tui = {},
    unconnected = false,
  }: ScreenOptions = {}) {
    super(columns, rows);
    this.runner = runner;
    this.store = createSessionStore(session.target, { from: session });
    let lines = [...history];
    const kept: History = {
      lines: () => lines,
      add: (line) => {
        lines = [...lines, line];
        this.typed.push(line);
      },
      settled: async () => {},
    };
    const clock: Clock = { now: () => now, monotonic: () => performance.now(), sleep: () => new Promise(() => {}) };
    this.end = runTui({
      store: this.store,
      connect: async (front) => {
        this.front = front;
        if (unconnected) await new Promise(() => {});
        return {
          runner,
          feeds: {
            logs,
            refresh: () => {
              this.refreshes++;
            },
            inspect: (subjects) => {
              this.inspected = subjects;
            },
            setFocus: (on) => {
              this.focused = on;
            },
          },
        };
      },
      history: Promise.resolve(kept),
      settings: defaultSettings,
      streams: this.streams,
      env: { LANG: 'C.UTF-8', TERM: 'xterm-256color', COLORTERM: 'truecolor' },
      clock,
      signal: this.#abort.signal,
      ...tui,
    });
    this.end.catch(() => {});
  }

  abort(): void {
    this.#abort.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.end.catch(() => undefined);
    this.stdout.screen.dispose();
  }
}

/** The pod that is selected in its table, by its short name. */
export const selectedPod = (screen: EmulatedTerminal): string | undefined => screen.panel('Pods').selected()?.split(' ')[0];

/** Waits until that is this one. */
export const selectsPod = (screen: EmulatedTerminal, pod: string): Promise<void> =>
  screen.when(`selects ${pod}`, () => selectedPod(screen) === pod);
