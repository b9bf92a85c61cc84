import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { ApiObject } from '../api/objects.ts';
import { PODS } from '../api/resources.ts';
import type { Deletion } from '../api/deletion.ts';
import type { ObjectReader, ObjectStore } from '../api/store.ts';
import type { ContainerLog } from '../pods/container-log.ts';
import type { WorkersRefused } from '../base/faults.ts';
import { noSlots, refusedBy, taskManagerLost } from './failures.ts';
import type { FlinkFaults } from './flink-faults.ts';
import type { FlinkJob } from './job.ts';
import { logLevels } from './log-levels.ts';
import { LOGGERS, processLog, type FlinkLog } from './log-format.ts';
import type { Settings } from './settings.ts';
import { taskManagerStart } from './startup-lines.ts';
import { taskManagerPod } from './task-manager-pod.ts';
import type { Slot } from './tasks.ts';

export interface TaskManager {
  readonly name: string;
  readonly slots: number;
  /** Registered at the ResourceManager, so that its slots can be used. */
  registered: boolean;
  readonly registeredAt: number;
  log: FlinkLog;
  console: ContainerLog;
  /** Job id by slot index. */
  readonly taken: Map<number, string>;
  /** How often in a row it was found idle. */
  idleLooks: number;
}

export interface TaskManagerServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly deletion: Deletion;
  readonly settings: Settings;
  readonly log: FlinkLog;
  readonly attempt: number;
  readonly faults: FlinkFaults;
  readonly seenBy: (pod: ApiObject) => ObjectReader;
  readonly owner: () => ApiObject | undefined;
  readonly over: () => boolean;
}

/** Milliseconds between looks for idle workers and for jobs that wait. */
const LOOK = 500;
/** `resourcemanager.start-worker.retry-interval`. */
const RETRY = 3_000;

/** The active ResourceManager: requests TaskManager pods from Kubernetes when slots are missing, and releases idle ones. */
export class TaskManagers implements Disposable {
  readonly #services: TaskManagerServices;
  readonly #workers = new Map<string, TaskManager>();
  /** Pods that were requested and do not run yet. */
  readonly #requested = new Set<string>();
  readonly #waiting = new Map<FlinkJob, { readonly slots: number; looks: number }>();
  /** Slots that running jobs want in all, for a greater parallelism. */
  readonly #wishes = new Map<FlinkJob, number>();
  /** Of one TaskManager. */
  readonly slotsEach: number;
  readonly #idleTimeout: number;
  readonly #slotTimeout: number;
  readonly #stop: () => void;
  #next = 1;
  #pausedUntil = 0;

  constructor(services: TaskManagerServices) {
    const { settings, clock } = services;
    this.#services = services;
    this.slotsEach = settings.number('taskmanager.numberOfTaskSlots', 1);
    this.#idleTimeout = settings.duration('resourcemanager.taskmanager-timeout', 30_000);
    this.#slotTimeout = settings.duration('slot.request.timeout', 300_000);
    this.#stop = clock.every(LOOK, () => this.#look());
  }

