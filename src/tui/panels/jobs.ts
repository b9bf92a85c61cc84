import { selectJobSummary, type JobRow } from '../../session/selectors/jobs.ts';
import { formatAge } from '../../support/format.ts';
import type { Look } from '../look.ts';
import { jobRows, orders } from '../rows.ts';
import type { Token } from '../theme.ts';
import type { Frame } from '../ui.ts';
import { bar } from '../widgets/bar.ts';
import { tableLines, type Column } from '../widgets/table.ts';
import { emptyLines, type PanelDrawing } from './panel.ts';
import { ageNote } from './staleness.ts';

const tones: Readonly<Record<JobRow['severity'], Token | undefined>> = { ok: undefined, busy: 'busy', warn: 'warn', error: 'error', done: 'muted' };

/** `⟳ Restarting`: sign and word; the colour only repeats them. */
export function jobState(state: string, severity: JobRow['severity'], { glyphs, theme }: Look): string {
  const word = state.charAt(0) + state.slice(1).toLowerCase();
  switch (state) {
    case 'RUNNING':
      return `${theme.paint('ok', glyphs.running)} ${word}`;
    case 'FINISHED':
      return theme.paint('muted', `${glyphs.done} ${word}`);
    case 'CANCELED':
      return theme.paint('muted', `${glyphs.canceled} ${word}`);
    case 'FAILED':
    case 'FAILING':
      return theme.paint(tones[severity], `${glyphs.failed} ${word}`);
    case 'INITIALIZING':
    case 'CREATED':
      return theme.paint('busy', `${glyphs.pending} ${word}`);
    default:
      return theme.paint(tones[severity], `${glyphs.busy} ${word}`);
  }
}

function tasksCell({ tasksUp, tasksTotal, severity }: JobRow, width: number, { theme, glyphs }: Look): string {
  const text = bar(tasksUp, tasksTotal, Math.max(4, Math.min(8, width - 8)), glyphs);
  const tone: Token | undefined = severity === 'ok' && tasksUp === tasksTotal ? 'ok' : severity === 'done' ? 'muted' : severity === 'error' ? 'error' : 'warn';
  return `${theme.paint(tone, text)} ${tasksUp}/${tasksTotal}`;
}

function upCell(row: JobRow, now: number): string {
  return formatAge(row.endTime !== undefined || row.startTime <= 0 ? row.durationMs : now - row.startTime);
}

function checkpointCell(row: JobRow, now: number, { theme }: Look): string {
  const age = row.lastCheckpointAt === undefined ? '-' : formatAge((row.endTime ?? now) - row.lastCheckpointAt);
  return row.checkpointFailure === undefined ? age : theme.paint('warn', age);
}

const columns = (now: number, look: Look): readonly Column<JobRow>[] => [
  { title: 'NAME', min: 18, max: 48, drop: 0, cell: ({ name }) => name },
  { title: 'STATE', min: 12, max: 14, drop: 0, cell: ({ state, severity }) => jobState(state, severity, look) },
  { title: 'TASKS', min: 10, max: 16, drop: 2, cell: (row, width) => tasksCell(row, width, look) },
  { title: 'UP', min: 3, max: 4, align: 'right', drop: 1, cell: (row) => upCell(row, now) },
  { title: 'CHK', min: 3, max: 4, align: 'right', drop: 3, cell: (row) => checkpointCell(row, now, look) },
  { title: 'RST', min: 3, max: 4, align: 'right', drop: 5, cell: ({ restarts }) => (restarts === undefined ? '-' : String(restarts)) },
  { title: 'ID', min: 6, max: 6, drop: 4, cell: ({ idPrefix }) => look.theme.paint('muted', idPrefix) },
];

function facts({ session, now, look }: Frame): string {
  const stale = ageNote(session.sources.get('flink'), now);
  if (stale !== undefined) return look.theme.paint('warn', stale);
  if (!session.jobsKnown) return '';
  const { up, failed } = selectJobSummary(session);
  return failed === 0 ? `${up} up` : `${up} up · ${look.theme.paint('error', `${failed} failed`)}`;
}

function emptySentence({ session, ui, starting }: Frame): string {
  const { filter } = ui.lists.jobs;
  if (filter !== undefined) return `No job matches ${filter.text}`;
  if (session.jobsKnown) return 'No jobs. Type: submit path/to/job.jar';
  if (starting !== undefined) return '';
  return session.sources.get('flink')?.problem?.message ?? 'Asking the JobManager';
}

/** The jobs of the cluster: state, how many of their tasks run, and how old their last checkpoint is. */
export function drawJobs(frame: Frame): PanelDrawing {
  const { session, ui, now, look } = frame;
  const list = ui.lists.jobs;
  const rows = jobRows(session, list);
  return {
    title: list.filter === undefined ? 'Jobs' : `Jobs /${list.filter.text}`,
    facts: facts(frame),
    dimmed: ageNote(session.sources.get('flink'), now) !== undefined,
    lines: (width, height, focused) => rows.length === 0
      ? emptyLines(emptySentence(frame), width, look)
      : tableLines({
        width, height, rows, focused, top: list.top,
        columns: columns(now, look),
        selected: rows.findIndex(({ key }) => key === list.selected),
        sortedBy: orders.jobs[list.order] ?? '',
        tone: ({ key }) => (frame.isFresh(key) ? 'fresh' : undefined),
      }, look),
  };
}
