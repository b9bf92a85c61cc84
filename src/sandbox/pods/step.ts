import type { ApiObject } from '../api/objects.ts';
import type { ObjectReader } from '../api/store.ts';
import type { EventNote } from './event-recorder.ts';
import { NODE, type ContainerState } from './pod-status.ts';

/** The stages of a pod on the way to running processes. */
export type Stage =
  | { readonly kind: 'schedule' }
  | { readonly kind: 'mount' }
  | { readonly kind: 'initialize'; readonly index: number; readonly restarts: number }
  | { readonly kind: 'init-back-off'; readonly index: number; readonly restarts: number; readonly ended: ContainerState }
  | { readonly kind: 'pull'; readonly tries: number }
  | { readonly kind: 'pull-back-off'; readonly tries: number }
  | { readonly kind: 'create' }
  | { readonly kind: 'start' }
  | { readonly kind: 'crash-back-off'; readonly restarts: number; readonly ended: ContainerState }
  | { readonly kind: 'restart'; readonly restarts: number; readonly ended: ContainerState };

/** A range of milliseconds. */
export type Span = readonly [least: number, most: number];
export const AT_ONCE: Span = [0, 0];

/** The effects of a stage, and the stages that follow it. */
export interface Step {
  /** The pod afterwards; the same object if the stage does not change it. */
  readonly pod: ApiObject;
  readonly events: readonly EventNote[];
  readonly next: readonly { readonly stage: Stage; readonly after: Span }[];
  /** The log of an init container that has ended. */
  readonly written?: { readonly container: string; readonly text: string };
  /** Its containers start. */
  readonly starts?: true;
}

/** Everything besides the pod that a stage depends on. */
export interface Surroundings {
  readonly objects: ObjectReader;
  /** The node takes no more pods (a fault). */
  readonly nodeFull: boolean;
  readonly now: number;
}

export const kubeletEvent = (at: number, reason: string, message: string, type: EventNote['type'] = 'Normal'): EventNote => ({
  type,
  reason,
  message,
  source: 'kubelet',
  at,
});

export const scheduled = (pod: ApiObject, at: number): EventNote => ({
  reason: 'Scheduled',
  message: `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${NODE}`,
  source: 'default-scheduler',
  at,
});
