import type { Finding, Report } from '../../src/causes/finding.ts';
import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';
import type { Incident, Moment } from './incident.ts';
import { judge, type Scenario, type Verdict } from './scenario.ts';

interface Size {
  readonly pods: number;
  readonly jobs: number;
}

/** A large session. */
export const largeCrowd: Size = { pods: 1_000, jobs: 50 };
/** Enough for one of each kind of trouble, but not of each failure of a job. */
export const smallCrowd: Size = { pods: 60, jobs: 20 };

type Raw = KubernetesObject & Readonly<Record<string, unknown>>;

/** What is wrong with a pod of the crowd, and the rule that explains it. */
interface Bystander {
  readonly rule: string;
  readonly status: object;
}

const minutes = 60_000;
const isoBefore = (at: number, ms: number): string => new Date(at - ms).toISOString();

const killed = (at: number): Bystander => ({
  rule: 'memory-limit',
  status: {
    phase: 'Failed',
    containerStatuses: [
      container({
        terminated: { exitCode: 137, reason: 'OOMKilled', startedAt: isoBefore(at, 90 * minutes), finishedAt: isoBefore(at, 40 * minutes) },
      }),
    ],
  },
});
const evicted: Bystander = {
  rule: 'removed-from-node',
  status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: ephemeral-storage. ', containerStatuses: [] },
};

const container = (state: object): object => ({
  name: 'flink-main-container',
  ready: 'running' in state,
  restartCount: 0,
  state,
  lastState: {},
});

/** Of a thousand TaskManagers, some went wrong long ago. */
function podTroubleOf(place: number, at: number): Bystander | undefined {
  if (place % 250 === 17) return killed(at);
  return place % 500 === 42 ? evicted : undefined;
}

const podName = (clusterId: string, place: number): string => `${clusterId}-taskmanager-7-${place + 1}`;

const podOf = ({ clusterId, namespace }: Incident, at: number, place: number): Raw => {
  const name = podName(clusterId, place);
  const labels = { app: clusterId, type: 'flink-native-kubernetes', component: 'taskmanager' };
  const healthy = {
    phase: 'Running',
    podIP: `10.8.${place >> 8}.${place & 255}`,
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [container({ running: { startedAt: isoBefore(at, 90 * minutes) } })],
  };
  return {
    kind: 'Pod',
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp: isoBefore(at, 90 * minutes), labels },
    spec: {
      nodeName: `node-${place % 60}`,
      containers: [{ name: 'flink-main-container', image: 'flink:2.3.0', resources: { limits: { memory: '1728Mi' } } }],
    },
    status: podTroubleOf(place, at)?.status ?? healthy,
  } as unknown as Raw;
};

/** Failures of jobs that have nothing to do with the incident, and the rules that explain them. */
const jobFailures = [
  { rule: 'exception', stack: 'java.io.IOException: disk quota exceeded\n\tat a.b.C.d(C.java:1)' },
  { rule: 'heap', stack: 'java.lang.OutOfMemoryError: Java heap space\n\tat a.b.C.d(C.java:1)' },
  {
    rule: 'closed-class-loader',
    stack: 'java.lang.IllegalStateException: Trying to access closed classloader. Please check\n\tat a.b.C.d(C.java:1)',
  },
  { rule: 'exception', stack: 'java.lang.IllegalStateException: the quota of customer 7 is used up: OOMKilled\n\tat a.b.C.d(C.java:1)' },
] as const;

const failureOf = (place: number): (typeof jobFailures)[number] | undefined =>
  place % 12 === 5 ? jobFailures[(place - 5) / 12] : undefined;

const jobName = (place: number): string => `nightly-${place + 1}`;
const jobId = (place: number): string => `c0de${String(place).padStart(28, '0')}`;

