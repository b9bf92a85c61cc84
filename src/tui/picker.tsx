import { Box, render } from 'ink';
import { clusterColumns, type ClusterRow } from '../session/tables/clusters.ts';
import { harmlessData } from '../support/foreign-text.ts';
import { pad, truncate, width as cells } from '../support/text-width.ts';
import type { Clock } from '../support/clock.ts';
import { isUtf8Locale } from './glyphs.ts';
import type { Input } from './input/input.ts';
import { createLook, type Look } from './look.ts';
import type { Settings } from './settings.ts';
import { backgroundTheme, colourDepth } from './terminal/colours.ts';
import { InkStream } from './terminal/ink-stream.ts';
import { ScreenWriter } from './terminal/screen-writer.ts';
import { openTerminal } from './terminal/terminal.ts';
import { Row } from './view.tsx';
import { framed } from './widgets/framed.ts';
import { scrollTo, tableLines, type Table } from './widgets/table.ts';

/** A cluster that can be attached to. */
export type PickerRow = ClusterRow;

export interface PickerOptions {
  readonly streams: { readonly stdin: NodeJS.ReadStream; readonly stdout: NodeJS.WriteStream };
  readonly env: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  readonly settings: Settings;
  readonly ascii?: boolean;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Where was looked: `namespace default of prod-eu`. */
  readonly where?: string;
}

/** Lets the user choose one of several clusters; undefined when they leave. The terminal is as it was before when this resolves. */
export async function pickCluster<Row extends PickerRow>(found: readonly Row[], options: PickerOptions): Promise<Row | undefined> {
  const clusters = harmlessData(found);
  const { streams: { stdin, stdout }, env, platform = process.platform, settings, clock, signal } = options;
  const look = createLook({ theme: settings.theme ?? backgroundTheme(env), depth: colourDepth(env, platform), motion: false, ascii: options.ascii ?? settings.ascii ?? !isUtf8Locale(env, platform) });
  const chosen = Promise.withResolvers<Row | undefined>();
  const leave = (): void => chosen.resolve(undefined);
  using writer = new ScreenWriter(stdout, () => clock.monotonic());
  let state: PickerState = { selected: 0, filter: '' };
  const onInput = (inputs: readonly Input[]): void => {
    for (const input of inputs) {
      const next = nextState(state, input, clusters);
      if (next.kind === 'leave') return leave();
      if (next.kind === 'choose') return chosen.resolve(matching(clusters, state.filter)[state.selected]);
      state = next.state;
    }
    ink.rerender(element());
  };
  using terminal = openTerminal({ stdin, stdout, writer, platform, input: onInput, lost: leave, continued: () => writer.repaint() });
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const element = () => <Picker clusters={clusters} look={look} now={clock.now()} where={options.where} size={size()} state={state} />;
  const ink = render(element(), { stdout: new InkStream(stdout, writer) as unknown as NodeJS.WriteStream, stdin, debug: true, interactive: true, exitOnCtrlC: false, patchConsole: false });
  const onResize = (): void => {
    writer.forget();
    ink.rerender(element());
  };
  stdout.on('resize', onResize);
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  try {
    return await chosen.promise;
  } finally {
    signal.removeEventListener('abort', leave);
    stdout.off('resize', onResize);
    ink.unmount();
    terminal[Symbol.dispose]();
  }
}

const paint = ({ theme }: Look): Table<PickerRow>['paint'] => ({ READY: ({ ready, wanted }, text) => theme.paint(ready < wanted || wanted === 0 ? 'warn' : undefined, text) });

interface PickerState {
  readonly selected: number;
  /** Part of a namespace and name. */
  readonly filter: string;
}

const matching = <Row extends PickerRow>(clusters: readonly Row[], filter: string): readonly Row[] => clusters.filter(({ id, namespace }) => `${namespace}/${id}`.includes(filter));

type Next = { readonly kind: 'leave' } | { readonly kind: 'choose' } | { readonly kind: 'stay'; readonly state: PickerState };

function nextState(state: PickerState, input: Input, clusters: readonly PickerRow[]): Next {
  const stay = (next: Partial<PickerState>): Next => ({ kind: 'stay', state: { ...state, ...next } });
  if (input.kind === 'text' || input.kind === 'paste') return stay({ selected: 0, filter: state.filter + input.text.replace(/\p{Cc}/gu, '') });
  if (input.kind === 'report') return stay({});
  switch (input.name) {
    case 'enter':
      return { kind: 'choose' };
    case 'ctrl+c':
      return { kind: 'leave' };
    case 'esc':
      return state.filter === '' ? { kind: 'leave' } : stay({ selected: 0, filter: '' });
    case 'down':
    case 'tab':
    case 'ctrl+n':
      return stay({ selected: Math.max(0, Math.min(matching(clusters, state.filter).length - 1, state.selected + 1)) });
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

interface PickerProps {
  readonly clusters: readonly PickerRow[];
  readonly look: Look;
  readonly now: number;
  readonly where: string | undefined;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly state: PickerState;
}

function Picker({ clusters, look, now, where, size, state }: PickerProps) {
  const rows = matching(clusters, state.filter);
  const height = Math.max(2, size.rows - 1);
  const visible = Math.max(1, height - 3);
  const title = where === undefined ? 'Flink clusters' : `Flink clusters in ${where}`;
  const table = rows.length === 0 ? ['', `  ${look.theme.paint('muted', `No cluster's name contains ${state.filter}`)}`] : tableLines({
    width: size.columns - 2, height: height - 2, columns: clusterColumns('several'), rows, form: { now, whole: false }, paint: paint(look), sort: undefined, selected: state.selected, focused: true,
    top: scrollTo(0, state.selected, visible, rows.length),
  }, look);
  const lines = framed({ width: size.columns, height, title, facts: state.filter === '' ? String(clusters.length) : `${rows.length} of ${clusters.length}`, focused: true, lines: table }, look);
  const prompt = state.filter === '' ? `${look.ascii ? 'Enter' : look.glyphs.enter} attach   Esc leave   type to narrow` : `${look.glyphs.prompt} ${state.filter}`;
  const last = pad(` ${truncate(prompt, size.columns - 2, look.glyphs.ellipsis)}`, size.columns, 'end', '');
  return (
    <Box width={size.columns} height={size.rows} flexDirection="column">
      {[...lines, cells(last) > 0 ? last : ' '].map((line, row) => <Row key={row} text={line} />)}
    </Box>
  );
}
