import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { ApiObject } from '../api/objects.ts';
import { DEPLOYMENTS } from '../api/resources.ts';
import type { Deletion } from '../api/deletion.ts';
import type { ObjectReader, ObjectStore } from '../api/store.ts';
import type { ContainerLog } from '../pods/container-log.ts';
import { chatter } from './chatter.ts';
import { graphOf } from './graphs.ts';
import { jarStore, type JarStore } from './jars.ts';
import { FlinkJob, type JobHost } from './job.ts';
import type { JobRequest } from './job-types.ts';
import type { FlinkFaults } from './flink-faults.ts';
import { isHighlyAvailable, writeLeader } from './leader-map.ts';
import { logLevels } from './log-levels.ts';
import { LOGGERS, processLog, type FlinkLog } from './log-format.ts';
import { rescaleTimes } from './rescaling.ts';
import { flameSampler, profilers, type FlameSampler, type Profilers } from './samplers.ts';
import type { Savepoint } from './savepoints.ts';
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
  /** The objects as a pod sees them through its volumes. */
  readonly seenBy: (pod: ApiObject) => ObjectReader;
}

export interface ClusterStart {
  readonly settings: Settings;
  readonly leader: ApiObject;
  readonly console: ContainerLog;
  /** Increases with each JobManager process; part of the names of TaskManagers. */
  readonly attempt: number;
  /** Jobs of the JobManager before this one, if high availability kept them. */
  readonly recovered: readonly FlinkJob[];
  readonly savepoints: Map<string, Savepoint>;
  /** How many TaskManagers the JobManager before this one left behind. */
  readonly workersBefore: number;
  /** When it started, if it has been running for a while; undefined: it starts now. */
  readonly since: number | undefined;
}

/** How far a JobManager has come. Its REST endpoint listens before it leads: until then it answers 503. */
type Phase = 'starting' | 'listening' | 'leading' | 'over';

/** One Flink cluster: the process of its leading JobManager pod, its TaskManagers and jobs. */
export class FlinkCluster implements Disposable {
  readonly settings: Settings;
  readonly taskManagers: TaskManagers;
  readonly jars: JarStore;
  readonly operations: Operations = operations();
  readonly flames: FlameSampler;
  readonly profilers: Profilers;
  /** Pod of the leading JobManager. */
  readonly leader: ApiObject;
  readonly log: FlinkLog;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** The savepoints that exist, by their paths. They outlive the cluster's processes. */
  readonly savepoints: Map<string, Savepoint>;
  readonly #services: ClusterServices;
  readonly #console: ContainerLog;
  readonly #host: JobHost;
  readonly #jobs = new Map<string, FlinkJob>();
  readonly #quiet: () => void;
  /** Jobs of the previous process that this one has not resumed yet. */
  #inherited: readonly FlinkJob[];
  #phase: Phase = 'starting';

