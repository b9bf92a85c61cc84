import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, smallCluster, testNamespace, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'drey-refused-'));

let namespace: TestNamespace;
beforeAll(async () => {
  namespace = await testNamespace('refused');
});
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

const deploy = (clusterId: string, ...more: readonly string[]) =>
  run('drey', ['deploy', 'session', clusterId, '-n', namespace.name, ...smallCluster(namespace.name), ...more]);

/** The API server refuses to create such objects in the namespace, with these words, for as long as this is held. */
async function policy(resource: 'pods' | 'deployments', message: string): Promise<AsyncDisposable> {
  const metadata = { name: `${namespace.name}-${resource}` };
  const rule = { apiGroups: [resource === 'pods' ? '' : 'apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: [resource] };
  const file = join(folder, `${resource}.json`);
  writeFileSync(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicy',
          metadata,
          spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: 'false', message }] },
        },
        {
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicyBinding',
          metadata,
          spec: {
            policyName: metadata.name,
            validationActions: ['Deny'],
            matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace.name } } },
          },
        },
      ],
    }),
  );
  await namespace.kubectl('apply', '-f', file);
  const example = resource === 'pods' ? ['run', 'example'] : ['create', 'deployment', 'example'];
  await eventually('the policy holds', () =>
    namespace.kubectl(...example, '--image=none', '--dry-run=server').then(
      () => undefined,
      (error: Error) => error.message.includes(message),
    ),
  );
  return { [Symbol.asyncDispose]: async () => void (await namespace.kubectl('delete', '-f', file)) };
}

test('a cluster that no node has room for is reported to wait for one, and is left to wait', async () => {
  const { code, stdout, stderr } = await deploy('large', '-Dkubernetes.jobmanager.cpu.amount=64', '--wait=20s');
  expect(code).toBe(1);
  expect(stdout).toContain('Create flink session cluster large successfully');
  expect(stderr).toMatch(/^Problem: Pod large-\S+: Unschedulable: 0\/\d+ nodes are available: .*Insufficient cpu.*\.$/m);
  expect(stderr).toMatch(/Cluster large is not ready after 20s; it is still starting\. Pod large-\S+: Unschedulable: .*Insufficient cpu/);
  expect(await namespace.kubectl('get', 'deployment', 'large', '-o', 'name')).toBe('deployment.apps/large\n');
  expect(await run('drey', ['kill', 'large', '-n', namespace.name, '--yes'])).toMatchObject({ code: 0 });
});

test('a policy that admits no pod is reported with its own words', async () => {
  await using _ = await policy('pods', 'Pods need a cost centre.');
  const { code, stderr } = await deploy('unpaid', '--wait=3m');
  expect(code).toBe(1);
  expect(stderr).toMatch(/Cluster unpaid cannot start\. The JobManager pod cannot be created: .*denied request: Pods need a cost centre\./);
  expect(await run('drey', ['kill', 'unpaid', '-n', namespace.name, '--yes'])).toMatchObject({ code: 0 });
});

test('a policy that admits no Deployment ends it at once, and nothing is there', async () => {
  await using _ = await policy('deployments', 'Nothing on Fridays.');
  const { code, stdout, stderr } = await deploy('friday', '--wait');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/^Could not create Kubernetes cluster "friday": .*denied request: Nothing on Fridays\.$/m);
  expect((await namespace.kubectl('get', 'deployments,services,configmaps', '-l', 'app=friday', '-o', 'name')).trim()).toBe('');
});
