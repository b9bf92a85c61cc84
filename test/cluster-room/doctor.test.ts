import { describe, expect, test } from 'vitest';
import { type DoctorRequest, examine } from '../../src/cluster/doctor/doctor.ts';
import { namedObjects } from '../../src/cluster/doctor/named-objects.ts';
import { flinkConfig } from '../../src/config/flink-config.ts';
import type { KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { podDemands } from '../../src/cluster/doctor/room.ts';
import { Problem } from '../../src/support/problem.ts';
import { FakeKubernetes } from './fake-kubernetes.ts';

const signal = new AbortController().signal;
const request: DoctorRequest = {
  namespace: 'flink',
  jobManagerAccount: 'default',
  taskManagerAccount: 'default',
  ha: false,
  hostNetwork: false,
  nodes: false,
  keytab: false,
  named: [],
  demands: podDemands(
    flinkConfig([
      ['jobmanager.memory.process.size', '1600m'],
      ['taskmanager.memory.process.size', '1728m'],
      ['taskmanager.numberOfTaskSlots', '2'],
    ]),
    { flinkVersion: '2.3', env: {} },
  ),
};

function aServer(): FakeKubernetes {
  const kubernetes = new FakeKubernetes([
    { kind: 'Service', metadata: { name: 'kube-dns', namespace: 'kube-system' } },
    { kind: 'Namespace', metadata: { name: 'flink' } },
  ]);
  kubernetes.put('serviceaccounts', { metadata: { name: 'default', namespace: 'flink' } });
  kubernetes.put('nodes', aSize('n1', '4', '8Gi'));
  return kubernetes;
}

const aSize = (name: string, cpu: string, memory: string, spec: object = {}) =>
  ({ metadata: { name }, spec, status: { allocatable: { cpu, memory } } }) as KubernetesObject;
const aQuota = (hard: object, used: object, spec: object = {}) =>
  ({ metadata: { name: 'team', namespace: 'flink' }, spec, status: { hard, used } }) as KubernetesObject;

test('where all is well, nothing has to be mended', async () => {
  const { findings, repairs } = await examine(aServer(), request, signal);
  expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(findings.map(({ about }) => about)).toContain('Service account default (JobManager): start and stop TaskManagers');
  expect(repairs).toEqual([]);
});

test('a server whose certificate is not checked is reported', async () => {
  const kubernetes = aServer();
  kubernetes.tlsUnverified = true;
  const { findings } = await examine(kubernetes, request, signal);
  expect(findings[0]).toMatchObject({
    about: 'API server',
    state: 'ok',
    detail: 'v1.34.4; TLS is not verified (insecure-skip-tls-verify): this may be any server',
  });
});

test('a service account without rights gets the least that it needs', async () => {
  const kubernetes = aServer();
  kubernetes.review = (body) => ({ allowed: body.kind !== 'SubjectAccessReview' });
  const { findings, repairs } = await examine(kubernetes, request, signal);
  expect(findings.find(({ about }) => about.endsWith('start and stop TaskManagers'))).toMatchObject({
    state: 'missing',
    detail: 'may not create pods, delete pods, list pods, watch pods',
  });
  expect(repairs.flatMap(({ commands }) => commands)).toEqual([
    'kubectl create role flink-jobmanager-pods --verb=create,delete,list,watch --resource=pods -n flink',
    'kubectl create rolebinding flink-jobmanager-pods --role=flink-jobmanager-pods --serviceaccount=flink:default -n flink',
    'kubectl create role flink-jobmanager-deployments --verb=get,delete --resource=deployments.apps -n flink',
    'kubectl create rolebinding flink-jobmanager-deployments --role=flink-jobmanager-deployments --serviceaccount=flink:default -n flink',
  ]);
  expect(repairs[0]?.objects).toMatchObject([
    {
      kind: 'Role',
      metadata: { name: 'flink-jobmanager', namespace: 'flink' },
      rules: [
        { apiGroups: [''], resources: ['pods'], verbs: ['create', 'delete', 'list', 'watch'] },
        { apiGroups: ['apps'], resources: ['deployments'], verbs: ['get', 'delete'] },
      ],
    },
    {
      kind: 'RoleBinding',
      roleRef: { kind: 'Role', name: 'flink-jobmanager' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'flink' }],
    },
  ]);
});

test('a user without rights is named in the repair, and what is only nice to have is not asked for', async () => {
  const kubernetes = aServer();
  kubernetes.review = () => ({ allowed: true, userInfo: { username: 'jane doe' } });
  kubernetes.access = ({ resource, subresource }) => ({
    allowed: (resource !== 'nodes' && subresource === undefined && resource !== 'events') || subresource === 'log',
  });
  const { findings, repairs } = await examine(kubernetes, request, signal);
  expect(findings.filter(({ state, optional }) => state === 'missing' && !optional).map(({ detail }) => detail)).toEqual([
    'may not create pods/portforward',
  ]);
  expect(repairs.flatMap(({ commands }) => commands)).toEqual([
    'kubectl create role drey-user --verb=create --resource=pods/portforward -n flink',
    "kubectl create rolebinding drey-user --role=drey-user --user='jane doe' -n flink",
  ]);
});

