import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { ApiObject } from '../api/objects.ts';
import type { Deletion } from '../api/deletion.ts';
import { PODS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';
import type { ContainerLog } from '../pods/container-log.ts';
import type { Workload } from '../pods/kubelet.ts';
import { flinkCluster, type FlinkCluster } from './cluster.ts';
import type { FlinkFaults } from './flink-faults.ts';
import { isHighlyAvailable } from './leader-map.ts';
import { LOGGERS } from './log-format.ts';
import { settingsOf, type Settings } from './settings.ts';
import { jobManagerDies, sayGoodbye } from './startup-lines.ts';

/** All Flink clusters of the sandbox: what runs in its pods. */
export interface FlinkWorld extends Workload, Disposable {
  /** The cluster that the JobManager in this pod speaks for; a standby speaks for its leader. */
  ofPod(pod: ApiObject): FlinkCluster | undefined;
  find(namespace: string, clusterId: string): FlinkCluster | undefined;
  all(): readonly FlinkCluster[];
  /** Resolves when pods that were started so far have their processes. */
  settled(): Promise<void>;
}

export interface WorldServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly deletion: Deletion;
  /** When the process of a pod that starts now is to have started: the past for a story that is on its way. */
  readonly startOf: (pod: ApiObject) => number;
  /** Ends the process in a pod with an exit code. */
  readonly exit: (pod: ApiObject, exitCode: number) => void;
  readonly faults: FlinkFaults;
}

interface Process {
  readonly pod: ApiObject;
  readonly console: ContainerLog;
}

/** Milliseconds in which a process that cannot begin notices it. */
const SHORT_LIFE = 1_500;
/** Exit code of a process that was asked to end. */
const SIGTERM = 143;

const isFlink = (pod: ApiObject, component: string): boolean =>
  pod.metadata.labels?.['type'] === 'flink-native-kubernetes' && pod.metadata.labels['component'] === component;
const keyOf = (pod: ApiObject): string => `${pod.metadata.namespace}/${pod.metadata.labels?.['app']}`;

export function flinkWorld({ store, clock, random, deletion, startOf, exit, faults }: WorldServices): FlinkWorld {
  const leaders = new Map<string, FlinkCluster>();
  const standbys = new Map<string, Process[]>();
  /** The process before: its jobs where high availability kept them, its TaskManagers. */
  const before = new Map<string, FlinkCluster>();
  const attempts = new Map<string, number>();
  const savepoints = new Set<string>();
  // One after the other: reading a configuration takes a turn.
  let chain = Promise.resolve();

  const lead = async ({ pod, console }: Process): Promise<void> => {
    const key = keyOf(pod);
    let settings: Settings;
    try {
      settings = await settingsOf(store, pod.metadata.labels?.['app'] ?? '', pod);
    } catch (error) {
      // The other pods of the sandbox go on: only this process cannot begin.
      console.write(
        `Exception in thread "main" java.lang.RuntimeException: Error parsing YAML configuration. ${error instanceof Error ? error.message : String(error)}`,
        clock.now(),
      );
      return void clock.after(SHORT_LIFE, () => exit(pod, 1));
    }
    if (console.ended) return;
    if (faults.jobManagerDies !== undefined) {
      jobManagerDies(console, settings, faults.jobManagerDies, clock.now());
      return void clock.after(SHORT_LIFE, () => exit(pod, 1));
    }
    if (leaders.has(key)) return void standbys.set(key, [...(standbys.get(key) ?? []), { pod, console }]);
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    const last = before.get(key);
    const ha = isHighlyAvailable(settings);
    const workers = (last?.taskManagers.all() ?? []).flatMap((worker) => {
      const found = store.get(PODS, pod.metadata.namespace, worker.name);
      return found === undefined || found.metadata.deletionTimestamp !== undefined ? [] : [{ pod: found, console: worker.console }];
    });
    const recovered = ha && last !== undefined ? last.unfinished() : [];
    const cluster = flinkCluster(
      { store, clock, random, deletion, faults },
      { settings, leader: pod, console, attempt, recovered, savepoints, workersBefore: workers.length, at: startOf(pod) },
    );
    leaders.set(key, cluster);
    before.set(key, cluster);
    for (const worker of workers) cluster.taskManagers.started(worker.pod, worker.console, clock.now());
  };

  const stopJobManager = (pod: ApiObject): void => {
    const key = keyOf(pod);
    const waiting = (standbys.get(key) ?? []).filter((standby) => standby.pod.metadata.uid !== pod.metadata.uid);
    standbys.set(key, waiting);
    const cluster = leaders.get(key);
    if (cluster?.leader.metadata.uid !== pod.metadata.uid) return;
    leaders.delete(key);
    cluster[Symbol.dispose]();
    const next = waiting.shift();
    if (next !== undefined) chain = chain.then(() => lead(next));
  };

  return {
    started(pod, console) {
      if (isFlink(pod, 'jobmanager')) chain = chain.then(() => lead({ pod, console }));
      else if (isFlink(pod, 'taskmanager'))
        chain = chain.then(() => leaders.get(keyOf(pod))?.taskManagers.started(pod, console, startOf(pod)));
    },
    stopped(pod, { exitCode, reason }, log) {
      if (exitCode === SIGTERM && log !== undefined && !log.ended)
        sayGoodbye(log, isFlink(pod, 'jobmanager') ? LOGGERS.entrypoint : LOGGERS.taskManagerRunner, clock.now());
      if (isFlink(pod, 'jobmanager')) return stopJobManager(pod);
      if (!isFlink(pod, 'taskmanager')) return;
      const cluster = leaders.get(keyOf(pod));
      const why = `Pod terminated, container termination statuses: [flink-main-container(exitCode=${exitCode}, reason=${reason}, message=null)], pod status: Failed(reason=null, message=null)`;
      cluster?.taskManagers.lost(pod.metadata.name, why, cluster.jobs.values());
    },
    ofPod(pod) {
      const cluster = leaders.get(keyOf(pod));
      const here =
        cluster?.leader.metadata.uid === pod.metadata.uid ||
        standbys.get(keyOf(pod))?.some((standby) => standby.pod.metadata.uid === pod.metadata.uid) === true;
      return here ? cluster : undefined;
    },
    find: (namespace, clusterId) => leaders.get(`${namespace}/${clusterId}`),
    all: () => [...leaders.values()],
    settled: () => chain,
    [Symbol.dispose]() {
      for (const cluster of leaders.values()) cluster[Symbol.dispose]();
    },
  };
}