  constructor(
    services: ClusterServices,
    { settings, leader, console, attempt, recovered, savepoints, workersBefore, since }: ClusterStart,
  ) {
    const { clock, random, faults, seenBy } = services;
    this.settings = settings;
    this.leader = leader;
    this.startedAt = since ?? clock.now();
    this.savepoints = savepoints;
    this.#services = services;
    this.#console = console;
    this.#inherited = recovered;
    this.log = processLog(
      console,
      clock,
      logLevels(leader, seenBy(leader), clock, () => console.ended),
    );
    this.jars = jarStore({ clock, random });
    this.flames = flameSampler(clock);
    this.profilers = profilers(clock);
    this.taskManagers = new TaskManagers({
      ...services,
      settings,
      log: this.log,
      attempt,
      owner: () => this.#deployment(),
      over: () => this.#phase === 'over',
    });
    this.#host = {
      clock,
      random,
      log: this.log,
      taskManagerLog: (name) => this.taskManagers.logOf(name),
      acquire: (job, slots) => this.taskManagers.acquire(job, slots),
      release: (job) => this.taskManagers.release(job),
      adaptive: () => faults.adaptive || settings.text('jobmanager.scheduler')?.toLowerCase() === 'adaptive',
      rescaling: (job) => ({
        clock,
        random,
        times: rescaleTimes(settings),
        slots: () => this.taskManagers.slotsWithin(job),
        wish: (slots) => this.taskManagers.wish(job, slots),
      }),
      stuck: () => faults.checkpointsStuck,
      failing: () => faults.checkpointsFail,
      checkpointsKept: settings.number('web.checkpoints.history', 10),
    };
    this.#quiet = chatter(this, clock, random);
    jobManagerStart(this.log, settings, leader, { at: this.startedAt, attempt, recovered: workersBefore });
    if (since !== undefined) this.#lead();
    else {
      clock.after(LISTENS_AFTER, () => this.#listen());
      clock.after(LEADS_AFTER, () => this.#begin());
    }
  }

  /** Epoch milliseconds. */
  now(): number {
    return this.#services.clock.now();
  }

  get jobs(): ReadonlyMap<string, FlinkJob> {
    return this.#jobs;
  }

  /** The port of its REST endpoint; undefined while it does not listen. */
  restPort(): number | undefined {
    const listens = this.#phase === 'listening' || this.#phase === 'leading';
    return listens ? this.settings.number('rest.bind-port', this.settings.number('rest.port', 8081)) : undefined;
  }

  /** Its dispatcher has been elected: before that, REST answers 503. */
  leads(): boolean {
    return this.#phase === 'leading';
  }

  /** A random 32 hex id. */
  newId(): string {
    return this.#services.random.hex(32);
  }

  jobManagerLog(): ContainerLog {
    return this.#console;
  }

  /** Jobs that the next process resumes, if high availability keeps them; including those that this one never got to. */
  unfinished(): readonly FlinkJob[] {
    return [...this.#inherited, ...this.#jobs.values()].filter((job) => !job.ended);
  }

  submit(request: Omit<JobRequest, 'id'> & { readonly id?: string }): FlinkJob {
    const job = this.#add({ ...request, id: request.id ?? this.newId() }, this.#services.clock.now());
    this.log(LOGGERS.clientUtils, 'Starting program (detached: true)');
    this.log(LOGGERS.executor, `Job ${job.id} is submitted.`);
    this.log(LOGGERS.executor, `Submitting Job with JobId=${job.id}.`);
    job.start();
    return job;
  }

  /** A job that has been running since then. */
  adopt(request: JobRequest, since: number): FlinkJob {
    const job = this.#add(request, since);
    job.adopt(this.taskManagers.take(job), since);
    return job;
  }

  /** `DELETE /cluster`: the JobManager deletes its own Deployment. */
  shutDown(): void {
    const { clock, deletion } = this.#services;
    const { clusterId, namespace } = this.settings;
    this.log(LOGGERS.entrypoint, `Shutting KubernetesSessionClusterEntrypoint down with application status SUCCEEDED. Diagnostics null.`);
    this.log(LOGGERS.rest, 'Shutting down rest endpoint.');
    clock.after(300, () => {
      if (this.#deployment() !== undefined) deletion.delete(DEPLOYMENTS, namespace, clusterId, { propagation: 'Background' });
    });
  }

  [Symbol.dispose](): void {
    this.#phase = 'over';
    this.#quiet();
    for (const job of this.#jobs.values()) job.abandon();
    this.taskManagers[Symbol.dispose]();
  }

  #listen(): void {
    if (this.#phase === 'starting') this.#phase = 'listening';
  }

  #lead(): void {
    const { store, clock } = this.#services;
    this.#phase = 'leading';
    if (isHighlyAvailable(this.settings)) writeLeader(store, this.settings, this.leader, clock.now());
  }

  /** Becomes the leader, and begins or resumes its jobs. */
  #begin(): void {
    if (this.#phase === 'over') return;
    this.#lead();
    const inherited = this.#inherited;
    this.#inherited = [];
    if (this.settings.application && inherited.length === 0) this.#runApplication();
    for (const { request, checkpoints } of inherited) {
      const { latestCompleted } = checkpoints;
      const restored = latestCompleted?.path === undefined ? {} : { restoredFrom: { path: latestCompleted.path, id: latestCompleted.id } };
      this.#add({ ...request, ...restored }, this.#services.clock.now()).start();
    }
  }

  /** An application cluster lives as long as its job. */
  #runApplication(): void {
    const job = this.submit({ ...applicationOf(this.settings), configuration: {} });
    const stop = this.#services.clock.every(500, () => {
      if (!job.ended && this.#phase !== 'over') return;
      stop();
      if (this.#phase !== 'over') this.shutDown();
    });
  }

  #add(request: JobRequest, at: number): FlinkJob {
    const job = new FlinkJob(this.#host, request, at);
    this.#jobs.set(job.id, job);
    return job;
  }

  #deployment(): ApiObject | undefined {
    return this.#services.store.get(DEPLOYMENTS, this.settings.namespace, this.settings.clusterId);
  }
}

/** The program of an application cluster, as its configuration names it. */
export function applicationOf(settings: Settings): Pick<JobRequest, 'graph' | 'parallelism' | 'entryClass'> {
  const jar = settings
    .text('pipeline.jars')
    ?.split('/')
    .at(-1)
    ?.replace(/\.jar$/, '');
  const entryClass = settings.text('$internal.application.main') ?? jar ?? 'Application';
  const args = settings.text('$internal.application.program-args')?.split(';') ?? [];
  return { graph: graphOf(entryClass, args), parallelism: settings.number('parallelism.default', 1), entryClass };
}
