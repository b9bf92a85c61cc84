import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { type Ended, runProgram, type Surroundings } from '../goldens/run-program.ts';
import { api } from '../sandbox/sandboxes.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'empty', speed: 10 });
});
afterAll(() => sandbox.close());

const deploy = (words: string, around: Partial<Surroundings> = {}): Promise<Ended> =>
  runProgram('deploy', words.split(' '), { env: { KUBECONFIG: sandbox.kubeconfig }, cwd: '/', home: '/', ...around });
const exists = async (id: string): Promise<boolean> =>
  (await api(sandbox, `/apis/apps/v1/namespaces/default/deployments/${id}`)).status === 200;

test('--wait tells the way to ready as it happens', async () => {
  const { code, stdout, stderr } = await deploy('session c1 --wait');
  expect(code).toBe(0);
  // Which steps are seen of a pod that is quick depends on when it is looked at.
  expect(stderr).toMatch(/^(Pod c1-\S+ was created\.\n)?Pod c1-\S+ was scheduled on sandbox-node\.\n[^]*The REST endpoint answers\.\n$/);
  expect(stdout).toMatch(/^Create flink session cluster c1 successfully, .*\nCluster c1 is ready after \d/);
});

test('Ctrl+C leaves the cluster and says how to remove it', async () => {
  const interrupt = new AbortController();
  const { code, stderr } = await deploy('session c3 --wait', {
    signal: interrupt.signal,
    onOutput: (text) => (text.includes('scheduled') ? interrupt.abort() : undefined),
  });
  expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('To remove it: drey kill c3 -n default') });
  expect(await exists('c3')).toBe(true);
  expect(
    (await runProgram('kill', ['c3', '-n', 'default', '--yes'], { env: { KUBECONFIG: sandbox.kubeconfig }, cwd: '/', home: '/' })).code,
  ).toBe(0);
  expect(await exists('c3')).toBe(false);
});

test('a key that is likely misspelt is reported, and the cluster is made all the same', async () => {
  const { code, stderr } = await deploy(
    'session c4 -Dkubernetes.jobmanager.cpu.ammount=0.5 -Ds3.secret-key=hunter2 -Djobmanager.memory.proces.size=1600m',
  );
  expect(code).toBe(0);
  expect(stderr).toContain('kubernetes.jobmanager.cpu.ammount is not an option of Flink; did you mean kubernetes.jobmanager.cpu.amount?');
  expect(stderr).toContain('jobmanager.memory.proces.size is not an option of Flink; did you mean jobmanager.memory.process.size?');
  expect(stderr).not.toContain('hunter2');
});

test('contradicting sizes are refused with the sums, before anything is asked', async () => {
  const { code, stderr } = await deploy('session c5 -Djobmanager.memory.process.size=1600m -Djobmanager.memory.flink.size=1500m');
  expect(code).toBe(1);
  expect(stderr).toMatch(/1500|1\.46/);
  expect(await exists('c5')).toBe(false);
});
