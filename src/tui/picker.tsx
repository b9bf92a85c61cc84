import { render } from 'ink';
import { createStore } from 'zustand/vanilla';
import { harmless, oneLine } from '../support/foreign-text.ts';
import { sentence } from '../support/problem.ts';
import type { Clock } from '../support/clock.ts';
import { Picker, type PickerState, type PickerTexts } from './components/picker.tsx';
import { isUtf8Locale } from './look/glyphs.ts';
import type { Input } from './terminal/input.ts';
import { pressOf } from './terminal/key-names.ts';
import { editOf, edits, insert, lineOf } from './state/line-text.ts';
import { actionOf, withOverrides, type ActionId, type KeyTable } from './state/keys.ts';
import type { Size } from './state/layout.ts';
import { createLook } from './look/look.ts';
import type { Settings } from './settings/settings.ts';
import { backgroundTheme, colourDepth } from './terminal/colours.ts';
import { inkOptions } from './terminal/ink-stream.ts';
import { ScreenWriter } from './terminal/screen-writer.ts';
import { openTerminal } from './terminal/terminal.ts';

export interface PickerOptions<Row extends object> extends PickerTexts<Row> {
  readonly streams: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream };
  readonly env: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  readonly settings: Settings;
  readonly ascii?: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The name that typing filters by. */
  readonly nameOf: (row: Row) => string;
  /** Called once the list is on the screen. */
  readonly onOpen?: (open: OpenPicker) => void;
}

/** What the caller can do while it looks for the rows. */
export interface OpenPicker {
  /** Lends the terminal to a program that asks on it; if it cannot be lent now, resolves with false without running `work`. */
  letAsk(work: () => Promise<void>): Promise<boolean>;
  /** Shows what the user has to do before there are rows. */
  say(note: string): void;
}

export type Picked<Row> = { readonly kind: 'row'; readonly row: Row } | { readonly kind: 'back' } | { readonly kind: 'none' };

/** The state of an open picker. */
interface Choice<Row extends object> {
  readonly state: PickerState<Row>;
  update(change: Partial<PickerState<Row>>): void;
  settle(picked: Picked<Row>): void;
  repaint(): void;
}

const nameIn = (state: { readonly filter: string }, name: string): boolean => name.includes(state.filter);

/** Lets the user choose one of several rows, which may still be on their way. The terminal is restored when this resolves. */
export async function pick<Row extends object>(
  found: readonly Row[] | Promise<readonly Row[]>,
  options: PickerOptions<Row>,
): Promise<Picked<Row>> {
  const {
    streams: { stdin, stdout },
    env,
    platform = process.platform,
    settings,
    clock,
    signal,
  } = options;
  const ascii = options.ascii ?? settings.ascii ?? !isUtf8Locale(env, platform);
  const look = createLook({ theme: settings.theme ?? backgroundTheme(env), depth: colourDepth(env, platform), motion: false, ascii });
  const keys = withOverrides(settings.keys);
  const chosen = Promise.withResolvers<Picked<Row>>();
  const leave = (): void => chosen.resolve({ kind: 'none' });
  using writer = new ScreenWriter(stdout, () => clock.monotonic());
  const size = (): Size => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const first: PickerState<Row> = { rows: { kind: 'asking' }, shown: [], selected: 0, filter: '', now: clock.now(), size: size() };
  const store = createStore<PickerState<Row>>(() => first);
  const choice: Choice<Row> = {
    get state() {
      return store.getState();
    },
    update(change) {
      const next = { ...store.getState(), ...change, now: clock.now() };
      const shown = next.rows.kind === 'known' ? next.rows.rows.filter((row) => nameIn(next, options.nameOf(row))) : [];
      store.setState({ ...next, shown }, true);
    },
    settle: chosen.resolve,
    repaint: () => writer.repaint(),
  };
  const onInput = (inputs: readonly Input[]): void => {
    for (const input of inputs) handle(choice, input, keys, options.back !== undefined);
  };
  await using terminal = openTerminal({
    stdin,
    stdout,
    writer,
    platform,
    clock,
    signal,
    input: onInput,
    lost: leave,
    continued: () => writer.repaint(),
  });
  const ink = render(<Picker choice={store} texts={options} keys={keys} look={look} />, inkOptions(stdin, stdout, writer));
  // Anything drawn meanwhile waits in the writer.
  terminal.useSuspender((meanwhile) => meanwhile());
  let over = false;
  const onResize = (): void => {
    writer.forget();
    choice.update({ size: size() });
  };
  options.more?.onNews(() => choice.update({}));
  stdout.on('resize', onResize);
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  void fill(choice, found);
  options.onOpen?.({
    letAsk: async (work) => !over && terminal.letAsk(work),
    say(note) {
      if (choice.state.rows.kind === 'asking') choice.update({ rows: { kind: 'asking', note: oneLine(note) } });
    },
  });
  try {
    return await chosen.promise;
  } finally {
    over = true;
    signal.removeEventListener('abort', leave);
    stdout.off('resize', onResize);
    ink.unmount();
  }
}

async function fill<Row extends object>(choice: Choice<Row>, found: readonly Row[] | Promise<readonly Row[]>): Promise<void> {
  try {
    choice.update({ rows: { kind: 'known', rows: await found } });
  } catch (error) {
    choice.update({ rows: { kind: 'failed', reason: harmless(sentence(error)) } });
  }
}

/** Typed text filters the names, unless it is a key with a meaning here. */
function handle<Row extends object>(choice: Choice<Row>, input: Input, keys: KeyTable, leadsBack: boolean): void {
  const act = (name: string): boolean => {
    const id = actionOf(keys, name, ['picker', 'edit', 'everywhere']);
    if (id !== undefined) perform(choice, id, leadsBack);
    return id !== undefined;
  };
  if (input.kind === 'key') act(input.name);
  if (input.kind === 'paste') narrow(choice, input.text);
  if (input.kind === 'text') for (const sign of input.text) if (!act(pressOf(sign).name)) narrow(choice, sign);
}

/** The cursor stays at the end of the typed text, and is not visible. */
function narrow<Row extends object>(choice: Choice<Row>, typed: string): void {
  choice.update({ selected: 0, filter: insert(lineOf(choice.state.filter), typed).text });
}

function perform<Row extends object>(choice: Choice<Row>, id: ActionId, leadsBack: boolean): void {
  const { shown, selected, filter } = choice.state;
  switch (id) {
    case 'picker.choose': {
      const row = shown[selected];
      return row === undefined ? undefined : choice.settle({ kind: 'row', row });
    }
    case 'picker.next':
      return choice.update({ selected: Math.max(0, Math.min(shown.length - 1, selected + 1)) });
    case 'picker.previous':
      return choice.update({ selected: Math.max(0, selected - 1) });
    case 'picker.back':
      return leadsBack ? choice.settle({ kind: 'back' }) : undefined;
    case 'picker.leave':
      return filter === '' ? choice.settle({ kind: 'none' }) : choice.update({ selected: 0, filter: '' });
    case 'everywhere.interrupt':
      return choice.settle({ kind: 'none' });
    case 'everywhere.repaint':
      return choice.repaint();
    default: {
      const edit = editOf(id);
      const next = edit === undefined ? filter : edits[edit](lineOf(filter)).text;
      return next === filter ? undefined : choice.update({ selected: 0, filter: next });
    }
  }
}
