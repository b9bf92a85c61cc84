import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
const namespace = `drey-deploy-${process.pid}`;
const image = process.env['DREY_TEST_IMAGE'] ?? 'flink:2.3.0';
const folder = mkdtempSync(join(tmpdir(), 'drey-deploy-'));

/** Little CPU is asked for, so that the pods fit on a small node; a JVM starts with more. */
const small = [
  `-Dkubernetes.namespace=${namespace}`,
  `-Dkubernetes.container.image.ref=${image}`,
  '-Dkubernetes.jobmanager.cpu.amount=0.1',
  '-Dkubernetes.jobmanager.cpu.limit-factor=20',
  '-Dkubernetes.taskmanager.cpu.amount=0.1',
  '-Dkubernetes.taskmanager.cpu.limit-factor=20',
  '-Djobmanager.memory.process.size=1100m',
  '-Dtaskmanager.memory.process.size=1100m',
];

const kubectl = (...args: readonly string[]): string => execFileSync('kubectl', ['--namespace', namespace, ...args], { encoding: 'utf8' });
const later = async (...args: readonly string[]): Promise<string> =>
  (await promisify(execFile)('kubectl', ['--namespace', namespace, ...args])).stdout;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of bin/ to its end; `interrupt`: with Ctrl+C as soon as its output matches. */
function run(
  program: string,
  args: readonly string[],
  { interrupt, env = {} }: { readonly interrupt?: RegExp; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(root, 'bin', program), [...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    const out = { stdout: '', stderr: '' };
    const keep = (stream: 'stdout' | 'stderr') => (chunk: Buffer) => {
      out[stream] += chunk.toString();
      if (interrupt?.test(out[stream]) === true) child.kill('SIGINT');
    };
    child.stdout.on('data', keep('stdout'));
    child.stderr.on('data', keep('stderr'));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out }));
  });
}

const jobManager = (id: string): string =>
  kubectl('get', 'pods', '-l', `app=${id},component=jobmanager`, '-o', 'name').trim().split('\n')[0] ?? '';

/** Looks again until it is so: the API server is the only clock. */
async function eventually<T>(look: () => Promise<T>, good: (found: T) => boolean): Promise<T> {
  const { found } = await until(async () => {
    const found = await look();
    return good(found) && { found };
  }, 500);
  return found;
}

const leftOf = (id: string) => later('get', 'deployments,services,configmaps,pods', '-l', `app=${id}`, '-o', 'name');

beforeAll(() => {
  execFileSync('kubectl', ['create', 'namespace', namespace]);
  kubectl('create', 'rolebinding', 'flink', '--clusterrole=edit', `--serviceaccount=${namespace}:default`);
  kubectl('create', 'serviceaccount', 'powerless');
});

afterEach(async () => {
  const clusters = (await later('get', 'deployments', '-l', 'type=flink-native-kubernetes', '-o', 'name'))
    .trim()
    .split('\n')
    .filter((name) => name !== '');
  if (clusters.length > 0) await later('delete', ...clusters);
  await eventually(
    () => later('get', 'pods', '-l', 'type=flink-native-kubernetes', '-o', 'name'),
    (names) => names.trim() === '',
  );
});

afterAll(() => {
  execFileSync('kubectl', ['delete', 'namespace', namespace, '--wait=false']);
  rmSync(folder, { recursive: true });
});

