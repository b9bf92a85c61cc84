import { describe, expect, test } from 'vitest';
import type { View } from '../../src/commands/model/types.ts';
import type { Finding } from '../../src/causes/finding.ts';
import type { JobException } from '../../src/flink/types.ts';
import type { KubernetesClient, ListOptions, LogRequest } from '../../src/kubernetes/model/types.ts';
import { selectWorst } from '../../src/session/selectors/worst.ts';
import type { Job, Pod } from '../../src/session/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeCluster, fakeFlink, fakeKubernetes, settle, start } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

/** The logs of containers, by pod, container, and whether it is the run before. */
function logsOf(logs: Readonly<Record<string, readonly string[]>>): {
  readonly asked: LogRequest[];
  readonly followLog: KubernetesClient['followLog'];
} {
  const asked: LogRequest[] = [];
  return {
    asked,
    async followLog(request, sink) {
      asked.push(request);
      const lines = logs[`${request.pod}${request.previous === true ? ' before' : ''}`];
      if (lines === undefined) throw new Problem('not-found', 'There is no such log.');
      sink.lines(
        lines.map((line) => {
          const bytes = Buffer.from(line);
          return { at: start, bytes, from: 0, to: bytes.length, cut: false };
        }),
      );
    },
  };
}

interface Scene {
  readonly pods?: readonly Pod[];
  readonly gone?: readonly Pod[];
  readonly jobs?: readonly Job[];
  readonly logs?: Readonly<Record<string, readonly string[]>>;
  readonly slots?: readonly [free: number, total: number];
  /** What Flink tells of the checkpoints of a job. */
  readonly told?: Job['checkpoints'];
}

function scene({ pods = [pod({ shortName: 'jobmanager-a' })], gone = [], jobs = [], logs = {}, slots, told }: Scene) {
  const kubernetes = logsOf(logs);
  const at = desk({
    kubernetes: fakeKubernetes({ followLog: kubernetes.followLog, get: unknown, list: unknown }),
    cluster: fakeCluster({}),
    flink: flinkWith(jobs, told),
  });
  at.store.pods(...pods, ...gone);
  at.store.pods(...pods);
  at.store.tell([{ kind: 'leader', at: start, pod: 'c1-jobmanager-a' }]);
  at.store.jobs(...jobs);
  if (slots !== undefined)
    at.store.tell([
      {
        kind: 'overview',
        at: start,
        overview: { taskManagers: 0, slotsTotal: slots[1], slotsAvailable: slots[0], flinkVersion: '2.3.0', flinkCommit: undefined },
      },
    ]);
  return { ...at, asked: kubernetes.asked };
}

const unknown = () => Promise.reject(new Problem('not-found', 'That is not known.'));

/** A Flink that tells the exceptions of its jobs, their checkpoints if there are any, and nothing else. */
const flinkWith = (jobs: readonly Job[], told: Job['checkpoints']) => {
  return fakeFlink({
    checkpoints: told === undefined ? unknown : async () => told,
    exceptions: async (id) => jobs.find((each) => each.id === id)?.exceptions ?? [],
    clusterConfiguration: unknown,
    job: unknown,
    taskManagers: async () => [],
    checkpointDetail: unknown,
  });
};

const lines = ({ front }: { readonly front: { readonly views: readonly View[] } }): readonly string[] =>
  front.views.flatMap((view) => ('text' in view ? view.text : []));
const findings = ({ front }: { readonly front: { readonly views: readonly View[] } }): readonly Finding[] =>
  front.views.flatMap((view) => (view.kind === 'why' ? view.card.findings : []));

const container = (given: Partial<Pod['containers'][number]>): Pod['containers'] => [
  { ...pod({ shortName: 'x' }).containers[0]!, ...given },
];
const killed = pod({
  shortName: 'taskmanager-1-3',
  state: 'OOMKilled (137)',
  severity: 'error',
  deletedAt: start - 10_000,
  containers: container({ state: 'terminated', reason: 'OOMKilled', exitCode: 137, endedAt: start - 12_000 }),
});
const exception = (stacktrace: string, taskManagerId: string | undefined, ago = 12_000): JobException => ({
  name: stacktrace.split(':')[0] ?? '',
  at: start - ago,
  taskName: 'Enrich (5/12)',
  taskManagerId,
  stacktrace,
});
const orders = (...exceptions: readonly JobException[]): Job => job({ name: 'orders', state: 'RESTARTING', restarts: 7, exceptions });

