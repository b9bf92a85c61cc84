import type { ClusterOverview, DashboardConfig, JobOverview } from '../../flink/types.ts';
import type { Clock } from '../../support/clock.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import type { Change } from '../types.ts';
import type { FeedContext } from './context.ts';
import type { SourceReporter } from './source-status.ts';

/** After this time, an answer is overdue and the JobManager is reported as not answering. */
const overdueMs = 2_000;
const silentMs = 4_000;
/** If Flink answers other requests, the first list of jobs is reported missing after this time: a command that names a job waits for it. */
const firstListMs = 700;

/** The requests of a round, in words. */
const parts = { overview: 'its overview', jobs: 'its list of jobs', config: 'its configuration' } as const;

interface Answers {
  readonly overview: ClusterOverview;
  readonly jobs: readonly JobOverview[];
  /** Undefined if it was not requested. */
  readonly config: DashboardConfig | undefined;
}

/** The requests of one poll. Each answer is reported when it arrives: a missing one does not delay the others. */
export interface Round {
  /** All answers; rejects with the first `Problem`. */
  readonly answers: Promise<Answers>;
  /** Requests without an answer yet. */
  readonly open: ReadonlySet<keyof Answers>;
  /** At least one request was answered. */
  heard(): boolean;
}

/** The list of jobs is the data whose age `source` reports. */
export function askFlink({ flink, queue, clock, signal }: FeedContext, source: SourceReporter, withConfig: boolean): Round {
  const open = new Set<keyof Answers>();
  let heard = false;
  const ask = async <T>(part: keyof Answers, question: Promise<T>, change: (answer: T, at: number) => Change): Promise<T> => {
    open.add(part);
    const answer = await question;
    open.delete(part);
    heard = true;
    queue.tell(change(answer, clock.now()));
    return answer;
  };
  const answers = Promise.all([
    ask('overview', flink.overview({ signal }), (overview, at) => ({ kind: 'overview', at, overview })),
    ask('jobs', flink.jobs({ signal }), (jobs, at) => {
      source.received();
      return { kind: 'jobs-seen', at, jobs };
    }),
    withConfig ? ask('config', flink.config({ signal }), (config, at) => ({ kind: 'config', at, config })) : undefined,
  ]).then(([overview, jobs, config]) => ({ overview, jobs, config }));
  return { answers, open, heard: () => heard };
}

/** The answers, however long they take; meanwhile the missing ones are reported. `first`: no list of jobs is known yet. */
export async function tellingSilence(
  round: Round,
  { source, clock, first }: { readonly source: SourceReporter; readonly clock: Clock; readonly first: boolean },
): Promise<Answers> {
  const answered = lifetime();
  const missFirstList = (): boolean => {
    const missed = first && round.heard() && round.open.has('jobs');
    if (missed) source.failed(silence(round), undefined);
    return missed;
  };
  const tell = async (): Promise<void> => {
    await clock.sleep(firstListMs, answered.signal);
    missFirstList();
    await clock.sleep(overdueMs - firstListMs, answered.signal);
    if (!missFirstList()) source.overdue(undefined);
    await clock.sleep(silentMs - overdueMs, answered.signal);
    source.overdue(silence(round));
  };
  tell().catch((error: unknown) => {
    // The answer came: nothing is overdue any more.
    if (!isAbort(error)) throw error;
  });
  return round.answers.finally(answered.end);
}

function silence({ open, heard }: Round): Problem {
  if (!heard()) return new Problem('unreachable', 'The JobManager has not answered.');
  const missing = [...open].map((part) => parts[part]).join(' and ');
  return new Problem('unavailable', `The JobManager answers, but has not sent ${missing}.`);
}
