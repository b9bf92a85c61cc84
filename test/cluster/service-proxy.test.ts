import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kit } from './kit.ts';
import { deploySession, examples, run, testNamespace, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

const clusterId = 'proxied';
let namespace: TestNamespace;
let viewer: Readonly<Record<string, string>>;

beforeAll(async () => {
  namespace = await testNamespace('proxy');
  viewer = { KUBECONFIG: await kit('kubeconfig', 'viewer', namespace.name) };
  await deploySession(namespace, clusterId);
});
afterAll(() => namespace[Symbol.asyncDispose]());

const drey = (...args: readonly string[]) => run('drey', [...args, '-n', namespace.name], viewer);

test('a user who may forward no port and may use services/proxy lists, uploads, runs and cancels; without it, the missing right is named', async () => {
  const refused = await drey('jobs', clusterId);
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`forbidden: create pods/portforward in namespace ${namespace.name} (User "viewer").`),
  });

  await namespace.kubectl('create', 'role', 'proxy', '--verb=get,create,patch,delete', '--resource=services/proxy');
  await namespace.kubectl('create', 'rolebinding', 'proxy', '--role=proxy', '--user=viewer');
  await eventually('the right counts', async () => ((await drey('jobs', clusterId)).code === 0 ? true : undefined));
  const doctor = await drey('doctor');
  expect(doctor.stdout).toMatch(/^ok +You: submit and savepoints .*may not create pods\/portforward; goes through get services\/proxy/m);

  const submitted = await drey('submit', clusterId, join(examples, 'streaming/TopSpeedWindowing.jar'), '-p', '1');
  expect(submitted.stderr).toContain('the requests go through the proxy of the API server (services/proxy) instead.');
  expect(submitted.code).toBe(0);
  const jobs = JSON.parse((await drey('jobs', clusterId, '-o', 'json')).stdout) as readonly { readonly name: string }[];
  expect(jobs.map(({ name }) => name)).toEqual(['CarTopSpeedWindowingExample']);
  expect(await drey('cancel', clusterId, 'CarTopSpeedWindowingExample')).toMatchObject({ code: 0 });
});
