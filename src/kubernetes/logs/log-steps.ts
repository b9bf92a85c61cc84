import type { ContainerInstance } from '../model/container-instance.ts';

/** What to do after the stream of a log ended in good order. */
export type LogStep =
  /** Nothing more comes. */
  | { readonly kind: 'over' }
  /** The container was started again. `missed`: the end of the run before was not seen, and can still be read. */
  | { readonly kind: 'next-run'; readonly missed: boolean }
  | { readonly kind: 'running' }
  /** It ended while it was read: once more, to be sure of its last lines. */
  | { readonly kind: 'once-more' }
  /** It may be started again. */
  | { readonly kind: 'wait' };

/**
 * `before`: what was read; `now`: the container as it is, undefined when its pod is gone. `complete`: the stream was opened when its
 * container had ended already, so what it brought to its end is all there is.
 */
export function stepAfterEnd(before: ContainerInstance | undefined, now: ContainerInstance | undefined, complete: boolean): LogStep {
  if (now === undefined) return { kind: 'over' };
  if (before?.id !== undefined && now.id !== before.id)
    return { kind: 'next-run', missed: !complete && now.restarts === before.restarts + 1 };
  if (now.running) return { kind: 'running' };
  if (!complete) return { kind: 'once-more' };
  return { kind: now.final ? 'over' : 'wait' };
}
