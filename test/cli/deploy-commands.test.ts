import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { Recorder, type Seed } from '../goldens/recorder.ts';
import { kubeconfigOf } from '../support/kubeconfig.ts';
import { type DeployCommandName, runProgram, type Surroundings } from '../goldens/run-program.ts';

let folder: string;
let recorder: Recorder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-deploy-'));
});

afterEach(async () => {
  await recorder?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

async function server(seed: Seed = {}): Promise<void> {
  recorder = new Recorder(seed);
  writeFileSync(
    join(folder, 'kubeconfig'),
    kubeconfigOf(await recorder.listen(), { contexts: ['dev'], user: { token: 't' }, namespace: 'orders' }),
  );
}

const drey = (line: string, around: Partial<Surroundings> = {}) => {
  const [name, ...words] = line.split(' ');
  return runProgram(name as DeployCommandName, words, {
    env: { KUBECONFIG: join(folder, 'kubeconfig') },
    cwd: folder,
    home: folder,
    ...around,
  });
};

const writes = () =>
  recorder.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path.split('/').slice(-2).join('/')}`);

describe('drey deploy', () => {
  test('a session goes into the namespace of the context, and knows it', async () => {
    await server();
    const { code, stdout } = await drey('deploy session c1');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: 'Create flink session cluster c1 successfully, JobManager Web Interface: http://c1-rest.orders:8081\n',
    });
    expect(JSON.stringify(recorder.objects.get('configmaps/orders/flink-config-c1'))).toContain('namespace: orders');
  });

  test('a session that exists is left alone', async () => {
    await server();
    await drey('deploy session c1');
    const before = writes().length;
    const { code, stderr } = await drey('deploy session c1');
    expect(code).toBe(1);
    expect(stderr).toContain('The Flink cluster c1 already exists. drey attach c1 -n orders attaches to it');
    expect(writes()).toHaveLength(before);
  });

  test('an application gets its program and its arguments, whatever they look like', async () => {
    await server();
    const { code, stdout } = await drey(
      'deploy application --cluster-id a1 -c org.example.Main -p 4 local:///opt/flink/usrlib/j.jar --input x -p 3',
    );
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Create flink application cluster a1 successfully'),
    });
    const config = JSON.stringify(recorder.objects.get('configmaps/orders/flink-config-a1'));
    for (const text of ['program-args:', '- --input', 'main: org.example.Main', 'local:///opt/flink/usrlib/j.jar'])
      expect(config).toContain(text);
  });

  test('a dry run into a pipe is complete, can be applied, and sends nothing', async () => {
    await server();
    const { code, stdout } = await drey('deploy session c1 --dry-run -Ds3.secret-key=hunter2');
    expect(code).toBe(0);
    const objects = parseAllDocuments(stdout).map((document) => document.toJS() as { kind: string; metadata: { name: string } });
    expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'Deployment c1',
      'Service c1',
      'Service c1-rest',
      'ConfigMap flink-config-c1',
    ]);
    expect(stdout).toContain('hunter2');
    expect(recorder.requests).toEqual([]);
    const json = JSON.parse((await drey('deploy session c1 --dry-run -o json')).stdout) as { kind: string; items: unknown[] };
    expect([json.kind, json.items.length]).toEqual(['List', 4]);
  });

  test('a dry run equals what is then sent', async () => {
    await server();
    const { items } = JSON.parse((await drey('deploy session c1 -o json')).stdout) as { items: readonly unknown[] };
    await drey('deploy session c1');
    const sent = recorder.requests
      .filter(({ method }) => method === 'POST')
      .map(({ body }) => {
        const {
          metadata: { ownerReferences: _, ...metadata },
          ...rest
        } = body as { metadata: Record<string, unknown> };
        return { ...rest, metadata };
      });
    expect(sent).toEqual(items);
  });

  test('on a terminal a dry run hides secrets', async () => {
    await server();
    const { stdout, stderr } = await drey(
      'deploy session c1 --dry-run -Ds3.secret-key=hunter2 -Dcontainerized.master.env.DB_PASSWORD=hunter3',
      { isTty: true },
    );
    expect(stdout).not.toMatch(/hunter/);
    expect(stdout).toContain('******');
    expect(stderr).toContain('masked');
  });

  test('a dry run needs no server', async () => {
    const { code, stdout } = await drey('deploy session c1 --dry-run', { env: { KUBECONFIG: join(folder, 'absent') } });
    expect({ code, kind: stdout.includes('kind: Deployment') }).toEqual({ code: 0, kind: true });
  });

  test('strangers may reach it: in a terminal that wants --yes, in a script a warning', async () => {
    await server({
      nodes: [{ kind: 'Node', metadata: { name: 'n1' }, status: { addresses: [{ type: 'ExternalIP', address: '203.0.113.1' }] } } as never],
    });
    const refused = await drey('deploy session c1 -Dkubernetes.rest-service.exposed.type=LoadBalancer', { isTty: true });
    expect({ code: refused.code, writes: writes() }).toEqual({ code: 2, writes: [] });
    expect(refused.stderr).toContain('Anyone who reaches that address can run code in the cluster.');
    expect(refused.stderr).toContain('Add --yes');
    expect((await drey('deploy session c1 -Dkubernetes.rest-service.exposed.type=LoadBalancer --yes', { isTty: true })).code).toBe(0);
    const script = await drey('deploy session c2 -Dkubernetes.rest-service.exposed.type=NodePort');
    expect(script.code).toBe(0);
    expect(script.stderr).toContain('NodePort opens the REST endpoint on node n1, which has an external address');
  });

  test('a wrong configuration is refused before anything is asked', async () => {
    await server();
    const { code, stderr } = await drey('deploy session c1 -Djobmanager.memory.process.size=200m');
    expect(code).toBe(1);
    expect(stderr).toMatch(/memory/i);
    expect(recorder.requests).toEqual([]);
  });

  test('help is printed for each', async () => {
    for (const line of ['deploy --help', 'deploy session --help', 'deploy application -h', 'kill --help', 'diff --help', 'doctor --help']) {
      expect(await drey(line)).toMatchObject({ code: 0, stdout: expect.stringContaining(`Usage: drey ${line.replace(/ -.*/, '')}`) });
    }
  });

  test.each([
    ['deploy session c1 --wat', 'deploy session has no option --wat. Did you mean --wait? drey deploy session --help'],
    ['deploy application', 'deploy application needs JAR. drey deploy application --help'],
    ['deploy', 'drey deploy needs one of session, application. drey deploy --help'],
    ['kill', 'kill needs the cluster id. Usage: drey kill CLUSTER.'],
    ['deploy application -p 0 x.jar', 'The parallelism is a positive number; 0 is not one.'],
  ])('drey %s is a usage error', async (line, sentence) => {
    expect(await drey(line)).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(sentence) });
  });
});

describe('drey kill', () => {
  const keptMap = {
    kind: 'ConfigMap',
    metadata: { name: 'c1-cluster-config-map', namespace: 'orders', labels: { app: 'c1', type: 'flink-native-kubernetes' } },
  };

  test('deletes the cluster and names what high availability keeps', async () => {
    await server({ objects: [keptMap] });
    await drey('deploy session c1');
    const { code, stdout, stderr } = await drey('kill c1 --yes');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Cluster c1 in namespace orders is being deleted.\n' });
    expect(stderr).toContain('kubectl delete configmap c1-cluster-config-map -n orders');
    expect([...recorder.objects.keys()]).toEqual(['configmaps/orders/c1-cluster-config-map']);
  });

  test('asks in a terminal, and takes no for an answer', async () => {
    await server();
    await drey('deploy session c1');
    expect((await drey('kill c1', { isTty: true, stdin: 'n\n' })).stderr).toContain('Nothing was deleted.');
    expect((await drey('kill c1', { isTty: true })).code).toBe(1);
    expect(recorder.objects.has('deployments/orders/c1')).toBe(true);
    expect((await drey('kill c1', { isTty: true, stdin: 'y\n' })).code).toBe(0);
    expect(recorder.objects.size).toBe(0);
  });

  test('Ctrl+C at the question deletes nothing, exit 130', async () => {
    await server();
    await drey('deploy session c1');
    const interrupted = new AbortController();
    const { code, stderr } = await drey('kill c1', {
      isTty: true,
      stdin: new PassThrough(),
      signal: interrupted.signal,
      onOutput: (text) => text.endsWith('[y/N] ') && interrupted.abort(),
    });
    expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringMatching(/\[y\/N\] Nothing was deleted\.\n$/) });
    expect(recorder.objects.has('deployments/orders/c1')).toBe(true);
  });

  test('without a terminal nothing is deleted unless --yes is given', async () => {
    await server();
    await drey('deploy session c1');
    expect(await drey('kill c1', { stdin: 'y\n' })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'Nothing was deleted: without a terminal nobody can be asked whether c1 is meant. Add --yes to delete it.\n',
    });
    expect(recorder.objects.has('deployments/orders/c1')).toBe(true);
  });

  test('the question names the namespace and the context', async () => {
    await server();
    await drey('deploy session c1');
    expect((await drey('kill c1', { isTty: true, stdin: 'no\n' })).stderr).toMatch(
      /^Delete session cluster c1 in namespace orders \(context dev\)\? .* \[y\/N\] Nothing was deleted\.$/m,
    );
  });

  test('of what is not there says so', async () => {
    await server();
    expect(await drey('kill c9 --yes')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('There is no Flink cluster c9 in namespace orders.'),
    });
  });
});

test('drey diff shows what a redeploy would change, and nothing when nothing would', async () => {
  await server();
  await drey('deploy session c1 -Dkubernetes.container.image.ref=flink:2.2.0');
  expect((await drey('diff c1 -Dkubernetes.container.image.ref=flink:2.2.0')).stdout).toBe('A redeploy of c1 would change nothing.\n');
  expect((await drey('diff c1 -Dkubernetes.container.image.ref=flink:2.3.0 -Dkubernetes.rest-service.exposed.type=NodePort')).stdout).toBe(
    [
      '~ Deployment c1',
      '    ~ spec.template.spec.containers[flink-main-container].image: flink:2.2.0 -> flink:2.3.0',
      '~ Service c1-rest',
      '    ~ spec.type: ClusterIP -> NodePort',
      '~ ConfigMap flink-config-c1',
      '    ~ config.yaml: kubernetes.container.image.ref: flink:2.2.0 -> flink:2.3.0',
      '    + config.yaml: kubernetes.rest-service.exposed.type: NodePort',
      '',
    ].join('\n'),
  );
});

test('drey diff of an application keeps its program, and the parallelism that it was given', async () => {
  await server();
  await drey('deploy application --cluster-id a1 -c org.example.Main -p 4 local:///j.jar --input x');
  expect((await drey('diff a1')).stdout).toBe('A redeploy of a1 would change nothing.\n');
  expect((await drey('diff a1 -Dparallelism.default=8')).stdout).toBe(
    '~ ConfigMap flink-config-a1\n    ~ config.yaml: parallelism.default: 4 -> 8\n',
  );
});

test('drey diff of an application knows where its artifacts were uploaded to', async () => {
  await server();
  for (const name of ['j.jar', 'udf.jar']) writeFileSync(join(folder, name), name);
  const upload = `-Dkubernetes.artifacts.local-upload-enabled=true -Dkubernetes.artifacts.local-upload-target=file://${folder}/store -Duser.artifacts.artifact-list=local://${folder}/udf.jar`;
  expect((await drey(`deploy application --cluster-id a1 ${upload} local://${folder}/j.jar`)).code).toBe(0);
  expect((await drey(`diff a1 ${upload}`)).stdout).toBe('A redeploy of a1 would change nothing.\n');
});
