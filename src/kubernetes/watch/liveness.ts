import type { Clock } from '../../support/clock.ts';
import { isAbort, type Problem, toProblem } from '../../support/problem.ts';
import { lifetime, type Lifetime } from '../../support/waiting.ts';
import { isSilence, silenceProblem } from '../request/failures.ts';
import type { Transport } from '../request/transport.ts';

/** What a stream needs to know about its server. */
export interface LivenessListener {
  /** Nothing was heard since `heardAt` (epoch milliseconds): data may be old. `problem` follows once probes have failed. */
  overdue(heardAt: number, problem: Problem | undefined): void;
  /** The server was only slow: it was heard again, on the existing connections. */
  heard(): void;
  /** The connection can no longer be trusted (the server came back after a silence, or this machine slept): open a new one. */
  reopen(): void;
}

/**
 * Detects a server that went silent without closing the connection: its process hangs, the network went away, this machine slept. One
 * probe for all streams of a client, and only while nothing else is heard.
 */
export interface Liveness {
  /** Watches a stream until the returned function is called. */
  add(listener: LivenessListener): () => void;
  close(): void;
}

/**
 * A server that is shown as live was heard within the last 3 s. After that, a probe is sent over a kept connection, then another over a new
 * one. A server that does not answer the first within a second is overdue; after both probes, at most 8 s of silence, it is reported as
 * hanging.
 */
const QUIET_MS = 3_000;
const OVERDUE_MS = 4_000;
const FIRST_PROBE_MS = 2_000;
const SECOND_PROBE_MS = 2_500;
const TICK_MS = 500;
/** A tick this late means that this process was held up: data that arrived meanwhile is read first, and the next tick decides. */
const HELD_UP_MS = 500;
/** A tick this late, by the wall clock, means that the machine slept or its clock was set. */
const JUMP_MS = 5_000;

/** The verdict of the probes: unknown, `slow` while they are under way, `hangs` if they failed. */
type Verdict = { readonly kind: 'none' } | { readonly kind: 'slow' } | { readonly kind: 'hangs'; readonly problem: Problem };

const none: Verdict = { kind: 'none' };

type Server = Pick<Transport, 'request' | 'lastHeard' | 'dropIdle' | 'server'>;

/** The result of the probes: the server answers, it answers only over a new connection, or neither. */
type Examination = { readonly kind: 'answers' | 'answers-anew' } | Extract<Verdict, { readonly kind: 'hangs' }>;

/** `hung`: the previous probes have already failed, so a new connection need not be tried separately. */
async function examination(server: Server, hung: boolean, signal: AbortSignal): Promise<Examination> {
  let problem = await probe(server, FIRST_PROBE_MS, signal);
  if (problem === undefined) return { kind: 'answers' };
  if (!hung) {
    // Perhaps only the kept connection is dead.
    server.dropIdle();
    problem = await probe(server, SECOND_PROBE_MS, signal);
    if (problem === undefined) return { kind: 'answers-anew' };
  }
  return { kind: 'hangs', problem: isSilence(problem) ? silenceProblem(server.server) : problem };
}

async function probe(server: Server, timeoutMs: number, signal: AbortSignal): Promise<Problem | undefined> {
  try {
    await server.request({ path: '/version', what: 'read the version', timeoutMs, signal });
    return undefined;
  } catch (error) {
    if (isAbort(error)) throw error;
    const problem = toProblem(error, 'unreachable');
    // A server that answers anything is alive; its streams find out themselves what the answer means for them. A probe that could not be
    // sent, for example without credentials, proves nothing about the server.
    return problem.kind === 'unreachable' ? problem : undefined;
  }
}

export function liveness(transport: Server, clock: Clock): Liveness {
  const listeners = new Set<LivenessListener>();
  const closed = lifetime();
  let loop: Lifetime | undefined;
  let verdict: Verdict = none;
  let probing: Promise<void> | undefined;

  const quiet = (): number => clock.monotonic() - transport.lastHeard();

  const wasHeard = (): boolean => quiet() < QUIET_MS;

  const reopenAll = (): void => {
    verdict = none;
    transport.dropIdle();
    for (const listener of listeners) listener.reopen();
  };

  const tellOverdue = (next: Exclude<Verdict, { readonly kind: 'none' }>): void => {
    const problem = next.kind === 'hangs' ? next.problem : undefined;
    const before = verdict.kind === 'hangs' ? verdict.problem : undefined;
    const known = verdict.kind === next.kind && before?.message === problem?.message;
    verdict = next;
    if (!known) for (const listener of listeners) listener.overdue(clock.now() - quiet(), problem);
  };

  const tellHeard = (): void => {
    // After failed probes, streams that were open meanwhile may be dead although the server is alive.
    if (verdict.kind === 'hangs') return reopenAll();
    if (verdict.kind === 'slow') for (const listener of listeners) listener.heard();
    verdict = none;
  };

  const examine = async (signal: AbortSignal): Promise<void> => {
    const found = await examination(transport, verdict.kind === 'hangs', signal);
    if (found.kind === 'hangs') tellOverdue(found);
    else if (!wasHeard()) return;
    else if (found.kind === 'answers') tellHeard();
    else reopenAll();
  };

  const watch = async (signal: AbortSignal): Promise<void> => {
    let wall = clock.now();
    let steady = clock.monotonic();
    while (!signal.aborted) {
      await clock.sleep(TICK_MS, signal);
      const late = Math.max(clock.now() - wall, clock.monotonic() - steady) - TICK_MS;
      wall = clock.now();
      steady = clock.monotonic();
      if (late > JUMP_MS) reopenAll();
      else if (late > HELD_UP_MS) continue;
      else if (wasHeard()) tellHeard();
      else {
        probing ??= examine(signal)
          .catch((error: unknown) => {
            // Besides a verdict, only the abort ends it, once no stream is left to watch.
            if (!isAbort(error)) throw error;
          })
          .finally(() => {
            probing = undefined;
          });
        if (verdict.kind === 'none' && quiet() >= OVERDUE_MS) tellOverdue({ kind: 'slow' });
      }
    }
  };

  return {
    add(listener) {
      listeners.add(listener);
      if (!loop) {
        loop = lifetime(closed.signal);
        verdict = none;
        watch(loop.signal).catch((error: unknown) => {
          // Only the abort ends it, once no stream is left to watch.
          if (!isAbort(error)) throw error;
        });
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        loop?.end();
        loop = undefined;
      };
    },
    close: closed.end,
  };
}
