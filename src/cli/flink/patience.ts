import { restRetryDelay, restRetryMaxAttempts } from '../../config/options/options-cluster.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import type { FlinkClientOptions } from '../../flink/client.ts';

/**
 * How often a one-shot command tries: `rest.retry.*` where they are set. Flink's defaults (20 times, 3 s apart) are a minute of
 * silence; without them a refused connection is said after about two seconds. `starting`: of a cluster that Kubernetes knows, and
 * whose JobManager may be on its way: that is waited for as long as Flink's client does, since scripts deploy and go on at once.
 */
export function restPatience(config: FlinkConfig, { starting = false } = {}): Pick<FlinkClientOptions, 'maxAttempts' | 'backoff'> {
  const tries = config.has(restRetryMaxAttempts) ? config.get(restRetryMaxAttempts) : undefined;
  const delay = config.has(restRetryDelay) ? config.get(restRetryDelay) : undefined;
  return {
    maxAttempts: Math.max(1, tries ?? (starting ? 45 : 5)),
    backoff: delay === undefined ? { first: 250, most: starting ? 2_000 : 1_000 } : { first: delay, most: delay },
  };
}
