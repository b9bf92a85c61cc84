import { expect, test } from 'vitest';
import type { OperationResult } from '../../src/flink/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeCluster, fakeFlink, fakeKubernetes, settle } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const orders = job({ name: 'orders-enrichment', id: '9f13c2'.padEnd(32, '0') });
const cars = job({ name: 'CarTopSpeedWindowing', id: 'aa01'.padEnd(32, '1') });
const done = job({ name: 'nightly', id: 'bb02'.padEnd(32, '2'), state: 'FINISHED' });

const killing = () => {
  const kills: string[] = [];
  return { kills, cluster: fakeCluster({ kill: async () => void kills.push('killed') }) };
};

test('stop with running jobs names them, wants the cluster id typed and offers savepoints first', async () => {
  const { store, plan } = desk();
  store.pods(pod({ shortName: 'jobmanager-f647b' }), pod({ shortName: 'taskmanager-1-1' }));
  store.jobs(orders, cars, done);
  const asked = await plan('stop');
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  expect(asked.confirmation.phrase).toBe('c1');
  expect(asked.confirmation.jobs.map(({ name }) => name).toSorted()).toEqual(['CarTopSpeedWindowing', 'orders-enrichment']);
  expect(asked.confirmation.lines.join('\n')).toContain('Deployment c1 in default (prod-eu)');
  expect(asked.confirmation.lines.join('\n')).toContain('2 pods');
  expect(asked.confirmation.lines.join('\n')).toContain('their state is lost');
  expect(asked.confirmation.alternatives?.[0]).toMatchObject({ commandLine: 'stop --savepoint', recommended: true });
});

test('stop without running jobs asks for y only', async () => {
  const { store, plan } = desk();
  store.pods(pod({ shortName: 'jobmanager-f647b' }));
  store.jobs(done);
  const asked = await plan('stop');
  expect(asked.kind === 'confirm' && asked.confirmation.phrase).toBe(undefined);
  expect(asked.kind).toBe('confirm');
});

test('stop wants the cluster id typed when it is not known which jobs run', async () => {
  const { store, plan } = desk();
  store.pods(pod({ shortName: 'jobmanager-f647b' }));
  store.source('flink', 'lost', new Problem('unreachable', 'Nothing answers on port 8081.'));
  const asked = await plan('stop');
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  expect(asked.confirmation.phrase).toBe('c1');
  expect(asked.confirmation.lines.join(' ')).toContain('Nothing answers on port 8081.');
});

test('stop deletes the Deployment and tells of each pod until none is left', async () => {
  const { kills, cluster } = killing();
  const { store, run, front } = desk({ cluster });
  const jobManager = pod({ shortName: 'jobmanager-f647b' });
  const taskManager = pod({ shortName: 'taskmanager-1-1' });
  store.pods(jobManager, taskManager);
  store.jobs(orders);
  const outcome = run('stop');
  await settle();
  expect(kills).toEqual(['killed']);
  store.pods(jobManager);
  await settle();
  store.pods();
  expect(await outcome).toEqual({ kind: 'done' });
  expect(front.printed).toEqual(['stopping c1: 2 pods to go', 'taskmanager-1-1 gone, 1 pod to go', 'stopped, nothing left']);
  expect(store.get().operations.map(({ kind, state }) => [kind, state])).toEqual([['stop', 'succeeded']]);
});

test('in the line mode stop acts at once, before any server has said anything', async () => {
  const { kills, cluster } = killing();
  const { run, store, front, clock } = desk({ cluster, mode: 'line' });
  const outcome = run('stop');
  await settle();
  expect(kills).toEqual(['killed']);
  store.source('pods', 'lost', new Problem('protocol', 'The API server does not know how to watch pods.'));
  await clock.advance(0);
  expect(await outcome).toEqual({ kind: 'done' });
  expect(front.printed.join('\n')).toContain(
    'The Deployment is deleted; its pods cannot be seen going: The API server does not know how to watch pods.',
  );
});

