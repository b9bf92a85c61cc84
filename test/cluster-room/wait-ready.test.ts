import { describe, expect, test } from 'vitest';
import { wordsOf } from '../../src/causes/last-words.ts';
import { waitUntilReady, type WaitStep } from '../../src/cluster/deploy/wait-ready.ts';
import type { Clock } from '../../src/support/clock.ts';
import { Problem } from '../../src/support/problem.ts';
import { FakeKubernetes } from './fake-kubernetes.ts';
import { aDeployment, aPod } from './objects.ts';

/** Time that passes only when somebody sleeps; each step of the script happens at the next nap. */
function scripted(steps: readonly (() => void)[]): Clock {
  let now = Date.parse('2026-01-01T00:01:00Z');
  const left = [...steps];
  return {
    now: () => now,
    monotonic: () => now,
    async sleep(ms, signal) {
      signal?.throwIfAborted();
      now += ms;
      // As a real timer: never before those who wait for news had their turn.
      await new Promise((resolve) => setImmediate(resolve));
      left.shift()?.();
    },
  };
}

const starting = (status: object, name = 'c1-abc') => aPod(name, { ready: false, status: { phase: 'Pending', ...status } });
const container = (state: object, extra: object = {}) => ({ containerStatuses: [{ name: 'flink-main-container', state, ...extra }] });
const anEvent = (pod: string, reason: string, message: string, second: number) =>
  ({
    kind: 'Event',
    metadata: { name: `${pod}.${reason}.${second}` },
    involvedObject: { kind: 'Pod', name: pod, uid: 'u1' },
    type: reason === 'Failed' ? 'Warning' : 'Normal',
    reason,
    message,
    firstTimestamp: `2026-01-01T00:00:0${second}Z`,
  }) as never;
const withUid = (pod: ReturnType<typeof aPod>) => ({ ...pod, metadata: { ...pod.metadata, uid: 'u1' } });

