import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import type { BundleFacts } from '../../src/session/recording/bundle-facts.ts';
import { type Ended, runProgram, type Surroundings } from '../goldens/run-program.ts';
import { unzipped } from '../support/zip.ts';

let sandbox: Sandbox;
let home: string;
const homes: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 10 });
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'drey-bundle-'));
  homes.push(home);
});
afterAll(async () => {
  await sandbox.close();
  for (const folder of homes) rmSync(folder, { recursive: true });
});

const cluster = 'my-first-flink-cluster';
const drey = (line: string, around: Partial<Surroundings> = {}): Promise<Ended> =>
  runProgram('drey', line.split(' '), { env: { KUBECONFIG: sandbox.kubeconfig }, cwd: home, home, ...around });
const factsIn = (files: ReadonlyMap<string, Buffer>): BundleFacts => JSON.parse(String(files.get('bundle.json'))) as BundleFacts;

test('a cluster that is not there has no bundle, which is said at once', async () => {
  const { code, stderr } = await drey('bundle nosuch');
  expect([code, stderr]).toEqual([1, expect.stringContaining('There is no Flink cluster nosuch in namespace default.')]);
  expect(readdirSync(home)).toEqual([]);
});

test('one file has all that is known of the cluster, and a list of itself', async () => {
  const { code, stdout, stderr } = await drey(`bundle ${cluster}`);
  expect(code).toBe(0);
  const [name = ''] = readdirSync(home);
  expect(name).toMatch(/^drey-my-first-flink-cluster-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.zip$/);
  expect(statSync(join(home, name)).mode & 0o777).toBe(0o600);
  expect(stdout).toContain(`Saved ${join(home, name)}: `);
  expect(stderr).toContain('Answers of Flink …\n');
  const files = await unzipped(join(home, name));
  const facts = factsIn(files);
  expect([...files].filter(([path]) => path !== 'bundle.json').map(([path, { length }]) => [path, length])).toEqual(
    facts.inside.map(({ path, bytes }) => [path, bytes]),
  );
  const { flinkVersion, kubernetesVersion } = facts;
  expect(facts).toMatchObject({ format: 1, clusterId: cluster, namespace: 'default', flinkVersion, kubernetesVersion });
  expect(facts.leftOut.filter(({ because }) => because !== 'none')).toEqual([]);
  expect(facts.inside).toContainEqual(expect.objectContaining({ what: 'Recording' }));
  const paths = [...files.keys()].map((path) => path.replaceAll(/[0-9a-f]{32}/g, 'ID'));
  expect(paths).toEqual(
    expect.arrayContaining([
      'card.md',
      'README.md',
      ...['deployments', 'pods', 'services', 'configmaps', 'events'].map((kind) => `manifests/${kind}.yaml`),
      ...['overview', 'jobmanager/config', 'jobmanager/thread-dump', 'jobs/overview'].map((path) => `rest/${path}.json`),
      ...['', '/plan', '/config', '/exceptions', '/checkpoints', '/metrics'].map((part) => `rest/jobs/ID${part}.json`),
      'rest/jobs/ID/vertices/ID/subtasks/metrics.json',
      `rest/taskmanagers/${cluster}-taskmanager-1-1/thread-dump.json`,
      'logs/taskmanager-1-1.log',
    ]),
  );
  expect(String(files.get('logs/taskmanager-1-1.log'))).toContain('TaskManagerRunner');
});
