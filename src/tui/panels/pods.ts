import { selectPodSummary, type PodRow } from '../../session/selectors/pods.ts';
import { formatAge, formatCpu, formatMemory } from '../../support/format.ts';
import { truncate } from '../../support/text-width.ts';
import type { Look } from '../look.ts';
import { orders, podRows } from '../rows.ts';
import type { Token } from '../theme.ts';
import type { Frame } from '../ui.ts';
import { tableLines, type Column } from '../widgets/table.ts';
import { emptyLines, type PanelDrawing } from './panel.ts';
import { ageNote } from './staleness.ts';

const tones: Readonly<Record<PodRow['severity'], Token | undefined>> = { ok: undefined, busy: 'busy', warn: 'warn', error: 'error', done: 'muted' };

function sign({ severity }: PodRow, { glyphs, theme }: Look): string {
  switch (severity) {
    case 'ok':
      return theme.paint('ok', glyphs.running);
    case 'busy':
    case 'warn':
      return glyphs.pending;
    case 'error':
      return glyphs.failed;
    case 'done':
      return glyphs.canceled;
  }
}

function nameCell(row: PodRow, width: number, { theme, glyphs }: Look): string {
  return row.leader ? `${truncate(row.name, width - 2, glyphs.ellipsis)} ${theme.paint('accent', glyphs.star)}` : row.name;
}

function stateCell(row: PodRow, look: Look): string {
  if (row.goneAt !== undefined && row.severity !== 'error') return `${look.glyphs.canceled} gone`;
  return look.theme.paint(tones[row.severity], `${sign(row, look)} ${row.state}`);
}

/** Cores in use, of the limit where there is one: `250m/1`. */
function cpuCell({ cpu, cpuLimit }: PodRow): string {
  if (cpu === undefined) return '-';
  return cpuLimit === undefined ? formatCpu(cpu) : `${formatCpu(cpu)}/${formatCpu(cpuLimit)}`;
}

function memoryCell({ memory, memoryLimit, usageSource }: PodRow, { theme }: Look): string {
  if (memory === undefined) return '-';
  if (memoryLimit === undefined) return formatMemory(memory);
  const text = `${formatMemory(memory)}/${formatMemory(memoryLimit)}`;
  // A heap fills up before each collection: only the memory of the container is a reason to look.
  return usageSource !== 'heap' && memory / memoryLimit > 0.95 ? theme.paint('warn', text) : text;
}

/** `usage`: where the figures come from; without any their columns would only say so. */
const columns = (now: number, look: Look, usage: PodRow['usageSource']): readonly Column<PodRow>[] => [
  { title: 'NAME', min: 18, max: 40, drop: 0, cell: (row, width) => nameCell(row, width, look) },
  { title: 'STATE', min: 18, max: 44, drop: 0, cell: (row) => stateCell(row, look) },
  { title: 'READY', min: 5, max: 5, drop: 3, cell: ({ ready }) => ready },
  { title: 'RST', min: 3, max: 4, align: 'right', drop: 2, cell: (row) => (row.goneAt === undefined ? String(row.restarts) : '-') },
  { title: 'AGE', min: 4, max: 4, align: 'right', drop: 1, cell: (row) => formatAge(now - (row.goneAt ?? row.createdAt)) },
  ...(usage === 'metrics.k8s.io' ? [{ title: 'CPU', min: 9, max: 9, align: 'right', drop: 5, cell: cpuCell } as const] : []),
  ...(usage === undefined ? [] : [{ title: usage === 'heap' ? 'HEAP' : 'MEM', min: 13, max: 13, align: 'right', drop: 4, cell: (row: PodRow) => memoryCell(row, look) } as const]),
  { title: 'NODE', min: 10, max: 30, drop: 6, cell: ({ node }) => node ?? '-' },
];

function facts({ session, now, look }: Frame): string {
  const stale = ageNote(session.sources.get('pods'), now);
  if (stale !== undefined) return look.theme.paint('warn', stale);
  if (!session.podsKnown && session.pods.size === 0) return '';
  const { total, problems } = selectPodSummary(session);
  return problems === 0 ? String(total) : `${total} · ${look.theme.paint('error', `${problems} in trouble`)}`;
}

function emptySentence({ session, ui, starting }: Frame): string {
  const { filter } = ui.lists.pods;
  if (filter !== undefined) return `No pod matches ${filter.text}`;
  if (session.stopped) return 'The cluster is stopped: no pods are left.';
  if (session.podsKnown) return 'No pods yet.';
  return session.sources.get('pods')?.problem?.message ?? starting ?? 'Listing the pods';
}

/** The pods of the cluster: what runs, what does not and why. */
export function drawPods(frame: Frame): PanelDrawing {
  const { session, ui, now, look } = frame;
  const list = ui.lists.pods;
  const rows = podRows(session, list);
  return {
    title: list.filter === undefined ? 'Pods' : `Pods /${list.filter.text}`,
    facts: facts(frame),
    dimmed: ageNote(session.sources.get('pods'), now) !== undefined,
    lines: (width, height, focused) => rows.length === 0
      ? emptyLines(emptySentence(frame), width, look)
      : tableLines({
        width, height, rows, focused, top: list.top,
        columns: columns(now, look, rows.find(({ usageSource }) => usageSource !== undefined)?.usageSource),
        selected: rows.findIndex(({ key }) => key === list.selected),
        sortedBy: orders.pods[list.order] ?? '',
        tone: (row) => (row.goneAt !== undefined ? 'muted' : frame.isFresh(row.key) ? 'fresh' : undefined),
      }, look),
  };
}
