import type { JobOverview } from '../../flink/types.ts';
import { backoff } from '../../support/backoff.ts';
import { isAbort, toProblem } from '../../support/problem.ts';
import type { Change } from '../types.ts';
import type { FeedContext } from './context.ts';
import { createJobDetails } from './job-details.ts';
import { createPause } from './pause.ts';
import { sourceTeller } from './source-status.ts';

export interface FlinkFeed {
  readonly done: Promise<void>;
  /** Polls now. */
  refresh(): void;
  setFocus(focused: boolean): void;
}

/** The tempo until the server told its own (`web.refresh-interval`, default 3 s), and the quickest that is ever used. */
const firstTempoMs = 3_000;
const quickestTempoMs = 1_000;
/** How much slower while nobody looks. */
const unfocusedFactor = 5;

/**
 * Polls the REST endpoint in the server's own tempo, one flight at a time: overview and jobs each round, the details of jobs in turn.
 */
export function flinkFeed(context: FeedContext): FlinkFeed {
  const { flink, teller, clock, random, signal } = context;
  const source = sourceTeller('flink', teller, clock);
  const pause = createPause(clock);
  const waits = backoff({ first: 500, most: 10_000, random });
  let focused = true;
  let serverTempoMs: number | undefined;
  const tempo = (): number => Math.max(quickestTempoMs, serverTempoMs ?? firstTempoMs) * (focused ? 1 : unfocusedFactor);
  const details = createJobDetails(context, () => ({ focused, tempoMs: tempo() }));

  const round = async (): Promise<readonly JobOverview[]> => {
    const [overview, jobs, config] = await Promise.all([
      flink.overview({ signal }),
      flink.jobs({ signal }),
      // Asked again after each loss: another JobManager may have another version and other switches.
      serverTempoMs === undefined ? flink.config({ signal }) : undefined,
    ]);
    const at = clock.now();
    const changes: Change[] = [{ kind: 'overview', at, overview }, { kind: 'jobs-seen', at, jobs }];
    if (config !== undefined) {
      serverTempoMs = config.refreshIntervalMs;
      changes.push({ kind: 'config', at, config });
    }
    teller.tell(...changes);
    source.answered();
    return jobs;
  };

  const run = async (): Promise<void> => {
    source.status({ state: 'connecting' });
    for (;;) {
      let next: number;
      try {
        const jobs = await round();
        waits.reset();
        details.kick(jobs);
        next = tempo();
      } catch (error) {
        if (signal.aborted || isAbort(error)) return;
        const problem = toProblem(error);
        next = problem.retryAfterMs ?? waits.next();
        serverTempoMs = undefined;
        source.failed(problem, clock.now() + next);
      }
      await pause.wait(next, signal);
    }
  };

  return {
    done: run().catch((error: unknown) => {
      // The wait was ended: so was the session.
      if (!signal.aborted) throw error;
    }).then(() => details.idle()),
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
