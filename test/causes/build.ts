import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';
import type { Incident, Moment } from './incident.ts';

/** 2026-11-28 04:00:00 UTC: when a built incident is looked at. */
export const now = Date.UTC(2026, 10, 28, 4, 0, 0);
export const ago = (seconds: number): string => new Date(now - seconds * 1_000).toISOString();

type Raw = KubernetesObject & Readonly<Record<string, unknown>>;

interface PodGiven {
  readonly ip?: string;
  /** Seconds since its creation. */
  readonly age?: number;
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly object[];
  /** Of the main container. */
  readonly state?: object;
  readonly before?: object;
  readonly restarts?: number;
  readonly deleted?: boolean;
  readonly requests?: object;
}

const running = (age: number): object => ({ running: { startedAt: ago(age) } });

function aPod(name: string, component: string, given: PodGiven): Raw {
  const { age = 600, phase = 'Running', state = running(age - 5), before, restarts = 0 } = given;
  const ready = phase === 'Running' && 'running' in state;
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'flink',
      uid: `uid-${name}`,
      creationTimestamp: ago(age),
      labels: { app: 'c1', type: 'flink-native-kubernetes', component },
      ...(given.deleted === true ? { deletionTimestamp: ago(5), deletionGracePeriodSeconds: 30 } : {}),
    },
    spec: {
      nodeName: phase === 'Pending' ? undefined : 'node-a',
      containers: [
        {
          name: 'flink-main-container',
          image: 'flink:2.3.0',
          resources: { limits: { cpu: '1', memory: '1728Mi' }, requests: given.requests ?? { cpu: '1', memory: '1728Mi' } },
        },
      ],
    },
    status: {
      phase,
      podIP: given.ip,
      reason: given.reason,
      message: given.message,
      conditions: [...(given.conditions ?? []), { type: 'Ready', status: ready ? 'True' : 'False' }],
      containerStatuses:
        given.conditions !== undefined && phase === 'Pending'
          ? []
          : [
              {
                name: 'flink-main-container',
                ready,
                restartCount: restarts,
                state,
                lastState: before === undefined ? {} : { terminated: before },
              },
            ],
    },
  } as unknown as Raw;
}

export const jobManager = (given: PodGiven = {}): Raw => aPod('c1-6c469d8f4f-abcde', 'jobmanager', given);
export const taskManager = (number: number, given: PodGiven = {}): Raw => aPod(`c1-taskmanager-1-${number}`, 'taskmanager', given);
/** How the JobManager and the first TaskManagers are named. */
export const jobManagerName = 'c1-6c469d8f4f-abcde';
export const taskManagerName = (number: number): string => `c1-taskmanager-1-${number}`;

export const terminated = (exitCode: number, reason = 'Error', seconds = 20): object => ({
  terminated: { exitCode, reason, finishedAt: ago(seconds), startedAt: ago(300) },
});
/** A crash loop between two tries. */
export const looping = (exitCode: number, reason = 'Error'): PodGiven => ({
  state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting failed container' } },
  before: { exitCode, reason, finishedAt: ago(20) },
  restarts: 4,
});
export const waiting = (reason: string, message?: string): PodGiven => ({
  phase: 'Pending',
  state: { waiting: { reason, message } },
  age: 120,
});
export const unscheduled = (message: string): PodGiven => ({
  phase: 'Pending',
  age: 120,
  conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }],
});

export const event = (kind: string, name: string, reason: string, message: string, seconds = 20): Raw =>
  ({
    kind: 'Event',
    type: 'Warning',
    metadata: { name: `${name}.${reason}`, creationTimestamp: ago(seconds + 60) },
    involvedObject: { kind, name, namespace: 'flink' },
    reason,
    message,
    lastTimestamp: ago(seconds),
    count: 4,
  }) as unknown as Raw;

interface JobGiven {
  readonly name?: string;
  readonly state?: string;
  readonly failures?: readonly FailureGiven[];
  readonly scheduled?: number;
  readonly parallelism?: number;
  readonly checkpoint?: CheckpointGiven;
  readonly completed?: string;
}

interface FailureGiven {
  readonly stack: string;
  readonly on?: number;
  readonly seconds?: number;
}

interface CheckpointGiven {
  readonly failure: string;
  readonly seconds?: number;
  /** How many of the subtasks of the second operator acknowledged. */
  readonly acknowledged?: number;
}

const id = '9f13c2'.padEnd(32, '0');
const vertices = ['a1', 'b2'].map((each) => each.padEnd(32, '0'));

const entry = ({ failure, seconds = 30 }: CheckpointGiven): object => ({
  id: 8,
  status: 'FAILED',
  is_savepoint: false,
  trigger_timestamp: now - (seconds + 600) * 1_000,
  latest_ack_timestamp: -1,
  end_to_end_duration: 600_000,
  state_size: 0,
  num_subtasks: 8,
  num_acknowledged_subtasks: 6,
  failure_message: failure,
  failure_timestamp: now - seconds * 1_000,
});

const completedEntry = (path: string): object => ({
  id: 7,
  status: 'COMPLETED',
  is_savepoint: false,
  trigger_timestamp: now - 700_000,
  latest_ack_timestamp: now - 699_000,
  end_to_end_duration: 1_000,
  state_size: 10,
  num_subtasks: 8,
  num_acknowledged_subtasks: 8,
  external_path: path,
});