  all(): readonly TaskManager[] {
    return [...this.#workers.values()].filter((worker) => worker.registered);
  }

  find(name: string): TaskManager | undefined {
    return this.#workers.get(name);
  }

  logOf(name: string): FlinkLog | undefined {
    return this.#workers.get(name)?.log;
  }

  acquire(job: FlinkJob, slots: number): void {
    const { log, clock } = this.#services;
    log(
      LOGGERS.slotManager,
      `Received resource requirements from job ${job.id}: [ResourceRequirement{resourceProfile=ResourceProfile{UNKNOWN}, numberOfRequiredSlots=${slots}}]`,
    );
    this.#waiting.set(job, { slots, looks: 0 });
    clock.after(50, () => this.#serve());
  }

  /** Wants so many slots for a job that runs; 0: no more than it has. */
  wish(job: FlinkJob, slots: number): void {
    if (slots === 0) this.#wishes.delete(job);
    else this.#wishes.set(job, slots);
    this.#services.clock.after(50, () => this.#serve());
  }

  get freeSlots(): number {
    return this.#free().length;
  }

  /** Its own slots and the free ones. */
  slotsWithin(job: FlinkJob): number {
    return this.#held(job) + this.freeSlots;
  }

  release(job: FlinkJob): void {
    this.#waiting.delete(job);
    for (const { taken } of this.#workers.values()) {
      for (const [index, id] of taken) if (id === job.id) taken.delete(index);
    }
    this.#services.log(LOGGERS.slotManager, `Clearing resource requirements of job ${job.id}`);
  }

  /** Slots without a request, for a job that has been running for a while. */
  take(job: FlinkJob): readonly Slot[] {
    return this.#give(job, job.slotsWanted);
  }

  /** The process of the pod runs; with `since` it has been running for a while, and is registered. */
  started(pod: ApiObject, console: ContainerLog, since: number | undefined): void {
    const at = since ?? this.#services.clock.now();
    const { clock, settings, seenBy } = this.#services;
    const { name } = pod.metadata;
    this.#requested.delete(name);
    const log = processLog(
      console,
      clock,
      logLevels(pod, seenBy(pod), clock, () => console.ended),
    );
    const worker: TaskManager = {
      name,
      slots: this.slotsEach,
      registered: false,
      registeredAt: at + 600,
      log,
      console,
      taken: new Map(),
      idleLooks: 0,
    };
    this.#workers.set(name, worker);
    taskManagerStart(log, settings, name, this.slotsEach, at);
    if (since !== undefined) {
      this.#register(worker, at + 600);
      return;
    }
    clock.after(600, () => {
      if (this.#workers.get(name) !== worker) return;
      this.#register(worker, clock.now());
      this.#serve();
    });
  }

  lost(name: string, reason: string, jobs: Iterable<FlinkJob>): void {
    const { log } = this.#services;
    this.#requested.delete(name);
    const worker = this.#workers.get(name);
    if (worker === undefined) return;
    this.#workers.delete(name);
    log(LOGGERS.driver, `TaskManager pod ${name} is terminated.`);
    log(LOGGERS.resourceManager, `Worker ${name} is terminated. Diagnostics: ${reason}`);
    log(LOGGERS.resourceManager, `Closing TaskExecutor connection ${name} because: ${reason}`, { level: 'WARN' });
    const hit = new Set(worker.taken.values());
    for (const job of jobs) if (hit.has(job.id)) job.failOn(name, taskManagerLost(name, reason));
  }

  /** The pod of the next TaskManager: `<cluster id>-taskmanager-<attempt>-<n>`. */
  createPod(): ApiObject | undefined {
    const { owner, settings, store } = this.#services;
    const deployment = owner();
    if (deployment === undefined) return undefined;
    const name = this.#nextName();
    this.#requested.add(name);
    return store.create(PODS, settings.namespace, taskManagerPod(name, settings, deployment));
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #nextName(): string {
    const { settings, attempt } = this.#services;
    const name = `${settings.clusterId}-taskmanager-${attempt}-${this.#next}`;
    this.#next += 1;
    return name;
  }

  #free(): readonly Slot[] {
    return this.all().flatMap(({ name, slots, taken }) =>
      Array.from({ length: slots }, (_, index) => ({ taskManager: name, index })).filter(({ index }) => !taken.has(index)),
    );
  }

  #held(job: FlinkJob): number {
    return this.all().reduce((sum, { taken }) => sum + [...taken.values()].filter((id) => id === job.id).length, 0);
  }

  /** TaskManagers that were requested and are not registered yet. */
  #coming(): number {
    return this.#requested.size + [...this.#workers.values()].filter((worker) => !worker.registered).length;
  }

