import { pad, width as cells, wrap } from '../../support/text-width.ts';
import { keysOf, scopeOf, scopesOf, type KeyScope } from '../state/keys.ts';
import { keyLabel } from '../state/key-labels.ts';
import { centred, type Area } from '../state/layout.ts';
import { words, type Look } from '../look/look.ts';
import type { Frame } from '../state/ui.ts';
import { isInner } from '../state/places.ts';
import { focusOf, here } from '../state/trail.ts';

const scopeTitles: Readonly<Record<KeyScope, string>> = {
  picker: 'Choice',
  dialog: 'Question',
  decline: 'Question',
  agree: 'Question',
  prompt: 'Filter',
  command: 'Command line',
  edit: 'Editing',
  pods: 'Pods',
  jobs: 'Jobs',
  operations: 'Operations',
  timeline: 'Timeline',
  log: 'Log',
  text: 'Text',
  vertices: 'Vertices',
  checkpoints: 'Checkpoints',
  'checkpoint-facts': 'All checkpoints',
  operators: 'Operators',
  acknowledgements: 'Subtasks',
  phases: 'What held it up',
  exceptions: 'Exceptions',
  'job-settings': 'Configuration',
  stack: 'Failure',
  flame: 'Flame graph',
  methods: 'Methods',
  graph: 'Graph',
  subtasks: 'Subtasks',
  attempts: 'Attempts',
  'subtask-figures': 'Figures',
  'subtask-metrics': 'Metrics',
  'vertex-taskmanagers': 'TaskManagers',
  watermarks: 'Watermarks',
  accumulators: 'Accumulators',
  metrics: 'Metrics',
  chart: 'Charts',
  top: 'Top',
  figures: 'Memory',
  slots: 'Slots',
  threads: 'Threads',
  movements: 'What moved',
  files: 'Files',
  settings: 'Configuration',
  templates: 'Templates',
  incident: 'Why',
  place: 'Every place within',
  list: 'Tables',
  panel: 'Every panel',
  everywhere: 'Everywhere',
};

export interface KeyRow {
  /** The name of a scope; then the other fields are empty. */
  readonly title: string | undefined;
  readonly keys: string;
  readonly summary: string;
}

/** The keys of the focused place, from the key table; on the command line also those of the panels, which are one key away. */
export function keyRows({ keys, ui, look }: Frame): readonly KeyRow[] {
  const focus = focusOf(ui.trail);
  const scopes: readonly KeyScope[] =
    focus === 'command' ? ['command', 'edit', 'panel', 'everywhere'] : scopesOf(focus, isInner(here(ui.trail)));
  const reached = keysOf(keys, scopes, focus === 'command');
  const rows: KeyRow[] = [];
  for (const scope of scopes) {
    if (rows.length > 0) rows.push({ title: undefined, keys: '', summary: '' });
    rows.push({ title: scopeTitles[scope], keys: '', summary: '' });
    for (const { id, own } of reached) {
      if (scopeOf(id) === scope && own.length > 0)
        rows.push({ title: undefined, keys: own.map((key) => words(look, keyLabel(key))).join(' '), summary: keys[id].summary });
    }
  }
  return rows;
}

/** From this width on, a column of keys is easy to read. */
const leastColumn = 52;
/** Keys that take more cells get their own row. */
const widestKeys = 22;

/** The keys as shown over the panels, in columns, uncut; undefined: there is no room for all of them. */
export function keyColumns(frame: Frame): readonly (readonly string[])[] | undefined {
  const all = keyRows(frame);
  // Without the empty rows, what belongs together is less clear, but a list that fits need not be scrolled.
  return (
    columnsOf(all, frame) ??
    columnsOf(
      all.filter(({ title, keys }) => title !== undefined || keys !== ''),
      frame,
    )
  );
}

function columnsOf(all: readonly KeyRow[], { size: { columns, rows }, look }: Frame): readonly (readonly string[])[] | undefined {
  const height = rows - 4;
  for (let count = 1; count === 1 || columns - 4 >= count * leastColumn; count += 1) {
    const width = Math.min(76, Math.floor((columns - 4) / count)) - 1;
    const lines = all.flatMap((row) => keyLines(row, all, width, look));
    const perColumn = Math.ceil(lines.length / count);
    if (perColumn > height) continue;
    return Array.from({ length: count }, (_, column) =>
      Array.from({ length: perColumn }, (__, row) => pad(lines[column * perColumn + row] ?? '', width)),
    );
  }
  return undefined;
}

/** The keys of this place, over the panels; undefined: there is no room for all of them, and they are shown as a text instead. */
export function keysBox(frame: Frame): { readonly area: Area; readonly lines: readonly string[] } | undefined {
  const columns = keyColumns(frame);
  if (columns === undefined) return undefined;
  const lines = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => ` ${columns.map((column) => column[row] ?? '').join(' ')}`);
  return { area: centred(frame.size, Math.max(...lines.map(cells)) + 3, lines.length + 2), lines };
}

/** The same as a text to scroll. */
export function keyText(frame: Frame): readonly string[] {
  const rows = keyRows(frame);
  const width = keysWidth(rows);
  return rows.map(({ title, keys, summary }) => title ?? (keys === '' ? '' : `  ${pad(keys, width)}  ${summary}`));
}

const keysWidth = (rows: readonly KeyRow[]): number => Math.max(0, ...rows.map(({ keys }) => cells(keys)));

function keyLines({ title, keys, summary }: KeyRow, all: readonly KeyRow[], width: number, { theme }: Look): readonly string[] {
  if (title !== undefined) return [theme.paint('accent', title)];
  if (keys === '') return [''];
  const room = Math.min(widestKeys, keysWidth(all));
  const parts = wrap(summary, Math.max(10, width - room - 2)).map((part) => theme.paint('muted', part));
  const beside = cells(keys) <= room;
  return [...(beside ? [] : [keys]), ...parts.map((part, index) => `${pad(beside && index === 0 ? keys : '', room)}  ${part}`)];
}
