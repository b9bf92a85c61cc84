import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { Terminal } from '../terminal/harness.ts';
import { deploySession, examples, testNamespace, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

const clusterId = 'forward-only';
const user = 'forwarder';
const folder = mkdtempSync(join(tmpdir(), 'drey-forward-only-'));

let namespace: TestNamespace;

/** The kubeconfig of these tests, as a user who has only what was bound to the name. */
function kubeconfig(): string {
  const config = parse(readFileSync(process.env['KUBECONFIG'] ?? '', 'utf8')) as { readonly users: readonly { readonly user: object }[] };
  const path = join(folder, 'kubeconfig.yaml');
  writeFileSync(path, stringify({ ...config, users: config.users.map((each) => ({ ...each, user: { ...each.user, as: user } })) }), {
    mode: 0o600,
  });
  return path;
}

beforeAll(async () => {
  namespace = await testNamespace('forward-only');
  await namespace.kubectl('create', 'rolebinding', 'view', '--clusterrole=view', `--user=${user}`);
  for (const [role, verb, resource] of [
    ['forward', 'create', 'pods/portforward'],
    ['stop', 'delete', 'deployments.apps'],
  ] as const) {
    await namespace.kubectl('create', 'role', role, `--verb=${verb}`, `--resource=${resource}`);
    await namespace.kubectl('create', 'rolebinding', role, `--role=${role}`, `--user=${user}`);
  }
  await deploySession(namespace, clusterId);
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('whoever may see a cluster and create port-forwards runs jobs on it and stops it', async () => {
  expect(
    await namespace
      .kubectl('auth', 'can-i', 'get', 'pods', '--subresource=portforward', `--as=${user}`)
      .catch(({ stdout }: { readonly stdout: string }) => stdout),
  ).toBe('no\n');
  await using terminal = new Terminal(['attach', clusterId, '-n', namespace.name], {
    patience: 150_000,
    env: { KUBECONFIG: kubeconfig() },
  });
  await terminal.sees('flink ● live');
  terminal.type(`submit ${join(examples, 'jobs/StatefulCounter.jar')} -p 1⏎`);
  await terminal.sees('Job has been submitted with JobID');
  // It need not have a TaskManager yet.
  await terminal.sees(/Stateful counter\s+\S+ (?:Waiting|Running)/);
  terminal.type('cancel Stateful⇥⏎');
  await terminal.sees('Cancel a job');
  terminal.type('yes⏎');
  await terminal.sees(/Stateful counter.*Canceled/);
  terminal.type('stop⏎');
  await terminal.sees('Stop session cluster');
  terminal.type('yes⏎');
  expect(await terminal.exit).toBe(0);
  await eventually('nothing of it is left', async () => (await namespace.kubectl('get', 'deployments,pods', '-o', 'name')).trim() === '');
}, 480_000);