test('a user who may not forward ports and may use the proxy of the API server lacks nothing', async () => {
  const kubernetes = aServer();
  kubernetes.access = ({ subresource }) => ({ allowed: subresource !== 'portforward' });
  const { findings, repairs } = await examine(kubernetes, request, signal);
  expect(findings.find(({ about }) => about.includes('submit and savepoints'))).toMatchObject({
    state: 'ok',
    detail:
      'may not create pods/portforward; goes through get services/proxy, create services/proxy, patch services/proxy, delete services/proxy instead',
  });
  expect(repairs).toEqual([]);
  kubernetes.access = ({ subresource, verb }) => ({
    allowed: subresource !== 'portforward' && !(subresource === 'proxy' && verb === 'create'),
  });
  expect((await examine(kubernetes, request, signal)).findings.find(({ about }) => about.includes('submit and savepoints'))).toMatchObject({
    state: 'missing',
    detail: 'may not create pods/portforward',
  });
});

test('nodes are needed where the cluster is exposed on them', async () => {
  const kubernetes = aServer();
  kubernetes.access = ({ resource }) => ({ allowed: resource !== 'nodes' });
  const { repairs } = await examine(kubernetes, { ...request, nodes: true }, signal);
  expect(repairs.flatMap(({ commands }) => commands)[0]).toBe('kubectl create clusterrole drey-user --verb=list --resource=nodes');
});

test('a user who may not ask about others is told so, and is asked about within the namespace first', async () => {
  const kubernetes = aServer();
  kubernetes.fault = ({ verb, what }) =>
    verb === 'POST' && what.startsWith('subjectaccessreviews') ? new Problem('forbidden', 'no') : undefined;
  expect((await examine(kubernetes, request, signal)).findings.every(({ state }) => state === 'ok')).toBe(true);
  kubernetes.fault = ({ verb, what }) =>
    verb === 'POST' && what.includes('subjectaccessreviews') ? new Problem('forbidden', 'no') : undefined;
  const { findings, repairs } = await examine(kubernetes, request, signal);
  expect(findings.find(({ about }) => about.endsWith('TaskManagers'))).toMatchObject({
    state: 'unknown',
    detail: expect.stringContaining('create subjectaccessreviews'),
  });
  expect(repairs).toEqual([]);
});

test('high availability asks for more, for both service accounts', async () => {
  const kubernetes = aServer();
  kubernetes.put('serviceaccounts', { metadata: { name: 'tm', namespace: 'flink' } });
  kubernetes.review = (body) => ({
    allowed: (body as { spec?: { resourceAttributes?: { resource?: string } } }).spec?.resourceAttributes?.resource !== 'configmaps',
  });
  const { repairs } = await examine(kubernetes, { ...request, ha: true, taskManagerAccount: 'tm' }, signal);
  expect(repairs.flatMap(({ commands }) => commands)).toEqual([
    'kubectl create role flink-jobmanager --verb=get,list,watch,create,update,patch,delete --resource=configmaps -n flink',
    'kubectl create rolebinding flink-jobmanager --role=flink-jobmanager --serviceaccount=flink:default -n flink',
    'kubectl create role flink-taskmanager --verb=get,list,watch --resource=configmaps -n flink',
    'kubectl create rolebinding flink-taskmanager --role=flink-taskmanager --serviceaccount=flink:tm -n flink',
  ]);
});

test('a missing namespace and missing accounts are made first, and the account that comes with a namespace is not, if that is missing or may not be read', async () => {
  const lines = async (kubernetes: FakeKubernetes, accounts: Partial<DoctorRequest>) =>
    (await examine(kubernetes, { ...request, ...accounts }, signal)).repairs.flatMap(({ commands }) => commands);
  expect(await lines(new FakeKubernetes(), {})).toEqual(['kubectl create namespace flink']);
  expect(await lines(new FakeKubernetes(), { jobManagerAccount: 'jm', taskManagerAccount: 'tm' })).toEqual([
    'kubectl create namespace flink',
    'kubectl create serviceaccount jm -n flink',
    'kubectl create serviceaccount tm -n flink',
  ]);
  const hidden = new FakeKubernetes();
  hidden.fault = ({ verb, what }) => (verb === 'GET' && what.startsWith('namespaces') ? new Problem('forbidden', 'no') : undefined);
  expect(await lines(hidden, {})).toEqual([]);
  const { repairs } = await examine(aServer(), { ...request, jobManagerAccount: 'flink', taskManagerAccount: 'flink' }, signal);
  expect(repairs.flatMap(({ objects }) => objects)).toEqual([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'flink', namespace: 'flink' } },
  ]);
});