describe('a session', () => {
  test('is deployed detached, found again, and gone without a trace when it is killed', async () => {
    const first = await run('kubernetes-session.sh', ['-Dkubernetes.cluster-id=s1', ...small]);
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(
        `Create flink session cluster s1 successfully, JobManager Web Interface: http://s1-rest.${namespace}:8081`,
      ),
    });
    const again = await run('kubernetes-session.sh', ['-Dkubernetes.cluster-id=s1', ...small]);
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Retrieve flink cluster s1 successfully') });
    const same = await run('drey', ['diff', 's1', '-n', namespace, ...small]);
    expect(same).toMatchObject({ code: 0, stdout: 'A redeploy of s1 would change nothing.\n' });
    const killed = await run('drey', ['kill', 's1', '-n', namespace, '--yes']);
    expect(killed).toMatchObject({ code: 0, stderr: '' });
    await eventually(
      () => leftOf('s1'),
      (names) => names.trim() === '',
    );
  });

  test('tells its way to ready, and Ctrl+C leaves it and says how to remove it', async () => {
    const interrupted = await run('drey', ['deploy', 'session', 's2', '-n', namespace, ...small, '--wait'], { interrupt: /scheduled on/ });
    expect(interrupted.code).toBe(130);
    expect(interrupted.stderr).toContain(`To remove it: drey kill s2 -n ${namespace}`);
    expect(kubectl('get', 'deployment', 's2', '-o', 'name')).toContain('s2');
  });

  test('is reached through NodePort, by the address that is printed', async () => {
    const { code, stdout, stderr } = await run('drey', [
      'deploy',
      'session',
      's3',
      '-n',
      namespace,
      ...small,
      '-Dkubernetes.rest-service.exposed.type=NodePort',
      '--wait',
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const port = kubectl('get', 'service', 's3-rest', '-o', 'jsonpath={.spec.ports[0].nodePort}');
    const node = execFileSync('kubectl', ['get', 'nodes', '-o', 'jsonpath={.items[0].status.addresses[?(@.type=="InternalIP")].address}'], {
      encoding: 'utf8',
    });
    expect(stdout).toContain(`JobManager Web Interface: http://${node}:${port}\n`);
    expect(stdout).toMatch(/Cluster s3 is ready after/);
    const listed = await run('flink', [
      'list',
      '-t',
      'kubernetes-session',
      '-Dkubernetes.cluster-id=s3',
      `-Dkubernetes.namespace=${namespace}`,
    ]);
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('No running jobs.') });
  });

  test('sees secrets as files and as variables', async () => {
    kubectl('create', 'secret', 'generic', 'mysecret', '--from-literal=username=jane', '--from-literal=password=hunter2');
    const { code, stderr } = await run('drey', [
      'deploy',
      'session',
      's4',
      '-n',
      namespace,
      ...small,
      '--wait',
      '-Dkubernetes.secrets=mysecret:/opt/secret',
      '-Dkubernetes.env.secretKeyRef=env:SECRET_USERNAME,secret:mysecret,key:username;env:SECRET_PASSWORD,secret:mysecret,key:password',
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining('hunter2') });
    expect(
      await later(
        'exec',
        jobManager('s4'),
        '--',
        'sh',
        '-c',
        'echo $SECRET_USERNAME $SECRET_PASSWORD; cat /opt/secret/username /opt/secret/password',
      ),
    ).toBe('jane hunter2\njanehunter2');
  });

  test('is made of the lines of the documentation, with an id of its own where they name none', async () => {
    const create = async (...line: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await run('kubernetes-session.sh', [...line, ...small]);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      return /^Create flink session cluster (\S+) successfully/m.exec(stdout)?.[1] ?? '';
    };
    const ofContainer = (id: string, path: string) =>
      kubectl('get', 'deployment', id, '-o', `jsonpath={.spec.template.spec.containers[0].${path}}`);
    const id = await create();
    expect(id).toMatch(/^flink-cluster-[0-9a-f]{31}$/);
    expect(kubectl('get', 'services', '-l', `app=${id}`, '-o', 'name').trim().split('\n')).toEqual([`service/${id}`, `service/${id}-rest`]);
    expect(await create('-Dkubernetes.cluster-id=my-first-flink-cluster')).toBe('my-first-flink-cluster');
    const secret = await create('-Dkubernetes.secrets=mysecret:/path/to/secret');
    expect(ofContainer(secret, "volumeMounts[?(@.mountPath=='/path/to/secret')].name")).toBe('mysecret-volume');
    const variables = await create(
      '-Dkubernetes.env.secretKeyRef=env:SECRET_USERNAME,secret:mysecret,key:username;env:SECRET_PASSWORD,secret:mysecret,key:password',
    );
    expect(ofContainer(variables, "env[?(@.name=='SECRET_PASSWORD')].valueFrom.secretKeyRef")).toBe('{"key":"password","name":"mysecret"}');
    const jar = 'flink-s3-fs-hadoop-2.3.0.jar';
    const plugins = await create(
      `-Dcontainerized.master.env.ENABLE_BUILT_IN_PLUGINS=${jar}`,
      `-Dcontainerized.taskmanager.env.ENABLE_BUILT_IN_PLUGINS=${jar}`,
    );
    expect(ofContainer(plugins, "env[?(@.name=='ENABLE_BUILT_IN_PLUGINS')].value")).toBe(jar);
    expect(kubectl('get', 'configmap', `flink-config-${plugins}`, '-o', 'jsonpath={.data.config\\.yaml}')).toContain(jar);
  });

  test('takes its pods from a template, with an init container and a volume', async () => {
    const template = join(folder, 'pod.yaml');
    writeFileSync(
      template,
      `apiVersion: v1
kind: Pod
metadata:
  labels: {team: orders}
spec:
  initContainers:
    - name: prepare
      image: ${image}
      command: [sh, -c, 'echo prepared > /shared/note']
      volumeMounts: [{name: shared, mountPath: /shared}]
  containers:
    - name: flink-main-container
      env: [{name: FROM_TEMPLATE, value: 'yes'}]
      volumeMounts: [{name: shared, mountPath: /opt/shared}]
  volumes: [{name: shared, emptyDir: {}}]
`,
    );
    const { code, stderr } = await run('drey', [
      'deploy',
      'session',
      's5',
      '-n',
      namespace,
      ...small,
      `-Dkubernetes.pod-template-file.default=${template}`,
      '--wait',
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(
      await later('exec', jobManager('s5'), '-c', 'flink-main-container', '--', 'sh', '-c', 'echo $FROM_TEMPLATE; cat /opt/shared/note'),
    ).toBe('yes\nprepared\n');
    expect(kubectl('get', jobManager('s5'), '-o', 'jsonpath={.metadata.labels.team}')).toBe('orders');
  });
});