test('nothing is wrong', async () => {
  const at = scene({});
  await at.run('why');
  expect(lines(at)).toEqual(['No problems found.']);
  expect(at.asked).toEqual([]);
});

test('a pod that is well says so', async () => {
  const at = scene({});
  await at.run('why jm');
  expect(lines(at)).toEqual(['Pod jobmanager-a is Running; nothing is wrong with it.']);
  expect(findings(at)).toEqual([]);
});

describe('the cause of a failed job', () => {
  const heap =
    'org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy\n\tat a.b.C(D.java:1)\nCaused by: java.io.IOException: lost\nCaused by: java.lang.OutOfMemoryError: Java heap space';
  const closed =
    "org.apache.flink.runtime.io.network.netty.exception.RemoteTransportException: Connection unexpectedly closed by remote task manager '10.1.0.7/10.1.0.7:34567 [ c1-taskmanager-1-3 ] '. This might indicate that the remote task manager was lost.";
  const suppressed = 'org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy';
  const noSlots =
    'org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not acquire the minimum required resources.';

  test.each([
    ['is the deepest of its exceptions', [exception(heap, 'c1-taskmanager-1-1')], 'java.lang.OutOfMemoryError: Java heap space'],
    [
      'is the TaskManager that was killed, whatever was thrown on it',
      [exception('x.Boom: bang', killed.name)],
      'taskmanager-1-3: the kernel killed it because it used more memory than its limit',
    ],
    [
      'is the TaskManager whose end another one noticed',
      [exception(closed, 'c1-taskmanager-1-1')],
      'taskmanager-1-3: the kernel killed it because it used more memory than its limit',
    ],
    ['is not a TaskManager that was killed when nothing of it failed', [exception('x.Boom: bang', 'c1-taskmanager-1-1')], 'x.Boom: bang'],
    ['is not a TaskManager that was killed at another time', [exception('x.Boom: bang', killed.name, 600_000)], 'x.Boom: bang'],
    [
      'is the exception before one that only follows',
      [exception(suppressed, undefined, 5_000), exception('x.Boom: bang', 'c1-taskmanager-1-1', 6_000)],
      'x.Boom: bang',
    ],
    ['is not known where only consequences are recorded', [exception(suppressed, undefined)], undefined],
    [
      'is not that a TaskManager went of which nothing is known',
      [exception(closed.replace('1-3', '9-9'), 'c1-taskmanager-1-1')],
      undefined,
    ],
    ['is not that there were no slots', [exception(noSlots, undefined)], undefined],
  ])('%s', async (_what, exceptions, cause) => {
    const at = scene({ gone: [killed], jobs: [orders(...exceptions)], logs: { 'c1-jobmanager-a': [] } });
    await at.run('why orders');
    expect(findings(at)[0]?.cause).toBe(cause);
    expect(lines(at)[1]).toMatch(cause === undefined ? /Root cause: not known\. The evidence so far:/ : `  Root cause: ${cause}.`);
  });

  test('is not that Flink released its idle TaskManager afterwards', async () => {
    const released = pod({
      shortName: 'taskmanager-1-1',
      state: 'Released',
      severity: 'done',
      deletedAt: start - 10_000,
      containers: container({ state: 'terminated', reason: 'Error', exitCode: 143, endedAt: start - 10_000 }),
    });
    const at = scene({
      gone: [released],
      jobs: [{ ...orders(exception('x.Boom: bang', released.name, 45_000)), state: 'FAILED', endTime: start - 45_000 }],
    });
    await at.run('why orders');
    expect(findings(at)[0]?.cause).toBe('x.Boom: bang');
    expect(lines(at).join()).not.toContain('Released');
    expect(selectWorst(at.store.get(), start)?.text).toBe('orders failed: Boom: bang');
  });

  test('is reported with what proves it, and with options that help', async () => {
    const at = scene({ gone: [killed], jobs: [orders(exception(heap, killed.name))] });
    await at.run('why orders');
    expect(lines(at)).toEqual([
      'Job orders (9f13c2) is RESTARTING, restarted 7 times.',
      '  Root cause: taskmanager-1-3: the kernel killed it because it used more memory than its limit.',
      expect.stringMatching(
        /^ {2}status of taskmanager-1-3, \d\d:\d\d:\d\d, 12 s ago: container flink-main-container ended with OOMKilled \(137\), limit 1728Mi$/,
      ),
      expect.stringMatching(
        /^ {2}exception in Enrich \(5\/12\) on taskmanager-1-3, \d\d:\d\d:\d\d, 12 s ago: .*JobException, from java.lang.OutOfMemoryError: Java heap space$/,
      ),
      expect.stringMatching(/^ {2}It follows: The JVM keeps its heap, metaspace and direct memory within their sizes/),
      "  What helps: more room outside of the JVM's own limits: taskmanager.memory.jvm-overhead.fraction or .min; more of everything: taskmanager.memory.process.size.",
      '  What helps: logs taskmanager-1-3 shows its log.',
      '  In order of time:',
      expect.stringMatching(/^ {4}\d\d:\d\d:48 flink it failed in Enrich \(5\/12\): java.lang.OutOfMemoryError: Java heap space$/),
      expect.stringMatching(/^ {4}\d\d:\d\d:00 k8s {3}pod taskmanager-1-3 gone: OOMKilled \(137\), limit 1728Mi$/),
    ]);
    expect(lines(at).join()).not.toContain('jvm-overhead.max');
  });

  test.each([
    ['was killed for its memory', killed],
    ['was deleted', { ...killed, state: 'Deleted' }],
  ])('is told by the line that begins with ! in the words of why: its TaskManager %s', async (_, gone) => {
    const at = scene({ gone: [gone], jobs: [orders(exception(heap, gone.name))] });
    await at.run('why orders');
    const cause = findings(at)[0]?.cause ?? 'none';
    expect(cause).toMatch(/^taskmanager-1-3: (?:the kernel killed it|it was deleted)/);
    expect(selectWorst(at.store.get(), at.clock.now())?.text).toBe(`orders restarts: ${cause}`);
  });

  test('is the end of the log of a TaskManager that ended by itself, where Flink only says that it is gone', async () => {
    const crashed = pod({
      shortName: 'taskmanager-1-3',
      state: 'Error (239)',
      severity: 'error',
      containers: container({ state: 'terminated', reason: 'Error', exitCode: 239, endedAt: start - 12_000 }),
    });
    const at = scene({
      pods: [pod({ shortName: 'jobmanager-a' }), crashed],
      jobs: [orders(exception(closed, 'c1-taskmanager-1-1'))],
      logs: { [crashed.name]: ['2026-11-22 11:33:48,000 ERROR x.Y [] - Fatal error', 'Caused by: java.lang.OutOfMemoryError: Metaspace'] },
    });
    await at.run('why orders');
    expect(findings(at)[0]).toMatchObject({
      cause: 'taskmanager-1-3 ended with Error (239): java.lang.OutOfMemoryError: Metaspace',
      advice: [expect.stringContaining('taskmanager.memory.jvm-metaspace.size'), 'logs taskmanager-1-3 shows its log.'],
    });
  });
});