  #give(job: FlinkJob, count: number): readonly Slot[] {
    const slots = this.#free().slice(0, count);
    for (const slot of slots) this.#workers.get(slot.taskManager)?.taken.set(slot.index, job.id);
    return slots;
  }

  #look(): void {
    if (this.#services.over()) return;
    for (const want of this.#waiting.values()) want.looks += 1;
    this.#releaseIdle();
    this.#serve();
  }

  #serve(): void {
    if (this.#services.over()) return;
    this.#grant();
    const waited = [...this.#waiting.values()].reduce((sum, { slots }) => sum + slots, 0);
    // A job that restarts to be rescaled waits and wishes at once.
    const wished = [...this.#wishes]
      .filter(([job]) => !this.#waiting.has(job))
      .reduce((sum, [job, slots]) => sum + Math.max(0, slots - this.#held(job)), 0);
    const missing = waited + wished - this.#free().length - this.#coming() * this.slotsEach;
    const pods = Math.ceil(Math.max(0, missing) / this.slotsEach);
    if (pods > 0 && this.#services.clock.now() >= this.#pausedUntil) this.#request(pods);
  }

  /** Gives slots to the jobs that wait for them, and fails those that have waited too long. */
  #grant(): void {
    for (const [job, { slots, looks }] of this.#waiting) {
      if (job.ended || job.status !== 'RUNNING') this.#waiting.delete(job);
      else if (this.#free().length >= slots) {
        this.#waiting.delete(job);
        job.slotsGranted(this.#give(job, slots));
      } else if (looks * LOOK > this.#slotTimeout) {
        this.#waiting.delete(job);
        job.fail(noSlots(this.#slotTimeout));
      }
    }
  }

  #request(pods: number): void {
    const { log, faults } = this.#services;
    const workers = this.#workers.size;
    log(
      LOGGERS.resourceManager,
      `need request ${pods} new workers, current worker number ${workers}, declared worker number ${workers + pods}`,
    );
    for (let count = 0; count < pods; count += 1) {
      const resources = `cpuCores=${this.slotsEach}.0, taskHeapSize=384.000mb (402653174 bytes), taskOffHeapSize=0 bytes, networkMemSize=128.000mb (134217730 bytes), managedMemSize=512.000mb (536870920 bytes), numSlots=${this.slotsEach}`;
      log(
        LOGGERS.resourceManager,
        `Requesting new worker with resource spec WorkerResourceSpec {${resources}}, current pending count: ${this.#coming() + 1}.`,
      );
      if (faults.workersRefused !== undefined) return this.#refused(faults.workersRefused);
      const pod = this.createPod();
      if (pod !== undefined)
        log(LOGGERS.driver, `Creating new TaskManager pod with name ${pod.metadata.name} and resource <1728,${this.slotsEach}.0>.`);
    }
  }

  /** Kubernetes refuses the pod: Flink tries again after a while. Source: KubernetesResourceManagerDriver.requestResource, ActiveResourceManager, Flink 2.3. */
  #refused(how: WorkersRefused): void {
    const { log, settings, clock } = this.#services;
    const name = this.#nextName();
    const cause = refusedBy(how, name, settings.namespace);
    log(LOGGERS.driver, `Creating new TaskManager pod with name ${name} and resource <1728,${this.slotsEach}.0>.`);
    log(LOGGERS.driver, `Could not create pod ${name}, exception: ${cause}`, { level: 'WARN' });
    log(
      LOGGERS.resourceManager,
      `Failed requesting worker with resource spec WorkerResourceSpec {cpuCores=${this.slotsEach}.0, numSlots=${this.slotsEach}}, current pending count: 0\n${cause}`,
      { level: 'WARN' },
    );
    log(LOGGERS.resourceManager, 'Will not retry creating worker in PT3S.');
    this.#pausedUntil = clock.now() + RETRY;
  }

  #register(worker: TaskManager, at: number): void {
    const { log, random } = this.#services;
    worker.registered = true;
    log(
      LOGGERS.resourceManager,
      `Registering TaskManager with ResourceID ${worker.name} (pekko.tcp://flink@10.244.0.7:6122/user/rpc/taskmanager_0) at ResourceManager`,
      { at },
    );
    log(LOGGERS.slotManager, `Registering task executor ${worker.name} under ${random.hex(32)} at the slot manager.`, { at });
  }

  #releaseIdle(): void {
    const { log, random, store, settings, deletion } = this.#services;
    for (const worker of this.#workers.values()) {
      worker.idleLooks = worker.registered && worker.taken.size === 0 && this.#wishes.size === 0 ? worker.idleLooks + 1 : 0;
      if (worker.idleLooks * LOOK < this.#idleTimeout) continue;
      const workers = this.#workers.size;
      log(LOGGERS.resourceManager, `need release 1 workers, current worker number ${workers}, declared worker number ${workers - 1}`);
      log(LOGGERS.resourceManager, `Stopping worker ${worker.name}.`);
      log(LOGGERS.driver, `Stopping TaskManager pod ${worker.name}.`);
      log(LOGGERS.resourceManager, `Closing TaskExecutor connection ${worker.name} because: TaskManager exceeded the idle timeout.`);
      worker.log(LOGGERS.taskExecutor, `Close ResourceManager connection ${random.hex(32)}.`);
      this.#workers.delete(worker.name);
      if (store.get(PODS, settings.namespace, worker.name) !== undefined) deletion.delete(PODS, settings.namespace, worker.name, {});
    }
  }
}
