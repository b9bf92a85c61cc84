import { pad, width as cells, wrap } from '../../support/text-width.ts';
import { keysOf, scopeOf, scopesOf, type ActionId, type KeyScope } from '../state/keys.ts';
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

/** Scopes with many keys are divided: the titles before some of them. */
const parts: Partial<Record<ActionId, string>> = {
  'log.search': 'Log: find',
  'log.wrap': 'Log: how it is shown',
  'log.mark': 'Log: mark, copy, save',
};

interface KeyRow {
  readonly keys: string;
  readonly summary: string;
}

/** Keys that belong together, under their title. */
export interface KeyBlock {
  readonly title: string;
  readonly rows: readonly KeyRow[];
}

/** The keys of the focused place, from the key table; on the command line also those of the panels, which are one key away. */
export function keyBlocks({ keys, ui, look }: Frame): readonly KeyBlock[] {
  const focus = focusOf(ui.trail);
  const scopes: readonly KeyScope[] =
    focus === 'command' ? ['command', 'edit', 'panel', 'everywhere'] : scopesOf(focus, isInner(here(ui.trail)));
  const reached = keysOf(keys, scopes, focus === 'command');
  const blocks: { readonly title: string; readonly rows: KeyRow[] }[] = [];
  for (const scope of scopes) {
    let rows: KeyRow[] = [];
    blocks.push({ title: scopeTitles[scope], rows });
    for (const { id, own } of reached.filter((each) => scopeOf(each.id) === scope)) {
      const part = parts[id];
      if (part !== undefined) blocks.push({ title: part, rows: (rows = []) });
      if (own.length > 0) rows.push({ keys: own.map((key) => words(look, keyLabel(key))).join(' '), summary: keys[id].summary });
    }
  }
  return blocks.filter(({ rows }) => rows.length > 0);
}

/** From this width on, a column of keys is easy to read. */
const leastColumn = 52;
/** Keys that take more cells get their own row. */
const widestKeys = 22;

/** The keys as shown over the panels, in columns, uncut; undefined: there is no room for all of them. */
export function keyColumns(frame: Frame): readonly (readonly string[])[] | undefined {
  const blocks = keyBlocks(frame);
  // Without empty rows, what belongs together is less clear, but a list that fits need not be scrolled.
  return columnsOf(blocks, frame, [{ text: '' }]) ?? columnsOf(blocks, frame, []);
}

function columnsOf(
  blocks: readonly KeyBlock[],
  { size: { columns, rows }, look }: Frame,
  between: readonly KeyLine[],
): readonly (readonly string[])[] | undefined {
  const height = rows - 4;
  for (let count = 1; count === 1 || columns - 4 >= count * leastColumn; count += 1) {
    const width = Math.min(76, Math.floor((columns - 4) / count)) - 1;
    const lines = joined(blocks, between, (block) => blockLines(block, width, look));
    for (let least = Math.ceil(lines.length / count); least <= height; least += 1) {
      const filled = fill(lines, least);
      if (filled.length <= count)
        return filled.map((column) => Array.from({ length: least }, (_, row) => pad(column[row]?.text ?? '', width)));
    }
  }
  return undefined;
}

interface KeyLine {
  readonly text: string;
  readonly title?: true;
}

/** The lines in columns of this height; a title stands in the column of its keys. */
function fill(lines: readonly KeyLine[], height: number): readonly (readonly KeyLine[])[] {
  const columns: KeyLine[][] = [[]];
  for (const [index, line] of lines.entries()) {
    const last = columns.at(-1) ?? [];
    const keys = lines[index + 1];
    if (last.length < height - (line.title === true && keys !== undefined ? 1 : 0)) last.push(line);
    else columns.push([line]);
  }
  return columns;
}

const joined = <Line>(
  blocks: readonly KeyBlock[],
  between: readonly Line[],
  lines: (block: KeyBlock) => readonly Line[],
): readonly Line[] => blocks.flatMap((block, index) => [...(index === 0 ? [] : between), ...lines(block)]);

/** The keys of this place, over the panels; undefined: there is no room for all of them, and they are shown as a text instead. */
export function keysBox(frame: Frame): { readonly area: Area; readonly lines: readonly string[] } | undefined {
  const columns = keyColumns(frame);
  if (columns === undefined) return undefined;
  const lines = Array.from({ length: columns[0]?.length ?? 0 }, (_, row) => ` ${columns.map((column) => column[row] ?? '').join(' ')}`);
  return { area: centred(frame.size, Math.max(...lines.map(cells)) + 3, lines.length + 2), lines };
}

/** The same as a text to scroll. */
export const keyText = (frame: Frame): readonly string[] =>
  joined(keyBlocks(frame), [''], ({ title, rows }) => {
    const width = keysWidth(rows);
    return [title, ...rows.map(({ keys, summary }) => `  ${pad(keys, width)}  ${summary}`)];
  });

const keysWidth = (rows: readonly KeyRow[]): number => Math.max(0, ...rows.map(({ keys }) => cells(keys)));

function blockLines({ title, rows }: KeyBlock, width: number, { theme }: Look): readonly KeyLine[] {
  const room = Math.min(widestKeys, keysWidth(rows));
  return [
    { text: theme.paint('accent', title), title: true },
    ...rows.flatMap(({ keys, summary }) => {
      const lines = wrap(summary, Math.max(10, width - room - 2)).map((line) => theme.paint('muted', line));
      const beside = cells(keys) <= room;
      return [
        ...(beside ? [] : [{ text: keys }]),
        ...lines.map((line, index) => ({ text: `${pad(beside && index === 0 ? keys : '', room)}  ${line}` })),
      ];
    }),
  ];
}
