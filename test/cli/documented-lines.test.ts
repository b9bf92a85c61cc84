import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { type Ended, runProgram, type Surroundings } from '../goldens/run-program.ts';
import { api, at } from '../sandbox/sandboxes.ts';
import { until } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'drey-documented-'));
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const CORE = '/api/v1/namespaces/default';

let sandbox: Sandbox;
let store: S3rver;
let endpoint: string;

beforeAll(async () => {
  for (const name of ['s3', 'conf', 'examples/streaming']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['my-flink-job.jar', 'my-flink-udf1.jar']) writeFileSync(join(folder, name), name);
  store = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(folder, 's3'),
    configureBuckets: [{ name: 'my-bucket', configs: [] }],
  });
  endpoint = `http://127.0.0.1:${(await store.run()).port}`;
  copyFileSync(join(import.meta.dirname, '../../conf/config.yaml'), join(folder, 'conf/config.yaml'));
  appendFileSync(
    join(folder, 'conf/config.yaml'),
    `\ns3: {endpoint: "${endpoint}", path.style.access: true, access-key: S3RVER, secret-key: S3RVER}\n`,
  );
  sandbox = await startSandbox({ scenario: 'empty', speed: 10 });
  copyFileSync(join(sandbox.examples, 'TopSpeedWindowing.jar'), join(folder, 'examples/streaming/TopSpeedWindowing.jar'));
});
afterAll(async () => {
  await Promise.all([sandbox.close(), store.close()]);
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  for (const name of await names(DEPLOYMENTS))
    await api(sandbox, `${DEPLOYMENTS}/${name}`, { method: 'DELETE', body: { propagationPolicy: 'Background' } });
  await until(async () => (await names(`${CORE}/pods`)).length === 0);
});

/** A line as it stands in Flink's documentation, as a shell takes it; only its `/tmp` is a folder of the test's own. */
function typed(line: string, more: Pick<Surroundings, 'signal' | 'onOutput'> = {}): Promise<Ended> {
  const [program = '', ...words] = line
    .replaceAll('\\\n', ' ')
    .trim()
    .split(/\s+/)
    .map((word) => word.replaceAll('\\;', ';').replaceAll('local:///tmp/', `local://${folder}/`));
  const name = program === 'bin/flink' ? 'flink' : 'kubernetes-session.sh';
  expect(program).toBe(`bin/${name}`);
  return runProgram(name, words, {
    env: { KUBECONFIG: sandbox.kubeconfig, FLINK_CONF_DIR: join(folder, 'conf') },
    cwd: folder,
    home: folder,
    ...more,
  });
}

/** The same line, which has to succeed and to say that the cluster was created; resolves with the cluster's id. */
async function creates(mode: 'session' | 'application', line: string): Promise<string> {
  const { code, stdout, stderr } = await typed(line);
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringMatching(/warning|did you mean|not an option/i) });
  const [, id = '', address] =
    new RegExp(`^Create flink ${mode} cluster (\\S+) successfully, JobManager Web Interface: (\\S+)$`, 'm').exec(stdout) ?? [];
  expect(address).toBe(`http://${id}-rest.default:8081`);
  return id;
}

const names = async (path: string): Promise<readonly string[]> =>
  at<readonly unknown[]>((await api(sandbox, path)).body, 'items').map((each) => at(each, 'metadata.name'));

interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

/** What the API server has of a cluster. */
async function deployed(
  id: string,
): Promise<{ readonly container: Container; readonly volumes: readonly { readonly name: string }[]; readonly config: unknown }> {
  const { body } = await api(sandbox, `${DEPLOYMENTS}/${id}`);
  expect(await names(`${CORE}/services`)).toEqual(expect.arrayContaining([id, `${id}-rest`]));
  const map = await api(sandbox, `${CORE}/configmaps/flink-config-${id}`);
  const config: unknown = parse(at<Readonly<Record<string, string>>>(map.body, 'data')['config.yaml'] ?? '', { schema: 'core' });
  return { container: at(body, 'spec.template.spec.containers.0'), volumes: at(body, 'spec.template.spec.volumes'), config };
}

const stored = async (name: string): Promise<string> => (await fetch(`${endpoint}/my-bucket/${name}`)).text();

