import type { FlinkClient } from '../../flink/types.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import type { Clock } from '../../support/clock.ts';
import type { SessionStore, Target } from '../types.ts';
import type { ChangeQueue } from './change-queue.ts';

/** The tools of every feed. */
export interface FeedContext {
  readonly store: SessionStore;
  readonly kubernetes: KubernetesClient;
  readonly flink: FlinkClient;
  readonly target: Target;
  readonly clock: Clock;
  readonly random: () => number;
  /** Aborts when the session ends. */
  readonly signal: AbortSignal;
  readonly queue: ChangeQueue;
}
