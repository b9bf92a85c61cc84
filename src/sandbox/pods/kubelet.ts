import { recordOf, recordsOf, stamp, textOf, type ApiObject } from '../api/objects.ts';
import type { Deletion } from '../api/deletion.ts';
import { PODS } from '../api/resources.ts';
import type { ObjectStore, StoreChange } from '../api/store.ts';
import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { ContainerLog } from './container-log.ts';
import type { EventRecorder } from './event-recorder.ts';
import { containerEnded, deletedPod, running, started, startOf, stepOf, type Termination } from './pod-life.ts';
import type { PodLogs } from './pod-logs.ts';
import { isSidecar, names, NODE } from './pod-status.ts';
import { kubeletEvent, scheduled, type Stage, type Step } from './step.ts';

/** SIGTERM. */
const DELETED: Termination = { exitCode: 143, reason: 'Error' };

/** What runs in the pods. */
export interface Workload {
  /** The main container started; it writes to `log`. */
  started(pod: ApiObject, log: ContainerLog): void;
  /** Its processes ended: they were killed, crashed, or were asked to. */
  stopped(pod: ApiObject, how: Termination, log: ContainerLog | undefined): void;
}

export interface KubeletServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly deletion: Deletion;
  readonly logs: PodLogs;
  readonly record: EventRecorder;
  /** The node takes no more pods (a fault). */
  readonly nodeFull: () => boolean;
}

/** Scheduler and kubelet of one node: takes each pod from stage to stage, and to its end. */
export class Kubelet implements Disposable {
  readonly #services: KubeletServices;
  readonly #workload: Workload;
  /** Pods whose processes were asked to end. */
  readonly #ending = new Set<string>();
  readonly #unsubscribe: () => void;

  constructor(services: KubeletServices, workload: Workload) {
    this.#services = services;
    this.#workload = workload;
    this.#unsubscribe = services.store.subscribe((change) => {
      if (change.resource === PODS) this.#changed(change);
    });
  }

  /** Ends the main container with an exit code; `OOMKilled` is 137. False: it does not run. */
  crash(namespace: string, name: string, how: Termination): boolean {
    const { store, clock, logs } = this.#services;
    const pod = store.get(PODS, namespace, name);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined || startOf(pod) === undefined) return false;
    this.#stop(pod, how);
    logs.current(pod.metadata.uid, names(pod)[0] ?? '')?.end();
    this.#take(pod, containerEnded(pod, how, clock.now()));
    return true;
  }

  /** Puts a pod where it would be if it had started at `since`. */
  adopt(pod: ApiObject, since: number): void {
    const bound: ApiObject = {
      ...pod,
      metadata: { ...pod.metadata, creationTimestamp: stamp(since) },
      spec: { ...recordOf(pod, 'spec'), nodeName: NODE },
    };
    const at = since + 1_000;
    this.#take(pod, running(bound, 0, at, [scheduled(pod, since), started(pod, at)]));
  }

  [Symbol.dispose](): void {
    this.#unsubscribe();
  }

  #changed({ type, object, before }: StoreChange): void {
    const { logs } = this.#services;
    if (type === 'ADDED' && textOf(object['spec'], 'nodeName') === undefined) this.#later(object, { kind: 'schedule' }, 20, 80);
    if (type === 'MODIFIED' && before?.metadata.deletionTimestamp === undefined && (object.metadata.deletionGracePeriodSeconds ?? 0) > 0)
      this.#terminate(object);
    if (type === 'DELETED') {
      if (!this.#ending.delete(object.metadata.uid)) this.#stop(object, DELETED);
      logs.forget(object.metadata.uid);
    }
  }

  #current(pod: ApiObject): ApiObject | undefined {
    const found = this.#services.store.get(PODS, pod.metadata.namespace, pod.metadata.name);
    return found?.metadata.uid === pod.metadata.uid ? found : undefined;
  }

  /** Enters a stage after a while, if the pod still exists and is not being deleted. */
  #later(pod: ApiObject, stage: Stage, least: number, most: number): void {
    const { clock, random } = this.#services;
    clock.after(random.between(least, most), () => {
      const current = this.#current(pod);
      if (current !== undefined && current.metadata.deletionTimestamp === undefined) this.#enter(current, stage);
    });
  }

  #enter(pod: ApiObject, stage: Stage): void {
    const { store, clock, nodeFull } = this.#services;
    this.#take(pod, stepOf(stage, pod, { objects: store, nodeFull: nodeFull(), now: clock.now() }));
  }

  /** Carries out a step. */
  #take(before: ApiObject, step: Step): void {
    const { store, logs, record } = this.#services;
    const pod = step.pod === before ? before : store.update(PODS, step.pod);
    for (const event of step.events) record(pod, event);
    if (step.written !== undefined) {
      const log = logs.begin(pod.metadata.uid, step.written.container);
      if (step.written.text !== '') log.write(step.written.text);
      log.end();
    }
    if (step.starts === true) this.#start(pod);
    for (const { stage, after } of step.next) {
      const [least, most] = after;
      if (most === 0) this.#enter(pod, stage);
      else this.#later(pod, stage, least, most);
    }
  }

  #start(pod: ApiObject): void {
    const { logs } = this.#services;
    const { uid } = pod.metadata;
    for (const sidecar of recordsOf(pod['spec'], 'initContainers').filter(isSidecar))
      if (logs.current(uid, String(sidecar['name'])) === undefined) logs.begin(uid, String(sidecar['name']));
    for (const [index, container] of names(pod).entries()) {
      const log = logs.begin(uid, container);
      if (index === 0) this.#workload.started(pod, log);
    }
  }

  #stop(pod: ApiObject, how: Termination): void {
    this.#workload.stopped(pod, how, this.#services.logs.current(pod.metadata.uid, names(pod)[0] ?? ''));
  }

  /** Sends SIGTERM to the processes. When they have ended, their exit is written into the status, and the pod is removed. Source: kubelet syncTerminatingPod, status manager, Kubernetes 1.34. */
  #terminate(pod: ApiObject): void {
    const { clock, random, record } = this.#services;
    this.#ending.add(pod.metadata.uid);
    for (const container of names(pod)) record(pod, kubeletEvent(clock.now(), 'Killing', `Stopping container ${container}`));
    const ran = textOf(pod['status'], 'phase') === 'Running';
    if (ran) this.#stop(pod, DELETED);
    const grace = (pod.metadata.deletionGracePeriodSeconds ?? 30) * 1000;
    clock.after(Math.min(grace, random.between(900, 1_600)), () => this.#processesEnded(pod, ran));
  }

  #processesEnded(pod: ApiObject, ran: boolean): void {
    const { store, clock, random, deletion, logs } = this.#services;
    const current = this.#current(pod);
    if (current === undefined) return;
    const { uid, namespace, name } = current.metadata;
    for (const container of names(current)) logs.current(uid, container)?.end();
    if (ran) store.update(PODS, deletedPod(current, DELETED, clock.now()));
    clock.after(random.between(150, 500), () => {
      if (this.#current(pod) !== undefined) deletion.delete(PODS, namespace, name, { gracePeriodSeconds: 0, uid });
    });
  }
}
