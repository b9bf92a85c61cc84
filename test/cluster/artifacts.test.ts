import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jar } from '../support/jar.ts';
import { examples, jobManagerPod, run, smallCluster, testNamespace, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';
import { startStore, type StorePod } from './store-pod.ts';

const clusterId = 'my-first-application-cluster';
const folder = mkdtempSync(join(tmpdir(), 'drey-artifacts-'));

/** Milliseconds. A JVM with the S3 file system starts slowly where little CPU is left. */
const patience = 300_000;

let namespace: TestNamespace;
let store: StorePod;

beforeAll(async () => {
  namespace = await testNamespace('artifacts');
  store = await startStore(namespace, folder);
  copyFileSync(join(examples, 'jobs/StatefulCounter.jar'), join(folder, 'my-flink-job.jar'));
  for (const name of ['my-flink-udf1.jar', 'my-flink-udf2.jar']) writeFileSync(join(folder, name), jar());
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const target = () => [
  '--target',
  'kubernetes-application',
  `-Dkubernetes.cluster-id=${clusterId}`,
  `-Dkubernetes.namespace=${namespace.name}`,
];

/** The line of the documentation, with what leads to the store of the test. */
async function runApplication(...line: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(
    'flink',
    [
      'run',
      ...target(),
      ...smallCluster(namespace.name),
      `-Ds3.endpoint=${store.endpoint}`,
      '-Ds3.path.style.access=true',
      '-Ds3.access-key=S3RVER',
      '-Ds3.secret-key=S3RVER',
      '-Dcontainerized.master.env.ENABLE_BUILT_IN_PLUGINS=flink-s3-fs-hadoop-2.3.0.jar',
      ...line,
    ],
    store.env,
  );
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(
    `Create flink application cluster ${clusterId} successfully, JobManager Web Interface: http://${clusterId}-rest.${namespace.name}:8081`,
  );
  return stderr;
}

/** A file of this machine into the store. */
async function put(name: string): Promise<void> {
  const { status } = await fetch(`${store.endpoint.replace(/\/\/[^:]+/, '//127.0.0.1')}/my-bucket/${name}`, {
    method: 'PUT',
    body: readFileSync(join(folder, name)),
  });
  expect(status).toBe(200);
}

const left = (): Promise<string> =>
  namespace.kubectl('get', 'deployments,services,configmaps,pods', '-l', `app=${clusterId}`, '-o', 'name');

/** Waits for a checkpoint of the job; resolves with what the JobManager fetched. */
async function checkpointed(): Promise<readonly string[]> {
  const { stdout } = await eventually(
    'the job runs',
    async () => {
      const listed = await run('flink', ['list', ...target()]);
      return listed.stdout.includes('(RUNNING)') ? listed : undefined;
    },
    patience,
  );
  const job = / : ([0-9a-f]{32}) : /.exec(stdout)?.[1] ?? '';
  const pod = await jobManagerPod(namespace, clusterId);
  await eventually(
    'a checkpoint completes',
    async () => (await namespace.kubectl('logs', pod)).includes(`Completed checkpoint 1 for job ${job}`),
    patience,
  );
  const fetched = await namespace.kubectl('exec', pod, '--', 'ls', `/opt/flink/artifacts/${namespace.name}/${clusterId}`);
  expect(await run('flink', ['cancel', ...target(), job])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`Cancelled job ${job}.`),
  });
  await eventually('nothing is left', async () => (await left()).trim() === '');
  return fetched.trim().split('\n');
}

test(
  'an application is uploaded with its artifacts, fetched by its JobManager, takes a checkpoint, and goes when its job is cancelled',
  { timeout: 3 * patience },
  async () => {
    await put('my-flink-udf2.jar');
    const said = await runApplication(
      '-Dkubernetes.artifacts.local-upload-enabled=true',
      '-Dkubernetes.artifacts.local-upload-target=s3://my-bucket/',
      `-Duser.artifacts.artifact-list=local://${folder}/my-flink-udf1.jar;s3://my-bucket/my-flink-udf2.jar`,
      `local://${folder}/my-flink-job.jar`,
    );
    expect(said).toContain('Uploaded s3://my-bucket/my-flink-job.jar.');
    expect(said).not.toContain('secret-key');
    expect(await store.keys()).toEqual(['my-flink-job.jar', 'my-flink-udf1.jar', 'my-flink-udf2.jar']);
    expect(await checkpointed()).toEqual(['my-flink-job.jar', 'my-flink-udf1.jar', 'my-flink-udf2.jar']);
  },
);

test('an application is fetched from where it is, with an artifact of an HTTP server', { timeout: 3 * patience }, async () => {
  for (const name of ['my-flink-job.jar', 'my-flink-udf1.jar']) await put(name);
  await runApplication(
    '-Duser.artifacts.raw-http-enabled=true',
    `-Duser.artifacts.artifact-list=${store.endpoint}/my-bucket/my-flink-udf1.jar`,
    's3://my-bucket/my-flink-job.jar',
  );
  expect(await checkpointed()).toEqual(['my-flink-job.jar', 'my-flink-udf1.jar']);
});
