import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import type { ApiObject } from '../api/objects.ts';
import { PODS } from '../api/resources.ts';
import type { Deletion } from '../api/deletion.ts';
import type { ObjectStore } from '../api/store.ts';
import type { ContainerLog } from '../pods/container-log.ts';
import type { WorkersRefused } from '../faults.ts';
import { noSlots, refusedBy, taskManagerLost } from './failures.ts';
import type { FlinkFaults } from './flink-faults.ts';
import type { FlinkJob } from './job.ts';
import { logLine, LOGGERS, type FlinkLog } from './log-format.ts';
import type { Settings } from './settings.ts';
import { taskManagerStart } from './startup-lines.ts';
import { taskManagerPod } from './task-manager-pod.ts';
import type { Slot } from './tasks.ts';

export interface TaskManager {
  readonly name: string;
  readonly slots: number;
  /** Registered at the ResourceManager: its slots can be used. */
  registered: boolean;
  readonly registeredAt: number;
  log: FlinkLog;
  console: ContainerLog;
  /** Job id by slot index. */
  readonly taken: Map<number, string>;
  /** Looks in a row that found it idle. */
  idleLooks: number;
}

/** The active ResourceManager: asks Kubernetes for TaskManager pods when slots are missing, gives back the idle ones. */
export interface TaskManagers extends Disposable {
  all(): readonly TaskManager[];
  find(name: string): TaskManager | undefined;
  logOf(name: string): FlinkLog | undefined;
  acquire(job: FlinkJob, slots: number): void;
  release(job: FlinkJob): void;
  /** Slots at once, for a story that is on its way. */
  take(job: FlinkJob): readonly Slot[];
  /** The pod's process runs; `at` is in the past for a story that is on its way. */
  started(pod: ApiObject, console: ContainerLog, at: number): void;
  lost(name: string, reason: string, jobs: Iterable<FlinkJob>): void;
  /** The pod of the next TaskManager: `<cluster id>-taskmanager-<attempt>-<n>`. */
  createPod(): ApiObject | undefined;
}

export interface TaskManagerServices {
  readonly store: ObjectStore;
  readonly timeline: Timeline;
  readonly random: Random;
  readonly deletion: Deletion;
  readonly settings: Settings;
  readonly log: FlinkLog;
  readonly attempt: number;
  readonly faults: FlinkFaults;
  readonly owner: () => ApiObject | undefined;
  readonly over: () => boolean;
}

/** Milliseconds between looks for idle workers and for jobs that wait. */
const LOOK = 500;
/** `resourcemanager.start-worker.retry-interval`. */
const RETRY = 3_000;

