import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { ApiObject } from '../api/objects.ts';
import { DEPLOYMENTS } from '../api/resources.ts';
import type { Deletion } from '../api/deletion.ts';
import type { ObjectStore } from '../api/store.ts';
import type { ContainerLog } from '../pods/container-log.ts';
import { chatter } from './chatter.ts';
import { graphOf } from './graphs.ts';
import { jarStore, type JarStore } from './jars.ts';
import { FlinkJob, type JobHost } from './job.ts';
import type { JobRequest } from './job-types.ts';
import type { FlinkFaults } from './flink-faults.ts';
import { isHighlyAvailable, writeLeader } from './leader-map.ts';
import { logLine, LOGGERS, type FlinkLog } from './log-format.ts';
import type { Settings } from './settings.ts';
import { jobManagerStart, LEADS_AFTER, LISTENS_AFTER } from './startup-lines.ts';
import { TaskManagers } from './task-managers.ts';
import { operations, type Operations } from './operations.ts';

export interface ClusterServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly deletion: Deletion;
  readonly faults: FlinkFaults;
}

/** One Flink cluster: the process of its leading JobManager pod, its TaskManagers and jobs. */
export interface FlinkCluster extends Disposable {
  readonly settings: Settings;
  readonly jobs: ReadonlyMap<string, FlinkJob>;
  readonly taskManagers: TaskManagers;
  readonly jars: JarStore;
  readonly operations: Operations;
  /** Pod of the leading JobManager. */
  readonly leader: ApiObject;
  readonly log: FlinkLog;
  /** Where its REST endpoint listens; undefined while it does not. */
  restPort(): number | undefined;
  /** Its dispatcher has been elected: before, REST answers 503. */
  leads(): boolean;
  /** Milliseconds since the epoch of its start. */
  readonly startedAt: number;
  /** A random 32 hex id. */
  newId(): string;
  /** Paths of savepoints that exist. They outlive the cluster's processes. */
  readonly savepoints: Set<string>;
  submit(request: Omit<JobRequest, 'id'> & { readonly id?: string }): FlinkJob;
  /** A job that runs since a while. */
  adopt(request: JobRequest, since: number): FlinkJob;
  jobManagerLog(): ContainerLog;
  /** The jobs that the next process takes up where high availability keeps them: also those that this one had not yet come to. */
  unfinished(): readonly FlinkJob[];
  /** `DELETE /cluster`: the JobManager deletes its own Deployment. */
  shutDown(): void;
}

export interface ClusterStart {
  readonly settings: Settings;
  readonly leader: ApiObject;
  readonly console: ContainerLog;
  /** Counts up with each JobManager process; part of TaskManager names. */
  readonly attempt: number;
  /** What the JobManager before this one was running, where high availability kept it. */
  readonly recovered: readonly FlinkJob[];
  readonly savepoints: Set<string>;
  /** TaskManagers that the JobManager before this one has left. */
  readonly workersBefore: number;
  /** When it started; in the past for a story that is on its way. */
  readonly at: number;
}

export function flinkCluster(
  { store, clock, random, deletion, faults }: ClusterServices,
  { settings, leader, console, attempt, recovered, savepoints, workersBefore, at }: ClusterStart,
): FlinkCluster {
  const jobs = new Map<string, FlinkJob>();
  const log: FlinkLog = (logger, message, { level = 'INFO', at: when = clock.now() } = {}) =>
    console.write(logLine(when, level, logger, message), when);
  const past = at < clock.now();
  let listening = past;
  let leading = past;
  let over = false;

  const workers = new TaskManagers({
    store,
    clock,
    random,
    deletion,
    settings,
    log,
    attempt,
    faults,
    owner: () => store.get(DEPLOYMENTS, settings.namespace, settings.clusterId),
    over: () => over,
  });
  const host: JobHost = {
    clock,
    random,
    log,
    taskManagerLog: (name) => workers.logOf(name),
    acquire: (job, slots) => workers.acquire(job, slots),
    release: (job) => workers.release(job),
    stuck: () => faults.checkpointsStuck,
    checkpointsKept: settings.number('web.checkpoints.history', 10),
  };

  /** An application cluster lives as long as its job. */
  const runApplication = (of: FlinkCluster): void => {
    const jar = settings
      .text('pipeline.jars')
      ?.split('/')
      .at(-1)
      ?.replace(/\.jar$/, '');
    const entryClass = settings.text('$internal.application.main') ?? jar ?? 'Application';
    const args = settings.text('$internal.application.program-args')?.split(';') ?? [];
    const job = of.submit({
      graph: graphOf(entryClass, args),
      parallelism: settings.number('parallelism.default', 1),
      entryClass,
      configuration: {},
    });
    const stop = clock.every(500, () => {
      if (!job.ended && !over) return;
      stop();
      if (!over) of.shutDown();
    });
  };

  const begin = (request: JobRequest): FlinkJob => {
    const job = new FlinkJob(host, request, clock.now());
    jobs.set(job.id, job);
    return job;
  };

  const cluster: FlinkCluster = {
    settings,
    jobs,
    taskManagers: workers,
    jars: jarStore({ clock, random }),
    operations: operations(),
    leader,
    log,
    startedAt: at,
    savepoints,
    newId: () => random.hex(32),
    restPort: () => (listening && !over ? settings.number('rest.bind-port', settings.number('rest.port', 8081)) : undefined),
    jobManagerLog: () => console,
    leads: () => leading,
    unfinished: () => [...(leading ? [] : recovered), ...jobs.values()].filter((job) => !job.ended),
    submit(request) {
      const job = begin({ ...request, id: request.id ?? random.hex(32) });
      log(LOGGERS.clientUtils, 'Starting program (detached: true)');
      log(LOGGERS.executor, `Job ${job.id} is submitted.`);
      log(LOGGERS.executor, `Submitting Job with JobId=${job.id}.`);
      job.start();
      return job;
    },
    adopt(request, since) {
      const job = new FlinkJob(host, request, since);
      jobs.set(job.id, job);
      job.adopt(workers.take(job), since);
      return job;
    },
    shutDown() {
      log(LOGGERS.entrypoint, `Shutting KubernetesSessionClusterEntrypoint down with application status SUCCEEDED. Diagnostics null.`);
      log(LOGGERS.rest, 'Shutting down rest endpoint.');
      clock.after(300, () => {
        if (store.get(DEPLOYMENTS, settings.namespace, settings.clusterId) !== undefined)
          deletion.delete(DEPLOYMENTS, settings.namespace, settings.clusterId, { propagation: 'Background' });
      });
    },
    [Symbol.dispose]() {
      over = true;
      quiet();
      for (const job of jobs.values()) job.abandon();
      workers[Symbol.dispose]();
    },
  };

  const quiet = chatter(cluster, clock, random);
  jobManagerStart(log, settings, leader, { at, attempt, recovered: workersBefore });
  const announce = (): void => {
    if (isHighlyAvailable(settings)) writeLeader(store, settings, leader, clock.now());
  };
  if (past) announce();
  else
    clock.after(LISTENS_AFTER, () => {
      listening = true;
    });
  if (!past)
    clock.after(LEADS_AFTER, () => {
      if (over) return;
      leading = true;
      announce();
      if (settings.application && recovered.length === 0) runApplication(cluster);
      for (const job of recovered) {
        const again = begin({
          ...job.request,
          ...(job.checkpoints.latestCompleted?.path === undefined
            ? {}
            : { restoredFrom: { path: job.checkpoints.latestCompleted.path, id: job.checkpoints.latestCompleted.id } }),
        });
        again.start();
      }
    });
  return cluster;
}
