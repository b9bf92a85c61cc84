import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { ApiObject } from '../api/objects.ts';
import type { Deletion } from '../api/deletion.ts';
import { PODS } from '../api/resources.ts';
import type { ObjectReader, ObjectStore } from '../api/store.ts';
import type { ContainerLog } from '../pods/container-log.ts';
import type { FileEntry } from '../shell/disk.ts';
import { localFiles, type Savepoint } from './savepoints.ts';
import type { Workload } from '../pods/kubelet.ts';
import type { Termination } from '../pods/pod-life.ts';
import { FlinkCluster } from './cluster.ts';
import type { FlinkFaults } from './flink-faults.ts';
import { isHighlyAvailable } from './leader-map.ts';
import { LOGGERS } from './log-format.ts';
import { settingsOf, type Settings } from './settings.ts';
import { jobManagerDies, sayGoodbye } from './startup-lines.ts';

export interface WorldServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly deletion: Deletion;
  /** When the process of this pod began, if it has been running for a while; undefined: it starts now. */
  readonly since: (pod: ApiObject) => number | undefined;
  /** Ends the process in a pod with an exit code. */
  readonly exit: (pod: ApiObject, exitCode: number) => void;
  readonly faults: FlinkFaults;
  /** The objects as a pod sees them through its volumes. */
  readonly seenBy: (pod: ApiObject) => ObjectReader;
}

interface Process {
  readonly pod: ApiObject;
  readonly console: ContainerLog;
}

/** Milliseconds until a process that cannot start has exited. */
const SHORT_LIFE = 1_500;
/** Exit code of a process that was asked to end. */
const SIGTERM = 143;

const isFlink = (pod: ApiObject, component: string): boolean =>
  pod.metadata.labels?.['type'] === 'flink-native-kubernetes' && pod.metadata.labels['component'] === component;
const keyOf = (pod: ApiObject): string => `${pod.metadata.namespace}/${pod.metadata.labels?.['app']}`;

/** One Flink cluster, across all its JobManager processes. */
interface ClusterSeat {
  leader: FlinkCluster | undefined;
  /** JobManagers that wait until the leader ends. */
  standbys: readonly Process[];
  /** The latest leader, even if it has ended: the next one inherits its TaskManagers, and with high availability its jobs. */
  latest: FlinkCluster | undefined;
  /** JobManager processes so far. */
  attempts: number;
}

/** All Flink clusters of the sandbox: the processes in its pods. */
export class FlinkWorld implements Workload, Disposable {
  readonly #services: WorldServices;
  readonly #seats = new Map<string, ClusterSeat>();
  readonly #savepoints = new Map<string, Savepoint>();
  // One after the other, because reading a configuration is asynchronous.
  #chain = Promise.resolve();

  constructor(services: WorldServices) {
    this.#services = services;
  }

  started(pod: ApiObject, console: ContainerLog): void {
    if (isFlink(pod, 'jobmanager')) this.#then(() => this.#startJobManager({ pod, console }));
    else if (isFlink(pod, 'taskmanager'))
      this.#then(() => this.#seats.get(keyOf(pod))?.leader?.taskManagers.started(pod, console, this.#services.since(pod)));
  }