export function taskManagers({ store, timeline, random, deletion, settings, log, attempt, faults, owner, over }: TaskManagerServices): TaskManagers {
  const workers = new Map<string, TaskManager>();
  const requested = new Set<string>();
  const waiting = new Map<FlinkJob, { readonly slots: number; looks: number }>();
  const slotsEach = settings.number('taskmanager.numberOfTaskSlots', 1);
  const idleTimeout = settings.duration('resourcemanager.taskmanager-timeout', 30_000);
  const slotTimeout = settings.duration('slot.request.timeout', 300_000);
  let next = 1;
  let pausedUntil = 0;

  const free = (): readonly Slot[] => [...workers.values()].filter((worker) => worker.registered).flatMap((worker) =>
    Array.from({ length: worker.slots }, (_, index) => ({ taskManager: worker.name, index })).filter((slot) => !worker.taken.has(slot.index)));

  /** Pods that were asked for and are not registered yet. */
  const coming = (): number => requested.size + [...workers.values()].filter((worker) => !worker.registered).length;

  const give = (job: FlinkJob, count: number): readonly Slot[] => {
    const slots = free().slice(0, count);
    for (const slot of slots) workers.get(slot.taskManager)?.taken.set(slot.index, job.id);
    return slots;
  };

  const createPod = (): ApiObject | undefined => {
    const deployment = owner();
    if (deployment === undefined) return undefined;
    const name = `${settings.clusterId}-taskmanager-${attempt}-${next}`;
    next += 1;
    requested.add(name);
    return store.create(PODS, settings.namespace, taskManagerPod(name, settings, deployment));
  };

  /** Kubernetes does not take the pod: Flink tries again after a while. Source: KubernetesResourceManagerDriver.requestResource, ActiveResourceManager, Flink 2.3. */
  const refused = (how: WorkersRefused): void => {
    const name = `${settings.clusterId}-taskmanager-${attempt}-${next}`;
    next += 1;
    const cause = refusedBy(how, name, settings.namespace);
    log(LOGGERS.driver, `Creating new TaskManager pod with name ${name} and resource <1728,${slotsEach}.0>.`);
    log(LOGGERS.driver, `Could not create pod ${name}, exception: ${cause}`, { level: 'WARN' });
    log(LOGGERS.resourceManager, `Failed requesting worker with resource spec WorkerResourceSpec {cpuCores=${slotsEach}.0, numSlots=${slotsEach}}, current pending count: 0\n${cause}`, { level: 'WARN' });
    log(LOGGERS.resourceManager, 'Will not retry creating worker in PT3S.');
    pausedUntil = timeline.now() + RETRY;
  };

  const serve = (): void => {
    if (over()) return;
    for (const [job, want] of waiting) {
      if (job.ended || job.status !== 'RUNNING') waiting.delete(job);
      else if (free().length >= want.slots) {
        waiting.delete(job);
        job.slotsGranted(give(job, want.slots));
      } else if (want.looks * LOOK > slotTimeout) {
        waiting.delete(job);
        job.fail(noSlots(slotTimeout));
      }
    }
    const missing = [...waiting.values()].reduce((sum, want) => sum + want.slots, 0) - free().length - coming() * slotsEach;
    const pods = Math.ceil(Math.max(0, missing) / slotsEach);
    if (pods === 0 || timeline.now() < pausedUntil) return;
    log(LOGGERS.resourceManager, `need request ${pods} new workers, current worker number ${workers.size}, declared worker number ${workers.size + pods}`);
    for (let count = 0; count < pods; count += 1) {
      log(LOGGERS.resourceManager, `Requesting new worker with resource spec WorkerResourceSpec {cpuCores=${slotsEach}.0, taskHeapSize=384.000mb (402653174 bytes), taskOffHeapSize=0 bytes, networkMemSize=128.000mb (134217730 bytes), managedMemSize=512.000mb (536870920 bytes), numSlots=${slotsEach}}, current pending count: ${coming() + 1}.`);
      if (faults.workersRefused !== undefined) return refused(faults.workersRefused);
      const pod = createPod();
      if (pod !== undefined) log(LOGGERS.driver, `Creating new TaskManager pod with name ${pod.metadata.name} and resource <1728,${slotsEach}.0>.`);
    }
  };

  const register = (worker: TaskManager, at: number): void => {
    worker.registered = true;
    log(LOGGERS.resourceManager, `Registering TaskManager with ResourceID ${worker.name} (pekko.tcp://flink@10.244.0.7:6122/user/rpc/taskmanager_0) at ResourceManager`, { at });
    log(LOGGERS.slotManager, `Registering task executor ${worker.name} under ${random.hex(32)} at the slot manager.`, { at });
  };

  const releaseIdle = (): void => {
    for (const worker of workers.values()) {
      worker.idleLooks = worker.registered && worker.taken.size === 0 ? worker.idleLooks + 1 : 0;
      if (worker.idleLooks * LOOK < idleTimeout) continue;
      log(LOGGERS.resourceManager, `need release 1 workers, current worker number ${workers.size}, declared worker number ${workers.size - 1}`);
      log(LOGGERS.resourceManager, `Stopping worker ${worker.name}.`);
      log(LOGGERS.driver, `Stopping TaskManager pod ${worker.name}.`);
      log(LOGGERS.resourceManager, `Closing TaskExecutor connection ${worker.name} because: TaskManager exceeded the idle timeout.`);
      worker.log(LOGGERS.taskExecutor, `Close ResourceManager connection ${random.hex(32)}.`);
      workers.delete(worker.name);
      if (store.get(PODS, settings.namespace, worker.name) !== undefined) deletion.delete(PODS, settings.namespace, worker.name, {});
    }
  };

  const stop = timeline.every(LOOK, () => {
    if (over()) return;
    for (const want of waiting.values()) want.looks += 1;
    releaseIdle();
    serve();
  });

  return {
    all: () => [...workers.values()].filter((worker) => worker.registered),
    find: (name) => workers.get(name),
    logOf: (name) => workers.get(name)?.log,
    createPod,
    acquire(job, slots) {
      log(LOGGERS.slotManager, `Received resource requirements from job ${job.id}: [ResourceRequirement{resourceProfile=ResourceProfile{UNKNOWN}, numberOfRequiredSlots=${slots}}]`);
      waiting.set(job, { slots, looks: 0 });
      timeline.after(50, serve);
    },
    release(job) {
      waiting.delete(job);
      for (const worker of workers.values()) {
        for (const [index, id] of worker.taken) if (id === job.id) worker.taken.delete(index);
      }
      log(LOGGERS.slotManager, `Clearing resource requirements of job ${job.id}`);
    },
    take: (job) => give(job, job.slotsWanted),
    started(pod, console, at) {
      const { name } = pod.metadata;
      requested.delete(name);
      const workerLog: FlinkLog = (logger, message, { level = 'INFO', at: when = timeline.now() } = {}) => console.write(logLine(when, level, logger, message), when);
      const worker: TaskManager = { name, slots: slotsEach, registered: false, registeredAt: at + 600, log: workerLog, console, taken: new Map(), idleLooks: 0 };
      workers.set(name, worker);
      const past = at < timeline.now() - 1_000;
      if (past) {
        taskManagerStart(workerLog, settings, name, slotsEach, at);
        register(worker, at + 600);
        return;
      }
      taskManagerStart(workerLog, settings, name, slotsEach, at);
      timeline.after(600, () => {
        if (workers.get(name) !== worker) return;
        register(worker, timeline.now());
        serve();
      });
    },
    lost(name, reason, jobs) {
      requested.delete(name);
      const worker = workers.get(name);
      if (worker === undefined) return;
      workers.delete(name);
      log(LOGGERS.driver, `TaskManager pod ${name} is terminated.`);
      log(LOGGERS.resourceManager, `Worker ${name} is terminated. Diagnostics: ${reason}`);
      log(LOGGERS.resourceManager, `Closing TaskExecutor connection ${name} because: ${reason}`, { level: 'WARN' });
      const hit = new Set(worker.taken.values());
      for (const job of jobs) if (hit.has(job.id)) job.fail(taskManagerLost(name, reason));
    },
    [Symbol.dispose]() {
      stop();
    },
  };
}