describe('a job that waits for slots', () => {
  const waiting = job({ name: 'cars', tasks: { total: 2, byState: { scheduled: 2 } } });
  const refusal = (name: string) =>
    `2026-11-27 09:41:34,728 WARN  org.apache.flink.kubernetes.KubernetesResourceManagerDriver  [] - Could not create pod ${name}, exception: java.util.concurrent.CompletionException: io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST at: https://10.96.0.1:443/api/v1/namespaces/default/pods. Message: pods is forbidden: User "system:serviceaccount:default:nocreate" cannot create resource "pods" in API group "" in the namespace "default". Received status: Status(apiVersion=v1, code=403)`;

  test('says so, with the slots there are', async () => {
    const at = scene({ jobs: [waiting], slots: [0, 0], logs: { 'c1-jobmanager-a': [] } });
    await at.run('why');
    expect(lines(at)).toEqual([
      'Job cars (9f13c2) is WAITING.',
      '  Root cause: not known. The evidence so far:',
      "  Flink's jobs: not all of its 2 tasks run: 2 scheduled",
      "  Flink's slots: 0 of 0 are free",
    ]);
  });

  test('because its TaskManagers may not be created names who may not, from the log of the JobManager', async () => {
    const at = scene({
      jobs: [waiting],
      slots: [0, 0],
      logs: { 'c1-jobmanager-a': [refusal('c1-taskmanager-1-1'), refusal('c1-taskmanager-1-2')] },
    });
    await at.run('why cars');
    expect(findings(at)[0]).toMatchObject({
      cause:
        'the JobManager cannot create TaskManager pods: pods is forbidden: User "system:serviceaccount:default:nocreate" cannot create resource "pods" in API group "" in the namespace "default"',
      advice: ['drey doctor -n default shows the rights that are needed, and how to grant them.'],
    });
    expect(lines(at).some((line) => line.startsWith('  log of jobmanager-a: Could not create pod, 2 times: pods is forbidden'))).toBe(true);
  });

  test('is not told of a refusal that is over', async () => {
    const at = scene({
      jobs: [waiting],
      logs: {
        'c1-jobmanager-a': [
          refusal('c1-taskmanager-1-1'),
          '2026-11-27 09:41:44,728 INFO  org.apache.flink.kubernetes.KubernetesResourceManagerDriver  [] - Pod c1-taskmanager-1-2 is created.',
        ],
      },
    });
    await at.run('why cars');
    expect(findings(at)[0]?.cause).toBeUndefined();
  });

  test('because no node takes its TaskManagers says which resource is missing', async () => {
    const pending = pod({
      shortName: 'taskmanager-1-1',
      state: 'Unschedulable: 0/1 nodes are available: 1 Insufficient cpu',
      severity: 'warn',
      containers: container({ state: 'waiting', startedAt: undefined }),
    });
    const at = scene({ pods: [pod({ shortName: 'jobmanager-a' }), pending], jobs: [waiting] });
    await at.run('why cars');
    expect(findings(at)[0]).toMatchObject({
      cause: 'a TaskManager does not start: taskmanager-1-1: 0/1 nodes are available: 1 Insufficient cpu',
      advice: [expect.stringContaining('kubernetes.taskmanager.cpu.amount')],
    });
  });
});

