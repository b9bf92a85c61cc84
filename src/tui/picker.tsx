import { Box, render, useInput } from 'ink';
import { useRef, useState } from 'react';
import { clusterColumns, type ClusterRow } from '../session/tables/clusters.ts';
import { harmlessData } from '../support/foreign-text.ts';
import { pad, truncate, width as cells } from '../support/text-width.ts';
import type { Clock } from '../support/clock.ts';
import { isUtf8Locale } from './glyphs.ts';
import { keyPresses } from './input/key-names.ts';
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
  using terminal = openTerminal({ stdin, stdout, writer, platform, lost: leave, continued: () => writer.repaint() });
  const size = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const element = () => <Picker clusters={clusters} look={look} now={clock.now()} where={options.where} size={size()} choose={chosen.resolve} />;
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
    stdin.pause();
    terminal[Symbol.dispose]();
  }
}

const paint = ({ theme }: Look): Table<PickerRow>['paint'] => ({ READY: ({ ready, wanted }, text) => theme.paint(ready < wanted || wanted === 0 ? 'warn' : undefined, text) });

interface PickerProps<Row extends PickerRow> {
  readonly clusters: readonly Row[];
  readonly look: Look;
  readonly now: number;
  readonly where: string | undefined;
  readonly size: { readonly columns: number; readonly rows: number };
  readonly choose: (row: Row | undefined) => void;
}

function Picker<Row extends PickerRow>({ clusters, look, now, where, size, choose }: PickerProps<Row>) {
  const [state, setState] = useState({ selected: 0, filter: '' });
  // Several keys can arrive before the next drawing; each sees what the one before it did.
  const latest = useRef(state);
  const found = (filter: string): readonly Row[] => clusters.filter(({ id, namespace }) => `${namespace}/${id}`.includes(filter));
  const rows = found(state.filter);
  useInput((input, key) => {
    let next = latest.current;
    for (const { name, text } of keyPresses(input, key)) {
      const count = found(next.filter).length;
      if (name === 'enter') return choose(found(next.filter)[next.selected]);
      if (name === 'ctrl+c' || (name === 'esc' && next.filter === '')) return choose(undefined);
      if (name === 'esc') next = { selected: 0, filter: '' };
      else if (name === 'down' || name === 'tab' || name === 'ctrl+n') next = { ...next, selected: Math.max(0, Math.min(count - 1, next.selected + 1)) };
      else if (name === 'up' || name === 'shift+tab' || name === 'ctrl+p') next = { ...next, selected: Math.max(0, next.selected - 1) };
      else if (name === 'backspace') next = { selected: 0, filter: next.filter.slice(0, -1) };
      else if (text !== undefined) next = { selected: 0, filter: next.filter + text };
    }
    latest.current = next;
    setState(next);
  });
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
