import { selectJobRows } from '../session/selectors/jobs.ts';
import { selectPodRows } from '../session/selectors/pods.ts';
import type { Session, SourceName } from '../session/types.ts';
import { oneLine } from '../session/words.ts';
import type { Instant } from '../support/clock.ts';
import { formatAge, formatDateTime, formatSpan } from '../support/format.ts';
import { pad, width } from '../support/text-width.ts';

/** Columns as wide as their widest cell, two blanks between them, under their titles. */
function table(titles: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const all = [titles, ...rows];
  const widths = titles.map((_, column) => Math.max(...all.map((row) => width(row[column] ?? ''))));
  return all.map((row) => row.map((cell, column) => pad(cell, widths[column] ?? 0)).join('  ').trimEnd());
}

/** What is listed is as old as its source; undefined where that is live. */
function staleness({ sources }: Session, name: SourceName, now: Instant): string | undefined {
  const status = sources.get(name);
  if (status === undefined || status.state === 'live') return undefined;
  const age = status.dataAt === undefined ? 'Nothing is known yet' : `As of ${formatSpan(now - status.dataAt)} ago`;
  return status.problem === undefined ? `${age}.` : `${age}: ${status.problem.message}`;
}

function listed(rows: readonly string[], empty: string, known: boolean, age: string | undefined): readonly string[] {
  const first = age === undefined ? [] : [age];
  if (rows.length > 1) return [...first, ...rows];
  return known ? [...first, empty] : first.length > 0 ? first : ['Nothing is known yet.'];
}

export function listJobs(session: Session, now: Instant): readonly string[] {
  const rows = selectJobRows(session).map((row) => [
    oneLine(row.name, 80), row.idPrefix, row.state, `${row.tasksUp}/${row.tasksTotal}`, formatAge(row.durationMs),
    row.lastCheckpointAt === undefined ? '-' : formatAge(now - row.lastCheckpointAt), row.restarts === undefined ? '-' : String(row.restarts),
  ]);
  return listed(table(['NAME', 'ID', 'STATE', 'TASKS', 'UP', 'CHK', 'RST'], rows), 'No jobs.', session.jobsKnown, staleness(session, 'flink', now));
}

export function listPods(session: Session, now: Instant): readonly string[] {
  const rows = selectPodRows(session).filter(({ goneAt }) => goneAt === undefined).map((row) => [
    row.leader ? `${row.name} (leader)` : row.name, oneLine(row.state), row.ready, String(row.restarts), formatAge(now - row.createdAt), row.node ?? '-',
  ]);
  return listed(table(['NAME', 'STATE', 'READY', 'RST', 'AGE', 'NODE'], rows), 'No pods.', session.podsKnown, staleness(session, 'pods', now));
}

export function listOperations({ operations }: Session, now: Instant): readonly string[] {
  if (operations.length === 0) return ['Nothing was started here.'];
  return operations.map(({ title, state, startedAt, endedAt, progress, result }) => {
    const took = `${state} ${endedAt === undefined ? `for ${formatSpan(now - startedAt)}` : `after ${formatSpan(endedAt - startedAt)}`}`;
    const word = result ?? (state === 'running' ? progress : undefined);
    return `${formatDateTime(startedAt)}  ${oneLine(title)}: ${took}${word === undefined || word === '' ? '' : `, ${oneLine(word, 1_000)}`}`;
  });
}
