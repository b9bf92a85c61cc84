import { selectJobRows } from '../session/selectors/jobs.ts';
import { selectPodRows } from '../session/selectors/pods.ts';
import type { Column } from '../session/tables/column.ts';
import { jobColumns } from '../session/tables/jobs.ts';
import { operationColumns } from '../session/tables/operations.ts';
import { podColumns } from '../session/tables/pods.ts';
import { timelineColumns } from '../session/tables/timeline.ts';
import { textTable } from '../session/tables/text-table.ts';
import type { Session, SourceName } from '../session/types.ts';
import { unreadableWords } from '../session/job-words.ts';
import { oneLine } from '../support/foreign-text.ts';
import type { Instant } from '../support/clock.ts';
import { formatSpan } from '../support/format.ts';

/** How old a list is, from the state of its source; undefined if the source is live. */
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

function listing<Row>(columns: readonly Column<Row>[], rows: readonly Row[], now: Instant): readonly string[] {
  return textTable(
    columns.filter(({ wide }) => wide !== true),
    rows,
    { now, whole: false },
  );
}

export function listJobs(session: Session, now: Instant): readonly string[] {
  return listed(listing(jobColumns, selectJobRows(session), now), 'No jobs.', session.jobsKnown, staleness(session, 'flink', now));
}

export function listPods(session: Session, now: Instant): readonly string[] {
  const rows = selectPodRows(session).filter(({ goneAt }) => goneAt === undefined);
  const unread = session.unreadable.get('pods');
  const note = unread === undefined ? undefined : `${unreadableWords('pods', unread.count)}: ${oneLine(unread.reason)}`;
  return listed(
    listing(podColumns, rows, now),
    'No pods.',
    session.podsKnown && unread === undefined,
    staleness(session, 'pods', now) ?? note,
  );
}

export function listOperations({ operations }: Session, now: Instant): readonly string[] {
  return operations.length === 0 ? ['No operations yet.'] : listing(operationColumns, operations, now);
}

export function listTimeline({ timeline }: Session, now: Instant): readonly string[] {
  return timeline.length === 0 ? ['Nothing has happened yet.'] : listing(timelineColumns, timeline, now);
}
