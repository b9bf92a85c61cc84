import { describe, expect, test } from 'vitest';
import { deployCluster, type DeployStep } from '../../src/cluster/deploy/deploy.ts';
import type { ClusterObjects } from '../../src/cluster/model/types.ts';
import { CONFIG_MAPS, SERVICES } from '../../src/kubernetes/model/resources.ts';
import type { Clock } from '../../src/support/clock.ts';
import { isAbort, Problem } from '../../src/support/problem.ts';
import { type Call, FakeKubernetes } from './fake-kubernetes.ts';
import { aDeployment, aRestService } from './objects.ts';

const waits: number[] = [];
/** Pauses between tries are over at once; the time for taking back does not run out. */
const clock: Clock = {
  now: () => 0,
  monotonic: () => 0,
  sleep: async (ms, signal) => {
    if (ms === 15_000) return new Promise(() => {});
    waits.push(ms);
    signal?.throwIfAborted();
  },
};

const {
  metadata: { namespace: _, ...meta } = {},
  status: __,
  ...deployment
} = aDeployment() as ReturnType<typeof aDeployment> & { status?: unknown };
const objects: ClusterObjects = {
  clusterId: 'c1',
  namespace: 'default',
  deployment: { ...deployment, metadata: meta },
  owned: [
    {
      resource: SERVICES,
      body: {
        kind: 'Service',
        metadata: { name: 'c1' },
        spec: { clusterIP: 'None', ports: [{ name: 'jobmanager-rpc', port: 6123 }] },
      } as never,
    },
    { resource: SERVICES, body: { kind: 'Service', metadata: { name: 'c1-rest' }, spec: { type: 'ClusterIP' } } as never },
    {
      resource: CONFIG_MAPS,
      body: { kind: 'ConfigMap', metadata: { name: 'flink-config-c1' }, data: { 'config.yaml': 'a: 1\n' } } as never,
    },
  ],
};

const run = (kubernetes: FakeKubernetes, { signal = new AbortController().signal, report = (_step: DeployStep): void => {} } = {}) =>
  deployCluster(objects, { kubernetes, clock, signal, report, retries: { limit: 3, intervalMs: 100 } });

/** Fails the calls that match, `times` times. */
function failing(pattern: RegExp, error: () => Error, times = 1): (call: Call) => Error | undefined {
  let left = times;
  return ({ verb, what }) => (pattern.test(`${verb} ${what}`) && left-- > 0 ? error() : undefined);
}

const busy = () => new Problem('unavailable', 'slow down', { status: 429, retryAfterMs: 1000 });
const cut = () => new Problem('unreachable', 'connection reset');
const refused = () => new Problem('forbidden', 'configmaps is forbidden: exceeded quota: q', { status: 403 });

test('the Deployment comes first, and owns the rest', async () => {
  const kubernetes = new FakeKubernetes();
  const steps: DeployStep[] = [];
  const { uid } = await run(kubernetes, { report: (step) => steps.push(step) });
  expect(kubernetes.log).toEqual([
    'GET deployments/default/c1',
    'POST deployments/default/c1',
    'POST services/default/c1',
    'POST services/default/c1-rest',
    'POST configmaps/default/flink-config-c1',
  ]);
  expect(kubernetes.objects.get('configmaps/default/flink-config-c1')?.metadata?.ownerReferences).toEqual([
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'c1', uid, controller: true, blockOwnerDeletion: true },
  ]);
  expect(kubernetes.calls[1]?.body).toEqual(objects.deployment);
  expect(steps.map((step) => `${step.kind} ${step.what}`)).toEqual([
    'created Deployment c1',
    'created Service c1',
    'created Service c1-rest',
    'created ConfigMap flink-config-c1',
  ]);
});