function jobAnswers({
  name = 'orders',
  state = 'RUNNING',
  failures = [],
  scheduled = 0,
  parallelism = 4,
  checkpoint,
  completed,
}: JobGiven): Moment['rest'] {
  const total = 2 * parallelism;
  const times = { 'start-time': now - 3_660_000, 'end-time': state === 'FAILED' ? now - 20_000 : -1, duration: 3_600_000 };
  const failed = checkpoint === undefined ? null : entry(checkpoint);
  const done = completed === undefined ? null : completedEntry(completed);
  return {
    '/jobs/overview': {
      jobs: [
        {
          jid: id,
          name,
          state,
          ...times,
          'last-modification': now - 60_000,
          tasks: { total, running: scheduled > 0 || state === 'FAILED' ? 0 : total, scheduled, failed: state === 'FAILED' ? total : 0 },
        },
      ],
    },
    [`/jobs/${id}`]: {
      jid: id,
      name,
      state,
      'job-type': 'STREAMING',
      ...times,
      maxParallelism: -1,
      now,
      timestamps: { RUNNING: now - 60_000 },
      vertices: vertices.map((vertex, place) => ({
        id: vertex,
        slotSharingGroupId: 'c3'.padEnd(32, '0'),
        name: place === 0 ? 'Source: orders' : 'enrich',
        maxParallelism: 128,
        parallelism,
        status: 'RUNNING',
        'start-time': now - 60_000,
        'end-time': -1,
        duration: 60_000,
        tasks: {},
        metrics: {},
      })),
      plan: { jid: id, name, type: 'STREAMING', nodes: [] },
    },
    [`/jobs/${id}/exceptions`]: {
      exceptionHistory: {
        entries: failures.map(({ stack, on, seconds = 20 }) => ({
          exceptionName: /^[\w.$]+/.exec(stack)?.[0] ?? 'x.Y',
          stacktrace: stack,
          timestamp: now - seconds * 1_000,
          taskName: on === undefined ? null : 'enrich (1/4) - execution #1',
          taskManagerId: on === undefined ? null : taskManagerName(on),
          concurrentExceptions: [],
        })),
        truncated: false,
      },
    },
    [`/jobs/${id}/checkpoints`]: {
      counts: { restored: 0, total: 8, completed: 7, failed: failed === null ? 0 : 1, in_progress: 0 },
      summary: null,
      latest: { completed: done, savepoint: null, failed, restored: null },
      history: [failed, done].filter((each) => each !== null),
    },
    ...(checkpoint === undefined
      ? {}
      : {
          [`/jobs/${id}/checkpoints/details/8`]: {
            ...entry(checkpoint),
            tasks: Object.fromEntries(
              vertices.map((vertex, place) => [
                vertex,
                {
                  id: 8,
                  status: 'FAILED',
                  latest_ack_timestamp: now - 620_000,
                  state_size: 0,
                  end_to_end_duration: 300,
                  num_subtasks: parallelism,
                  num_acknowledged_subtasks: place === 0 ? parallelism : (checkpoint.acknowledged ?? parallelism),
                },
              ]),
            ),
          },
        }),
  };
}

interface ClusterGiven {
  readonly pods?: readonly Raw[];
  readonly events?: readonly Raw[];
  readonly logs?: Moment['logs'];
  readonly job?: JobGiven;
  /** Without it Flink does not answer. */
  readonly slots?: readonly [free: number, total: number];
  readonly configuration?: Readonly<Record<string, string>>;
  readonly registered?: readonly number[];
  readonly objects?: Moment['objects'];
  readonly version?: string;
}

const noJobs: Moment['rest'] = { '/jobs/overview': { jobs: [] } };

function moment(
  {
    pods = [jobManager()],
    events = [],
    logs = {},
    job,
    slots,
    configuration,
    registered = [],
    objects = {},
    version = '2.3.0',
  }: ClusterGiven,
  at: number,
): Moment {
  const answers = slots === undefined && job === undefined;
  const [free, total] = slots ?? [0, 4];
  return {
    at,
    objects: { pods, events, ...objects },
    logs,
    rest: answers
      ? {}
      : {
          '/overview': {
            taskmanagers: registered.length,
            'slots-total': total,
            'slots-available': free,
            'jobs-running': 1,
            'jobs-finished': 0,
            'jobs-cancelled': 0,
            'jobs-failed': 0,
            'flink-version': version,
          },
          '/taskmanagers': {
            taskmanagers: registered.map((number) => ({
              id: taskManagerName(number),
              slotsNumber: 4,
              freeSlots: 0,
              timeSinceLastHeartbeat: now,
            })),
          },
          ...(configuration === undefined
            ? {}
            : { '/jobmanager/config': Object.entries(configuration).map(([key, value]) => ({ key, value })) }),
          ...(job === undefined ? noJobs : jobAnswers(job)),
        },
  };
}

/** A cluster at one moment after the other, the last one now. */
export const incident = (...clusters: readonly ClusterGiven[]): Incident => ({
  clusterId: 'c1',
  namespace: 'flink',
  moments: clusters.map((each, place) => moment(each, now - (clusters.length - 1 - place) * 30_000)),
});
