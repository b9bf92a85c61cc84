import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { NAMESPACES, PODS } from '../../src/kubernetes/model/resources.ts';
import type { KubernetesClient, KubernetesObject } from '../../src/kubernetes/model/types.ts';
import type { Problem } from '../../src/support/problem.ts';
import { seen } from '../support/fake-clock.ts';
import { logSink, reason, watchSink } from '../kubernetes/sinks.ts';
import { kit } from './kit.ts';
import { startTalker } from './talker-pod.ts';

const namespace = `drey-users-${process.pid}`;
let admin: KubernetesClient;

const as = async (user: string): Promise<KubernetesClient> =>
  connectKubernetes({ kubeconfig: await kit('kubeconfig', user, namespace), env: process.env, home: homedir() });

beforeAll(async () => {
  admin = await connectKubernetes({ env: process.env, home: homedir() });
  await admin.create(NAMESPACES, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await startTalker(admin, namespace, 'talker');
});
afterAll(async () => {
  await admin.delete({ resource: NAMESPACES, name: namespace });
  await admin[Symbol.asyncDispose]();
});

test('a viewer sees, and is reported what is not allowed', async () => {
  await using client = await as('viewer');
  expect(client.namespace).toBe(namespace);
  expect((await client.list(PODS, { namespace })).map((pod) => pod.metadata?.name)).toEqual(['talker']);
  await expect(client.list(PODS)).rejects.toThrow('forbidden: list pods in all namespaces (User "viewer").');
  await expect(client.portForward({ namespace, name: 'talker' }, 8081)).rejects.toThrow(
    `forbidden: create pods/portforward in namespace ${namespace} (User "viewer").`,
  );
  await expect(client.exec({ namespace, pod: 'talker', command: ['true'] })).rejects.toThrow(/^forbidden: .* pods\/exec in namespace/);
  expect(await client.can({ verb: 'delete', group: 'apps', resource: 'deployments', namespace })).toMatchObject({ allowed: false });
});

test('a user who may only create a port-forward reaches the port, as with kubectl', async () => {
  const role = { group: 'rbac.authorization.k8s.io', version: 'v1', namespaced: true } as const;
  await admin.create({ ...role, plural: 'roles', kind: 'Role' }, namespace, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'forward' },
    rules: [{ apiGroups: [''], resources: ['pods/portforward'], verbs: ['create'] }],
  } as KubernetesObject);
  await admin.create({ ...role, plural: 'rolebindings', kind: 'RoleBinding' }, namespace, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'forward' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'forward' },
    subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'viewer' }],
  } as KubernetesObject);
  await using client = await as('viewer');
  /** A new right counts a moment later. */
  const forward = async (port: number): Promise<Duplex> =>
    client.portForward({ namespace, name: 'talker' }, port).catch((error: Problem) => {
      if (error.kind !== 'forbidden') throw error;
      return forward(port);
    });
  const answers = Array.from({ length: 4 }, async () => {
    const connection = await forward(8081);
    connection.write('GET / HTTP/1.1\r\nHost: talker\r\n\r\n');
    let text = '';
    for await (const chunk of connection) text += String(chunk);
    return text;
  });
  expect(await Promise.all(answers)).toEqual(Array(4).fill(expect.stringMatching(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s)));
  const refused = await forward(9);
  const failure = await new Promise((resolve) => refused.once('error', resolve).resume());
  expect(failure).toMatchObject({ kind: 'unreachable', message: 'Port 9 of pod talker refuses connections.' });
});

test('a source that is denied does not take the others down', async () => {
  await using client = await as('nologs');
  const abort = new AbortController();
  const [log, pods] = [logSink(), watchSink()];
  const ended = Promise.all([
    client.followLog({ namespace, pod: 'talker' }, log, abort.signal),
    client.listAndWatch(PODS, { namespace, signal: abort.signal }, (raw) => raw.metadata?.name ?? '', pods),
  ]);
  await seen(() => log.statuses.at(-1)?.state === 'denied' && pods.statuses.at(-1)?.state === 'live');
  expect(reason(log.statuses)).toBe(`forbidden: get pods/log in namespace ${namespace} (User "nologs").`);
  expect([...pods.names]).toEqual(['talker']);
  abort.abort();
  await ended;
});

test('a client certificate that expired is reported with its day', async () => {
  await using client = await as('expired');
  await expect(client.version()).rejects.toMatchObject({
    kind: 'unauthorized',
    message: expect.stringMatching(/^unauthorized: the client certificate expired on \d+ \w+ \d{4}\.$/) as string,
  });
});

test('a token works', async () => {
  await using client = await as('token');
  expect(await client.list(PODS, { namespace })).toHaveLength(1);
});

test('an exec plug-in runs once for ten requests at once', async () => {
  const kubeconfig = await kit('kubeconfig', 'execplugin', namespace);
  const calls = async (): Promise<number> =>
    (await readFile(join(dirname(kubeconfig), 'execplugin.calls'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
      .length; // Not there before the first call.
  const before = await calls();
  await using client = await connectKubernetes({ kubeconfig, env: process.env, home: homedir() });
  const lists = await Promise.all(Array.from({ length: 10 }, () => client.list(PODS, { namespace })));
  expect(lists.map((list) => list.length)).toEqual(Array.from({ length: 10 }, () => 1));
  expect((await calls()) - before).toBe(1);
});
