import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, at, jobManager, podNames, PODS, rest } from './sandboxes.ts';
import { until } from '../support/until.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'empty', speed: 10 });
});
afterAll(() => sandbox.close());

interface Wanted {
  readonly image?: string;
  readonly mode?: 'session' | 'application';
  readonly config?: string;
  readonly replicas?: number;
  readonly serviceType?: string;
}

/** The requests of Flink's client, in its order: Deployment, REST service, ConfigMap. */
async function deploy(
  name: string,
  { image = 'flink:2.3.0', mode = 'session', config = '', replicas = 1, serviceType = 'ClusterIP' }: Wanted = {},
): Promise<void> {
  const labels = { app: name, type: 'flink-native-kubernetes' };
  const selector = { ...labels, component: 'jobmanager' };
  const deployment = await api(sandbox, '/apis/apps/v1/namespaces/default/deployments', {
    method: 'POST',
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels: selector },
      spec: {
        replicas,
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: selector },
          spec: {
            containers: [
              {
                name: 'flink-main-container',
                image,
                args: ['bash', '-c', `kubernetes-jobmanager.sh kubernetes-${mode} `],
                ports: [{ name: 'rest', containerPort: 8081 }],
                resources: { requests: { cpu: '1.0', memory: '1600Mi' } },
              },
            ],
            volumes: [{ name: 'flink-config-volume', configMap: { name: `flink-config-${name}` } }],
          },
        },
      },
    },
  });
  expect(deployment.status).toBe(201);
  const ownerReferences = [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name,
      uid: at(deployment.body, 'metadata.uid'),
      controller: true,
      blockOwnerDeletion: true,
    },
  ];
  await api(sandbox, '/api/v1/namespaces/default/services', {
    method: 'POST',
    body: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: `${name}-rest`, labels, ownerReferences },
      spec: { type: serviceType, selector, ports: [{ name: 'rest', port: 8081, targetPort: 8081 }] },
    },
  });
  await api(sandbox, '/api/v1/namespaces/default/configmaps', {
    method: 'POST',
    body: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: `flink-config-${name}`, labels, ownerReferences },
      data: { 'config.yaml': `kubernetes:\n  cluster-id: ${name}\n${config}` },
    },
  });
}

const answers = (clusterId: string): Promise<unknown> =>
  until(() =>
    rest(sandbox, '/overview', { clusterId }).then(
      ({ status, body }) => status === 200 && body,
      () => false,
    ),
  );
const exists = async (path: string): Promise<boolean> => (await api(sandbox, path)).status === 200;

test('a Deployment of Flink starts a session cluster, and takes all that it owns with it', async () => {
  await deploy('mine', { config: 'taskmanager:\n  numberOfTaskSlots: 2\n' });
  expect(await answers('mine')).toMatchObject({ taskmanagers: 0, 'slots-total': 0, 'flink-version': '2.3.0' });
  const { body } = await api(sandbox, '/api/v1/namespaces/default/events?fieldSelector=involvedObject.kind%3DPod');
  expect(at<readonly unknown[]>(body, 'items').map((event) => at(event, 'reason'))).toEqual(
    expect.arrayContaining(['Scheduled', 'Pulled', 'Created', 'Started']),
  );
  const { body: deployment } = await api(sandbox, '/apis/apps/v1/namespaces/default/deployments/mine');
  await until(
    async () => at<number>((await api(sandbox, '/apis/apps/v1/namespaces/default/deployments/mine')).body, 'status.readyReplicas') === 1,
  );
  expect(at<number>(deployment, 'spec.replicas')).toBe(1);
  await api(sandbox, '/apis/apps/v1/namespaces/default/deployments/mine', { method: 'DELETE', body: { propagationPolicy: 'Background' } });
  await until(async () => !(await podNames(sandbox)).some((name) => name.startsWith('mine-')));
  for (const path of ['services/mine-rest', 'configmaps/flink-config-mine'])
    expect(await exists(`/api/v1/namespaces/default/${path}`)).toBe(false);
});

test('the cluster stops itself when it is asked to by REST', async () => {
  await deploy('stops');
  await answers('stops');
  expect(await rest(sandbox, '/cluster', { method: 'DELETE', clusterId: 'stops' })).toEqual({ status: 200, body: {} });
  await until(async () => !(await podNames(sandbox)).some((name) => name.startsWith('stops-')));
});

test('a Flink 1.20 has no applications, and answers in its shapes', async () => {
  await deploy('older', { image: 'apache/flink:1.20.2-scala_2.12' });
  expect(await answers('older')).toMatchObject({ 'flink-version': '1.20.2' });
  expect((await rest(sandbox, '/applications/overview', { clusterId: 'older' })).status).toBe(404);
});

test('an application cluster runs its job at once', async () => {
  await deploy('app', { mode: 'application', config: 'pipeline:\n  jars: local:///opt/flink/usrlib/TopSpeedWindowing.jar\n' });
  await answers('app');
  await until(async () => at((await rest(sandbox, '/jobs/overview', { clusterId: 'app' })).body, 'jobs.0.state') === 'RUNNING');
  await until(async () => (await podNames(sandbox)).includes('app-taskmanager-1-1'));
});

test('with web.submit.enable=false there are no jars', async () => {
  await deploy('shut', { config: 'web:\n  submit:\n    enable: false\n' });
  await answers('shut');
  expect(await rest(sandbox, '/jars', { clusterId: 'shut' })).toEqual({
    status: 404,
    body: { errors: ['Unable to load requested file /jars.'] },
  });
  expect(at<boolean>((await rest(sandbox, '/config', { clusterId: 'shut' })).body, 'features.web-submit')).toBe(false);
});

test('with high availability a standby takes over, and the map says who leads', async () => {
  await deploy('ha', { replicas: 2, config: 'high-availability:\n  type: kubernetes\n  storageDir: s3://ha\n' });
  await answers('ha');
  const leader = async (): Promise<string> =>
    at<string>((await api(sandbox, '/api/v1/namespaces/default/configmaps/ha-cluster-config-map')).body, 'data')[
      'org.apache.flink.k8s.leader.restserver' as never
    ] ?? '';
  await until(async () => (await podNames(sandbox)).filter((name) => name.startsWith('ha-')).length === 2);
  const uid = (await leader()).split(',')[0] ?? '';
  const { body } = await api(sandbox, `${PODS}?labelSelector=app%3Dha`);
  const leading = at<readonly unknown[]>(body, 'items').find((pod) => at(pod, 'metadata.uid') === uid);
  await sandbox.control({ kind: 'pod-kill', pod: at(leading, 'metadata.name') });
  await until(async () => !(await leader()).startsWith(uid));
  await answers('ha');
});

test('a NodePort service is reached without a port-forward', async () => {
  await deploy('open', { serviceType: 'NodePort' });
  await jobManager(sandbox, 'open');
  const port = at<number>((await api(sandbox, '/api/v1/namespaces/default/services/open-rest')).body, 'spec.ports.0.nodePort');
  expect(port).toBeGreaterThanOrEqual(30_000);
  await until(() =>
    fetch(`http://127.0.0.1:${port}/overview`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
});

test('a configuration that cannot be read ends its own process in the log, and no other cluster notices', async () => {
  await deploy('broken', { config: 'a: [1, 2\nb: }\n' });
  const pod = await jobManager(sandbox, 'broken');
  await until(async () => String((await api(sandbox, `${PODS}/${pod}/log`)).body).includes('Error parsing YAML configuration.'));
  await deploy('beside');
  await answers('beside');
});