async function wait(
  kubernetes: FakeKubernetes,
  {
    steps = [] as readonly (() => void)[],
    answers = async () => {},
    timeoutMs = 60_000,
    signal = new AbortController().signal,
    onReport = (_step: WaitStep): void => {},
  } = {},
) {
  const said: string[] = [];
  const error: unknown = await waitUntilReady({
    kubernetes,
    clusterId: 'c1',
    namespace: 'default',
    answers,
    timeoutMs,
    clock: scripted(steps),
    signal,
    report: (step) => {
      said.push(`${step.kind === 'bad' ? '! ' : ''}${step.text}`);
      onReport(step);
    },
  }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { said, error: error as Problem | undefined };
}

test('the way to ready is reported as it happens', async () => {
  const kubernetes = new FakeKubernetes([aDeployment()]);
  let tries = 0;
  const { said, error } = await wait(kubernetes, {
    steps: [
      () => kubernetes.put('pods', withUid(starting({}))),
      () => kubernetes.put('events', anEvent('c1-abc', 'Scheduled', 'Successfully assigned default/c1-abc to node-1', 1)),
      () => kubernetes.put('events', anEvent('c1-abc', 'Pulling', 'Pulling image "flink:2.3.0"', 2)),
      () => kubernetes.put('events', anEvent('c1-abc', 'Started', 'Started container flink-main-container', 3)),
      () => kubernetes.put('pods', withUid(aPod('c1-abc'))),
    ],
    answers: async () => {
      if (tries++ === 0) throw new Problem('unreachable', 'connection refused');
    },
  });
  expect(error).toBeUndefined();
  expect(said).toEqual([
    'Pod c1-abc was created.',
    'Pod c1-abc was scheduled on node-1.',
    'Pulling image "flink:2.3.0".',
    'A container of pod c1-abc started.',
    'Pod c1-abc is running.',
    'Waiting for the REST endpoint.',
    'The REST endpoint answers.',
  ]);
});

describe('waiting ends with the reason', () => {
  test('when the image cannot be pulled and that does not pass', async () => {
    const kubernetes = new FakeKubernetes([
      aDeployment(),
      withUid(starting(container({ waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } }))),
      anEvent('c1-abc', 'Failed', 'Failed to pull image "x": not found', 2),
    ]);
    const { said, error } = await wait(kubernetes);
    expect(error?.message).toBe('Cluster c1 cannot start. Pod c1-abc: ImagePullBackOff: Failed to pull image "x": not found.');
    expect(said.at(-1)).toBe('! Pod c1-abc: ImagePullBackOff: Failed to pull image "x": not found.');
  });

  test('when the image cannot be pulled, however the kubelet words it while it tries again', async () => {
    const pod = (reason: string, message: string) => withUid(starting(container({ waiting: { reason, message } })));
    const [failed, waits] = [
      pod('ErrImagePull', 'not found'),
      pod('ImagePullBackOff', 'Back-off pulling image "x": ErrImagePull: not found'),
    ];
    const kubernetes = new FakeKubernetes([aDeployment(), failed]);
    const { said, error } = await wait(kubernetes, {
      steps: Array.from({ length: 60 }, (_, nap) => () => void kubernetes.put('pods', nap % 2 === 0 ? waits : failed)),
    });
    expect(said.filter((line) => line.startsWith('!'))).toEqual(['! Pod c1-abc: ErrImagePull: not found.']);
    expect(error?.message).toMatch(/^Cluster c1 cannot start\. Pod c1-abc: (?:ErrImagePull|ImagePullBackOff): .*not found\.$/);
  });

  test('with the whole reason, however long it is', async () => {
    const message = `failed to pull image "x": ${'failed to resolve reference: '.repeat(8)}connection refused`;
    const { error } = await wait(
      new FakeKubernetes([aDeployment(), withUid(starting(container({ waiting: { reason: 'ErrImagePull', message } })))]),
    );
    expect(error?.message).toBe(`Cluster c1 cannot start. Pod c1-abc: ErrImagePull: ${message}.`);
  });

  test('not when the image is there a moment later', async () => {
    const kubernetes = new FakeKubernetes([aDeployment(), starting(container({ waiting: { reason: 'ErrImagePull' } }))]);
    expect((await wait(kubernetes, { steps: [() => kubernetes.put('pods', aPod('c1-abc'))] })).error).toBeUndefined();
  });

  test('at once when the image can never be pulled', async () => {
    const { error } = await wait(
      new FakeKubernetes([
        aDeployment(),
        starting(container({ waiting: { reason: 'InvalidImageName', message: "couldn't parse image name" } })),
      ]),
      { timeoutMs: 0 },
    );
    expect(error?.message).toContain("InvalidImageName: couldn't parse image name");
  });

  test('when an admission webhook or a quota refuses the pod', async () => {
    const refused = (message: string) =>
      ({
        ...aDeployment(),
        status: { conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }] },
      }) as never;
    const webhook = await wait(new FakeKubernetes([refused('admission webhook "policy.example" denied the request: no latest tag')]));
    expect(webhook.error?.message).toBe(
      'Cluster c1 cannot start. The JobManager pod cannot be created: admission webhook "policy.example" denied the request: no latest tag.',
    );
    const quota = await wait(new FakeKubernetes([refused('pods "c1" is forbidden: exceeded quota: q')]));
    expect(quota.error?.message).toContain(
      'is not ready after 1m; it is still starting. The JobManager pod cannot be created: pods "c1" is forbidden: exceeded quota: q.',
    );
  });

  test('when no node has room until the time is over', async () => {
    const { error, said } = await wait(
      new FakeKubernetes([
        aDeployment(),
        starting({
          conditions: [
            { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available: 1 Insufficient cpu.' },
          ],
        }),
      ]),
      { timeoutMs: 90_000 },
    );
    expect(error?.message).toContain('not ready after 1m 30s');
    expect(said.filter((line) => line.startsWith('!'))).toEqual([
      '! Pod c1-abc: Unschedulable: 0/1 nodes are available: 1 Insufficient cpu.',
    ]);
  });

  test('when the JobManager crashes again, with the last lines of its log', async () => {
    const crashed = (restarts: number) =>
      starting(
        container(
          { waiting: { reason: 'CrashLoopBackOff' } },
          { restartCount: restarts, lastState: { terminated: { reason: 'Error', exitCode: 1 } } },
        ),
      );
    const kubernetes = new FakeKubernetes([aDeployment(), withUid(crashed(0))]);
    kubernetes.logLines = [
      'starting',
      'Caused by: java.lang.Exception: pods is forbidden: User "system:serviceaccount:flink:default" cannot list resource "pods" in API group ""',
      '\tat x.y.Z',
    ];
    const { error } = await wait(kubernetes, { steps: [() => kubernetes.put('pods', withUid(crashed(1)))] });
    expect(error?.message).toContain('Pod c1-abc: CrashLoopBackOff: last ended with Error (1).');
    expect(error?.message).toContain('Its log says: the service account default of namespace flink may not list pods.');
    expect(error?.message).toContain('\n  starting\n');
    expect(error?.hint).toContain('drey doctor -n flink');
    expect(kubernetes.calls.find(({ verb }) => verb === 'LOG')?.body).toMatchObject({ previous: true, follow: false });
  });

  test('when the REST endpoint never answers, with what it says instead', async () => {
    const { error } = await wait(new FakeKubernetes([aDeployment(), aPod('c1-abc')]), {
      timeoutMs: 3000,
      answers: async () => {
        throw new Problem('unavailable', 'Service unavailable.');
      },
    });
    expect(error?.message).toBe('Cluster c1 is not ready after 3s; it is still starting. Service unavailable.');
  });

  test('when somebody deletes the cluster meanwhile', async () => {
    const kubernetes = new FakeKubernetes([aDeployment()]);
    expect((await wait(kubernetes, { steps: [() => kubernetes.remove('deployments', 'c1')] })).error?.message).toBe(
      'Cluster c1 was deleted while it started.',
    );
  });
});

