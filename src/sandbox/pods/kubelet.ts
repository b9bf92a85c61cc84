import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import { numberOf, recordOf, recordsOf, stamp, textOf, type ApiObject } from '../api/objects.ts';
import type { Deletion } from '../api/deletion.ts';
import { NODES, PODS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';
import type { ContainerLog } from './container-log.ts';
import type { EventRecorder } from './event-recorder.ts';
import { initContainers } from './init-containers.ts';
import type { PodLogs } from './pod-logs.ts';
import { missingClaim, missingVariable, unmountable } from './needs.ts';
import { containerId, type ContainerState, isSidecar, names, NODE, podStatus, unschedulable } from './pod-status.ts';
import { cpuOf } from './quantities.ts';
import { backOff, backOffMessage } from './back-off.ts';

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
  stopped(pod: ApiObject, how: Termination, log: ContainerLog | undefined): void;
}

export interface KubeletServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly deletion: Deletion;
  readonly logs: PodLogs;
  readonly record: EventRecorder;
  /** No pod finds a place any more (a fault). */
  readonly nodeFull: () => boolean;
}

export interface Kubelet extends Disposable {
  /** Ends the main container with an exit code; `OOMKilled` is 137. False: it does not run. */
  crash(namespace: string, name: string, how: Termination): boolean;
  /** Puts a pod where it would be had it started at `since`: a story that is already on its way. */
  adopt(pod: ApiObject, since: number): void;
}

/** An image whose name says that it does not exist is never pulled. */
const MISSING_IMAGE = /missing|no-such|does-not-exist|not-there/;

/** Milliseconds between two looks of the scheduler at a pod that had no place, and of the kubelet at what could not be mounted. */
const TRY_AGAIN = 2_000;

