import type { JobOverview } from '../../flink/types.ts';
import { backoff } from '../../support/backoff.ts';
import { isAbort, Problem, toProblem } from '../../support/problem.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { lifetime, wakerWithMemory } from '../../support/waiting.ts';
import type { Change, Session } from '../types.ts';
import type { FeedContext } from './context.ts';
import { createJobDetails } from './job-details.ts';
import { selectJobManagerStart } from '../selectors/job-manager-start.ts';
import { sourceReporter, type SourceReporter } from './source-status.ts';

export interface FlinkFeed {
  readonly done: Promise<void>;
  /** Polls now. */
  refresh(): void;
  setFocus(focused: boolean): void;
}

/** The interval until the server reports its own (`web.refresh-interval`, default 3 s), and the shortest one ever used. */
const firstTempoMs = 3_000;
const quickestTempoMs = 1_000;
/** The longest interval: even if the refresh of the web UI is off, or a server asks for a day of silence, it is still polled. */
const slowestMs = 60_000;
/** How much slower while the terminal is not focused. */
const unfocusedFactor = 5;
/** After this time, an answer is overdue and the JobManager is reported as not answering. */
const overdueMs = 2_000;
const silentMs = 4_000;
/** The longest wait between two tries while a JobManager starts: the user is waiting for it. */
const startingMostMs = 2_000;

/**
 * Polls the REST endpoint at the server's own interval, one request at a time: overview and jobs each round, the details of jobs in turn.
 */
export function flinkFeed(context: FeedContext): FlinkFeed {
  const { flink, store, queue, clock, random, signal } = context;
  const source = sourceReporter('flink', queue, clock);
  const pause = wakerWithMemory(clock);
  const waits = backoff({ first: 500, most: 10_000, random });
  let focused = true;
  let serverTempoMs: number | undefined;
  const tempo = (): number =>
    Math.min(slowestMs, Math.max(quickestTempoMs, serverTempoMs ?? firstTempoMs) * (focused ? 1 : unfocusedFactor));
  const details = createJobDetails(context, () => ({ focused, tempoMs: tempo() }));

  const round = async (): Promise<readonly JobOverview[]> => {
    const [overview, jobs, config] = await Promise.all([
      flink.overview({ signal }),
      flink.jobs({ signal }),
      // Requested again after each loss: another JobManager may have another version and other settings.
      serverTempoMs === undefined ? flink.config({ signal }) : undefined,
    ]);
    const at = clock.now();
    const changes: Change[] = [
      { kind: 'overview', at, overview },
      { kind: 'jobs-seen', at, jobs },
    ];
    if (config !== undefined) {
      // A value that is not a number counts as none.
      serverTempoMs = Number.isNaN(config.refreshIntervalMs) ? firstTempoMs : config.refreshIntervalMs;
      changes.push({ kind: 'config', at, config });
    }
    queue.tell(...changes);
    source.answered();
    return jobs;
  };

  /** Reports why a poll failed. Resolves with the wait before the next try. */
  const tellFailure = (problem: Problem): number => {
    // Even if a server asks for no wait at all, there is one.
    const wait = Math.min(slowestMs, Math.max(waits.next(), problem.retryAfterMs ?? 0));
    const verdict = verdictOn(problem, store.get(), clock.now());
    if (verdict.kind === 'failed') source.failed(problem, clock.now() + wait);
    if (verdict.kind !== 'starting') return wait;
    source.starting(verdict.since, problem);
    return Math.min(wait, startingMostMs);
  };

  const run = async (): Promise<void> => {
    source.status({ state: 'connecting' });
    for (;;) {
      // Nothing is left to poll; a new cluster of this name is polled at once.
      if (store.get().stopped) {
        await store.until(({ stopped }) => !stopped, signal);
        source.renewed();
      }
      const asked = clock.monotonic();
      let next: number;
      try {
        const jobs = await tellingSilence(round(), source, clock);
        waits.reset();
        details.kick(jobs);
        // Measured from request to request: what is shown is never older than the interval.
        next = Math.max(quickestTempoMs, tempo() - (clock.monotonic() - asked));
      } catch (error) {
        if (signal.aborted || isAbort(error)) return;
        serverTempoMs = undefined;
        next = tellFailure(toProblem(error));
      }
      await pause.sleep(next, signal);
    }
  };

  return {
    done: run()
      .catch((error: unknown) => {
        // The session ended during the wait.
        if (!signal.aborted) throw error;
      })
      .then(() => details.idle()),
    refresh() {
      details.forgetAges();
      pause.wake();
    },
    setFocus(next) {
      if (next && !focused) pause.wake();
      focused = next;
    },
  };
}

/** The answer, however long it takes; meanwhile the source is reported as overdue. */
async function tellingSilence<T>(question: Promise<T>, source: SourceReporter, clock: Clock): Promise<T> {
  const answered = lifetime();
  const tell = async (): Promise<void> => {
    await clock.sleep(overdueMs, answered.signal);
    source.overdue(undefined);
    await clock.sleep(silentMs - overdueMs, answered.signal);
    source.overdue(new Problem('unreachable', 'The JobManager has not answered.'));
  };
  tell().catch((error: unknown) => {
    // The answer came: nothing is overdue any more.
    if (!isAbort(error)) throw error;
  });
  return question.finally(answered.end);
}

type Verdict = { readonly kind: 'failed' | 'too-early' } | { readonly kind: 'starting'; readonly since: Instant };

/** The meaning of a failed poll: a JobManager that is starting does not answer yet, which is not an outage. */
function verdictOn({ kind }: Problem, session: Session, now: Instant): Verdict {
  if (kind === 'unauthorized' || kind === 'forbidden') return { kind: 'failed' };
  const since = selectJobManagerStart(session, now);
  if (since !== undefined) return { kind: 'starting', since };
  // Whether a JobManager that never answered is starting is known once the pods are, a moment later.
  return { kind: !session.jobsKnown && session.sources.get('pods')?.state === 'connecting' ? 'too-early' : 'failed' };
}
