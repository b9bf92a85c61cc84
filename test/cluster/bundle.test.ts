import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BundleFacts } from '../../src/session/recording/bundle-facts.ts';
import { eventually } from '../support/until.ts';
import { unzipped } from '../support/zip.ts';
import { kit } from './kit.ts';
import { deploySession, type Ended, examples, run, testNamespace, type TestNamespace } from './session-cluster.ts';

const clusterId = 'bundled';
const canary = 'c4n4ry-s3cret';

/** Milliseconds. A JVM starts slowly if little CPU is left. */
const patience = 400_000;

let namespace: TestNamespace;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drey-bundled-'));
  namespace = await testNamespace('bundle');
  await deploySession(namespace, clusterId, `-Dcontainerized.master.env.DB_PASSWORD=${canary}`, `-Dmy.db.pw=${canary}`);
  const target = ['-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`];
  const started = await run('flink', ['run', '-d', ...target, join(examples, 'jobs/Backpressured.jar'), '--token', canary]);
  expect(started).toMatchObject({ code: 0 });
  await eventually(
    'its TaskManager is registered',
    async () => (await run('drey', ['taskmanager', clusterId, 'tm1-1', '-n', namespace.name])).code === 0,
    patience,
  );
}, patience);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await namespace[Symbol.asyncDispose]();
});

interface Made extends Ended {
  readonly files: ReadonlyMap<string, Buffer>;
  readonly facts: BundleFacts;
}

/** A bundle as it is made by a user of the kubeconfig; undefined: by the one who deployed. */
async function made(name: string, kubeconfig?: string): Promise<Made> {
  const path = join(folder, `${name}.zip`);
  const env = { XDG_STATE_HOME: join(folder, 'state'), ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }) };
  const ended = await run('drey', ['bundle', clusterId, path, '-n', namespace.name], env);
  const files = await unzipped(path);
  return { ...ended, files, facts: JSON.parse(String(files.get('bundle.json'))) as BundleFacts };
}

const because = ({ leftOut }: BundleFacts, reason: string): readonly string[] =>
  leftOut.filter((each) => each.because === reason).map(({ what }) => what);

test('who may read everything gets everything, and no secret', { timeout: patience }, async () => {
  const { code, files, facts, stderr } = await made('all');
  expect([code, facts.leftOut.filter(({ because: why }) => why !== 'none'), stderr]).toEqual([
    0,
    [],
    expect.stringContaining('Answers of Flink …'),
  ]);
  expect(facts).toMatchObject({
    clusterId,
    flinkVersion: expect.stringMatching(/^2\.3/),
    kubernetesVersion: expect.stringMatching(/^v1\./),
  });
  expect([...files.keys()].filter((path) => path !== 'bundle.json')).toEqual(facts.inside.map(({ path }) => path));
  const paths = [...files.keys()].map((path) => path.replaceAll(/[0-9a-f]{32}/g, 'ID'));
  expect(paths).toEqual(
    expect.arrayContaining([
      ...['deployments', 'pods', 'services', 'configmaps', 'events'].map((kind) => `manifests/${kind}.yaml`),
      ...['plan', 'checkpoints', 'exceptions', 'config', 'metrics'].map((part) => `rest/jobs/ID/${part}.json`),
      'rest/jobs/ID/vertices/ID/subtasks/metrics.json',
      'rest/jobmanager/thread-dump.json',
      `rest/taskmanagers/${clusterId}-taskmanager-1-1/thread-dump.json`,
      'logs/taskmanager-1-1.log',
    ]),
  );
  expect(paths.filter((path) => /^logs\/jobmanager-.*\.log$/.test(path))).toHaveLength(1);
  expect(String(files.get('manifests/pods.yaml'))).toContain('DB_PASSWORD');
  const leaks = [...files].flatMap(([path, bytes]) =>
    String(bytes)
      .split('\n')
      .flatMap((line) => (line.includes(canary) ? [`${path}: ${line}`] : [])),
  );
  expect(leaks).toEqual([]);
});

test('a viewer, who reaches no port, gets what Kubernetes shows, and is told what not', { timeout: patience }, async () => {
  const { code, files, facts } = await made('viewer', await kit('kubeconfig', 'viewer', namespace.name));
  expect(code).toBe(3);
  expect(because(facts, 'no-rights')).toEqual(['Answers of Flink']);
  expect([...files.keys()]).toEqual(expect.arrayContaining(['manifests/pods.yaml', 'logs/taskmanager-1-1.log', 'card.md']));
});

test('who may not read logs gets the rest', { timeout: patience }, async () => {
  const { code, facts } = await made('nologs', await kit('kubeconfig', 'nologs', namespace.name));
  expect(code).toBe(3);
  expect(because(facts, 'no-rights')).toContain('Log of taskmanager-1-1');
  expect(facts.inside.filter(({ path }) => path.startsWith('logs/'))).toEqual([]);
});

test('while the JobManager is gone, the rest is there', { timeout: patience }, async () => {
  await namespace.kubectl('scale', `deployment/${clusterId}`, '--replicas=0');
  await namespace.kubectl('wait', '--for=delete', 'pod', '-l', `app=${clusterId},component=jobmanager`, '--timeout=180s');
  const { code, facts } = await made('gone');
  expect(code).toBe(3);
  expect(because(facts, 'away')).toEqual(['Answers of Flink']);
  expect(facts.inside.map(({ path }) => path)).toContain('manifests/deployments.yaml');
});
