import { stamp } from '../api/objects.ts';
import { PODS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';
import { NODE, podStatus } from '../pods/pod-status.ts';

const namespace = 'batch';
const name = 'nightly-report-0';

/** A pod of somebody else that requests all CPUs of the node: this is why the node has no room. */
export function letNeighbourIn(store: ObjectStore, now: number): void {
  if (store.get(PODS, namespace, name) !== undefined) return;
  const pod = store.create(PODS, namespace, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, creationTimestamp: stamp(now) },
    spec: { nodeName: NODE, containers: [{ name: 'report', image: 'report:1', resources: { requests: { cpu: '16', memory: '1Gi' } } }] },
  });
  const running = { state: { running: { startedAt: stamp(now) } }, ready: true, restartCount: 0 } as const;
  store.update(PODS, { ...pod, status: podStatus(pod, 'Running', running, now) });
}

export const removeNeighbour = (store: ObjectStore): void => void store.remove(PODS, namespace, name);
