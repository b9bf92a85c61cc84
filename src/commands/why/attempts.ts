import type { Finding } from '../../causes/finding.ts';
import type { Operation, Session } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatSpan } from '../../support/format.ts';
import type { Attempt } from '../model/card.ts';
import { restartedAs } from '../procedures/restarting.ts';

/** What is done to help a job. */
const helping: ReadonlySet<Operation['kind']> = new Set(['rescale', 'restart']);
const mostAttempts = 3;

/** The ids of a job and of those that it was before: a restart gives it another one. */
function idsOf(id: string, operations: readonly Operation[]): ReadonlySet<string> {
  const ids = new Set([id]);
  for (const { kind, result, jobId } of operations.toReversed())
    if (kind === 'restart' && jobId !== undefined && result !== undefined && ids.has(restartedAs(result) ?? '')) ids.add(jobId);
  return ids;
}

/** The rescales and restarts of a job that this session knows, newest first, and how it went on. */
export function attemptsFor({ subject }: Pick<Finding, 'subject'>, session: Session, now: Instant): readonly Attempt[] {
  if (subject.kind !== 'job') return [];
  const ids = idsOf(subject.id, session.operations);
  return session.operations
    .filter(({ kind, jobId }) => helping.has(kind) && jobId !== undefined && ids.has(jobId))
    .toSorted((a, b) => b.startedAt - a.startedAt)
    .slice(0, mostAttempts)
    .map((operation) => ({ at: operation.startedAt, text: `${oneLine(operation.title)}, ${outcome(operation, ids, session, now)}` }));
}

function outcome({ state, endedAt, result }: Operation, ids: ReadonlySet<string>, session: Session, now: Instant): string {
  switch (state) {
    case 'running':
      return 'which goes on';
    case 'failed':
      return `which failed: ${oneLine(result ?? 'no reason given')}`;
    case 'unknown':
      return 'whose result is not known';
    case 'succeeded':
      return `which succeeded; ${since(endedAt ?? now, ids, session, now)}`;
  }
}

/** Nothing more is claimed than that no failure was seen. */
function since(end: Instant, ids: ReadonlySet<string>, { timeline }: Session, now: Instant): string {
  const next = timeline.find(
    ({ at, severity, subject, from }) => at > end && severity !== 'info' && from === 'flink' && subject !== undefined && ids.has(subject),
  );
  return next === undefined
    ? `no failure in the ${formatSpan(Math.max(0, now - end))} since`
    : `it failed ${formatSpan(Math.max(0, next.at - end))} later`;
}