/** Scheduler and kubelet of one node: brings pods to life, and to their end. */
export function kubelet({ store, clock, random, deletion, logs, record, nodeFull }: KubeletServices, workload: Workload): Kubelet {
  /** Pods whose processes were asked to end. */
  const ending = new Set<string>();
  const current = (pod: ApiObject): ApiObject | undefined => {
    const found = store.get(PODS, pod.metadata.namespace, pod.metadata.name);
    return found?.metadata.uid === pod.metadata.uid ? found : undefined;
  };
  /** Runs a step of a pod's life after a while, if the pod still is and is not being deleted. */
  const later = (pod: ApiObject, ms: number, step: (pod: ApiObject) => void): void => {
    clock.after(ms, () => {
      const now = current(pod);
      if (now !== undefined && now.metadata.deletionTimestamp === undefined) step(now);
    });
  };
  const note = (
    pod: ApiObject,
    reason: string,
    message: string,
    more: { readonly source?: string; readonly type?: 'Warning'; readonly at?: number } = {},
  ): void =>
    record(pod, {
      reason,
      message,
      source: more.source ?? 'kubelet',
      at: more.at ?? clock.now(),
      ...(more.type === undefined ? {} : { type: more.type }),
    });
  const waits = (pod: ApiObject, reason: string, message?: string): void => {
    const state: ContainerState = { waiting: { reason, ...(message === undefined ? {} : { message }) } };
    store.update(PODS, { ...pod, status: podStatus(pod, 'Pending', { state, ready: false, restartCount: 0 }, clock.now()) });
  };

  /** Why no node takes it, in the scheduler's words. */
  const noPlace = (pod: ApiObject): string | undefined => {
    const capacity = cpuOf(textOf(recordOf(store.list(NODES)[0]?.['status'], 'allocatable'), 'cpu'));
    const wanted = recordsOf(pod['spec'], 'containers').reduce(
      (sum, one) => sum + cpuOf(recordOf(recordOf(one, 'resources'), 'requests')['cpu']),
      0,
    );
    if (wanted > capacity || nodeFull())
      return '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.';
    return missingClaim(store, pod);
  };

  const schedule = (pod: ApiObject): void => {
    if (textOf(pod['spec'], 'nodeName') !== undefined) return;
    const message = noPlace(pod);
    if (message !== undefined) {
      const known = recordsOf(pod['status'], 'conditions').some((condition) => condition['message'] === message);
      if (!known)
        note(store.update(PODS, unschedulable(pod, message, clock.now())), 'FailedScheduling', message, {
          source: 'default-scheduler',
          type: 'Warning',
        });
      return later(pod, TRY_AGAIN, schedule);
    }
    const bound = store.update(PODS, { ...pod, spec: { ...recordOf(pod, 'spec'), nodeName: NODE } });
    note(bound, 'Scheduled', `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${NODE}`, {
      source: 'default-scheduler',
    });
    waits(bound, recordsOf(pod['spec'], 'initContainers').length > 0 ? 'PodInitializing' : 'ContainerCreating');
    later(bound, random.between(350, 700), mount);
  };

  const mount = (pod: ApiObject): void => {
    const failed = unmountable(store, pod);
    if (failed !== undefined) {
      note(pod, 'FailedMount', failed, { type: 'Warning' });
      return later(pod, TRY_AGAIN / 4, mount);
    }
    initialize(pod, pull);
  };

  const initialize = initContainers({ store, clock, logs, note, later });

  const pull = (pod: ApiObject): void => {
    const image = textOf(recordsOf(pod['spec'], 'containers')[0], 'image') ?? '';
    if (MISSING_IMAGE.test(image)) return pullFails(pod, image, 1);
    note(pod, 'Pulled', `Container image "${image}" already present on machine`);
    create(pod);
  };

  const create = (pod: ApiObject): void => {
    const missing = missingVariable(store, pod);
    if (missing !== undefined) {
      note(pod, 'Failed', `Error: ${missing}`, { type: 'Warning' });
      waits(pod, 'CreateContainerConfigError', missing);
      return later(pod, TRY_AGAIN, create);
    }
    note(pod, 'Created', `Created container: ${names(pod)[0]}`);
    later(pod, random.between(250, 500), (ready) => {
      note(ready, 'Started', `Started container ${names(ready)[0]}`);
      run(ready, 0, clock.now());
    });
  };

  const pullFails = (pod: ApiObject, image: string, tries: number): void => {
    const message = `Failed to pull image "${image}": failed to pull and unpack image "docker.io/library/${image}": failed to resolve reference "docker.io/library/${image}": docker.io/library/${image}: not found`;
    note(pod, 'Pulling', `Pulling image "${image}"`);
    note(pod, 'Failed', message, { type: 'Warning' });
    waits(pod, 'ErrImagePull', message);
    later(pod, 1_500, (waiting) => {
      note(waiting, 'BackOff', `Back-off pulling image "${image}"`);
      waits(waiting, 'ImagePullBackOff', `Back-off pulling image "${image}": ${message}`);
      later(waiting, Math.min(10_000 * tries, 300_000), (again) => pullFails(again, image, tries + 1));
    });
  };

  const run = (pod: ApiObject, restartCount: number, at: number, lastState?: ContainerState): void => {
    const podIP = textOf(pod['status'], 'podIP') ?? `10.244.0.${random.between(2, 250)}`;
    const status = podStatus(
      pod,
      'Running',
      { state: { running: { startedAt: stamp(at) } }, ready: true, restartCount, ...(lastState === undefined ? {} : { lastState }) },
      at,
      { podIP, podIPs: [{ ip: podIP }] },
    );
    const running = store.update(PODS, { ...pod, status });
    for (const sidecar of recordsOf(running['spec'], 'initContainers').filter(isSidecar))
      if (restartCount === 0) logs.begin(running.metadata.uid, String(sidecar['name']));
    for (const [index, container] of names(running).entries()) {
      const log = logs.begin(running.metadata.uid, container);
      if (index === 0) workload.started(running, log);
    }
  };

  /** The state of a main container that ends now. */
  const terminated = (pod: ApiObject, { exitCode, reason }: Termination): ContainerState => {
    const now = stamp(clock.now());
    return {
      terminated: { exitCode, reason, startedAt: startOf(pod) ?? now, finishedAt: now, containerID: containerId(pod, restartsOf(pod)) },
    };
  };

  const stop = (pod: ApiObject, how: Termination): void => workload.stopped(pod, how, logs.current(pod.metadata.uid, names(pod)[0] ?? ''));

  /** SIGTERM to its processes; when they have ended, the pod says how, and is removed. Source: kubelet syncTerminatingPod, status manager, Kubernetes 1.34. */
  const terminate = (pod: ApiObject): void => {
    ending.add(pod.metadata.uid);
    for (const container of names(pod)) note(pod, 'Killing', `Stopping container ${container}`);
    const runs = textOf(pod['status'], 'phase') === 'Running';
    if (runs) stop(pod, DELETED);
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    clock.after(Math.min(grace, random.between(900, 1_600)), () => {
      const now = current(pod);
      if (now === undefined) return;
      for (const container of names(now)) logs.current(now.metadata.uid, container)?.end();
      if (runs)
        store.update(PODS, {
          ...now,
          status: podStatus(now, 'Failed', { state: terminated(now, DELETED), ready: false, restartCount: restartsOf(now) }, clock.now()),
        });
      clock.after(random.between(150, 500), () => {
        if (current(pod) !== undefined)
          deletion.delete(PODS, pod.metadata.namespace, pod.metadata.name, { gracePeriodSeconds: 0, uid: pod.metadata.uid });
      });
    });
  };

  const unsubscribe = store.subscribe(({ resource, type, object, before }) => {
    if (resource !== PODS) return;
    if (type === 'ADDED' && textOf(object['spec'], 'nodeName') === undefined) later(object, random.between(20, 80), schedule);
    if (type === 'MODIFIED' && before?.metadata.deletionTimestamp === undefined && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0)
      terminate(object);
    if (type === 'DELETED') {
      if (!ending.delete(object.metadata.uid)) stop(object, DELETED);
      logs.forget(object.metadata.uid);
    }
  });

  return {
    crash(namespace, name, how) {
      const pod = store.get(PODS, namespace, name);
      if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || startOf(pod) === undefined) return false;
      stop(pod, how);
      const [container = ''] = names(pod);
      const restarts = restartsOf(pod);
      const state = terminated(pod, how);
      logs.current(pod.metadata.uid, container)?.end();
      if (textOf(pod['spec'], 'restartPolicy') === 'Never') {
        store.update(PODS, {
          ...pod,
          status: podStatus(pod, how.exitCode === 0 ? 'Succeeded' : 'Failed', { state, ready: false, restartCount: restarts }, clock.now()),
        });
        return true;
      }
      const down = store.update(PODS, {
        ...pod,
        status: podStatus(pod, 'Running', { state, ready: false, restartCount: restarts }, clock.now()),
      });
      const full = `${name}_${namespace}(${pod.metadata.uid})`;
      if (restarts > 0)
        later(down, random.between(700, 1_200), (waiting) => {
          note(waiting, 'BackOff', `Back-off restarting failed container ${container} in pod ${full}`, { type: 'Warning' });
          const crashing: ContainerState = { waiting: { reason: 'CrashLoopBackOff', message: backOffMessage(restarts, container, full) } };
          store.update(PODS, {
            ...waiting,
            status: podStatus(waiting, 'Running', { state: crashing, ready: false, restartCount: restarts, lastState: state }, clock.now()),
          });
        });
      later(down, restarts === 0 ? 700 : 1_200 + backOff(restarts) * 1_000, (again) => {
        note(
          again,
          'Pulled',
          `Container image "${String(recordsOf(again['spec'], 'containers')[0]?.['image'])}" already present on machine`,
        );
        note(again, 'Created', `Created container: ${container}`);
        note(again, 'Started', `Started container ${container}`);
        run(again, restarts + 1, clock.now(), state);
      });
      return true;
    },
    adopt(pod, since) {
      note(pod, 'Scheduled', `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${NODE}`, {
        source: 'default-scheduler',
        at: since,
      });
      note(pod, 'Started', `Started container ${names(pod)[0]}`, { at: since + 1_000 });
      const bound: ApiObject = {
        ...pod,
        metadata: { ...pod.metadata, creationTimestamp: stamp(since) },
        spec: { ...recordOf(pod, 'spec'), nodeName: NODE },
      };
      run(bound, 0, since + 1_000);
    },
    [Symbol.dispose]: () => void unsubscribe(),
  };
}

/** When its main container started; undefined: it does not run. */
const startOf = (pod: ApiObject): string | undefined =>
  textOf(recordOf(recordOf(recordsOf(pod['status'], 'containerStatuses')[0], 'state'), 'running'), 'startedAt');

const restartsOf = (pod: ApiObject): number => numberOf(recordsOf(pod['status'], 'containerStatuses')[0], 'restartCount') ?? 0;
