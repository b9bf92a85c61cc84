import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectKubernetes } from '../../src/kubernetes/connect.ts';
import { NAMESPACES, PODS } from '../../src/kubernetes/resources.ts';
import type { KubernetesClient } from '../../src/kubernetes/types.ts';
import { seen } from '../kubernetes/fake-clock.ts';
import { logSink, reason, watchSink } from '../kubernetes/sinks.ts';
import { kit } from './kit.ts';
import { startTalker } from './talker-pod.ts';

const namespace = `drey-users-${process.pid}`;
let admin: KubernetesClient;

const as = async (user: string): Promise<KubernetesClient> => connectKubernetes({ kubeconfig: await kit('kubeconfig', user, namespace), env: process.env, home: homedir() });

beforeAll(async () => {
  admin = await connectKubernetes({ env: process.env, home: homedir() });
  await admin.create(NAMESPACES, undefined, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await startTalker(admin, namespace, 'talker');
});
afterAll(async () => {
  await admin.delete({ resource: NAMESPACES, name: namespace });
  await admin[Symbol.asyncDispose]();
});

test('a viewer sees, and is told what is not allowed', async () => {
  await using client = await as('viewer');
  expect(client.namespace).toBe(namespace);
  expect((await client.list(PODS, { namespace })).map((pod) => pod.metadata?.name)).toEqual(['talker']);
  await expect(client.list(PODS)).rejects.toThrow('forbidden: list pods in all namespaces (User "viewer")');
  await expect(client.portForward({ namespace, name: 'talker' }, 8081)).rejects.toThrow(`forbidden: get pods/portforward in namespace ${namespace} (User "viewer")`);
  await expect(client.exec({ namespace, pod: 'talker', command: ['true'] })).rejects.toThrow(/^forbidden: .* pods\/exec in namespace/);
  expect(await client.can({ verb: 'delete', group: 'apps', resource: 'deployments', namespace })).toMatchObject({ allowed: false });
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
  expect(reason(log.statuses)).toBe(`forbidden: get pods/log in namespace ${namespace} (User "nologs")`);
  expect([...pods.names]).toEqual(['talker']);
  abort.abort();
  await ended;
});

test('a client certificate that expired is said with its day', async () => {
  await using client = await as('expired');
  await expect(client.version()).rejects.toMatchObject({ kind: 'unauthorized', message: expect.stringMatching(/^unauthorized: the client certificate expired on \d+ \w+ \d{4}\.$/) as string });
});

test('a token works', async () => {
  await using client = await as('token');
  expect(await client.list(PODS, { namespace })).toHaveLength(1);
});

test('an exec plug-in runs once for ten requests at once', async () => {
  const kubeconfig = await kit('kubeconfig', 'execplugin', namespace);
  const calls = async (): Promise<number> => (await readFile(join(dirname(kubeconfig), 'execplugin.calls'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').length; // Not there before the first call.
  const before = await calls();
  await using client = await connectKubernetes({ kubeconfig, env: process.env, home: homedir() });
  const lists = await Promise.all(Array.from({ length: 10 }, () => client.list(PODS, { namespace })));
  expect(lists.map((list) => list.length)).toEqual(Array.from({ length: 10 }, () => 1));
  expect(await calls() - before).toBe(1);
});