describe('what does not come up', () => {
  test('is reported in words when the service account has no rights', async () => {
    const { code, stderr } = await run('drey', [
      'deploy',
      'session',
      's6',
      '-n',
      namespace,
      ...small,
      '-Dkubernetes.service-account=powerless',
      '--wait',
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain(`the service account powerless of namespace ${namespace} may not`);
    const doctor = await run('drey', ['doctor', '-n', namespace, '-Dkubernetes.service-account=powerless']);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(/MISSING\s+Service account powerless \(JobManager\): start and stop TaskManagers/);
    const commands = doctor.stdout.split('\n').filter((line) => line.startsWith('kubectl create'));
    expect(commands).not.toEqual([]);
    for (const command of commands) execFileSync('sh', ['-c', command]);
    expect((await run('drey', ['doctor', '-n', namespace, '-Dkubernetes.service-account=powerless'])).code).toBe(0);
  });

  test('is reported in words when the image cannot be pulled', async () => {
    const { code, stderr } = await run('drey', [
      'deploy',
      'session',
      's7',
      '-n',
      namespace,
      ...small,
      '-Dkubernetes.container.image.ref=no.such.registry.invalid/flink:1',
      '--wait=2m',
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Cluster s7 cannot start\. Pod s7-\S+: (ErrImagePull|ImagePullBackOff)/);
  });

  test('is reported in words when a quota is in the way, and nothing is left of what could not be completed', async () => {
    kubectl('create', 'quota', 'no-config', '--hard=count/configmaps=1');
    try {
      const { code, stderr } = await run('drey', ['deploy', 'session', 's8', '-n', namespace, ...small]);
      expect(code).toBe(1);
      expect(stderr).toContain('exceeded quota: no-config');
      expect(stderr).toContain('What this run had created was removed again: Deployment s8');
      await eventually(
        () => leftOf('s8'),
        (names) => names.trim() === '',
      );
    } finally {
      kubectl('delete', 'quota', 'no-config');
    }
  });
});

test('an application runs the jar of its image, and goes when its job is cancelled', async () => {
  const deployed = await run('flink', [
    'run',
    '--target',
    'kubernetes-application',
    '-Dkubernetes.cluster-id=a1',
    ...small,
    'local:///opt/flink/usrlib/my-flink-job.jar',
  ]);
  expect(deployed).toMatchObject({ code: 0, stdout: expect.stringContaining('Create flink application cluster a1 successfully') });
  const target = ['-t', 'kubernetes-application', '-Dkubernetes.cluster-id=a1', `-Dkubernetes.namespace=${namespace}`];
  const running = await eventually(
    () => run('flink', ['list', ...target]),
    ({ stdout }) => /\(RUNNING\)/.test(stdout),
  );
  const job = / : ([0-9a-f]{32}) : /.exec(running.stdout)?.[1] ?? '';
  await eventually(
    () => later('logs', jobManager('a1')),
    (log) => new RegExp(`Completed checkpoint \\d+ for job ${job}`).test(log),
  );
  expect((await run('flink', ['cancel', ...target, job])).code).toBe(0);
  await eventually(
    () => leftOf('a1'),
    (names) => names.trim() === '',
  );
});

test('with high availability a standby takes over when the leader dies; what is kept is named', async () => {
  const { code, stderr } = await run('drey', [
    'deploy',
    'session',
    'h1',
    '-n',
    namespace,
    ...small,
    '-Dhigh-availability.type=kubernetes',
    '-Dhigh-availability.storageDir=file:///tmp/ha',
    '-Dkubernetes.jobmanager.replicas=2',
    '--wait',
  ]);
  expect({ code, stderr }).toMatchObject({ code: 0 });
  const leader = async () => {
    const address = await later(
      'get',
      'configmap',
      'h1-cluster-config-map',
      '-o',
      'jsonpath={.data.org\\.apache\\.flink\\.k8s\\.leader\\.restserver}',
    );
    return /http:\/\/([^:]+):/.exec(address)?.[1];
  };
  const ready = () =>
    later(
      'get',
      'pods',
      '-l',
      'app=h1,component=jobmanager',
      '-o',
      'jsonpath={range .items[?(@.status.containerStatuses[0].ready==true)]}{.metadata.name}={.status.podIP}{"\\n"}{end}',
    );
  const pods = await eventually(ready, (text) => text.trim().split('\n').length === 2);
  const before = await eventually(leader, (ip) => ip !== undefined);
  const leading =
    pods
      .split('\n')
      .find((line) => line.endsWith(`=${before}`))
      ?.split('=')[0] ?? '';
  await later('delete', 'pod', leading, '--grace-period=0', '--force');
  await eventually(leader, (ip) => ip !== undefined && ip !== before);
  const target = ['-t', 'kubernetes-session', '-Dkubernetes.cluster-id=h1', `-Dkubernetes.namespace=${namespace}`];
  await eventually(
    () => run('flink', ['list', ...target]),
    ({ code: ended }) => ended === 0,
  );
  const killed = await run('drey', ['kill', 'h1', '-n', namespace, '--yes']);
  expect(killed.stderr).toContain('High availability keeps h1-cluster-config-map');
  await eventually(
    () => leftOf('h1'),
    (names) => names.trim() === 'configmap/h1-cluster-config-map',
  );
});