describe('a pod that no node takes', () => {
  const pending = pod({
    shortName: 'taskmanager-1-1',
    state: 'Unschedulable: 0/2 nodes are available: 2 Insufficient cpu',
    severity: 'warn',
    message: '0/2 nodes are available: 2 Insufficient cpu.',
    containers: container({ state: 'waiting', startedAt: undefined }),
  });
  const requesting = (cpu: string, memory: string) => ({ containers: [{ name: 'main', resources: { requests: { cpu, memory } } }] });
  const node = (name: string) => ({ metadata: { name }, status: { allocatable: { cpu: '4', memory: '8Gi' } } });
  const explained = async (cpu: string, list: KubernetesClient['list']): Promise<Finding | undefined> => {
    const get = async <T>() => ({ metadata: { name: pending.name }, spec: requesting(cpu, '2Gi') }) as T;
    const at = desk({ kubernetes: fakeKubernetes({ get, list }), cluster: fakeCluster({}), flink: fakeFlink({}) });
    at.store.pods(pending);
    await at.run('why taskmanager-1-1');
    return findings(at)[0];
  };
  const nodes: KubernetesClient['list'] = async <T>({ plural }: { readonly plural: string }) =>
    (plural === 'nodes'
      ? [node('n1'), node('n2')]
      : [{ metadata: { name: 'other' }, spec: { nodeName: 'n1', ...requesting('3', '1Gi') }, status: {} }]) as unknown as readonly T[];

  test.each([
    ['5', 'no node is large enough; a node has at most 4 CPU and 8.6 GB'],
    ['4', undefined],
  ])('and that requests %s CPU is compared with what the nodes have', async (cpu, shortage) => {
    expect(await explained(cpu, nodes)).toMatchObject({
      cause: '0/2 nodes are available: 2 Insufficient cpu',
      evidence: [
        ...(shortage === undefined
          ? []
          : [{ source: { kind: 'status', object: 'nodes' }, text: `${pending.shortName} requests ${cpu} CPU and 2.1 GB: ${shortage}` }]),
        { source: { kind: 'status', object: pending.shortName } },
      ],
    });
  });

  test('has what the nodes have left beside it', async () => {
    const busy: KubernetesClient['list'] = async <T>(resource: Parameters<KubernetesClient['list']>[0]) =>
      (resource.plural === 'nodes' ? [node('n1')] : await nodes(resource)) as unknown as readonly T[];
    expect((await explained('2', busy))?.evidence.map(({ text }) => text)).toEqual([
      `${pending.shortName} requests 2 CPU and 2.1 GB: no node has so much left; one that is large enough has at most 1 CPU and 7.5 GB left`,
      pending.state,
    ]);
  });

  test.each([
    [
      'on a few nodes, only what runs on those that are large enough is listed',
      2,
      ['nodes ', 'pods spec.nodeName=n0', 'pods spec.nodeName=n1'],
    ],
    ['on many, nothing is', 3_000, ['nodes ']],
  ])('never lists the pods of a whole cluster: %s', async (_, count, lists) => {
    const asked: string[] = [];
    const many = Array.from({ length: count }, (__, index) => node(`n${index}`));
    const small = { metadata: { name: 'small' }, status: { allocatable: { cpu: '1', memory: '1Gi' } } };
    await explained('4', async <T>({ plural }: { readonly plural: string }, options?: ListOptions) => {
      asked.push(`${plural} ${options?.fieldSelector ?? ''}`);
      return (plural === 'nodes' ? [...many, small] : []) as unknown as readonly T[];
    });
    expect(asked).toEqual(lists);
  });

  test('is explained by its status alone if the nodes may not be listed', async () => {
    const refused = () => Promise.reject(new Problem('forbidden', 'forbidden: list nodes'));
    expect(await explained('5', refused)).toMatchObject({
      cause: '0/2 nodes are available: 2 Insufficient cpu',
      evidence: [{ source: { kind: 'status', object: pending.shortName } }],
    });
  });
});