function jobAnswers(clusterId: string, at: number, place: number): { readonly entry: object; readonly rest: Moment['rest'] } {
  const failure = failureOf(place);
  const state = failure === undefined ? 'RUNNING' : 'FAILED';
  const failedAt = at - 25 * minutes;
  const entry = {
    jid: jobId(place),
    name: jobName(place),
    state,
    'start-time': at - 80 * minutes,
    'end-time': failure === undefined ? -1 : failedAt,
    duration: 80 * minutes,
    'last-modification': failedAt,
    tasks: { total: 8, [failure === undefined ? 'running' : 'failed']: 8 },
  };
  const entries =
    failure === undefined
      ? []
      : [
          {
            exceptionName: failure.stack.split(':')[0],
            stacktrace: failure.stack,
            timestamp: failedAt,
            taskName: 'enrich (1/8) - execution #0',
            taskManagerId: podName(clusterId, place),
            concurrentExceptions: [],
          },
        ];
  return {
    entry,
    rest: {
      [`/jobs/${jobId(place)}/exceptions`]: { exceptionHistory: { entries, truncated: false } },
      [`/jobs/${jobId(place)}/checkpoints`]: {
        counts: { restored: 0, total: 0, completed: 0, failed: 0, in_progress: 0 },
        summary: null,
        latest: { completed: null, savepoint: null, failed: null, restored: null },
        history: [],
      },
    },
  };
}

const places = (count: number): readonly number[] => Array.from({ length: count }, (_, place) => place);

interface Overview {
  readonly jobs: readonly object[];
}
interface TaskManagers {
  readonly taskmanagers: readonly object[];
}

function crowdedMoment(incident: Incident, moment: Moment, size: Size): Moment {
  const { clusterId } = incident;
  const { at, objects, rest } = moment;
  const overview = rest['/jobs/overview'] as Overview | undefined;
  const registered = rest['/taskmanagers'] as TaskManagers | undefined;
  const others = overview === undefined ? [] : places(size.jobs).map((place) => jobAnswers(clusterId, at, place));
  const healthy = places(size.pods).filter((place) => podTroubleOf(place, at) === undefined);
  return {
    ...moment,
    objects: { ...objects, pods: [...(objects['pods'] ?? []), ...places(size.pods).map((place) => podOf(incident, at, place))] },
    rest: {
      ...rest,
      ...Object.assign({}, ...others.map((each) => each.rest)),
      ...(overview === undefined ? {} : { '/jobs/overview': { jobs: [...overview.jobs, ...others.map(({ entry }) => entry)] } }),
      ...(registered === undefined
        ? {}
        : {
            '/taskmanagers': {
              taskmanagers: [
                ...registered.taskmanagers,
                ...healthy.map((place) => ({ id: podName(clusterId, place), slotsNumber: 4, freeSlots: 0, timeSinceLastHeartbeat: at })),
              ],
            },
          }),
    },
  };
}

/**
 * The incident in a session of many pods and jobs, some of which are in trouble for reasons of their own. Without jobs if the last answer of
 * Flink had none: then they would be lost as well.
 */
export function crowded(incident: Incident, size: Size): Incident {
  const last = incident.moments.at(-1)?.rest['/jobs/overview'] as Overview | undefined;
  const around: Size = { ...size, jobs: (last?.jobs.length ?? 0) > 0 ? size.jobs : 0 };
  return { ...incident, moments: incident.moments.map((moment) => crowdedMoment(incident, moment, around)) };
}

/** The rule that explains what is wrong with one of the crowd; undefined: nothing is, or it is not of the crowd. */
function expectedOf({ subject: { name } }: Finding, clusterId: string): { readonly ofCrowd: boolean; readonly rule: string | undefined } {
  const [prefix, place] = [`${clusterId}-taskmanager-7-`, Number(/\d+$/.exec(name)?.[0] ?? 0) - 1];
  if (name.startsWith(prefix)) return { ofCrowd: true, rule: podTroubleOf(place, 0)?.rule };
  return name.startsWith('nightly-') ? { ofCrowd: true, rule: failureOf(place)?.rule } : { ofCrowd: false, rule: undefined };
}

/** As `judge`; a cause of one of the crowd that is not its own is a false one as well. */
export function judgeInCrowd(scenario: Scenario, clusterId: string, { findings, unknown }: Report): Verdict {
  const own = findings.filter((finding) => !expectedOf(finding, clusterId).ofCrowd);
  const verdict = judge(scenario, { findings: own, unknown });
  const wrong = findings.filter((finding) => {
    const { ofCrowd, rule } = expectedOf(finding, clusterId);
    return ofCrowd && (finding.rule !== rule || finding.also.length > 0);
  });
  return wrong.length === 0 ? verdict : { ...verdict, false: true, told: JSON.stringify(wrong, undefined, 1) };
}