describe('what was there before', () => {
  test('a Deployment is left alone, and nothing is sent', async () => {
    const kubernetes = new FakeKubernetes([aDeployment()]);
    await expect(run(kubernetes)).rejects.toMatchObject({
      kind: 'conflict',
      message: 'Could not create Kubernetes cluster "c1": Deployment c1 already exists in namespace default; it was left alone.',
    });
    expect(kubernetes.log).toEqual(['GET deployments/default/c1']);
  });

  test('a Deployment that appears meanwhile is left alone', async () => {
    const kubernetes = new FakeKubernetes();
    kubernetes.fault = ({ verb }) => {
      if (verb === 'POST') kubernetes.put('deployments', aDeployment());
      return undefined;
    };
    await expect(run(kubernetes)).rejects.toMatchObject({ kind: 'conflict' });
    expect(kubernetes.objects.size).toBe(1);
  });

  test('a Service is replaced with its version and keeps its address', async () => {
    const kubernetes = new FakeKubernetes([aRestService('c1')]);
    const before = kubernetes.objects.get('services/default/c1-rest');
    await run(kubernetes);
    expect(kubernetes.calls.find(({ verb }) => verb === 'PUT')?.body).toMatchObject({
      metadata: { resourceVersion: before?.metadata?.resourceVersion },
      spec: { type: 'ClusterIP', clusterIP: '10.96.0.10' },
    });
  });

  test('is as before when a later request fails', async () => {
    const kubernetes = new FakeKubernetes([aRestService('c1')]);
    kubernetes.fault = failing(/POST configmaps/, refused);
    await expect(run(kubernetes)).rejects.toThrow(
      'Could not create Kubernetes cluster "c1": configmaps is forbidden: exceeded quota: q. What this run had created was removed again: Deployment c1, Service c1. What it had replaced is as before: Service c1-rest.',
    );
    expect(kubernetes.objects.get('services/default/c1-rest')).toMatchObject({ spec: aRestService('c1')['spec' as never] });
    expect(kubernetes.objects.get('services/default/c1-rest')?.metadata?.ownerReferences).toBeUndefined();
    expect(kubernetes.objects.has('deployments/default/c1')).toBe(false);
  });

  test('an object that changes between reading and writing is read again', async () => {
    const kubernetes = new FakeKubernetes([aRestService('c1')]);
    kubernetes.fault = failing(/PUT/, () => new Problem('conflict', 'changed', { status: 409 }), 2);
    await run(kubernetes);
    expect(kubernetes.log.filter((line) => line.startsWith('PUT'))).toHaveLength(3);
  });
});

