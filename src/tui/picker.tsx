import { Box, render } from 'ink';
import type { Column } from '../session/tables/column.ts';
import { harmless, oneLine } from '../support/foreign-text.ts';
import { sentence } from '../support/problem.ts';
import { pad, truncate, width as cells, wrap } from '../support/text-width.ts';
import type { Clock } from '../support/clock.ts';
import { isUtf8Locale } from './glyphs.ts';
import type { Input } from './input/input.ts';
import { createLook, type Look } from './look.ts';
import type { Settings } from './settings.ts';
import { backgroundTheme, colourDepth } from './terminal/colours.ts';
import { InkStream } from './terminal/ink-stream.ts';
import { ScreenWriter } from './terminal/screen-writer.ts';
import { openTerminal } from './terminal/terminal.ts';
import { Row as TextRow } from './view.tsx';
import { framed } from './widgets/framed.ts';
import { scrollTo, tableLines, type Table } from './widgets/table.ts';

export interface PickerOptions<Row extends object> {
  readonly streams: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream };
  readonly env: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  readonly settings: Settings;
  readonly ascii?: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** `Flink clusters in namespace default of prod-eu`. */
  readonly title: string;
  readonly columns: readonly Column<Row>[];
  readonly paint?: (look: Look) => Table<Row>['paint'];
  /** What typing narrows. */
  readonly nameOf: (row: Row) => string;
  /** What Enter does. */
  readonly verb: string;
  /** Said if there are no rows. */
  readonly empty: string;
  /** What ← leads to; absent: nothing. */
  readonly back?: string;
  /** More of a row, asked for when it is looked at; `onNews` is called when there is some. */
  readonly more?: { of(row: Row): Partial<Row> | undefined; onNews(listener: () => void): void };
}

export type Picked<Row> = { readonly kind: 'row'; readonly row: Row } | { readonly kind: 'back' } | { readonly kind: 'none' };

/** What is known of the rows: nothing yet, all of them, or why not. */
type Rows<Row> = { readonly kind: 'asking' } | { readonly kind: 'known'; readonly rows: readonly Row[] } | { readonly kind: 'failed'; readonly reason: string };

/** Lets the user choose one of several rows, which may still be on their way. The terminal is as it was before when this resolves. */
export async function pick<Row extends object>(found: readonly Row[] | Promise<readonly Row[]>, options: PickerOptions<Row>): Promise<Picked<Row>> {
  const { streams: { stdin, stdout }, env, platform = process.platform, settings, clock, signal } = options;
  const look = createLook({ theme: settings.theme ?? backgroundTheme(env), depth: colourDepth(env, platform), motion: false, ascii: options.ascii ?? settings.ascii ?? !isUtf8Locale(env, platform) });
  const chosen = Promise.withResolvers<Picked<Row>>();
  const leave = (): void => chosen.resolve({ kind: 'none' });
  using writer = new ScreenWriter(stdout, () => clock.monotonic());
  let state: PickerState = { selected: 0, filter: '' };
  let rows: Rows<Row> = { kind: 'asking' };
  let over = false;
  const matching = (): readonly Row[] => (rows.kind === 'known' ? rows.rows.filter((row) => options.nameOf(row).includes(state.filter)) : []);
  const onInput = (inputs: readonly Input[]): void => {
    for (const input of inputs) {
      const next = nextState(state, input, matching().length, options.back !== undefined);
      if (next.kind === 'leave') return leave();
      if (next.kind === 'back') return chosen.resolve(next);
      const row = next.kind === 'choose' ? matching()[state.selected] : undefined;
      if (row !== undefined) return chosen.resolve({ kind: 'row', row });
      if (next.kind === 'stay') state = next.state;
    }
    redraw();
  };
  using terminal = openTerminal({ stdin, stdout, writer, platform, input: onInput, lost: leave, continued: () => writer.repaint() });
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const element = () => <Picker options={options} rows={rows} shown={matching()} look={look} now={clock.now()} size={size()} state={state} />;
  const ink = render(element(), { stdout: new InkStream(stdout, writer) as unknown as NodeJS.WriteStream, stdin, debug: true, interactive: true, exitOnCtrlC: false, patchConsole: false });
  const redraw = (): void => {
    if (!over) ink.rerender(element());
  };
  const onResize = (): void => {
    writer.forget();
    redraw();
  };
  const fill = async (): Promise<void> => {
    try {
      rows = { kind: 'known', rows: await found };
    } catch (error) {
      rows = { kind: 'failed', reason: harmless(sentence(error)) };
    }
    redraw();
  };
  options.more?.onNews(redraw);
  stdout.on('resize', onResize);
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  void fill();
  try {
    return await chosen.promise;
  } finally {
    over = true;
    signal.removeEventListener('abort', leave);
    stdout.off('resize', onResize);
    ink.unmount();
    terminal[Symbol.dispose]();
  }
}