describe('a pod that crashes', () => {
  const crashLog = [
    '2026-11-27 09:33:11,316 ERROR org.apache.flink.runtime.entrypoint.ClusterEntrypoint [] - Fatal error occurred in the cluster entrypoint.',
    'Caused by: io.fabric8.kubernetes.client.KubernetesClientException: pods is forbidden: User "system:serviceaccount:default:default" cannot list resource "pods" in API group ""',
    'WARNING: System::setSecurityManager will be removed in a future release',
  ];
  const running = pod({
    shortName: 'jobmanager-a',
    restarts: 3,
    containers: container({ startedAt: start - 20_000, restarts: 3, before: { reason: 'Error', exitCode: 239, at: start - 32_000 } }),
  });

  test('is not well between two crashes: the log of the run before says why', async () => {
    const at = scene({ pods: [running], logs: { 'c1-jobmanager-a before': crashLog } });
    await at.run('why jm');
    expect(lines(at)).toEqual([
      'Pod jobmanager-a is Running. It restarted 3 times, the last time after Error (239).',
      '  Root cause: the service account default of namespace default may not list pods.',
      expect.stringMatching(/^ {2}status of jobmanager-a, .*, 32 s ago: container flink-main-container ended with Error \(239\)$/),
      expect.stringMatching(
        /^ {2}log before the restart of jobmanager-a, container flink-main-container, .*: the service account default of namespace default may not list pods$/,
      ),
      '  What helps: drey doctor -n default shows the rights that are needed, and how to grant them.',
    ]);
  });

  test('because of an unknown plug-in is reported with the last words of its entrypoint', async () => {
    const down = {
      ...running,
      state: 'CrashLoopBackOff',
      severity: 'error' as const,
      message: 'last ended with Error (1); back-off 20s',
      containers: container({ state: 'waiting', reason: 'CrashLoopBackOff', before: { reason: 'Error', exitCode: 1, at: start - 5_000 } }),
    };
    const at = scene({
      pods: [down],
      logs: {
        'c1-jobmanager-a before': [
          'Enabling required built-in plugins',
          'Plugin flink-s3-fs-hadoop-2.0-SNAPSHOT.jar does not exist. Exiting.',
        ],
      },
    });
    await at.run('why');
    expect(lines(at).slice(0, 2)).toEqual([
      'Pod jobmanager-a: CrashLoopBackOff: last ended with Error (1); back-off 20s. It restarted 3 times.',
      '  Root cause: Plugin flink-s3-fs-hadoop-2.0-SNAPSHOT.jar does not exist. Exiting.',
    ]);
  });

  test('in an init container names that container and its log', async () => {
    const init = {
      ...pod({ shortName: 'jobmanager-a' }).containers[0]!,
      name: 'fetch',
      init: true,
      state: 'terminated' as const,
      reason: 'Error',
      exitCode: 4,
      endedAt: start,
    };
    const failing = pod({
      shortName: 'jobmanager-a',
      state: 'Init:Error (4)',
      severity: 'error',
      containers: [init, ...container({ state: 'waiting', reason: 'PodInitializing', startedAt: undefined })],
    });
    const at = scene({ pods: [failing], logs: { 'c1-jobmanager-a': ['wget: server returned error: HTTP/1.1 404 Not Found'] } });
    await at.run('why');
    expect(findings(at)[0]).toMatchObject({
      cause: 'wget: server returned error: HTTP/1.1 404 Not Found',
      evidence: [{ text: 'init container fetch ended with Error (4)' }, { source: { kind: 'log', container: 'fetch', previous: false } }],
    });
    expect(at.asked[0]).toMatchObject({ container: 'fetch', previous: false, follow: false });
  });

  test('has no cause when its log cannot be read', async () => {
    const at = scene({ pods: [running] });
    await at.run('why jm');
    expect(findings(at)[0]).toMatchObject({ cause: undefined, evidence: [{ source: { kind: 'status' } }] });
  });
});