describe('a server that stumbles', () => {
  test('is asked again after the time that it names', async () => {
    waits.length = 0;
    const kubernetes = new FakeKubernetes();
    kubernetes.fault = failing(/POST deployments/, busy);
    const steps: DeployStep[] = [];
    await run(kubernetes, { report: (step) => steps.push(step) });
    expect(waits).toEqual([1000]);
    expect(steps[0]).toMatchObject({ kind: 'retrying', what: 'Deployment c1', waitMs: 1000 });
  });

  test.each([
    [0, [100, 200, 400]],
    [250, [250, 250, 400]],
    [86_400_000, [30_000, 30_000, 30_000]],
    [Number.POSITIVE_INFINITY, [30_000, 30_000, 30_000]],
  ])('and wants %d ms between two tries is asked again after %j ms', async (retryAfterMs, expected) => {
    waits.length = 0;
    const kubernetes = new FakeKubernetes();
    kubernetes.fault = failing(/POST deployments/, () => new Problem('unavailable', 'slow down', { status: 429, retryAfterMs }), 3);
    await run(kubernetes);
    expect(waits).toEqual(expected);
  });

  test('is given up in the end, and nothing is left', async () => {
    const kubernetes = new FakeKubernetes();
    kubernetes.fault = failing(
      /POST services.*rest/,
      () => new Problem('unavailable', 'etcdserver: request timed out', { status: 500 }),
      99,
    );
    await expect(run(kubernetes)).rejects.toThrow(
      'etcdserver: request timed out. What this run had created was removed again: Deployment c1, Service c1.',
    );
    expect(kubernetes.log.filter((line) => line === 'POST services/default/c1-rest')).toHaveLength(4);
  });

  test('whose answer got lost did create the Deployment: it is recognised', async () => {
    const kubernetes = new FakeKubernetes();
    kubernetes.lostAnswer = failing(/POST deployments/, cut);
    await run(kubernetes);
    expect(kubernetes.objects.size).toBe(4);
  });

  test('whose answer got lost did create the Service: it is not replaced', async () => {
    const kubernetes = new FakeKubernetes();
    kubernetes.lostAnswer = failing(/POST services/, cut);
    await run(kubernetes);
    expect(kubernetes.log.some((line) => line.startsWith('PUT'))).toBe(false);
  });

  test('whose answer got lost for a Service that is then replaced still gives the old one back', async () => {
    const kubernetes = new FakeKubernetes([aRestService('c1')]);
    kubernetes.lostAnswer = failing(/PUT services/, cut);
    kubernetes.fault = failing(/POST configmaps/, refused);
    await expect(run(kubernetes)).rejects.toThrow('What it had replaced is as before: Service c1-rest.');
  });

  test('who never answers: what was created unseen is removed', async () => {
    const kubernetes = new FakeKubernetes();
    kubernetes.lostAnswer = failing(/POST deployments/, cut);
    kubernetes.fault = failing(/POST deployments/, cut, 99);
    let first = true;
    const always = kubernetes.fault;
    kubernetes.fault = (call) => (call.verb === 'POST' && first ? ((first = false), undefined) : always(call));
    await expect(run(kubernetes)).rejects.toThrow('connection reset. What this run had created was removed again: Deployment c1.');
    expect(kubernetes.objects.size).toBe(0);
  });

  test('that cannot be asked says what may be left', async () => {
    const kubernetes = new FakeKubernetes();
    let dead = false;
    kubernetes.fault = ({ verb }) => {
      dead ||= verb === 'POST';
      return dead ? cut() : undefined;
    };
    await expect(run(kubernetes)).rejects.toThrow('It is not known whether Deployment c1 was created.');
  });

  test('where the undoing fails, the command that finishes it is named', async () => {
    const kubernetes = new FakeKubernetes();
    kubernetes.fault = (call) =>
      failing(/POST configmaps/, refused)(call) ?? failing(/DELETE/, () => new Problem('forbidden', 'may not delete'))(call);
    await expect(run(kubernetes)).rejects.toThrow(
      'could be taken back: Deployment c1 (may not delete). Remove it with: kubectl delete deployment c1 -n default',
    );
  });
});

test('what could not be taken back in time is named, with the command that removes it', async () => {
  const kubernetes = new FakeKubernetes();
  const given = new DOMException('The operation was aborted', 'AbortError');
  kubernetes.fault = (call) => failing(/POST configmaps/, refused)(call) ?? failing(/DELETE/, () => given)(call);
  await expect(run(kubernetes)).rejects.toThrow(
    'could be taken back: Deployment c1 (no answer within 15 s). Remove it with: kubectl delete deployment c1 -n default',
  );
});

test('Ctrl+C half-way takes back what was made', async () => {
  const kubernetes = new FakeKubernetes();
  const interrupt = new AbortController();
  kubernetes.lostAnswer = ({ what }) => {
    if (what === 'services/default/c1') interrupt.abort();
    return undefined;
  };
  const error: unknown = await run(kubernetes, { signal: interrupt.signal }).catch((thrown: unknown) => thrown);
  expect(isAbort(error)).toBe(true);
  expect(error).toMatchObject({ message: 'What this run had created was removed again: Deployment c1, Service c1.' });
  expect(kubernetes.objects.has('deployments/default/c1')).toBe(false);
});

test('a Deployment of the same name but other content is never taken for our own', async () => {
  const kubernetes = new FakeKubernetes();
  kubernetes.fault = ({ verb, what }) => {
    if (verb !== 'POST' || !what.startsWith('deployments') || kubernetes.objects.size > 0) return undefined;
    kubernetes.put('deployments', aDeployment('c1', { image: 'flink:1.20.0' }));
    return cut();
  };
  await expect(run(kubernetes)).rejects.toMatchObject({ kind: 'conflict' });
  expect(kubernetes.objects.size).toBe(1);
});
