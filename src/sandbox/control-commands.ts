import { writeFile } from 'node:fs/promises';
import type { Access } from './api/access.ts';
import type { Deletion } from './api/deletion.ts';
import type { Lists } from './api/lists.ts';
import { DEPLOYMENTS, PODS } from './api/resources.ts';
import { badRequest } from './api/status.ts';
import type { ObjectStore } from './api/store.ts';
import type { ControlAnswer, ControlCommand, SandboxState } from './control.ts';
import type { Crowd } from './crowd.ts';
import type { Faults } from './faults.ts';
import { FIRST_TOKEN } from './kubeconfig.ts';
import type { FlinkCluster } from './flink/cluster.ts';
import type { FlinkJob } from './flink/job.ts';
import type { FlinkWorld } from './flink/world.ts';
import type { Kubelet } from './pods/kubelet.ts';
import type { PodLogs } from './pods/logs.ts';
import type { Random } from './random.ts';
import type { Timeline } from './timeline.ts';
import type { WriteRecord } from './write-record.ts';

export interface ControlServices {
  readonly faults: Faults;
  readonly access: Access;
  readonly store: ObjectStore;
  readonly deletion: Deletion;
  readonly lists: () => Lists;
  readonly node: Kubelet;
  readonly world: FlinkWorld;
  readonly logs: PodLogs;
  readonly crowd: Crowd;
  /** Real time. */
  readonly timeline: Timeline;
  readonly random: Random;
  readonly clusterId: string;
  /** The file that the kubeconfig context `token-file` reads. */
  readonly tokenFile: string;
  readonly restart: (ms: number) => Promise<void>;
  readonly comeBack: () => Promise<void>;
  readonly writes: WriteRecord;
  readonly counts: () => Pick<SandboxState, 'streams' | 'requests' | 'connections'>;
}

/** Runs one command. Throws `ApiError` 400 for what it does not know. */
export async function runControl(command: ControlCommand, services: ControlServices): Promise<ControlAnswer> {
  const { faults, access, store, deletion, node, crowd } = services;
  switch (command.kind) {
    case 'api-restart':
      await services.restart(command.forMs);
      break;
    case 'api-pause':
      faults.pause(command.forMs);
      break;
    case 'api-answer':
      faults.answerWith(command.status, command);
      break;
    case 'api-slow':
      faults.during(
        'api-delay',
        command.forMs,
        () => void (faults.apiDelay = command.delayMs),
        () => void (faults.apiDelay = 0),
      );
      break;
    case 'streams-cut':
      if (command.everyMs === undefined) faults.cutStreams();
      else faults.cutEvery(command.everyMs);
      break;
    case 'watches-expire':
      store.trim();
      services.lists().expire();
      for (const expire of [...faults.watches]) expire();
      break;
    case 'bookmarks':
      faults.bookmarks = command.on;
      break;
    case 'logs-reset':
      for (const log of [...faults.logs]) log.reset(command.midLine);
      break;
    case 'logs-end':
      for (const log of [...faults.logs]) log.finish();
      break;
    case 'logs-repeat':
      faults.logsRepeat = command.lines;
      break;
    case 'logs-write':
      await writeLines(command, services);
      break;
    case 'port-forward':
      if (command.mode !== 'close') faults.forwardMode = command.mode;
      else for (const forward of [...faults.forwards]) forward.cut();
      break;
    case 'pod-kill':
      kill(services, existing(services, command.pod));
      break;
    case 'pod-crash':
      if (!node.crash('default', existing(services, command.pod), command))
        throw badRequest(`the main container of pod ${command.pod} does not run`);
      break;
    case 'jobmanager-kill':
      kill(services, theCluster(services).leader.metadata.name);
      break;
    case 'jobmanager-crash-loop': {
      faults.jobManagerDies =
        command.reason ?? 'org.apache.flink.configuration.IllegalConfigurationException: The plugin flink-s3-fs-nosuch does not exist.';
      node.crash('default', theCluster(services).leader.metadata.name, { exitCode: 1, reason: 'Error' });
      break;
    }
    case 'pod-delete':
      deletion.delete(PODS, 'default', existing(services, command.pod), {});
      break;
    case 'cluster-delete':
      deletion.delete(DEPLOYMENTS, 'default', theCluster(services).settings.clusterId, { propagation: 'Background' });
      break;
    case 'taskmanagers-refuse':
      faults.workersRefused = command.how;
      break;
    case 'node-full':
      faults.nodeFull = true;
      break;
    case 'checkpoints-stick':
      faults.checkpointsStuck = true;
      break;
    case 'taskmanager-oom': {
      const pod = command.pod ?? theCluster(services).taskManagers.all()[0]?.name;
      if (pod === undefined) throw badRequest('no TaskManager is registered');
      if (!node.crash('default', existing(services, pod), { exitCode: 137, reason: 'OOMKilled' }))
        throw badRequest(`the main container of pod ${pod} does not run`);
      return { pod };
    }
    case 'pods-create':
      crowd.create(command.count, command.clusterId ?? services.clusterId, command.ageMs);
      break;
    case 'pods-churn':
      crowd.churn(command.perSecond, command.forMs);
      break;
    case 'pods-remove':
      crowd.remove();
      break;
    case 'rest-election':
      faults.during(
        'election',
        command.forMs,
        () => void (faults.election = true),
        () => void (faults.election = false),
      );
      break;
    case 'rest-cut':
      faults.cutRest(command.times ?? 1, command.path ?? '');
      break;
    case 'rest-shape':
      faults.shapeAs(command.body, command.status ?? 200, command.times ?? 1, command.path ?? '');
      break;
    case 'rest-slow':
      faults.during(
        'rest-delay',
        command.forMs,
        () => void (faults.restDelay = { ms: command.delayMs, path: command.path ?? '' }),
        () => void (faults.restDelay = undefined),
      );
      break;
    case 'rest-lose-answer':
      faults.loseAnswer(command.of, command.times ?? 1);
      break;
    case 'deny':
      access.deny(command.right);
      break;
    case 'allow-all':
      access.allowAll();
      break;
    case 'token-require':
      access.requireToken(FIRST_TOKEN);
      break;
    case 'token-rotate': {
      const token = `sandbox-token-${services.random.hex(8)}`;
      if (command.hide !== true) await writeFile(services.tokenFile, token, { mode: 0o600 });
      access.requireToken(token);
      return { token };
    }
    case 'token-off':
      access.requireToken(undefined);
      break;
    case 'job-fail': {
      const job = theJob(services, command.job);
      const exceptionName = 'java.lang.RuntimeException';
      if (command.final === true) job.restartsLeft = 0;
      job.failByProgram(
        command.message === undefined
          ? undefined
          : { exceptionName, stacktrace: `${exceptionName}: ${command.message}\n\tat org.example.Process.map(Process.java:85)\n` },
      );
      return { job: job.id };
    }
    case 'job-finish': {
      const job = theJob(services, command.job);
      job.finish();
      return { job: job.id };
    }
    case 'heal':
      faults.heal();
      await services.comeBack();
      access.allowAll();
      access.requireToken(undefined);
      crowd.remove();
      break;
    case 'writes':
      return { writes: services.writes.all() };
    case 'state':
      return { ...stateOf(services) };
    default:
      throw badRequest(`the sandbox knows no command ${JSON.stringify(command)}`);
  }
  return {};
}

