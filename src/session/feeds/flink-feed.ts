import type { JobOverview } from '../../flink/types.ts';
import { backoff } from '../../support/backoff.ts';
import { isAbort, type Problem, toProblem } from '../../support/problem.ts';
import type { Instant } from '../../support/clock.ts';
import { wakerWithMemory } from '../../support/waiting.ts';
import type { Session } from '../types.ts';
import type { FeedContext } from './context.ts';
import { askFlink, type Round, tellingSilence } from './flink-round.ts';
import { createJobDetails } from './job-details.ts';
import { selectJobManagerStart } from '../selectors/job-manager-start.ts';
import { sourceReporter } from './source-status.ts';
import { quickestTempoMs, slowestMs, tempoOf } from './tempo.ts';

export interface FlinkFeed {
  readonly done: Promise<void>;
  /** Polls now. */
  refresh(): void;
  setFocus(focused: boolean): void;
}

/** The longest wait between two tries while a JobManager starts: the user is waiting for it. */
const startingMostMs = 2_000;

/**
 * Polls the REST endpoint at the server's own interval, one request at a time: overview and jobs each round, the details of jobs in turn.
 */
export function flinkFeed(context: FeedContext): FlinkFeed {
  const { store, queue, clock, random, signal } = context;
  const source = sourceReporter('flink', queue, clock);
  const pause = wakerWithMemory(clock);
  const waits = backoff({ first: 500, most: 10_000, random });
  let focused = true;
  let serverTempoMs: number | undefined;
  let round: Round | undefined;
  const tempo = (): number => tempoOf(serverTempoMs, focused);
  const details = createJobDetails(context, () => ({ focused, tempoMs: tempo() }));

  /** Requests everything that is due. Resolves with the jobs. */
  const poll = async (): Promise<readonly JobOverview[]> => {
    // The configuration is requested again after each loss: another JobManager may have another version and other settings.
    round = askFlink(context, source, serverTempoMs === undefined);
    const { jobs, config } = await tellingSilence(round, { source, clock, first: !store.get().jobsKnown });
    if (config !== undefined) serverTempoMs = config.refreshIntervalMs;
    source.answered();
    return jobs;
  };

  /** Reports why a poll failed. Resolves with the wait before the next try. */
  const tellFailure = (problem: Problem): number => {
    // Even if a server asks for no wait at all, there is one.
    const wait = Math.min(slowestMs, Math.max(waits.next(), problem.retryAfterMs ?? 0));
    const verdict = verdictOn(problem, round?.heard() === true, store.get(), clock.now());
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
        const jobs = await poll();
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

type Verdict = { readonly kind: 'failed' | 'too-early' } | { readonly kind: 'starting'; readonly since: Instant };

/** The meaning of a failed poll: a JobManager that is starting does not answer yet, which is not an outage. */
function verdictOn({ kind }: Problem, heard: boolean, session: Session, now: Instant): Verdict {
  // A JobManager that answers has started, and anything but an answer does not come from one that is starting.
  if (heard || kind === 'protocol' || kind === 'unauthorized' || kind === 'forbidden') return { kind: 'failed' };
  const since = selectJobManagerStart(session, now);
  if (since !== undefined) return { kind: 'starting', since };
  // Whether a JobManager that never answered is starting is known once the pods are, a moment later.
  return { kind: !session.jobsKnown && session.sources.get('pods')?.state === 'connecting' ? 'too-early' : 'failed' };
}
