import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { ApiObject } from '../api/objects.ts';
import { numberOf, recordOf, recordsOf, stamp, textOf } from '../api/objects.ts';
import { CONFIG_MAPS, NODES, PODS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';
import type { ContainerLog } from './container-log.ts';
import type { EventRecorder } from './events.ts';
import type { PodLogs } from './logs.ts';
import { containerId, names, NODE, podStatus, unschedulable } from './pod-status.ts';
import { cpuOf } from './quantities.ts';

/** How a container's processes ended. */
export interface Termination {
  readonly exitCode: number;
  readonly reason: string;
}

/** SIGTERM. */
const DELETED: Termination = { exitCode: 143, reason: 'Error' };

/** What runs in the pods. */
export interface Workload {
  /** The main container started; it writes to `log`. */
  started(pod: ApiObject, log: ContainerLog): void;
  /** Its processes ended: killed, crashed or asked to. */
  stopped(pod: ApiObject, how: Termination): void;
}

export interface KubeletServices {
  readonly store: ObjectStore;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly logs: PodLogs;
  readonly record: EventRecorder;
}

export interface Kubelet extends Disposable {
  /** Ends a container with an exit code. `OOMKilled` is 137. */
  crash(namespace: string, name: string, how: Termination): void;
  /** Puts a pod where it would be had it started at `since`: a story that is already on its way. */
  adopt(pod: ApiObject, since: number): void;
}

/** An image whose name says that it does not exist is never pulled. */
const MISSING_IMAGE = /missing|no-such|does-not-exist|not-there/;

/** Scheduler and kubelet of one node: brings pods to life, and to their end. */
export function kubelet({ store, timeline, random, logs, record }: KubeletServices, workload: Workload): Kubelet {
  const current = (pod: ApiObject): ApiObject | undefined => {
    const found = store.get(PODS, pod.metadata.namespace, pod.metadata.name);
    return found?.metadata.uid === pod.metadata.uid ? found : undefined;
  };
  /** Runs a step of a pod's life after a while, if the pod still is and is not being deleted. */
  const later = (pod: ApiObject, ms: number, step: (pod: ApiObject) => void): void => {
    timeline.after(ms, () => {
      const now = current(pod);
      if (now !== undefined && now.metadata.deletionTimestamp === undefined) step(now);
    });
  };
  const note = (pod: ApiObject, reason: string, message: string, more: { readonly source?: string; readonly type?: 'Warning'; readonly at?: number } = {}): void =>
    record(pod, { reason, message, source: more.source ?? 'kubelet', at: more.at ?? timeline.now(), ...(more.type === undefined ? {} : { type: more.type }) });

  const schedule = (pod: ApiObject): void => {
    if (textOf(pod['spec'], 'nodeName') !== undefined) return;
    const capacity = cpuOf(textOf(recordOf(store.list(NODES)[0]?.['status'], 'allocatable'), 'cpu'));
    const wanted = recordsOf(pod['spec'], 'containers').reduce((sum, one) => sum + cpuOf(recordOf(recordOf(one, 'resources'), 'requests')['cpu']), 0);
    if (wanted > capacity) {
      const message = '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
      note(store.update(PODS, unschedulable(pod, message, timeline.now())), 'FailedScheduling', message, { source: 'default-scheduler', type: 'Warning' });
      return;
    }
    const bound = store.update(PODS, { ...pod, spec: { ...recordOf(pod, 'spec'), nodeName: NODE } });
    note(bound, 'Scheduled', `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${NODE}`, { source: 'default-scheduler' });
    const creating = store.update(PODS, { ...bound, status: podStatus(bound, 'Pending', { state: { waiting: { reason: 'ContainerCreating' } }, ready: false, restartCount: 0 }, timeline.now()) });
    later(creating, random.between(350, 700), pull);
  };

  const pull = (pod: ApiObject): void => {
    const unmounted = recordsOf(pod['spec'], 'volumes').find((volume) => {
      const name = textOf(recordOf(volume, 'configMap'), 'name');
      return name !== undefined && store.get(CONFIG_MAPS, pod.metadata.namespace, name) === undefined;
    });
    if (unmounted !== undefined) {
      const name = textOf(recordOf(unmounted, 'configMap'), 'name');
      note(pod, 'FailedMount', `MountVolume.SetUp failed for volume "${String(unmounted['name'])}" : configmap "${name}" not found`, { type: 'Warning' });
      return later(pod, 500, pull);
    }
    const image = textOf(recordsOf(pod['spec'], 'containers')[0], 'image') ?? '';
    if (MISSING_IMAGE.test(image)) return pullFails(pod, image, 1);
    note(pod, 'Pulled', `Container image "${image}" already present on machine`);
    note(pod, 'Created', `Created container: ${names(pod)[0]}`);
    later(pod, random.between(250, 500), (ready) => {
      note(ready, 'Started', `Started container ${names(ready)[0]}`);
      run(ready, 0, timeline.now());
    });
  };

  const pullFails = (pod: ApiObject, image: string, tries: number): void => {
    const message = `Failed to pull image "${image}": failed to pull and unpack image "docker.io/library/${image}": failed to resolve reference "docker.io/library/${image}": docker.io/library/${image}: not found`;
    note(pod, 'Pulling', `Pulling image "${image}"`);
    note(pod, 'Failed', message, { type: 'Warning' });
    const set = (reason: string, text: string): void => {
      const now = current(pod);
      if (now !== undefined) store.update(PODS, { ...now, status: podStatus(now, 'Pending', { state: { waiting: { reason, message: text } }, ready: false, restartCount: 0 }, timeline.now()) });
    };
    set('ErrImagePull', message);
    later(pod, 1_500, (waiting) => {
      note(waiting, 'BackOff', `Back-off pulling image "${image}"`);
      set('ImagePullBackOff', `Back-off pulling image "${image}": ${message}`);
      later(waiting, Math.min(10_000 * tries, 300_000), (again) => pullFails(again, image, tries + 1));
    });
  };

  const run = (pod: ApiObject, restartCount: number, at: number, lastState?: Parameters<typeof podStatus>[2]['lastState']): void => {
    const podIP = textOf(pod['status'], 'podIP') ?? `10.244.0.${random.between(2, 250)}`;
    const status = podStatus(pod, 'Running', { state: { running: { startedAt: stamp(at) } }, ready: true, restartCount, ...(lastState === undefined ? {} : { lastState }) }, at, { podIP, podIPs: [{ ip: podIP }] });
    const running = store.update(PODS, { ...pod, status });
    for (const [index, container] of names(running).entries()) {
      const log = logs.begin(running.metadata.uid, container);
      if (index === 0) workload.started(running, log);
    }
  };

  const terminate = (pod: ApiObject): void => {
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    if (textOf(pod['spec'], 'nodeName') === undefined) return void store.remove(PODS, pod.metadata.namespace, pod.metadata.name);
    note(pod, 'Killing', `Stopping container ${names(pod)[0]}`);
    workload.stopped(pod, DELETED);
    timeline.after(Math.min(grace, random.between(900, 1_600)), () => {
      if (current(pod) !== undefined) store.remove(PODS, pod.metadata.namespace, pod.metadata.name);
    });
  };

  const unsubscribe = store.subscribe(({ resource, type, object, before }) => {
    if (resource !== PODS) return;
    if (type === 'ADDED' && textOf(object['spec'], 'nodeName') === undefined) later(object, random.between(20, 80), schedule);
    if (type === 'MODIFIED' && object.metadata.deletionTimestamp !== undefined && before?.metadata.deletionTimestamp === undefined) terminate(object);
    if (type === 'DELETED') {
      if (object.metadata.deletionTimestamp === undefined) workload.stopped(object, DELETED);
      logs.forget(object.metadata.uid);
    }
  });

  return {
    crash(namespace, name, { exitCode, reason }) {
      const pod = store.get(PODS, namespace, name);
      const status = recordsOf(pod?.['status'], 'containerStatuses')[0];
      if (pod === undefined || status === undefined) return;
      workload.stopped(pod, { exitCode, reason });
      const restarts = numberOf(status, 'restartCount') ?? 0;
      const startedAt = textOf(recordOf(recordOf(status, 'state'), 'running'), 'startedAt') ?? stamp(timeline.now());
      const terminated = { terminated: { exitCode, reason, startedAt, finishedAt: stamp(timeline.now()), containerID: containerId(pod, restarts) } };
      logs.current(pod.metadata.uid, names(pod)[0] ?? '')?.end();
      if (textOf(pod['spec'], 'restartPolicy') === 'Never') {
        store.update(PODS, { ...pod, status: podStatus(pod, exitCode === 0 ? 'Succeeded' : 'Failed', { state: terminated, ready: false, restartCount: restarts }, timeline.now()) });
        return;
      }
      const down = store.update(PODS, { ...pod, status: podStatus(pod, 'Running', { state: terminated, ready: false, restartCount: restarts }, timeline.now()) });
      if (restarts > 0) {
        note(down, 'BackOff', `Back-off restarting failed container ${names(pod)[0]} in pod ${name}_${namespace}(${pod.metadata.uid})`, { type: 'Warning' });
        const message = `back-off ${10 * restarts}s restarting failed container=${names(pod)[0]} pod=${name}_${namespace}(${pod.metadata.uid})`;
        store.update(PODS, { ...down, status: podStatus(down, 'Running', { state: { waiting: { reason: 'CrashLoopBackOff', message } }, ready: false, restartCount: restarts, lastState: terminated }, timeline.now()) });
      }
      later(down, restarts === 0 ? 700 : Math.min(10_000 * restarts, 300_000), (again) => {
        note(again, 'Started', `Started container ${names(again)[0]}`);
        run(again, restarts + 1, timeline.now(), terminated);
      });
    },
    adopt(pod, since) {
      note(pod, 'Scheduled', `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${NODE}`, { source: 'default-scheduler', at: since });
      note(pod, 'Started', `Started container ${names(pod)[0]}`, { at: since + 1_000 });
      const bound: ApiObject = { ...pod, metadata: { ...pod.metadata, creationTimestamp: stamp(since) }, spec: { ...recordOf(pod, 'spec'), nodeName: NODE } };
      run(bound, 0, since + 1_000);
    },
    [Symbol.dispose]: () => void unsubscribe(),
  };
}
