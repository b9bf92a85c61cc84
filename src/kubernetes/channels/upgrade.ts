import type { IncomingMessage } from 'node:http';
import { addAbortSignal } from 'node:stream';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { answerProblem } from '../request/answer-problem.ts';
import type { Identity } from '../auth/credentials.ts';
import { deadline } from '../../support/waiting.ts';
import { readAll } from '../../http/http-exchange.ts';
import { silenceProblem, theApiServer } from '../request/failures.ts';
import type { Asked } from '../request/status.ts';
import type { Transport } from '../request/transport.ts';

/** A request that turns a connection into another protocol. */
export interface UpgradeRequest {
  /** For a person: `forward to port 8081 of pod x`. */
  readonly what: string;
  readonly signal: AbortSignal | undefined;
}

/** How one try ended. `broken`: the connection broke before an answer came. */
export type Upgrade<T> =
  | { readonly opened: T }
  | { readonly refusal: IncomingMessage; readonly identity: Identity }
  | { readonly broken: unknown };

export const HANDSHAKE_MS = 10_000;

/** Tries until the protocol is switched; renews rejected credentials once. Rejects with a `Problem`. */
export async function upgraded<T>(
  transport: Transport,
  { what, signal }: UpgradeRequest,
  handshake: () => Promise<Upgrade<T>>,
): Promise<T> {
  let renewed = false;
  let reopened = false;
  for (;;) {
    signal?.throwIfAborted();
    const answer = await handshake();
    if ('opened' in answer) return answer.opened;
    if ('broken' in answer) {
      if (reopened) throw await transport.explain(answer.broken);
      // Most likely a kept connection that the server had closed: nothing had begun on it yet.
      reopened = true;
      transport.dropIdle();
      continue;
    }
    const { refusal } = answer;
    const body = await bodyOf(refusal, transport.clock, signal);
    signal?.throwIfAborted();
    const problem = refusalProblem(refusal, body.toString('utf8'), { server: transport.server, what });
    if (problem.kind !== 'unauthorized') throw problem;
    if (renewed || !transport.renew(answer.identity)) throw await transport.rejected(problem);
    renewed = true;
  }
}

/** Empty if it does not arrive in time: the status alone is enough. */
async function bodyOf(refusal: IncomingMessage, clock: Clock, signal: AbortSignal | undefined): Promise<Buffer> {
  if (signal !== undefined) addAbortSignal(signal, refusal);
  const inTime = deadline(clock, HANDSHAKE_MS, () => refusal.destroy());
  return await readAll(refusal, 1 << 20)
    .catch(() => Buffer.alloc(0))
    .finally(inTime);
}

/** A 2xx status is a refusal as well: the server did not notice that an upgrade was requested. */
function refusalProblem({ statusCode = 0, headers }: IncomingMessage, body: string, asked: Asked): Problem {
  const problem = answerProblem(statusCode, headers, body, asked);
  if (statusCode < 200 || statusCode > 299 || problem.hint !== undefined) return problem;
  return new Problem('protocol', `${theApiServer(asked.server)} answered ${statusCode} to "${asked.what}" and opened no connection.`, {
    status: statusCode,
    hint: 'A proxy or gateway before it does not pass upgrades on.',
  });
}

export interface Upgrading {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly method: string;
  readonly tracePath: string;
}

/** One try, already begun: adds a time limit and its line in the trace. */
export async function upgrading<T>(
  { transport, clock, signal, timeoutMs, method, tracePath }: Upgrading,
  identity: Identity,
  {
    begin,
    end,
  }: {
    readonly begin: (outcome: {
      readonly opened: (value: T) => void;
      readonly refused: (refusal: IncomingMessage) => void;
      readonly failed: (reason: unknown) => void;
    }) => void;
    /** Tears the connection down. */
    readonly end: () => void;
  },
): Promise<Upgrade<T>> {
  const startedAt = clock.monotonic();
  try {
    return await new Promise((resolve, reject) => {
      const inTime = deadline(clock, timeoutMs, () => failed(silenceProblem(transport.server, timeoutMs)));
      const abort = (): void => failed(signal?.reason);
      const done = (status: number | undefined): void => {
        inTime();
        signal?.removeEventListener('abort', abort);
        if (status !== undefined) transport.traced(method, tracePath, startedAt, status);
      };
      const failed = (reason: unknown): void => {
        done(undefined);
        reject(reason);
        end();
      };
      signal?.addEventListener('abort', abort, { once: true });
      begin({
        opened(value) {
          done(101);
          transport.heard();
          resolve({ opened: value });
        },
        refused(refusal) {
          done(refusal.statusCode);
          resolve({ refusal, identity });
        },
        failed,
      });
    });
  } catch (error) {
    signal?.throwIfAborted();
    transport.traced(method, tracePath, startedAt, undefined, error);
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ECONNRESET' || code === 'EPIPE') return { broken: error };
    throw await transport.explain(error);
  }
}
