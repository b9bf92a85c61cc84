import type { ContainerInstance } from '../model/container-instance.ts';

/** What to do after the stream of a log ended normally. */
export type LogStep =
  /** Nothing more will come. */
  | { readonly kind: 'over' }
  /** The container was restarted. `missed`: the end of the previous run was not seen, and can still be read. */
  | { readonly kind: 'next-run'; readonly missed: boolean }
  | { readonly kind: 'running' }
  /** The container ended during the read: read once more, to be sure of its last lines. */
  | { readonly kind: 'once-more' }
  /** The container may be restarted. */
  | { readonly kind: 'wait' };

/**
 * `before`: the run that was read; `now`: the container as it is, undefined if its pod is gone. `complete`: the container had already ended
 * when the stream was opened, so the stream brought all of the log.
 */
export function stepAfterEnd(before: ContainerInstance | undefined, now: ContainerInstance | undefined, complete: boolean): LogStep {
  if (now === undefined) return { kind: 'over' };
  if (before?.id !== undefined && now.id !== before.id)
    return { kind: 'next-run', missed: !complete && now.restarts === before.restarts + 1 };
  if (now.running) return { kind: 'running' };
  if (!complete) return { kind: 'once-more' };
  return { kind: now.final ? 'over' : 'wait' };
}
