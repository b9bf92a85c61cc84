import type { ApiObject } from '../api/objects.ts';
import type { ObjectReader } from '../api/store.ts';
import type { EventNote } from './event-recorder.ts';
import { NODE, type ContainerState } from './pod-status.ts';

/** Where a pod is on the way to running processes. */
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

/** Milliseconds, from and to. */
export type Span = readonly [least: number, most: number];
export const AT_ONCE: Span = [0, 0];

/** What a stage does, and which stages follow it. */
export interface Step {
  /** The pod afterwards; the very same object if the stage changes nothing about it. */
  readonly pod: ApiObject;
  readonly events: readonly EventNote[];
  readonly next: readonly { readonly stage: Stage; readonly after: Span }[];
  /** What an init container wrote; it has ended by now. */
  readonly written?: { readonly container: string; readonly text: string };
  /** The processes of its containers start. */
  readonly starts?: true;
}

/** All that a stage depends on besides the pod. */
export interface Surroundings {
  readonly objects: ObjectReader;
  /** No pod finds a place on the node (a fault). */
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