test('Ctrl+C ends the waiting and touches nothing', async () => {
  const interrupt = new AbortController();
  const kubernetes = new FakeKubernetes([aDeployment(), starting({})]);
  const { error } = await wait(kubernetes, { signal: interrupt.signal, onReport: () => interrupt.abort() });
  expect(error?.name).toBe('AbortError');
  expect(kubernetes.log.some((line) => line.startsWith('DELETE'))).toBe(false);
});

test('a pod of an earlier cluster that is still going is not taken for one of this', async () => {
  const kubernetes = new FakeKubernetes([aDeployment(), aPod('c1-old', { deleted: true })]);
  const { said } = await wait(kubernetes, { steps: [() => kubernetes.put('pods', aPod('c1-abc'))] });
  expect(said).toEqual(['Pod c1-abc was created.', 'Pod c1-abc is running.', 'The REST endpoint answers.']);
});

test('the way is reported from the pods alone if events may not be read', async () => {
  const kubernetes = new FakeKubernetes([aDeployment(), { ...aPod('c1-abc'), spec: { nodeName: 'node-1' } } as never]);
  kubernetes.fault = ({ what }) => (what === 'events' ? new Problem('forbidden', 'no') : undefined);
  expect((await wait(kubernetes)).said).toEqual([
    'Pod c1-abc was created.',
    'Pod c1-abc was scheduled on node-1.',
    'Pod c1-abc is running.',
    'The REST endpoint answers.',
  ]);
});

test.each([
  [
    ['2026-01-01 00:00:00,000 ERROR org.apache.flink.X [] - Could not start', 'Caused by: java.lang.IllegalStateException: no', '\tat a'],
    'java.lang.IllegalStateException: no',
  ],
  [['2026-01-01 00:00:00,000 ERROR org.apache.flink.X            [] - Could not start'], 'Could not start'],
  [
    [
      'Caused by: java.io.IOException: the job failed and was restarted',
      '2026-01-01 00:00:00,000 INFO  org.apache.flink.X [] - restarted',
      'java.lang.OutOfMemoryError: Java heap space',
    ],
    'java.lang.OutOfMemoryError: Java heap space',
  ],
  [
    [
      '2026-01-01 00:00:00,000 ERROR org.apache.flink.runtime.entrypoint.ClusterEntrypoint [] - Could not start cluster entrypoint KubernetesSessionClusterEntrypoint.',
      'Caused by: java.util.concurrent.TimeoutException: Futures timed out',
      '\tat a',
      '2026-01-01 00:00:00,001 INFO  org.apache.flink.X [] - Shut down.',
      "2026-01-01 00:00:00,002 ERROR org.apache.flink.util.FatalExitExceptionHandler [] - WARNING: Thread 'flink-shutdown-hook-1' produced an uncaught exception.",
      'java.lang.NoClassDefFoundError: scala/A',
      'Caused by: java.lang.ClassNotFoundException: scala.A',
    ],
    'java.util.concurrent.TimeoutException: Futures timed out',
  ],
  [['fine', ''], undefined],
])('a log is reported in words: %#', (log, reason) => {
  expect(wordsOf(log).reason).toBe(reason);
});
