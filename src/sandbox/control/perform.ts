import { writeFile } from 'node:fs/promises';
import type { Access } from '../api/access.ts';
import type { Deletion } from '../api/deletion.ts';
import type { Lists } from '../api/lists.ts';
import { DEPLOYMENTS, PODS } from '../api/resources.ts';
import { badRequest } from '../api/status.ts';
import type { ObjectStore } from '../api/store.ts';
import type { ControlAnswer, ControlCommand, SandboxState } from './command.ts';
import type { Crowd } from '../scenario/crowd.ts';
import { letNeighbourIn, removeNeighbour } from '../scenario/neighbour.ts';
import { startManyTasks } from '../scenario/many-tasks.ts';
import type { RunningPodServices } from '../scenario/running-pods.ts';
import type { Faults } from '../base/faults.ts';
import { ASYNC_FAILED } from '../flink/checkpoint-coordinator.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import type { PodLogs } from '../pods/pod-logs.ts';
import type { Random } from '../base/random.ts';
import type { SandboxClock } from '../base/clock.ts';
import type { WriteRecord } from './write-record.ts';

export interface ControlServices extends RunningPodServices {
  readonly faults: Faults;
  readonly access: Access;
  readonly store: ObjectStore;
  readonly deletion: Deletion;
  readonly lists: () => Lists;
  readonly logs: PodLogs;
  readonly crowd: Crowd;
  /** Real time. */
  readonly clock: SandboxClock;
  readonly random: Random;
  readonly clusterId: string;
  /** The token that the kubeconfig holds, and the file that its context `token-file` reads. */
  readonly token: { readonly first: string; readonly file: string };
  readonly restart: (ms: number) => Promise<void>;
  readonly comeBack: () => Promise<void>;
  readonly writes: WriteRecord;
  readonly counts: () => Pick<SandboxState, 'streams' | 'requests' | 'connections'>;
}

type Kind = ControlCommand['kind'];
type Answer = ControlAnswer | undefined | void;

const named = ({ id, name }: FlinkJob): Answer => ({ job: id, name });

