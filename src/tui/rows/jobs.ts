import { selectJobSummary, type JobRow } from '../../session/selectors/jobs.ts';
import type { Look } from '../look/look.ts';
import { stateWord } from '../state/table-sources.ts';
import type { Token } from '../look/theme.ts';
import type { Frame } from '../state/ui.ts';
import { bar } from './bar.ts';
import { ageNote, startSentence } from './staleness.ts';
import type { PaintCells } from './table-lines.ts';

const tones: Readonly<Record<JobRow['severity'], Token | undefined>> = {
  ok: undefined,
  busy: 'busy',
  warn: 'warn',
  error: 'error',
  done: 'muted',
};

/** `⟳ Restarting`: symbol and word; the colour only repeats them. */
export function jobState(state: string, severity: JobRow['severity'], { glyphs, theme }: Look): string {
  const word = stateWord(state);
  switch (state) {
    case 'RUNNING':
      return severity === 'warn' ? theme.paint('warn', `${glyphs.running} ${word}`) : `${theme.paint('ok', glyphs.running)} ${word}`;
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

/** A job that runs again after a failure shows how often it was restarted: `▶ Running ⟳3`. */
function stateCell({ state, severity, restarts }: JobRow, look: Look): string {
  const text = jobState(state, severity, look);
  return state === 'RUNNING' && severity === 'warn' && (restarts ?? 0) > 0
    ? `${text} ${look.theme.paint('warn', `${look.glyphs.busy}${restarts}`)}`
    : text;
}

/** Cells of the bar: few enough for every width of the column. */
const barCells = 4;

function tasksCell({ tasksUp, tasksTotal, severity }: JobRow, text: string, { theme, glyphs }: Look): string {
  const tone: Token | undefined =
    severity === 'ok' && tasksUp === tasksTotal ? 'ok' : severity === 'done' ? 'muted' : severity === 'error' ? 'error' : 'warn';
  return `${theme.paint(tone, bar(tasksUp, tasksTotal, barCells, glyphs))} ${text}`;
}

/** The cells of a job that are more than plain text. */
export const jobCells = (look: Look): PaintCells<JobRow> => ({
  STATE: (row) => stateCell(row, look),
  TASKS: (row, text) => tasksCell(row, text, look),
  CHK: ({ checkpointFailure }, text) => (checkpointFailure === undefined ? text : look.theme.paint('warn', text)),
  ID: (_, text) => look.theme.paint('muted', text),
});

/** How many run, and how many need attention. */
export function jobTrouble({ session, now, look: { theme } }: Frame): string {
  const stale = ageNote(session.sources.get('flink'), now);
  if (stale !== undefined) return theme.paint('warn', stale);
  if (!session.jobsKnown) return '';
  const { up, waiting, restarting, failed } = selectJobSummary(session);
  const some = (count: number, what: string, tone: Token): readonly string[] =>
    count === 0 ? [] : [theme.paint(tone, `${count} ${what}`)];
  return [
    `${up} up`,
    ...some(waiting, 'waiting', 'warn'),
    ...some(restarting, 'restarting', 'warn'),
    ...some(failed, 'failed', 'error'),
  ].join(' · ');
}

/** Why there are none. */
export function noJobs({ session, starting, now }: Frame): string {
  if (session.stopped) return 'The cluster was deleted, and its jobs with it.';
  if (session.jobsKnown) return 'No jobs. Type: submit path/to/job.jar';
  if (starting !== undefined) return '';
  return startSentence(session, now) ?? session.sources.get('flink')?.problem?.message ?? 'Asking the JobManager';
}
