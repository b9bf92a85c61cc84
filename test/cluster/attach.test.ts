import { execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Terminal } from '../terminal/harness.ts';

const root = join(import.meta.dirname, '../..');
const namespace = `drey-attach-${process.pid}`;
const clusterId = 'my-first-flink-cluster';
const home = process.env['FLINK_HOME'] ?? '/opt/flink';
const properties = [`-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace}`];

const kubectl = (...args: readonly string[]) => execFileSync('kubectl', ['--namespace', namespace, ...args], { encoding: 'utf8' });

/** Runs a program of bin/ with `input` on its standard input. */
function run(
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'bin', program), [...args], { stdio: 'pipe' });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => {
      out.stdout += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      out.stderr += chunk.toString();
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out }));
    child.stdin.end(input);
  });
}

beforeAll(async () => {
  execFileSync('kubectl', ['create', 'namespace', namespace]);
  execFileSync('kubectl', [
    '--namespace',
    namespace,
    'create',
    'clusterrolebinding',
    namespace,
    '--clusterrole=edit',
    `--serviceaccount=${namespace}:default`,
  ]);
  const deployed = await run('kubernetes-session.sh', [
    ...properties,
    '-Dkubernetes.container.image.ref=flink:2.3.0',
    '-Dkubernetes.jobmanager.cpu.amount=0.1',
    '-Dkubernetes.jobmanager.cpu.limit-factor=20',
    '-Dkubernetes.taskmanager.cpu.amount=0.1',
    '-Dkubernetes.taskmanager.cpu.limit-factor=20',
    '-Djobmanager.memory.process.size=1100m',
    '-Dtaskmanager.memory.process.size=1100m',
    '-Dtaskmanager.numberOfTaskSlots=2',
    '-Dresourcemanager.taskmanager-timeout=10000',
  ]);
  expect(deployed.stderr + deployed.stdout).toContain(`Create flink session cluster ${clusterId} successfully`);
  expect(deployed.code).toBe(0);
});

afterAll(() => {
  execFileSync('kubectl', ['delete', 'clusterrolebinding', namespace]);
  execFileSync('kubectl', ['delete', 'namespace', namespace, '--wait=false']);
});

test('attach, submit, watch, cancel, detach, attach again, and stop a session cluster', async () => {
  await using terminal = new Terminal([...properties, '-Dexecution.attached=true'], {
    program: 'kubernetes-session.sh',
    patience: 120_000,
    env: { KUBECONFIG: process.env['KUBECONFIG'] ?? '' },
  });
  await terminal.sees(clusterId);
  await terminal.sees(/jobmanager-\S+.*Running\s+1\/1/);
  await terminal.sees(/INFO/);
  await terminal.sees('flink ● live');

  terminal.type(`submit ${join(home, 'examples/streaming/TopSpeedWindowing.jar')} -p 1⏎`);
  await terminal.sees(/CarTopSpeedWindowing.*Running/i);
  await terminal.sees(/taskmanager-1-1.*Running\s+1\/1/);

  terminal.type('cancel CarTop⇥');
  await terminal.sees(/› cancel CarTopSpeedWindowing/);
  terminal.type('⏎');
  await terminal.sees('Cancel a job');
  terminal.type('yes⏎');
  await terminal.sees(/CarTopSpeedWindowing.*Canceled/i);
  await terminal.when('shows no TaskManager', (text) => !/▸?\s*taskmanager-1-1\s+.*Running/.test(text));

  terminal.type('quit⏎');
  expect(await terminal.exit).toBe(0);
  await terminal.sees('still runs');
  expect(kubectl('get', 'deployment', clusterId, '-o', 'name').trim()).toBe(`deployment.apps/${clusterId}`);

  await using again = new Terminal(['attach', clusterId, '--namespace', namespace], {
    patience: 120_000,
    env: { KUBECONFIG: process.env['KUBECONFIG'] ?? '' },
  });
  await again.sees(/jobmanager-\S+.*Running\s+1\/1/);
  await again.sees(/CarTopSpeedWindowing.*Canceled/i);
  again.type('⌃c');
  expect(await again.exit).toBe(0);

  const stopped = await run('kubernetes-session.sh', [...properties, '-Dexecution.attached=true'], 'stop\n');
  expect(stopped.code, stopped.stderr).toBe(0);
  await expect
    .poll(() => kubectl('get', 'deployments,pods,services,configmaps', '-l', `app=${clusterId}`, '-o', 'name').trim(), {
      timeout: 120_000,
      interval: 500,
    })
    .toBe('');
});
