import { restRetryDelay, restRetryMaxAttempts } from '../../config/options/options-cluster.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import type { FlinkClientOptions } from '../../flink/client.ts';

/**
 * How often a one-shot command retries: `rest.retry.*` if they are set. With Flink's defaults (20 times, 3 s apart) it would be silent for
 * a minute; without them, a refused connection is reported after about two seconds. `starting`: Kubernetes knows the cluster, and its
 * JobManager may be on its way, so the wait is as long as that of Flink's client, since scripts deploy and continue at once.
 */
export function restPatience(config: FlinkConfig, { starting = false } = {}): Pick<FlinkClientOptions, 'maxAttempts' | 'backoff'> {
  const tries = config.has(restRetryMaxAttempts) ? config.get(restRetryMaxAttempts) : undefined;
  const delay = config.has(restRetryDelay) ? config.get(restRetryDelay) : undefined;
  return {
    maxAttempts: Math.max(1, tries ?? (starting ? 45 : 5)),
    backoff: delay === undefined ? { first: 250, most: starting ? 2_000 : 1_000 } : { first: delay, most: delay },
  };
}
