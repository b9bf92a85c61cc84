/** Counters of one followed log; its lines live in the log buffers, not in the store. */
export interface LogCounters {
  readonly lines: number;
  readonly bytes: number;
  /** Lines dropped from the ring. */
  readonly dropped: number;
  readonly ended: boolean;
}

export interface ContainerOfPod {
  readonly pod: string;
  readonly container: string;
}

export type ContainerLogState =
  | { readonly kind: 'connecting' | 'following' | 'ended' }
  /** `reason`: one sentence. */
  | { readonly kind: 'broken'; readonly reason: string };
