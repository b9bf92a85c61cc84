import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kit } from './kit.ts';
import { deploySession, run, testNamespace, type TestNamespace } from './session-cluster.ts';

let namespace: TestNamespace;
/** The environment of a user who may look at the namespace, and nothing else. */
let viewer: Readonly<Record<string, string>>;

beforeAll(async () => {
  namespace = await testNamespace('doctor');
  viewer = { KUBECONFIG: await kit('kubeconfig', 'viewer', namespace.name) };
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
});

const doctor = (env: Readonly<Record<string, string>>, ...more: readonly string[]) =>
  run('drey', ['doctor', '-n', namespace.name, ...more], env);
const shell = (line: string, input = '') => execFileSync('sh', ['-c', line], { input, encoding: 'utf8' });

test('a user who may only look gets lines that give the rest, and deploys with them', async () => {
  const before = await doctor(viewer);
  expect(before.code).toBe(1);
  expect(before.stdout).toMatch(/^MISSING +You: deploy +may not create services, create deployments, create configmaps$/m);
  expect(before.stdout).toMatch(/^ok +You: watch /m);
  expect(before.stdout).toMatch(/^unknown +Service account default \(JobManager\): .* you may not ask for the rights of others/m);
  const lines = before.stdout.split('\n').filter((line) => line.startsWith('kubectl create '));
  expect(lines.join('\n')).toContain('--user=viewer');
  for (const line of lines) shell(line);
  expect(await doctor(viewer)).toMatchObject({ code: 0, stdout: expect.not.stringContaining('MISSING') });
  // What is said to be enough is: that user deploys, asks the REST endpoint and stops.
  const admin = process.env['KUBECONFIG'];
  try {
    process.env['KUBECONFIG'] = viewer['KUBECONFIG'];
    await deploySession(namespace, 'mine');
    expect(await run('drey', ['kill', 'mine', '-n', namespace.name, '--yes'])).toMatchObject({ code: 0 });
  } finally {
    process.env['KUBECONFIG'] = admin;
  }
  for (const line of lines) shell(line.replace(/^kubectl create (\S+) (\S+) .*/, `kubectl delete $1 $2 -n ${namespace.name}`));
});

test('the same as objects, for addresses of nodes and high availability too', async () => {
  const topic = ['-Dkubernetes.rest-service.exposed.type=NodePort', '-Dhigh-availability.type=kubernetes'];
  expect((await doctor(viewer, ...topic)).code).toBe(1);
  const { stdout: objects } = await doctor(viewer, ...topic, '--dry-run', '-o', 'yaml');
  try {
    expect(shell('kubectl apply -f -', objects)).toMatch(/^clusterrole\S+ created$/m);
    expect((await doctor(viewer, ...topic)).code).toBe(0);
  } finally {
    shell('kubectl delete --ignore-not-found -f -', objects);
  }
});