test('an account of TaskManagers is looked for even if it needs no rights: pods that name a missing one are refused', async () => {
  const { findings } = await examine(aServer(), { ...request, taskManagerAccount: 'tm' }, signal);
  expect(findings.find(({ state }) => state === 'missing')).toMatchObject({
    about: 'Service account tm',
    detail: 'there is no ServiceAccount tm in flink',
  });
});

describe('objects that options name', () => {
  const named = namedObjects(
    flinkConfig([
      ['kubernetes.secrets', 'tls:/etc/tls'],
      ['kubernetes.env.secretKeyRef', 'env:USER,secret:db,key:user;env:PASSWORD,secret:db,key:password'],
      ['kubernetes.container.image.pull-secrets', 'registry'],
      ['kubernetes.hadoop.conf.config-map.name', 'hadoop'],
      ['kubernetes.persistent-volume-claims', 'state:/state'],
    ]),
  );

  test('are missing with what makes them, a placeholder where only the user knows', async () => {
    const { findings, repairs } = await examine(aServer(), { ...request, named }, signal);
    expect(findings.filter(({ state }) => state === 'missing').map(({ about, advice }) => [about, advice])).toEqual([
      ['Secret tls (kubernetes.secrets)', 'kubectl create secret generic tls --from-literal=KEY=VALUE -n flink'],
      [
        'Secret db (kubernetes.env.secretKeyRef)',
        'kubectl create secret generic db --from-literal=user=VALUE --from-literal=password=VALUE -n flink',
      ],
      [
        'Secret registry (kubernetes.container.image.pull-secrets)',
        'kubectl create secret docker-registry registry --docker-server=SERVER --docker-username=USER --docker-password=PASSWORD -n flink',
      ],
      ['ConfigMap hadoop (kubernetes.hadoop.conf.config-map.name)', 'kubectl create configmap hadoop --from-file=FOLDER -n flink'],
      [
        'PersistentVolumeClaim state (kubernetes.persistent-volume-claims)',
        'kubectl apply -n flink -f FILE, with a PersistentVolumeClaim of that name',
      ],
    ]);
    expect(repairs).toEqual([]);
  });

  test('are there or lack a key', async () => {
    const kubernetes = aServer();
    for (const { resource, name } of named) kubernetes.put(resource.plural, { metadata: { name, namespace: 'flink' } });
    kubernetes.put('secrets', { metadata: { name: 'db', namespace: 'flink' }, data: { user: 'c2VjcmV0' } } as KubernetesObject);
    const { findings } = await examine(kubernetes, { ...request, named }, signal);
    expect(findings.filter(({ state }) => state !== 'ok')).toMatchObject([
      { about: 'Secret db (kubernetes.env.secretKeyRef)', state: 'missing', detail: 'exists without the key password' },
    ]);
    expect(JSON.stringify(findings)).not.toContain('c2VjcmV0');
  });

  test('that may not be read are unknown, not missing', async () => {
    const kubernetes = aServer();
    kubernetes.fault = ({ what }) => (what.startsWith('secrets') ? new Problem('forbidden', 'no') : undefined);
    const { findings } = await examine(kubernetes, { ...request, named: named.slice(0, 3) }, signal);
    expect(findings.filter(({ about }) => about.startsWith('Secret')).map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
  });
});

describe('room for the pods', () => {
  const about = async (kubernetes: FakeKubernetes, start: string, more: Partial<DoctorRequest> = {}) =>
    (await examine(kubernetes, { ...request, ...more }, signal)).findings
      .filter((finding) => finding.about.startsWith(start))
      .map(({ about: what, state, detail }) => `${what}: ${state}, ${detail}`);

  const aPodOn = (name: string, node: string, containers: readonly object[], more: object = {}, phase = 'Running') =>
    ({
      metadata: { name, namespace: 'other' },
      spec: { nodeName: node, containers, ...more },
      status: { phase },
    }) as unknown as KubernetesObject;
  const asks = (cpu: string, memory = '0') => ({ resources: { requests: { cpu, memory } } });

  test('is what the pods of all namespaces leave of a node', async () => {
    const kubernetes = aServer();
    kubernetes.put(
      'pods',
      aPodOn('a', 'n1', [asks('500m', '1Gi'), asks('500m')], { initContainers: [asks('100m')], overhead: { cpu: '250m' } }),
    );
    kubernetes.put('pods', aPodOn('done', 'n1', [asks('4')], {}, 'Succeeded'));
    kubernetes.put('pods', aPodOn('elsewhere', 'n0', [asks('4')]));
    expect(await about(kubernetes, 'Nodes for a T')).toEqual(['Nodes for a TaskManager (2 CPU, 1.8 GB): ok, room on 1 of 1']);
    kubernetes.put(
      'pods',
      aPodOn('b', 'n1', [asks('250m', '1Gi')], { initContainers: [asks('1500m'), { ...asks('250m'), restartPolicy: 'Always' }] }),
    );
    expect(await about(kubernetes, 'Nodes for')).toEqual([
      'Nodes for a JobManager (1 CPU, 1.7 GB): ok, room on 1 of 1',
      'Nodes for a TaskManager (2 CPU, 1.8 GB): missing, no node has so much left; one that is large enough has at most 1.3 CPU and 6.4 GB left',
    ]);
  });

  test('is there if an empty node is large enough, as far as is known to somebody who may not list what runs on it', async () => {
    const kubernetes = aServer();
    kubernetes.put('nodes', aSize('n2', '1', '8Gi'));
    kubernetes.put('nodes', aSize('n3', '64', '64Gi', { unschedulable: true }));
    kubernetes.fault = ({ verb, what }) => (verb === 'LIST' && what.startsWith('pods') ? new Problem('forbidden', 'no') : undefined);
    expect(await about(kubernetes, 'Nodes for')).toEqual([
      'Nodes for a JobManager (1 CPU, 1.7 GB): ok, large enough when empty: 2 of 2 (what runs on them may not be listed)',
      'Nodes for a TaskManager (2 CPU, 1.8 GB): ok, large enough when empty: 1 of 2 (what runs on them may not be listed)',
    ]);
  });

  test('is missing if no node is large enough', async () => {
    const kubernetes = aServer();
    kubernetes.put('nodes', aSize('n1', '1', '8Gi'));
    expect(await about(kubernetes, 'Nodes for a TaskManager')).toEqual([
      'Nodes for a TaskManager (2 CPU, 1.8 GB): missing, no node is large enough; a node has at most 1 CPU and 8.6 GB',
    ]);
  });

  test('is missing if a quota leaves less than a JobManager and a TaskManager ask for', async () => {
    const kubernetes = aServer();
    kubernetes.put(
      'resourcequotas',
      aQuota(
        { 'requests.cpu': '4', 'limits.memory': '4Gi', pods: '10', 'count/jobs.batch': '0' },
        { 'requests.cpu': '1500m', 'limits.memory': '0', pods: '9' },
      ),
    );
    expect(await about(kubernetes, 'Quota')).toEqual([
      'Quota team: missing, no room for a JobManager and a TaskManager: requests.cpu: 2.5 left of 4, and 3 needed; pods: 1 left of 10, and 2 needed',
    ]);
    kubernetes.put('resourcequotas', aQuota({ cpu: '3', memory: '4Gi', pods: '2' }, {}));
    expect(await about(kubernetes, 'Quota')).toEqual(['Quota team: ok, leaves room for a JobManager and a TaskManager']);
  });

  test('is unknown, not missing, if nodes and quotas may not be read, tell nothing, or count for some pods only', async () => {
    const kubernetes = aServer();
    kubernetes.put('resourcequotas', aQuota({ pods: '0' }, {}, { scopes: ['BestEffort'] }));
    expect(await about(kubernetes, 'Quota')).toEqual(['Quota team: unknown, counts for some pods only (scopes)']);
    kubernetes.remove('nodes', 'n1', '');
    expect(await about(kubernetes, 'Nodes for a J')).toEqual([
      'Nodes for a JobManager (1 CPU, 1.7 GB): unknown, no schedulable node reports its size',
    ]);
    kubernetes.fault = ({ verb }) => (verb === 'LIST' ? new Problem('forbidden', 'You may not list them.') : undefined);
    expect(await about(kubernetes, 'Quota')).toEqual(['Quota: unknown, could not be checked: You may not list them.']);
    expect(await about(kubernetes, 'Nodes for a J')).toEqual([
      'Nodes for a JobManager (1 CPU, 1.7 GB): unknown, could not be checked: You may not list them.',
    ]);
    expect(await about(kubernetes, 'Room', { demands: podDemands(flinkConfig([]), { flinkVersion: '2.3', env: {} }) })).toEqual([
      expect.stringMatching(/^Room for the pods: unknown, .*memory/),
    ]);
  });
});

test('an old server, a missing namespace and a missing account are reported', async () => {
  const kubernetes = new FakeKubernetes();
  kubernetes.serverVersion = 'v1.8.15';
  const { findings } = await examine(kubernetes, request, signal);
  expect(findings.filter(({ state }) => state === 'missing').map(({ detail }) => detail)).toEqual([
    'v1.8.15 is older than 1.9',
    'there is no Service kube-dns in kube-system',
    'there is no Namespace flink',
    'there is no ServiceAccount default in flink',
  ]);
});
