import type { StreamStatus, Unreadable } from '../../kubernetes/model/types.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import { isAbort, toProblem, type Problem } from '../../support/problem.ts';
import type { SourceName, SourceState, SourceStatus } from '../types.ts';
import type { ChangeQueue } from './change-queue.ts';

/** Reports a source's state, when it began, and the age of its data. */
export interface SourceReporter {
  /** The state of a stream or of a poll. */
  status(status: StreamStatus): void;
  /** Another server is used from now on, which has not answered yet. */
  renewed(): void;
  /** A poll was answered: live, with data of this moment. */
  answered(): void;
  /** The main part of an answer arrived: there is data of this moment, even if the rest never comes. */
  received(): void;
  /** A poll failed: its state follows from the problem. */
  failed(problem: Problem, nextTryAt: Instant | undefined): void;
  /** A poll was not answered in time. Without a problem it may only be slow, which is worth reporting only for a source that was live. */
  overdue(problem: Problem | undefined): void;
  /** The server does not answer yet because it started a moment ago. */
  starting(since: Instant, problem: Problem): void;
  /** Objects that were sent but cannot be read now. */
  unreadable(objects: Unreadable | undefined): void;
}

export function sourceReporter(name: SourceName, queue: ChangeQueue, clock: Clock): SourceReporter {
  let current: SourceStatus | undefined;
  /** An outage begins with the last answer of the server, whatever its state is called meanwhile. */
  const sinceWhen = (state: SourceState, dataAt: Instant | undefined, at: Instant): Instant => {
    if (current !== undefined && current.state !== 'starting' && (current.state === 'live') === (state === 'live')) return current.since;
    return state === 'live' ? at : (dataAt ?? at);
  };
  const set = (state: SourceState, dataAt: Instant | undefined, problem?: Problem, nextTryAt?: Instant, since?: Instant): void => {
    const at = clock.now();
    current = { state, since: since ?? sinceWhen(state, dataAt, at), dataAt, problem, nextTryAt };
    queue.tell({ kind: 'source', at, source: name, status: current });
  };
  const status = (next: StreamStatus): void => {
    if (next.state === 'connecting' && current !== undefined) return;
    // A live stream has current data even if nothing changes: after a loss, its data is as old as the last sign of the server.
    const heardAt = next.state === 'stale' ? next.heardAt : clock.now();
    const dataAt = next.state === 'live' || current?.state === 'live' ? heardAt : current?.dataAt;
    if (next.state === 'connecting' || next.state === 'live') set(next.state, dataAt);
    else set(next.state, dataAt, next.problem, next.state === 'stale' ? undefined : next.nextTryAt);
  };
  return {
    status,
    renewed() {
      current = undefined;
      set('connecting', undefined);
    },
    answered: () => set('live', clock.now()),
    received() {
      if (current !== undefined) current = { ...current, dataAt: clock.now() };
    },
    failed: (problem, nextTryAt) => set(stateOf(problem), current?.dataAt, problem, nextTryAt),
    overdue(problem) {
      const was = current?.state;
      if (problem !== undefined ? was === 'live' || was === 'stale' || was === 'connecting' : was === 'live')
        set('stale', current?.dataAt, problem);
    },
    starting: (since, problem) => set('starting', current?.dataAt, problem, undefined, since),
    unreadable: (objects) => queue.tell({ kind: 'unreadable', at: clock.now(), source: name, objects }),
  };
}

/** The state of a source after a failed poll. */
export function stateOf({ kind }: Problem): 'stale' | 'denied' | 'lost' {
  if (kind === 'unauthorized' || kind === 'forbidden') return 'denied';
  return kind === 'unreachable' || kind === 'not-found' ? 'lost' : 'stale';
}

/**
 * Runs work that lasts until the session ends. A stream promises never to reject because of a server: if it does, its source reports that
 * and the other sources continue.
 */
export async function supervise(work: Promise<void>, source: SourceReporter, signal: AbortSignal): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (signal.aborted || isAbort(error)) return;
    source.failed(toProblem(error), undefined);
  }
}