describe('bin/kubernetes-session.sh', () => {
  test('-Dkubernetes.cluster-id=my-first-flink-cluster', async () => {
    expect(await creates('session', 'bin/kubernetes-session.sh -Dkubernetes.cluster-id=my-first-flink-cluster')).toBe(
      'my-first-flink-cluster',
    );
    const { container, config } = await deployed('my-first-flink-cluster');
    expect(container.args).toEqual(['bash', '-c', expect.stringContaining('kubernetes-jobmanager.sh kubernetes-session')]);
    expect(at(config, 'kubernetes.cluster-id')).toBe('my-first-flink-cluster');
    expect(await typed('bin/kubernetes-session.sh -Dkubernetes.cluster-id=my-first-flink-cluster')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Retrieve flink cluster my-first-flink-cluster successfully'),
    });
  });

  test('alone makes up an id of 45 characters', async () => {
    const ids = [await creates('session', 'bin/kubernetes-session.sh'), await creates('session', 'bin/kubernetes-session.sh')];
    for (const id of ids) expect(id).toMatch(/^flink-cluster-[0-9a-f]{31}$/);
    expect((await names(DEPLOYMENTS)).toSorted()).toEqual(ids.toSorted());
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('-Dkubernetes.secrets=mysecret:/path/to/secret', async () => {
    const { container, volumes } = await deployed(
      await creates('session', 'bin/kubernetes-session.sh -Dkubernetes.secrets=mysecret:/path/to/secret'),
    );
    const mount = container.volumeMounts.find(({ mountPath }) => mountPath === '/path/to/secret');
    expect(volumes.find(({ name }) => name === mount?.name)).toMatchObject({ secret: { secretName: 'mysecret' } });
  });

  test('-Dkubernetes.env.secretKeyRef=...', async () => {
    const { container } = await deployed(
      await creates(
        'session',
        'bin/kubernetes-session.sh -Dkubernetes.env.secretKeyRef=env:SECRET_USERNAME,secret:mysecret,key:username\\;env:SECRET_PASSWORD,secret:mysecret,key:password',
      ),
    );
    expect(container.env).toEqual(
      expect.arrayContaining([
        { name: 'SECRET_USERNAME', valueFrom: { secretKeyRef: { name: 'mysecret', key: 'username' } } },
        { name: 'SECRET_PASSWORD', valueFrom: { secretKeyRef: { name: 'mysecret', key: 'password' } } },
      ]),
    );
  });

  test('-Dcontainerized.master.env.ENABLE_BUILT_IN_PLUGINS=... -Dcontainerized.taskmanager.env.ENABLE_BUILT_IN_PLUGINS=...', async () => {
    const jar = 'flink-s3-fs-hadoop-2.3.0.jar';
    const { container, config } = await deployed(
      await creates(
        'session',
        `bin/kubernetes-session.sh -Dcontainerized.master.env.ENABLE_BUILT_IN_PLUGINS=${jar} -Dcontainerized.taskmanager.env.ENABLE_BUILT_IN_PLUGINS=${jar}`,
      ),
    );
    expect(container.env).toContainEqual({ name: 'ENABLE_BUILT_IN_PLUGINS', value: jar });
    // The JobManager reads it there when it makes TaskManagers.
    expect(at(config, 'containerized.taskmanager.env.ENABLE_BUILT_IN_PLUGINS')).toBe(jar);
  });
});

describe('bin/flink run --target kubernetes-application', () => {
  const application =
    'bin/flink run --target kubernetes-application -Dkubernetes.cluster-id=my-first-application-cluster -Dkubernetes.container.image.ref=custom-image-name';
  const program = (config: unknown) => ({ jars: at(config, 'pipeline.jars'), artifacts: at(config, 'user.artifacts.artifact-list') });

  test('local:///opt/flink/usrlib/my-flink-job.jar', async () => {
    expect(
      await creates(
        'application',
        `bin/flink run \\
    --target kubernetes-application \\
    -Dkubernetes.cluster-id=my-first-application-cluster \\
    -Dkubernetes.container.image.ref=custom-image-name \\
    local:///opt/flink/usrlib/my-flink-job.jar`,
      ),
    ).toBe('my-first-application-cluster');
    const { container, config } = await deployed('my-first-application-cluster');
    expect(container).toMatchObject({
      image: 'custom-image-name',
      args: ['bash', '-c', expect.stringContaining('kubernetes-jobmanager.sh kubernetes-application')],
    });
    expect(program(config)).toEqual({ jars: ['local:///opt/flink/usrlib/my-flink-job.jar'] });
  });

  test('local:///tmp/my-flink-job.jar, is uploaded', async () => {
    await creates(
      'application',
      `${application} -Dkubernetes.artifacts.local-upload-enabled=true -Dkubernetes.artifacts.local-upload-target=s3://my-bucket/ local:///tmp/my-flink-job.jar`,
    );
    expect(program((await deployed('my-first-application-cluster')).config)).toEqual({ jars: ['s3://my-bucket/my-flink-job.jar'] });
    expect(await stored('my-flink-job.jar')).toBe('my-flink-job.jar');
  });

  test('with user.artifacts.artifact-list: what is here is uploaded, what is elsewhere stays', async () => {
    await creates(
      'application',
      `${application} \\
    -Dkubernetes.artifacts.local-upload-enabled=true \\
    -Dkubernetes.artifacts.local-upload-target=s3://my-bucket/ \\
    -Duser.artifacts.artifact-list=local:///tmp/my-flink-udf1.jar\\;s3://my-bucket/my-flink-udf2.jar \\
    local:///tmp/my-flink-job.jar`,
    );
    expect(program((await deployed('my-first-application-cluster')).config)).toEqual({
      jars: ['s3://my-bucket/my-flink-job.jar'],
      artifacts: ['s3://my-bucket/my-flink-udf1.jar', 's3://my-bucket/my-flink-udf2.jar'],
    });
    expect([await stored('my-flink-job.jar'), await stored('my-flink-udf1.jar')]).toEqual(['my-flink-job.jar', 'my-flink-udf1.jar']);
  });

  test.each(['s3://my-bucket/my-flink-job.jar', 'https://192.0.2.7:8443/my-flink-job.jar'])(
    '%s is for the JobManager to fetch',
    async (jar) => {
      await creates('application', `${application} ${jar}`);
      expect(program((await deployed('my-first-application-cluster')).config)).toEqual({ jars: [jar] });
    },
  );

  test('is followed by bin/flink list and bin/flink cancel, and then nothing is left', async () => {
    await creates('application', `${application} local:///opt/flink/usrlib/my-flink-job.jar`);
    const target = '--target kubernetes-application -Dkubernetes.cluster-id=my-first-application-cluster';
    const listed = await until(async () => {
      const { stdout } = await typed(`bin/flink list ${target}`);
      return stdout.includes('(RUNNING)') && stdout;
    });
    const job = / : ([0-9a-f]{32}) : /.exec(listed)?.[1];
    expect(await typed(`bin/flink cancel ${target} ${job}`)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Cancelled job ${job}.`),
    });
    await until(
      async () => (await names(DEPLOYMENTS)).length === 0 && !(await names(`${CORE}/services`)).some((name) => name.startsWith('my-first')),
    );
  });
});

test('bin/flink run --target kubernetes-session: the job runs, and goes on when the command is interrupted', async () => {
  await creates('session', 'bin/kubernetes-session.sh -Dkubernetes.cluster-id=my-first-flink-cluster');
  const interrupt = new AbortController();
  const line =
    'bin/flink run --target kubernetes-session -Dkubernetes.cluster-id=my-first-flink-cluster ./examples/streaming/TopSpeedWindowing.jar';
  const { code, stdout } = await typed(line, {
    signal: interrupt.signal,
    onOutput: (text) => (text.includes('has been submitted') ? interrupt.abort() : undefined),
  });
  const job = /^Job has been submitted with JobID ([0-9a-f]{32})$/m.exec(stdout)?.[1] ?? 'nothing';
  expect({ code, job }).toEqual({ code: 130, job: expect.stringMatching(/^[0-9a-f]{32}$/) });
  expect((await typed('bin/flink list --target kubernetes-session -Dkubernetes.cluster-id=my-first-flink-cluster')).stdout).toContain(job);
});
