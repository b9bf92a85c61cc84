import { sslRestEnabled } from '../../config/options/options-cluster.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { createFlinkClient, type FlinkClientOptions } from '../../flink/client.ts';
import { parseClientHeaders } from '../../flink/headers.ts';
import type { FlinkClient, RestRouter } from '../../flink/types.ts';
import type { CliIo } from '../process/io.ts';
import type { Trace } from '../process/trace.ts';

/** Details of how to talk to Flink's REST endpoint. */
export interface RestManners {
  readonly config: FlinkConfig;
  readonly trace: Trace | undefined;
  /** The address begins with https, whatever the configuration says. */
  readonly https?: boolean;
  readonly patience?: Pick<FlinkClientOptions, 'maxAttempts' | 'backoff'>;
}

/**
 * A client of Flink's REST API, as set up by environment, configuration and options. Rejects with a `Problem` if a certificate store cannot
 * be used.
 */
export async function openFlinkClient(
  router: RestRouter,
  { config, trace, https = false, patience = {} }: RestManners,
  io: Pick<CliIo, 'clock' | 'env' | 'cwd'>,
): Promise<FlinkClient> {
  const tls = https || config.get(sslRestEnabled) === true ? (await import('./rest-tls.ts')).restTls(config, io.cwd) : undefined;
  return createFlinkClient({
    router,
    clock: io.clock,
    headers: parseClientHeaders(io.env.FLINK_REST_CLIENT_HEADERS),
    ...patience,
    trace,
    tls,
  });
}

/** Reports how requests are sent if no port can be forwarded. */
export const tellProxied = (io: Pick<CliIo, 'stderr'>) => (): void =>
  io.stderr(
    'No port of the JobManager can be forwarded from here; the requests go through the proxy of the API server (services/proxy) instead.\n',
  );

/** Reports why the address that Flink's client prints, or that a person knows, is not used. */
export const tellDetour =
  (io: Pick<CliIo, 'stderr'>) =>
  (address: string): void =>
    io.stderr(`Flink does not answer at ${address} from this machine; the requests go through the API server instead.\n`);
