import type { StreamStatus } from '../../kubernetes/types.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { isAbort, toProblem, type Problem } from '../../support/problem.ts';
import type { SourceName, SourceState, SourceStatus } from '../types.ts';
import type { Teller } from './teller.ts';

/** Tells the state of one source, with since when and how old its data is. */
export interface SourceTeller {
  /** The state of a stream or of a poll. */
  status(status: StreamStatus): void;
  /** A poll was answered: live, and the data is of this moment. */
  answered(): void;
  /** A poll failed: its state follows from the problem. */
  failed(problem: Problem, nextTryAt: Instant | undefined): void;
}

export function sourceTeller(name: SourceName, teller: Teller, clock: Clock): SourceTeller {
  let current: SourceStatus | undefined;
  const set = (state: SourceState, dataAt: Instant | undefined, problem?: Problem, nextTryAt?: Instant): void => {
    const at = clock.now();
    current = { state, since: current?.state === state ? current.since : at, dataAt, problem, nextTryAt };
    teller.tell({ kind: 'source', at, source: name, status: current });
  };
  const status = (next: StreamStatus): void => {
    // A stream that is live has the data of this moment also when nothing changes: it is as old as the loss of the stream.
    const dataAt = next.state === 'live' || current?.state === 'live' ? clock.now() : current?.dataAt;
    if (next.state === 'connecting' && current !== undefined) return;
    if (next.state === 'connecting' || next.state === 'live') set(next.state, dataAt);
    else set(next.state, dataAt, next.problem, next.nextTryAt);
  };
  return {
    status,
    answered: () => set('live', clock.now()),
    failed: (problem, nextTryAt) => set(stateOf(problem), current?.dataAt, problem, nextTryAt),
  };
}

/** What a failed poll makes of its source. */
export function stateOf({ kind }: Problem): 'stale' | 'denied' | 'lost' {
  if (kind === 'unauthorized' || kind === 'forbidden') return 'denied';
  return kind === 'unreachable' || kind === 'not-found' ? 'lost' : 'stale';
}

/**
 * Runs what goes on until the session ends. A stream promises never to reject for what a server does: should it, its source says so
 * and the other sources go on.
 */
export async function supervise(work: Promise<void>, source: SourceTeller, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    const problem = toProblem(error);
    source.status({ state: stateOf(problem), problem });
  }
}