test('a stop that the server refuses fails and says why', async () => {
  const { says } = desk({
    mode: 'line',
    cluster: fakeCluster({
      kill: async () => {
        throw new Problem('forbidden', 'Could not kill Kubernetes cluster c1: User "dev" cannot delete deployments.');
      },
    }),
  });
  expect(await says('stop')).toContain('User "dev" cannot delete deployments.');
});

test('stop is refused where RBAC forbids it', async () => {
  const asked: object[] = [];
  const { says, store } = desk({
    kubernetes: fakeKubernetes({
      can: async (question) => {
        asked.push(question);
        return { allowed: false, reason: 'no role binds dev' };
      },
    }),
  });
  store.pods(pod({ shortName: 'jobmanager-f647b' }));
  expect(await says('stop')).toBe('You are not allowed to delete deployments.apps in namespace default: no role binds dev');
  expect(asked).toEqual([{ verb: 'delete', group: 'apps', resource: 'deployments', namespace: 'default', name: 'c1' }]);
});

test('an access review that cannot be had does not keep stop from being tried', async () => {
  const { kills, cluster } = killing();
  const { says } = desk({
    cluster,
    mode: 'line',
    kubernetes: fakeKubernetes({
      can: async () => {
        throw new Problem('not-found', 'no such path');
      },
    }),
  });
  void says('stop');
  await settle();
  expect(kills).toEqual(['killed']);
});

test('stop is refused when the session is read-only, and while the API server is lost', async () => {
  expect(await desk({ readOnly: true }).says('stop')).toBe('stop changes the cluster, and this session is read-only.');
  const { store, says } = desk();
  store.source('pods', 'lost', new Problem('unreachable', 'The API server at 10.0.0.1:6443 refuses connections (ECONNREFUSED).'));
  expect(await says('stop')).toBe('The API server does not answer: The API server at 10.0.0.1:6443 refuses connections (ECONNREFUSED).');
});

test('stop --savepoint stops each running job with a savepoint, prints the paths and then stops the cluster', async () => {
  const { kills, cluster } = killing();
  const triggers: string[] = [];
  const { store, run, front, notes } = desk({
    cluster,
    flink: fakeFlink({
      checkpoints: async () => undefined,
      triggerStop: async (id, { directory }) => void triggers.push(`${id.slice(0, 4)} ${directory}`),
      savepointResult: async (id) => ({ state: 'completed', value: { path: `s3://savepoints/${id.slice(0, 4)}` } }),
    }),
  });
  store.pods();
  store.jobs(orders, cars, done);
  expect(await run('stop --savepoint --savepoint-dir s3://savepoints')).toEqual({ kind: 'done' });
  expect(triggers.toSorted()).toEqual(['9f13 s3://savepoints', 'aa01 s3://savepoints']);
  expect(front.printed.slice(0, 2).toSorted()).toEqual([
    'Job CarTopSpeedWindowing (aa0111) is stopped. Savepoint: s3://savepoints/aa01',
    'Job orders-enrichment (9f13c2) is stopped. Savepoint: s3://savepoints/9f13',
  ]);
  expect(kills).toEqual(['killed']);
  expect(front.printed.at(-1)).toBe('stopped, nothing left');
  expect(notes).toHaveLength(2);
});

test('savepoints that would be deleted with the cluster are not recommended, and not taken for safe', async () => {
  const { kills, cluster } = killing();
  const { store, plan, run } = desk({
    cluster: { ...cluster, mortalSavepoints: async (directory) => (directory === undefined ? 'file:///tmp/savepoints' : undefined) },
    flink: fakeFlink(),
  });
  store.pods();
  store.jobs(orders);
  const planned = await plan('stop');
  if (planned.kind !== 'confirm') throw new Error(planned.kind);
  expect(planned.confirmation.lines.join(' ')).toContain(
    "Savepoints go to file:///tmp/savepoints, which is in the JobManager's pod, on no volume: they would be deleted with the cluster.",
  );
  expect(planned.confirmation.alternatives).toBeUndefined();
  expect(await run('stop --savepoint')).toMatchObject({
    kind: 'failed',
    problem: { message: expect.stringMatching(/^The cluster was not stopped: Savepoints go to file/) },
  });
  expect(kills).toEqual([]);
});