function stateOf({ world, store, counts }: ControlServices): SandboxState {
  return {
    jobs: world.all().flatMap((cluster) => [...cluster.jobs.values()].map(({ id, name, status }) => ({ id, name, status }))),
    pods: store.list(PODS).map((pod) => pod.metadata.name),
    ...counts(),
  };
}

/** As `kubectl delete --force`. */
function kill({ deletion }: ControlServices, pod: string): void {
  deletion.delete(PODS, 'default', pod, { gracePeriodSeconds: 0 });
}

function existing({ store }: ControlServices, pod: string): string {
  if (store.get(PODS, 'default', pod) === undefined) throw badRequest(`no pod ${pod}`);
  return pod;
}

function theCluster({ world, clusterId }: ControlServices): FlinkCluster {
  const cluster = world.find('default', clusterId) ?? world.all()[0];
  if (cluster === undefined) throw badRequest('no Flink cluster runs');
  return cluster;
}

function theJob({ world }: ControlServices, wanted: string | undefined): FlinkJob {
  const jobs = world.all().flatMap((cluster) => [...cluster.jobs.values()]);
  const job =
    wanted === undefined ? jobs.find((one) => one.status === 'RUNNING') : jobs.find((one) => one.id === wanted || one.name === wanted);
  if (job === undefined) throw badRequest(`no job ${wanted ?? 'is running'}`);
  return job;
}

/** Portions of this many milliseconds. */
const PORTION = 20;

async function writeLines(
  { pod, lines, perSecond, prefix = 'line' }: Extract<ControlCommand, { kind: 'logs-write' }>,
  { store, logs, timeline }: ControlServices,
): Promise<void> {
  const found = store.get(PODS, 'default', pod);
  const log = found === undefined ? undefined : logs.current(found.metadata.uid, 'flink-main-container');
  if (log === undefined) throw badRequest(`pod ${pod} has no log`);
  let written = 0;
  const write = (upTo: number): void => {
    for (; written < Math.min(lines, upTo); written += 1) log.write(`${prefix} ${written + 1}`);
  };
  if (perSecond === undefined) return write(lines);
  const begin = performance.now();
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = timeline.every(PORTION, () => {
    write(Math.floor(((performance.now() - begin) / 1000) * perSecond));
    if (written < lines) return;
    stop();
    resolve();
  });
  return promise;
}
