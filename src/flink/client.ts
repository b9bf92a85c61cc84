import type { BackoffOptions } from '../support/backoff.ts';
import { systemClock, type Clock } from '../support/clock.ts';
import { createCalls, type TraceEntry } from './calls.ts';
import { checkpointCalls } from './checkpoint-calls.ts';
import type { RestTls } from './connections.ts';
import { exceptionCalls } from './exception-calls.ts';
import { flameCalls } from './flame-calls.ts';
import { jarCalls } from './jar-calls.ts';
import { jobCalls } from './job-calls.ts';
import { operationCalls } from './operation-calls.ts';
import { processCalls } from './process-calls.ts';
import { rescaleCalls } from './rescale-calls.ts';
import { createTransport } from './transport.ts';
import type { Call } from './call.ts';
import type { FlinkClient, RestRouter } from './types.ts';
import { vertexCalls } from './vertex-calls.ts';

export interface FlinkClientOptions {
  readonly router: RestRouter;
  readonly clock?: Clock;
  /** Sent with every request: `parseClientHeaders(process.env.FLINK_REST_CLIENT_HEADERS)`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For HTTPS endpoints. */
  readonly tls?: RestTls | undefined;
  /** How often to try a request that cannot be delivered or arrives during a leader election. Default 4. */
  readonly maxAttempts?: number;
  /** The waits between tries. Default: 250 ms doubling to 5 s. */
  readonly backoff?: BackoffOptions;
  readonly trace?: ((entry: TraceEntry) => void) | undefined;
}

/**
 * The REST API of one Flink cluster, over pooled connections that follow the router. A broken connection is reported to the router. The
 * request is then tried again on the next route, within `maxAttempts`, if repeating it does no harm.
 */
export function createFlinkClient(options: FlinkClientOptions): FlinkClient {
  const clock = options.clock ?? systemClock;
  const transport = createTransport({ clock, headers: options.headers ?? {}, tls: options.tls ?? {} });
  const calls = createCalls({
    router: options.router,
    transport,
    clock,
    maxAttempts: options.maxAttempts ?? 4,
    backoff: options.backoff ?? { first: 250, most: 5_000 },
    trace: options.trace,
  });
  const jobs = jobCalls(calls);
  const version = async (call?: Call) => (await jobs.config({ signal: call?.signal })).flinkVersion;
  return {
    ...jobs,
    ...checkpointCalls(calls),
    ...exceptionCalls(calls),
    ...operationCalls(calls),
    ...flameCalls(calls),
    ...vertexCalls(calls),
    ...processCalls(calls),
    ...rescaleCalls(calls),
    ...jarCalls(calls, clock, version),
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}