test('a look at the volumes that gets no answer does not keep the question waiting', async () => {
  const { clock, store, plan } = desk({ cluster: fakeCluster({ mortalSavepoints: () => new Promise(() => {}) }) });
  store.pods();
  store.jobs(orders);
  const asking = plan('stop');
  await clock.advance(1_000);
  expect(await asking).toMatchObject({
    kind: 'confirm',
    confirmation: { alternatives: [{ commandLine: 'stop --savepoint', recommended: true }] },
  });
});

test('stop --savepoint deletes nothing when one savepoint fails', async () => {
  const { kills, cluster } = killing();
  const { store, says, front } = desk({
    cluster,
    mode: 'line',
    flink: fakeFlink({
      checkpoints: async () => undefined,
      triggerStop: async () => {},
      savepointResult: async (id): Promise<OperationResult<{ readonly path: string }>> =>
        id === orders.id
          ? { state: 'failed', reason: 'The folder is not writable.', stackTrace: '' }
          : { state: 'completed', value: { path: 's3://savepoints/aa01' } },
    }),
  });
  store.pods(pod({ shortName: 'jobmanager-f647b' }));
  store.jobs(orders, cars);
  expect(await says('stop --savepoint')).toMatch(
    /^The cluster was not stopped: .*The folder is not writable\. 1 job is stopped, with the savepoints above\./,
  );
  expect(front.printed).toEqual(['Job CarTopSpeedWindowing (aa0111) is stopped. Savepoint: s3://savepoints/aa01']);
  expect(kills).toEqual([]);
});

test('who gives up waiting for the savepoints keeps the cluster', async () => {
  const { kills, cluster } = killing();
  const result = Promise.withResolvers<OperationResult<{ readonly path: string }>>();
  const { store, plan, runner } = desk({
    cluster,
    mode: 'line',
    flink: fakeFlink({ checkpoints: async () => undefined, triggerStop: async () => {}, savepointResult: () => result.promise }),
  });
  store.pods();
  store.jobs(orders);
  const planned = await plan('stop --savepoint');
  if (planned.kind !== 'run') throw new Error(planned.kind);
  const patience = new AbortController();
  const outcome = runner.run(planned, patience.signal);
  await settle();
  patience.abort();
  expect(await outcome).toEqual({ kind: 'aborted' });
  result.resolve({ state: 'completed', value: { path: 's3://savepoints/1' } });
  await settle();
  expect(store.get().operations).toMatchObject([{ kind: 'stop-job', state: 'succeeded' }]);
  expect(kills).toEqual([]);
});

test('stop --savepoint deletes nothing when it is not known which jobs run', async () => {
  const { kills, cluster } = killing();
  const { says, clock, store } = desk({ cluster, mode: 'line' });
  store.source('flink', 'lost', new Problem('unreachable', 'Nothing answers on port 8081.'));
  const said = says('stop --savepoint');
  await clock.advance(60_000);
  expect(await said).toContain('The cluster was not stopped: which jobs run is not known: Nothing answers on port 8081.');
  expect(kills).toEqual([]);
});

test('pods that do not go are named after a while, and stop has done its part', async () => {
  const { cluster } = killing();
  const { store, run, front, clock } = desk({ cluster });
  store.pods(pod({ shortName: 'taskmanager-1-1' }));
  const outcome = run('stop');
  await clock.advance(600_000);
  expect(await outcome).toEqual({ kind: 'done' });
  expect(front.printed.at(-1)).toBe('The Deployment is deleted; still terminating: taskmanager-1-1. Kubernetes keeps removing them.');
});

test('what is stopped already is not asked about again', async () => {
  const { store, plan } = desk();
  store.pods();
  store.tell([{ kind: 'stopped', at: 0 }]);
  expect((await plan('stop')).kind).toBe('run');
});
