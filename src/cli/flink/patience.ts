import { restRetryDelay, restRetryMaxAttempts } from '../../config/options-cluster.ts';
import type { FlinkConfig } from '../../config/types.ts';
import type { FlinkClientOptions } from '../../flink/client.ts';

/**
 * How often a one-shot command tries: `rest.retry.*` where they are set. Flink's defaults (20 times, 3 s apart) are a minute of
 * silence; without them a refused connection is said after about two seconds.
 */
export function restPatience(config: FlinkConfig): Pick<FlinkClientOptions, 'maxAttempts' | 'backoff'> {
  const tries = config.has(restRetryMaxAttempts) ? config.get(restRetryMaxAttempts) : undefined;
  const delay = config.has(restRetryDelay) ? config.get(restRetryDelay) : undefined;
  return {
    maxAttempts: Math.max(1, tries ?? 5),
    backoff: delay === undefined ? { first: 250, most: 1_000 } : { first: delay, most: delay },
  };
}