describe('what only events tell', () => {
  const warning = (kind: string, name: string, reason: string, message: string) =>
    ({ kind: 'warning', at: start, warning: { object: { kind, name }, reason, message, at: start, count: 4 } }) as const;

  test('is waited for a moment, when a pod starts and events have not been heard yet', async () => {
    const at = scene({
      pods: [pod({ shortName: 'jobmanager-a', state: 'ContainerCreating', severity: 'busy', createdAt: start - 60_000 })],
    });
    at.store.source('events', 'connecting');
    const ran = at.run('why jm');
    // The server has answered, but what it said has not been read: that also takes the Deployment.
    at.store.source('events', 'live');
    await settle();
    at.store.tell([warning('Pod', 'c1-jobmanager-a', 'FailedMount', 'secret "nosuch" not found'), { kind: 'events-listed', at: start }]);
    await ran;
    expect(findings(at)[0]?.cause).toBe('secret "nosuch" not found');
  });

  test('a secret that does not exist', async () => {
    const at = scene({
      pods: [
        pod({
          shortName: 'jobmanager-a',
          state: 'ContainerCreating',
          severity: 'busy',
          createdAt: start - 60_000,
          containers: container({ state: 'waiting', reason: 'ContainerCreating', startedAt: undefined }),
        }),
      ],
    });
    at.store.tell([
      warning('Pod', 'c1-jobmanager-a', 'FailedMount', 'MountVolume.SetUp failed for volume "s" : secret "nosuch" not found'),
    ]);
    await at.run('why');
    expect(findings(at)).toMatchObject([
      {
        subject: { kind: 'pod', name: 'c1-jobmanager-a' },
        cause: 'MountVolume.SetUp failed for volume "s" : secret "nosuch" not found',
        evidence: [{ source: { kind: 'event', object: 'jobmanager-a', reason: 'FailedMount' }, at: start }],
      },
    ]);
  });

  test.each([
    [
      'a Secret as files',
      'ContainerCreating',
      'busy',
      'MountVolume.SetUp failed for volume "s" : secret "nosuch" not found',
      /kubernetes\.secrets/,
    ],
    ['a Secret as variables', 'CreateContainerConfigError', 'error', 'secret "nosuch" not found', /kubernetes\.env\.secretKeyRef/],
    [
      'a key of a Secret',
      'CreateContainerConfigError',
      'error',
      "couldn't find key k in Secret default/s",
      /kubernetes\.env\.secretKeyRef/,
    ],
    [
      'a ConfigMap',
      'ContainerCreating',
      'busy',
      'MountVolume.SetUp failed for volume "hadoop" : configmap "nosuch" not found',
      /config-map\.name/,
    ],
    [
      'an image that the node may not pull',
      'ErrImageNeverPull',
      'error',
      'Container image "flink:nosuch" is not present with pull policy of Never',
      /pull-policy\.$/,
    ],
  ] as const)('what helps against the lack of %s is reported', async (_what, state, severity, reason, advice) => {
    const at = scene({
      pods: [
        pod({
          shortName: 'jobmanager-a',
          state,
          severity,
          message: reason,
          createdAt: start - 60_000,
          containers: container({ state: 'waiting', reason: state, startedAt: undefined }),
        }),
      ],
    });
    at.store.tell([warning('Pod', 'c1-jobmanager-a', 'FailedMount', reason)]);
    await at.run('why');
    expect(findings(at)).toMatchObject([{ cause: reason, advice: [expect.stringMatching(advice)] }]);
  });

  test.each([
    [
      'a service account that does not exist',
      'error looking up service account default/ghost: serviceaccount "ghost" not found',
      /kubernetes\.service-account/,
    ],
    ['a quota', 'exceeded quota: q, requested: memory=1728Mi', /jobmanager\.memory\.process\.size/],
  ])('%s', async (_what, reason, advice) => {
    const at = scene({ pods: [] });
    at.store.source('flink', 'lost', new Problem('not-found', 'Cluster c1 in namespace default has no JobManager pod.'));
    at.store.tell([
      warning('ReplicaSet', 'c1-6c469d8f4f', 'FailedCreate', `Error creating: pods "c1-6c469d8f4f-" is forbidden: ${reason}`),
    ]);
    await at.run('why');
    expect(findings(at)).toMatchObject([
      {
        subject: { kind: 'cluster' },
        what: 'c1 has no JobManager: its pod cannot be created.',
        cause: `pods "c1-6c469d8f4f-" is forbidden: ${reason}`,
        advice: [expect.stringMatching(advice)],
      },
    ]);
  });
});