/** The effect of each command. */
const controls: {
  readonly [K in Kind]: (command: Extract<ControlCommand, { kind: K }>, services: ControlServices) => Answer | Promise<Answer>;
} = {
  async 'api-restart'(command, services) {
    await services.restart(command.forMs);
  },
  'api-pause'(command, { faults }) {
    faults.pause(command.forMs);
  },
  'api-answer'(command, { faults }) {
    faults.answerWith(command.status, command);
  },
  'api-slow'(command, { faults }) {
    faults.during(
      'api-delay',
      command.forMs,
      () => void (faults.apiDelay = command.delayMs),
      () => void (faults.apiDelay = 0),
    );
  },
  'streams-cut'(command, { faults }) {
    if (command.everyMs === undefined) faults.cutStreams();
    else faults.cutEvery(command.everyMs);
  },
  'watches-expire'(_, services) {
    const { store, faults } = services;
    store.trim();
    services.lists().expire();
    for (const expire of [...faults.watches]) expire();
  },
  bookmarks(command, { faults }) {
    faults.bookmarks = command.on;
  },
  'logs-reset'(command, { faults }) {
    for (const log of [...faults.logs]) log.reset(command.midLine);
  },
  'logs-end'(_, { faults }) {
    for (const log of [...faults.logs]) log.finish();
  },
  'logs-repeat'(command, { faults }) {
    faults.logsRepeat = command.lines;
  },
  async 'logs-write'(command, services) {
    await writeLines(command, services);
  },
  'port-forward'(command, { faults }) {
    if (command.mode !== 'close') faults.forwardMode = command.mode;
    else for (const forward of [...faults.forwards]) forward.cut();
  },
  'pod-kill'(command, services) {
    kill(services, existing(services, command.pod));
  },
  'pod-crash'(command, services) {
    const { node } = services;
    if (!node.crash('default', existing(services, command.pod), command))
      throw badRequest(`the main container of pod ${command.pod} does not run`);
  },
  'jobmanager-kill'(_, services) {
    kill(services, theCluster(services).leader.metadata.name);
  },
  'jobmanager-crash-loop'(command, services) {
    const { faults, node } = services;

    faults.jobManagerDies =
      command.reason ?? 'org.apache.flink.configuration.IllegalConfigurationException: The plugin flink-s3-fs-nosuch does not exist.';
    node.crash('default', theCluster(services).leader.metadata.name, { exitCode: 1, reason: 'Error' });
  },
  'pod-delete'(command, services) {
    const { deletion } = services;
    deletion.delete(PODS, 'default', existing(services, command.pod), {});
  },
  'cluster-delete'(_, services) {
    const { deletion } = services;
    deletion.delete(DEPLOYMENTS, 'default', theCluster(services).settings.clusterId, { propagation: 'Background' });
  },
  'taskmanagers-refuse'(command, { faults }) {
    faults.workersRefused = command.how;
  },
  'node-full'(_, { faults, store, clock }) {
    faults.nodeFull = true;
    letNeighbourIn(store, clock.now());
  },
  'checkpoints-stick'(_, { faults }) {
    faults.checkpointsStuck = true;
  },
  sampling(command, { faults }) {
    faults.samplingOff = !command.on;
  },
  async 'job-large'(command, services) {
    return named(await startManyTasks(services, theCluster(services), command.parallelism));
  },
  scheduler(command, { faults }) {
    faults.adaptive = command.adaptive;
  },
  deadlock(_, { faults }) {
    faults.deadlocked = true;
  },
  'checkpoints-fail'(command, { faults }) {
    faults.checkpointsFail = command.reason ?? ASYNC_FAILED;
  },
  'taskmanager-oom'(command, services) {
    const { node } = services;

    const pod = command.pod ?? theCluster(services).taskManagers.all()[0]?.name;
    if (pod === undefined) throw badRequest('no TaskManager is registered');
    if (!node.crash('default', existing(services, pod), { exitCode: 137, reason: 'OOMKilled' }))
      throw badRequest(`the main container of pod ${pod} does not run`);
    return { pod };
  },
  'pods-create'(command, services) {
    const { crowd } = services;
    crowd.create(command.count, command.clusterId ?? services.clusterId, command.ageMs);
  },
  'pods-churn'(command, { crowd }) {
    crowd.churn(command.perSecond, command.forMs);
  },
  'pods-remove'(_, { crowd }) {
    crowd.remove();
  },
  'rest-election'(command, { faults }) {
    faults.during(
      'election',
      command.forMs,
      () => void (faults.election = true),
      () => void (faults.election = false),
    );
  },
  'rest-cut'(command, { faults }) {
    faults.cutRest(command.times ?? 1, command.path ?? '');
  },
  'rest-shape'(command, { faults }) {
    faults.shapeAs(command.body, command.status ?? 200, command.times ?? 1, command.path ?? '');
  },
  'rest-slow'(command, { faults }) {
    faults.during(
      'rest-delay',
      command.forMs,
      () => void (faults.restDelay = { ms: command.delayMs, path: command.path ?? '' }),
      () => void (faults.restDelay = undefined),
    );
  },
  'rest-lose-answer'(command, { faults }) {
    faults.loseAnswer(command.of, command.times ?? 1);
  },
  deny(command, { access }) {
    access.deny(command.right);
  },
  'allow-all'(_, { access }) {
    access.allowAll();
  },
  'token-require'(_, { access, token }) {
    access.requireToken(token.first);
  },
  async 'token-rotate'(command, services) {
    const { access } = services;

    const token = `sandbox-token-${services.random.hex(8)}`;
    if (command.hide !== true) await writeFile(services.token.file, token, { mode: 0o600 });
    access.requireToken(token);
    return { token };
  },
  'token-off'(_, { access }) {
    access.requireToken(undefined);
  },
  'job-fail'(command, services) {
    const job = theJob(services, command.job);
    const exceptionName = 'java.lang.RuntimeException';
    if (command.final === true) job.restartsLeft = 0;
    job.failByProgram(
      command.message === undefined
        ? undefined
        : {
            exceptionName,
            stacktrace: `${exceptionName}: ${command.message}\n\tat org.example.Process.map(Process.java:85)\n`,
            blames: 'USER',
          },
    );
    return named(job);
  },
  'job-finish'(command, services) {
    const job = theJob(services, command.job);
    job.finish();
    return named(job);
  },
  async heal(_, services) {
    const { faults, access, crowd, store } = services;
    faults.heal();
    removeNeighbour(store);
    await services.comeBack();
    access.allowAll();
    access.requireToken(undefined);
    crowd.remove();
  },
  writes(_, services) {
    return { writes: services.writes.all() };
  },
  state(_, services) {
    return { ...stateOf(services) };
  },
};

/** Runs one command. Throws `ApiError` 400 for an unknown command. */
export async function runControl(command: ControlCommand, services: ControlServices): Promise<ControlAnswer> {
  if (!Object.hasOwn(controls, command.kind)) throw badRequest(`the sandbox knows no command ${JSON.stringify(command)}`);
  const control = controls[command.kind] as (command: ControlCommand, services: ControlServices) => Answer | Promise<Answer>;
  return (await control(command, services)) ?? {};
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

/** Milliseconds between two portions of lines. */
const PORTION = 20;

async function writeLines(
  { pod, lines, perSecond, prefix = 'line' }: Extract<ControlCommand, { kind: 'logs-write' }>,
  { store, logs, clock }: ControlServices,
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
  const stop = clock.every(PORTION, () => {
    write(Math.floor(((performance.now() - begin) / 1000) * perSecond));
    if (written < lines) return;
    stop();
    resolve();
  });
  return promise;
}