  stopped(pod: ApiObject, { exitCode, reason }: Termination, log: ContainerLog | undefined): void {
    if (exitCode === SIGTERM && log !== undefined && !log.ended)
      sayGoodbye(log, isFlink(pod, 'jobmanager') ? LOGGERS.entrypoint : LOGGERS.taskManagerRunner, this.#services.clock.now());
    if (isFlink(pod, 'jobmanager')) return this.#stopJobManager(pod);
    if (!isFlink(pod, 'taskmanager')) return;
    const cluster = this.#seats.get(keyOf(pod))?.leader;
    const why = `Pod terminated, container termination statuses: [flink-main-container(exitCode=${exitCode}, reason=${reason}, message=null)], pod status: Failed(reason=null, message=null)`;
    cluster?.taskManagers.lost(pod.metadata.name, why, cluster.jobs.values());
  }

  /** The cluster that the JobManager in this pod speaks for; a standby speaks for its leader. */
  ofPod(pod: ApiObject): FlinkCluster | undefined {
    const seat = this.#seats.get(keyOf(pod));
    const processes = [seat?.leader?.leader, ...(seat?.standbys ?? []).map((standby) => standby.pod)];
    return processes.some((one) => one?.metadata.uid === pod.metadata.uid) ? seat?.leader : undefined;
  }

  find(namespace: string, clusterId: string): FlinkCluster | undefined {
    return this.#seats.get(`${namespace}/${clusterId}`)?.leader;
  }

  all(): readonly FlinkCluster[] {
    return [...this.#seats.values()].flatMap(({ leader }) => leader ?? []);
  }

  /** Savepoints that lie in a folder which all pods have. */
  savepointFiles(): ReadonlyMap<string, FileEntry> {
    return localFiles(this.#savepoints.values());
  }

  /** Resolves when the processes of all pods started so far exist. */
  settled(): Promise<void> {
    return this.#chain;
  }

  [Symbol.dispose](): void {
    for (const cluster of this.all()) cluster[Symbol.dispose]();
  }

  #then(step: () => Promise<void> | void): void {
    this.#chain = this.#chain.then(step);
  }

  #seatOf(pod: ApiObject): ClusterSeat {
    const key = keyOf(pod);
    let seat = this.#seats.get(key);
    if (seat === undefined) this.#seats.set(key, (seat = { leader: undefined, standbys: [], latest: undefined, attempts: 0 }));
    return seat;
  }

  async #startJobManager(process: Process): Promise<void> {
    const { clock, faults, exit } = this.#services;
    const { pod, console } = process;
    const settings = await this.#settingsOf(process);
    if (settings === undefined) return void clock.after(SHORT_LIFE, () => exit(pod, 1));
    if (console.ended) return;
    if (faults.jobManagerDies !== undefined) {
      jobManagerDies(console, settings, faults.jobManagerDies, clock.now());
      return void clock.after(SHORT_LIFE, () => exit(pod, 1));
    }
    const seat = this.#seatOf(pod);
    if (seat.leader === undefined) this.#lead(seat, process, settings);
    else seat.standbys = [...seat.standbys, process];
  }

  /** Undefined if the configuration cannot be read: the process logs it, and no other pod is affected. */
  async #settingsOf({ pod, console }: Process): Promise<Settings | undefined> {
    const { store, clock } = this.#services;
    try {
      return await settingsOf(store, pod.metadata.labels?.['app'] ?? '', pod);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      console.write(`Exception in thread "main" java.lang.RuntimeException: Error parsing YAML configuration. ${reason}`, clock.now());
      return undefined;
    }
  }

  /** Makes this process the leader; it takes over from the previous one. */
  #lead(seat: ClusterSeat, { pod, console }: Process, settings: Settings): void {
    const { since } = this.#services;
    const workers = this.#leftBy(seat.latest);
    seat.attempts += 1;
    const cluster = new FlinkCluster(this.#services, {
      settings,
      leader: pod,
      console,
      attempt: seat.attempts,
      recovered: isHighlyAvailable(settings) ? (seat.latest?.unfinished() ?? []) : [],
      savepoints: this.#savepoints,
      workersBefore: workers.length,
      since: since(pod),
    });
    seat.leader = cluster;
    seat.latest = cluster;
    for (const worker of workers) cluster.taskManagers.started(worker.pod, worker.console, undefined);
  }

  /** TaskManagers of an earlier leader whose pods still run. */
  #leftBy(cluster: FlinkCluster | undefined): readonly Process[] {
    const { store } = this.#services;
    return (cluster?.taskManagers.all() ?? []).flatMap(({ name, console }) => {
      const pod = store.get(PODS, cluster?.settings.namespace, name);
      return pod === undefined || pod.metadata.deletionTimestamp !== undefined ? [] : [{ pod, console }];
    });
  }

  #stopJobManager(pod: ApiObject): void {
    const seat = this.#seatOf(pod);
    const others = seat.standbys.filter((standby) => standby.pod.metadata.uid !== pod.metadata.uid);
    seat.standbys = others;
    if (seat.leader?.leader.metadata.uid !== pod.metadata.uid) return;
    seat.leader[Symbol.dispose]();
    seat.leader = undefined;
    const [next, ...rest] = others;
    seat.standbys = rest;
    if (next !== undefined) this.#then(() => this.#startJobManager(next));
  }
}