const expired = {
  id: 8,
  isSavepoint: false,
  triggeredAt: start,
  durationMs: 1,
  sizeBytes: 1,
  acknowledged: 0,
  subtasks: 1,
  path: undefined,
  status: 'FAILED',
  endedAt: start + 1,
  failure: 'Checkpoint expired before completing.',
} as const;
const oneExpired: NonNullable<Job['checkpoints']> = {
  restored: 0,
  completed: 0,
  failed: 1,
  inProgress: 0,
  latestCompleted: undefined,
  latestSavepoint: undefined,
  latestRestored: undefined,
  latestFailed: expired,
  history: [expired],
};

test('a job that failed for its checkpoints is explained by the last of them, also if the session has not seen it', async () => {
  const failure = exception(
    'org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy\nCaused by: org.apache.flink.util.FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold.',
    undefined,
  );
  const at = scene({ jobs: [{ ...orders(failure), state: 'FAILED', checkpoints: undefined }], told: oneExpired });
  await at.run('why');
  expect(findings(at)).toMatchObject([
    {
      rule: 'checkpoint-timeout',
      cause: 'its last checkpoint failed: Checkpoint expired before completing',
      possible: [],
      advice: expect.arrayContaining(['the job takes checkpoints, so its restart-strategy.type is none: exponential-delay restarts it.']),
    },
  ]);
});

test('a job whose last checkpoint failed is reported with the reason that Flink gives', async () => {
  const at = scene({ jobs: [job({ name: 'orders', checkpoints: oneExpired })] });
  await at.run('why');
  expect(findings(at)).toMatchObject([
    {
      severity: 'warn',
      cause: 'its last checkpoint failed: Checkpoint expired before completing',
      evidence: [{ source: { kind: 'rest', what: 'checkpoints' }, at: start + 1, text: 'Checkpoint expired before completing.' }],
    },
  ]);
});

test.for([
  [
    false,
    expect.stringContaining('jobmanager-new started after the job was seen last'),
    [expect.stringContaining('high-availability.type: kubernetes')],
  ],
  [true, undefined, []],
  [undefined, undefined, []],
] as const)(
  'a job that Flink forgot is reported with the way to continue it; the new JobManager is its cause only without high availability (%s)',
  async ([highAvailability, cause, more]) => {
    const checkpoint = {
      id: 7,
      status: 'COMPLETED',
      isSavepoint: false,
      triggeredAt: start,
      endedAt: start,
      durationMs: 1,
      sizeBytes: 1,
      acknowledged: 1,
      subtasks: 1,
      path: 's3://flink/chk-7',
      failure: undefined,
    } as const;
    const statistics = {
      restored: 0,
      completed: 1,
      failed: 0,
      inProgress: 0,
      latestCompleted: checkpoint,
      latestSavepoint: undefined,
      latestRestored: undefined,
      latestFailed: undefined,
      history: [],
    };
    const lost = job({ name: 'orders', startTime: start - 60_000, durationMs: 30_000, checkpoints: statistics });
    const at = scene({ pods: [pod({ shortName: 'jobmanager-new', containers: container({ startedAt: start }) })], jobs: [lost] });
    at.store.tell([
      { kind: 'leader', at: start, pod: 'c1-jobmanager-new', ...(highAvailability === undefined ? {} : { highAvailability }) },
    ]);
    at.store.jobs();
    await at.run('why');
    expect(findings(at)).toMatchObject([
      {
        subject: { kind: 'job', name: 'orders' },
        cause,
        what: expect.stringContaining('is lost: it was last seen 30 s ago, and Flink does not list it any more.'),
        advice: ['submit JAR -s s3://flink/chk-7 continues from its last checkpoint, if that is still there.', ...more],
      },
    ]);
  },
);

