import type { Clock } from '../support/clock.ts';
import { isAbort, type Problem, toProblem } from '../support/problem.ts';
import { silenceProblem } from './failures.ts';
import type { Transport } from './transport.ts';

/** What a stream wants to know about the server it hangs on. */
export interface LivenessListener {
  /** The server is overdue: data may be old. Called again while that lasts. */
  suspect(problem: Problem, nextTryAt: number): void;
  /** The connection cannot be trusted any more (the server came back after a silence, or this machine slept): open it anew. */
  reopen(): void;
}

/**
 * Notices a server that is silent without a word: its process hangs, the network went away, this machine slept. One probe for all streams of a
 * client, and only while nothing else is heard.
 */
export interface Liveness {
  /** Watches over a stream until the returned function is called. */
  add(listener: LivenessListener): () => void;
  close(): void;
}

/** 4 s of quiet, then one probe over a kept connection and one over a new one: a silent server is known after 9 s at most. */
const QUIET_MS = 4_000;
const FIRST_PROBE_MS = 2_000;
const SECOND_PROBE_MS = 2_500;
const TICK_MS = 1_000;
const PROBE_AGAIN_MS = 1_000;
/** A tick that is this late, by the wall clock, means that the machine slept or its clock was set. */
const JUMP_MS = 5_000;

export function liveness(transport: Pick<Transport, 'request' | 'lastHeard' | 'dropIdle' | 'server'>, clock: Clock): Liveness {
  const listeners = new Set<LivenessListener>();
  const closed = new AbortController();
  let loop: AbortController | undefined;
  let suspectedSince: number | undefined;

  const reopenAll = (): void => {
    suspectedSince = undefined;
    transport.dropIdle();
    for (const listener of listeners) listener.reopen();
  };

  const probe = async (timeoutMs: number, signal: AbortSignal): Promise<Problem | undefined> => {
    try {
      await transport.request({ path: '/version', what: 'read the version', timeoutMs, signal });
      return undefined;
    } catch (error) {
      if (isAbort(error)) throw error;
      const problem = toProblem(error, 'unreachable');
      // Whatever a server says, it is alive; its streams have their own way to find out what it means for them.
      return problem.kind === 'unreachable' ? problem : undefined;
    }
  };

  const watch = async (signal: AbortSignal): Promise<void> => {
    let wall = clock.now();
    let steady = clock.monotonic();
    while (!signal.aborted) {
      await clock.sleep(suspectedSince === undefined ? TICK_MS : PROBE_AGAIN_MS, signal);
      const late = Math.max(clock.now() - wall, clock.monotonic() - steady) - TICK_MS;
      wall = clock.now();
      steady = clock.monotonic();
      if (late > JUMP_MS) {
        reopenAll();
        continue;
      }
      const quiet = clock.monotonic() - transport.lastHeard();
      if (suspectedSince === undefined && quiet < QUIET_MS) continue;
      let problem = await probe(FIRST_PROBE_MS, signal);
      if (problem && suspectedSince === undefined) {
        // Only the kept connection may be dead.
        transport.dropIdle();
        problem = await probe(SECOND_PROBE_MS, signal);
      }
      if (problem) {
        suspectedSince ??= transport.lastHeard();
        const said = problem.message.includes('gives no answer') ? silenceProblem(transport.server, clock.monotonic() - suspectedSince) : problem;
        for (const listener of listeners) listener.suspect(said, clock.now() + PROBE_AGAIN_MS);
      } else if (suspectedSince !== undefined) reopenAll();
      wall = clock.now();
      steady = clock.monotonic();
    }
  };

  return {
    add(listener) {
      listeners.add(listener);
      if (!loop) {
        loop = new AbortController();
        suspectedSince = undefined;
        watch(AbortSignal.any([loop.signal, closed.signal])).catch((error: unknown) => {
          // Its only end is the abort, when nobody is left to watch over.
          if (!isAbort(error)) throw error;
        });
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        loop?.abort();
        loop = undefined;
      };
    },
    close() {
      closed.abort();
    },
  };
}