interface PickerState {
  readonly selected: number;
  /** Part of a name. */
  readonly filter: string;
}

type Next = { readonly kind: 'leave' } | { readonly kind: 'choose' } | { readonly kind: 'back' } | { readonly kind: 'stay'; readonly state: PickerState };

function nextState(state: PickerState, input: Input, count: number, leadsBack: boolean): Next {
  const stay = (next: Partial<PickerState>): Next => ({ kind: 'stay', state: { ...state, ...next } });
  if (input.kind === 'text' || input.kind === 'paste') return stay({ selected: 0, filter: state.filter + input.text.replace(/\p{Cc}/gu, '') });
  if (input.kind === 'report') return stay({});
  switch (input.name) {
    case 'enter':
      return { kind: 'choose' };
    case 'ctrl+c':
      return { kind: 'leave' };
    case 'left':
      return leadsBack ? { kind: 'back' } : stay({});
    case 'esc':
      return state.filter === '' ? { kind: 'leave' } : stay({ selected: 0, filter: '' });
    case 'down':
    case 'tab':
    case 'ctrl+n':
      return stay({ selected: Math.max(0, Math.min(count - 1, state.selected + 1)) });
    case 'up':
    case 'shift+tab':
    case 'ctrl+p':
      return stay({ selected: Math.max(0, state.selected - 1) });
    case 'backspace':
      return stay({ selected: 0, filter: state.filter.slice(0, -1) });
    default:
      return stay({});
  }
}

interface PickerProps<Row extends object> {
  readonly options: PickerOptions<Row>;
  readonly rows: Rows<Row>;
  /** Those that are not narrowed away. */
  readonly shown: readonly Row[];
  readonly look: Look;
  readonly now: number;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly state: PickerState;
}

function emptySentence<Row extends object>({ options, rows, state }: PickerProps<Row>): string {
  if (rows.kind === 'asking') return 'Asking the API server';
  if (rows.kind === 'failed') return rows.reason;
  return state.filter === '' || rows.rows.length === 0 ? options.empty : `No name contains ${state.filter}`;
}

function Picker<Row extends object>(props: PickerProps<Row>) {
  const { options: { title, columns, paint, verb, back, more }, rows, shown, look, now, size, state } = props;
  const { theme, glyphs } = look;
  const height = Math.max(2, size.rows - 1);
  const visible = Math.max(1, height - 3);
  const top = scrollTo(0, state.selected, visible, shown.length);
  // Only of what is looked at more is asked for.
  const told = shown.map((row, index) => (more === undefined || index < top || index >= top + visible ? row : { ...row, ...more.of(row) }));
  const table = shown.length === 0 ? ['', ...wrap(emptySentence(props), size.columns - 6).map((line) => `  ${theme.paint('muted', line)}`)] : tableLines({
    width: size.columns - 2, height: height - 2, columns, rows: told, form: { now, whole: false }, paint: paint?.(look) ?? {}, sort: undefined, selected: state.selected, focused: true, top,
  }, look);
  const count = rows.kind === 'known' ? rows.rows.length : 0;
  const lines = framed({ width: size.columns, height, title: oneLine(title), facts: rows.kind !== 'known' ? '' : state.filter === '' ? String(count) : `${shown.length} of ${count}`, focused: true, lines: table }, look);
  const hints = [`${look.ascii ? 'Enter' : glyphs.enter} ${verb}`, ...(back === undefined ? [] : [`${look.ascii ? 'Left' : '←'} ${back}`]), 'Esc leave', 'type to narrow'].join('   ');
  const last = pad(` ${truncate(state.filter === '' ? hints : `${glyphs.prompt} ${state.filter}`, size.columns - 2, glyphs.ellipsis)}`, size.columns, 'end', '');
  return (
    <Box width={size.columns} height={size.rows} flexDirection="column">
      {[...lines, cells(last) > 0 ? last : ' '].map((line, row) => <TextRow key={row} text={line} />)}
    </Box>
  );
}
