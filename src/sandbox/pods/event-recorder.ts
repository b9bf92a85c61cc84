import { stamp, type ApiObject } from '../api/objects.ts';
import { EVENTS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';

export interface EventNote {
  readonly type?: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The reporting component: `kubelet`, `default-scheduler`, `deployment-controller`. */
  readonly source: string;
  readonly at: number;
}

/** Writes Kubernetes events; a repeated event is counted, as the real recorders do. */
export type EventRecorder = (about: ApiObject, note: EventNote) => void;

/** The real server keeps events for an hour, the sandbox keeps the newest. */
const KEPT = 1_000;

export function eventRecorder(store: ObjectStore): EventRecorder {
  let serial = 0;
  const known = new Map<string, string>();
  const names: { readonly namespace: string; readonly name: string }[] = [];
  return (about, { type = 'Normal', reason, message, source, at }) => {
    const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
    const key = `${uid}/${reason}/${message}`;
    const repeated = known.get(key);
    const before = repeated === undefined ? undefined : store.get(EVENTS, namespace, repeated);
    if (before !== undefined) {
      store.update(EVENTS, { ...before, count: Number(before['count']) + 1, lastTimestamp: stamp(at) });
      return;
    }
    serial += 1;
    const eventName = `${name}.${(at * 1000).toString(16).padStart(14, '0')}${serial.toString(16).padStart(4, '0')}`;
    store.create(EVENTS, namespace, {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: eventName, creationTimestamp: stamp(at) },
      involvedObject: {
        kind: about.kind,
        namespace,
        name,
        uid,
        apiVersion: about.apiVersion,
        resourceVersion,
        ...(about.kind === 'Pod' && source === 'kubelet' ? { fieldPath: 'spec.containers{flink-main-container}' } : {}),
      },
      reason,
      message,
      type,
      source: source === 'kubelet' ? { component: source, host: 'sandbox-node' } : { component: source },
      firstTimestamp: stamp(at),
      lastTimestamp: stamp(at),
      count: 1,
      eventTime: null,
      reportingComponent: source,
      reportingInstance: source === 'kubelet' ? 'sandbox-node' : '',
    });
    known.set(key, eventName);
    names.push({ namespace, name: eventName });
    const oldest = names.length > KEPT ? names.shift() : undefined;
    if (oldest !== undefined) store.remove(EVENTS, oldest.namespace, oldest.name);
  };
}
