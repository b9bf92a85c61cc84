import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { hasKubectl, jobManager, podNames } from './sandboxes.ts';
import { until } from '../support/until.ts';

const kubectlIsHere = hasKubectl();

interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe.runIf(kubectlIsHere)('kubectl', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await startSandbox({ speed: 5 });
  });
  afterAll(() => sandbox.close());

  const begin = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess & { readonly text: () => string } => {
    const child = spawn('kubectl', args, { env: { ...process.env, ...env, KUBECONFIG: sandbox.kubeconfig } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => void (text += chunk.toString()));
    return Object.assign(child, { text: () => text });
  };
  const kubectl = async (args: readonly string[], stdin = ''): Promise<Result> => {
    const child = begin(args);
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => void (stderr += chunk.toString()));
    child.stdin?.end(stdin);
    const [code] = (await once(child, 'close')) as [number];
    return { code, stdout: child.text(), stderr };
  };
  const end = async (child: ChildProcess): Promise<void> => {
    child.kill();
    await once(child, 'close');
  };

  test('lists pods, deployments, services and nodes', async () => {
    const pods = await kubectl(['get', 'pods']);
    expect(pods.stdout).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\n/);
    expect(pods.stdout).toMatch(/my-first-flink-cluster-taskmanager-1-2 +1\/1 +Running +0 +\d+m/);
    expect((await kubectl(['get', 'deploy,svc,cm,nodes,rs', '-o', 'name'])).stdout.split('\n')).toEqual(
      expect.arrayContaining([
        'deployment.apps/my-first-flink-cluster',
        'service/my-first-flink-cluster-rest',
        'configmap/flink-config-my-first-flink-cluster',
        'node/sandbox-node',
      ]),
    );
    expect((await kubectl(['version', '-o', 'json'])).stdout).toContain('v1.34.4');
  });

  test('describes a pod with its events', async () => {
    const { stdout, code } = await kubectl(['describe', 'pod', 'my-first-flink-cluster-taskmanager-1-1']);
    expect(code).toBe(0);
    for (const word of [
      'flink-main-container',
      'Successfully assigned default/my-first-flink-cluster-taskmanager-1-1',
      'Controlled By:',
      'Deployment/my-first-flink-cluster',
    ])
      expect(stdout).toContain(word);
  });

  test('follows a log', async () => {
    const pod = await jobManager(sandbox);
    const following = begin(['logs', '-f', pod, '--tail=0']);
    await until(() => following.text().includes('Completed checkpoint'));
    await end(following);
  });

  test('runs a command, hands over stdin and its exit code', async () => {
    const pod = await jobManager(sandbox);
    expect(await kubectl(['exec', pod, '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'])).toMatchObject({
      code: 3,
      stdout: 'out\n',
      stderr: expect.stringContaining('err\n') as string,
    });
    expect((await kubectl(['exec', '-i', pod, '--', 'cat'], 'through\n')).stdout).toBe('through\n');
    expect((await kubectl(['exec', pod, '--', 'env'])).stdout).toContain(`HOSTNAME=${pod}\n`);
    expect((await kubectl(['exec', pod, '--', 'cat', '/opt/flink/conf/config.yaml'])).stdout).toContain('numberOfTaskSlots: 4');
  });

  test.each([
    ['through a WebSocket', 'true'],
    ['through SPDY', 'false'],
  ])('forwards a port %s', async (_name, webSockets) => {
    const forwarding = begin(['port-forward', await jobManager(sandbox), ':8081'], { KUBECTL_PORT_FORWARD_WEBSOCKETS: webSockets });
    const port = await until(() => /127\.0\.0\.1:(\d+)/.exec(forwarding.text())?.[1]);
    for (const path of ['jobs/overview', 'taskmanagers', 'jobs/overview']) {
      const answer = await fetch(`http://127.0.0.1:${port}/${path}`);
      expect(answer.status).toBe(200);
      await answer.text();
    }
    await end(forwarding);
  });

  test('watches a pod being deleted and another one taking its place', async () => {
    const watching = begin(['get', 'pods', '-w', '-o', 'name']);
    await until(() => watching.text().includes('taskmanager-1-2'));
    expect((await kubectl(['delete', 'pod', 'my-first-flink-cluster-taskmanager-1-2'])).stdout).toBe(
      'pod "my-first-flink-cluster-taskmanager-1-2" deleted\n',
    );
    await until(() => watching.text().includes('taskmanager-1-3'));
    await end(watching);
    expect(await podNames(sandbox)).not.toContain('my-first-flink-cluster-taskmanager-1-2');
  });

  test('creates, applies, patches, labels and deletes', async () => {
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'notes' }, data: { a: '1' } };
    expect(await kubectl(['create', '--validate=false', '-f', '-'], JSON.stringify(map))).toMatchObject({
      code: 0,
      stdout: 'configmap/notes created\n',
    });
    expect(await kubectl(['apply', '--validate=false', '-f', '-'], JSON.stringify({ ...map, data: { a: '2' } }))).toMatchObject({
      code: 0,
      stdout: 'configmap/notes configured\n',
    });
    expect((await kubectl(['patch', 'configmap', 'notes', '--type=merge', '-p', '{"data":{"b":"3"}}'])).code).toBe(0);
    expect((await kubectl(['label', 'configmap', 'notes', 'team=a'])).code).toBe(0);
    expect((await kubectl(['get', 'cm', '-l', 'team=a', '-o', 'jsonpath={.items[0].data}'])).stdout).toBe('{"a":"2","b":"3"}');
    expect(await kubectl(['delete', 'configmap', 'notes'])).toMatchObject({ code: 0 });
    expect(await kubectl(['get', 'configmap', 'notes'])).toMatchObject({
      code: 1,
      stderr: 'Error from server (NotFound): configmaps "notes" not found\n',
    });
  });

  test('asks what it may do', async () => {
    await sandbox.control({ kind: 'deny', right: { verb: 'delete', resource: 'pods' } });
    expect((await kubectl(['auth', 'can-i', 'delete', 'pods'])).stdout).toBe('no\n');
    expect((await kubectl(['auth', 'can-i', 'list', 'pods'])).stdout).toBe('yes\n');
    await sandbox.control({ kind: 'allow-all' });
  });

  test('scales the JobManager away, and deletes the cluster with all that it owns', async () => {
    expect((await kubectl(['scale', 'deployment', 'my-first-flink-cluster', '--replicas=0'])).code).toBe(0);
    await until(async () => !(await podNames(sandbox)).some((name) => !name.includes('taskmanager')));
    expect((await kubectl(['delete', 'deployment', 'my-first-flink-cluster'])).code).toBe(0);
    await until(async () => (await podNames(sandbox)).length === 0);
    // What high availability wrote outlives the cluster, as in a real one.
    await until(
      async () =>
        (await kubectl(['get', 'svc,cm,rs,deploy', '-o', 'name'])).stdout === 'configmap/my-first-flink-cluster-cluster-config-map\n',
    );
  });
});