test.for([
  [false, 1],
  [true, 0],
] as const)(
  'whether jobs are missing is not known to who comes after the JobManager that had them, only without high availability (%s)',
  async ([highAvailability, times]) => {
    const at = scene({
      pods: [
        pod({ shortName: 'jobmanager-new', containers: container({ startedAt: start - 60_000 }) }),
        pod({ shortName: 'taskmanager-1-1', createdAt: start - 120_000 }),
      ],
    });
    at.store.tell([{ kind: 'leader', at: start, pod: 'c1-jobmanager-new', highAvailability }]);
    at.store.jobs();
    await at.run('why');
    expect(
      lines(at).filter((line) =>
        line.startsWith('Not known: which jobs ran before jobmanager-new started 60 s ago: taskmanager-1-1 is older, and'),
      ),
    ).toHaveLength(times);
  },
);

describe('servers that do not answer', () => {
  test('a JobManager that is down is the problem, and that Flink does not answer only follows', async () => {
    const at = scene({ pods: [pod({ shortName: 'jobmanager-a', state: 'ImagePullBackOff', severity: 'error', message: 'not found' })] });
    at.store.source('flink', 'lost', new Problem('unreachable', 'JobManager pod c1-jobmanager-a is not ready.'));
    await at.run('why');
    expect(findings(at).map(({ subject }) => subject.kind)).toEqual(['pod']);
  });

  test('one reason is reported once, and what is not known because of it', async () => {
    const at = desk();
    const refused = new Problem('unreachable', 'The API server refuses connections.');
    for (const source of ['pods', 'events', 'deployment', 'leader', 'usage'] as const) at.store.source(source, 'lost', refused);
    at.store.source('flink', 'connecting');
    const ran = at.run('why');
    await at.clock.advance(1_000);
    await ran;
    expect(lines(at)).toEqual([
      'Kubernetes does not answer: The API server refuses connections.',
      'Not known: which pods there are: the API server has not answered yet.',
      "Not known: which jobs there are: Flink's REST endpoint has not answered yet.",
    ]);
  });

  test('pods that cannot be read are not known, and not well', async () => {
    const at = scene({ pods: [] });
    const reason = 'The API server sent Pod c1-a in a shape that Kubernetes does not know.';
    at.store.tell([{ kind: 'unreadable', at: start, source: 'pods', objects: { count: 2, names: ['c1-a', 'c1-b'], reason } }]);
    await at.run('why');
    expect(lines(at)).toEqual(['No problems found in what is known.', `Not known: how 2 pods are: ${reason}`]);
    expect(await at.says('why jm')).toBe(`Whether there is a pod "jm" is not known: 2 pods cannot be read. ${reason}`);
    at.store.tell([{ kind: 'unreadable', at: start, source: 'pods', objects: undefined }]);
    expect(await at.says('why jm')).toBe('There is no job and no pod "jm" on c1. Type jobs or pods to see what is there.');
  });

  test('what a JobManager that hangs would add is waited for only for a moment', async () => {
    const silent = orders(exception('x.Boom: bang', undefined));
    const at = desk({ flink: fakeFlink({ exceptions: () => new Promise(() => {}) }) });
    at.store.pods(pod({ shortName: 'jobmanager-a' }));
    at.store.jobs(silent);
    const ran = at.run('why orders');
    await at.clock.advance(1_000);
    await ran;
    expect(findings(at)[0]).toMatchObject({ cause: 'x.Boom: bang' });
  });
});
