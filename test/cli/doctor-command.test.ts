import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { type Ended, runProgram } from '../goldens/run-program.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'empty' });
});
afterEach(() => sandbox.control({ kind: 'allow-all' }));
afterAll(() => sandbox.close());

const doctor = (...words: readonly string[]): Promise<Ended> =>
  runProgram('doctor', words, { env: { KUBECONFIG: sandbox.kubeconfig }, cwd: '/', home: '/' });
const mayNot = (verb: string, resource: string, subresource?: string) =>
  sandbox.control({ kind: 'deny', right: { verb, resource, ...(subresource === undefined ? {} : { subresource }) } });

test('drey doctor tells what was asked and what is there, a line each', async () => {
  const { code, stdout, stderr } = await doctor();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toBe(`${sandbox.url}, context sandbox, namespace default

ok       API server                                                                 v1.34.4
ok       Cluster DNS                                                                exists
ok       Namespace default                                                          exists
ok       You: deploy                                                                may get services, create services, get deployments, create deployments, create configmaps
ok       You: deploy over the leftovers of an earlier cluster                       may update services, get configmaps, update configmaps
ok       You: stop                                                                  may delete deployments
ok       You: list                                                                  may list deployments, watch deployments
ok       You: watch                                                                 may get pods, list pods, watch pods
ok       You: show events                                                           may list events, watch events
ok       You: read logs                                                             may get pods/log
ok       You: submit and savepoints (REST through a port-forward)                   may create pods/portforward
ok       You: find the address of a node                                            may list nodes
ok       Service account default                                                    exists
ok       Service account default (JobManager): start and stop TaskManagers          may create pods, delete pods, list pods, watch pods
ok       Service account default (JobManager): own what it creates, and end itself  may get deployments, delete deployments
ok       Quota                                                                      none is set
ok       Nodes for a JobManager (1 CPU, 1.7 GB)                                     room on 1 of 1
ok       Nodes for a TaskManager (1 CPU, 1.8 GB)                                    room on 1 of 1

Everything needed is in place.
`);
});

test('drey doctor ends with the lines that mend what is missing, and goes on without what is not needed', async () => {
  await mayNot('delete', 'deployments');
  await mayNot('create', 'pods', 'portforward');
  // The proxy of the API server does as well as a port-forward.
  await mayNot('create', 'services', 'proxy');
  await mayNot('list', 'nodes');
  const { code, stdout } = await doctor();
  expect(code).toBe(1);
  expect(stdout).toMatch(/^MISSING {2}You: stop +may not delete deployments$/m);
  expect(stdout).toMatch(/^MISSING {2}You: submit and savepoints .* may not create pods\/portforward$/m);
  expect(stdout).toMatch(/^without {2}You: find the address of a node +may not list nodes$/m);
  expect(stdout.split('\n\n').slice(2).join('\n\n')).toBe(`To fix it, someone who may grant rights has to run:

kubectl create role drey-user-deployments --verb=delete --resource=deployments.apps -n default
kubectl create rolebinding drey-user-deployments --role=drey-user-deployments --user=sandbox-user -n default
kubectl create role drey-user-pods-portforward --verb=create --resource=pods/portforward -n default
kubectl create rolebinding drey-user-pods-portforward --role=drey-user-pods-portforward --user=sandbox-user -n default

The same as objects: drey doctor -n default --dry-run -o yaml | kubectl apply -f -
`);
});

test('drey doctor --dry-run -o yaml is a role with what is missing and no more', async () => {
  await mayNot('delete', 'deployments');
  const { stdout } = await doctor('--dry-run', '-o', 'yaml');
  expect(parseAllDocuments(stdout).map((document) => document.toJS() as unknown)).toEqual([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'drey-user', namespace: 'default' },
      rules: [{ apiGroups: ['apps'], resources: ['deployments'], verbs: ['delete'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'drey-user', namespace: 'default' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'drey-user' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'sandbox-user' }],
    },
  ]);
});

test('drey doctor makes the namespace and the account that are missing, and says what only the user can make', async () => {
  const { code, stdout } = await doctor('-n', 'team', '-Dkubernetes.service-account=flink', '-Dkubernetes.secrets=tls:/etc/tls');
  expect(code).toBe(1);
  expect(stdout).toMatch(/^MISSING {2}Namespace team +there is no Namespace team$/m);
  expect(stdout).toMatch(/^MISSING {2}Secret tls \(kubernetes\.secrets\) +there is no Secret tls in team$/m);
  expect(stdout.split('\n\n').slice(2).join('\n\n')).toBe(`To fix part of it, someone who may grant rights has to run:

kubectl create namespace team
kubectl create serviceaccount flink -n team

The same as objects: drey doctor -n team --dry-run -o yaml | kubectl apply -f -

To fix the rest, do this:

Secret tls (kubernetes.secrets): kubectl create secret generic tls --from-literal=KEY=VALUE -n team
`);
});

test('drey doctor does not call well what it could not ask', async () => {
  await sandbox.control({ kind: 'api-answer', status: 503, forMs: 60_000, path: 'subjectaccessreviews' });
  const { code, stdout } = await doctor();
  await sandbox.control({ kind: 'api-answer', status: 503, times: 0, path: 'subjectaccessreviews' });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^unknown {2}Service account default \(JobManager\): start and stop TaskManagers/m);
  expect(stdout).toContain('Nothing is known to be missing; what is unknown could not be checked.');
});
