import { expect, test } from 'vitest';
import { objectVerbs } from '../../src/kubernetes/object-verbs.ts';
import { DEPLOYMENTS, NAMESPACES } from '../../src/kubernetes/model/resources.ts';
import type { ServerRequest } from '../../src/kubernetes/request/transport.ts';

const c1 = { resource: DEPLOYMENTS, namespace: 'flink', name: 'c1' };
const body = { metadata: { name: 'c1' } };
const path = '/apis/apps/v1/namespaces/flink/deployments';

type Verbs = ReturnType<typeof objectVerbs>;

test.each<readonly [string, (verbs: Verbs) => Promise<unknown>, Partial<ServerRequest>]>([
  ['version', (verbs) => verbs.version(), { path: '/version', what: 'read the version' }],
  ['get', (verbs) => verbs.get(c1), { path: `${path}/c1`, what: 'get Deployment c1 in namespace flink' }],
  [
    'create',
    (verbs) => verbs.create(DEPLOYMENTS, 'flink', body),
    { method: 'POST', path, body, what: 'create Deployment c1 in deployments in namespace flink' },
  ],
  [
    'a trial of create',
    (verbs) => verbs.create(NAMESPACES, undefined, body, { dryRun: true }),
    { method: 'POST', path: '/api/v1/namespaces?dryRun=All', body },
  ],
  [
    'replace',
    (verbs) => verbs.replace(c1, body),
    { method: 'PUT', path: `${path}/c1`, body, what: 'replace Deployment c1 in namespace flink' },
  ],
  [
    'patch',
    (verbs) => verbs.patch(c1, { spec: {} }, 'merge'),
    { method: 'PATCH', path: `${path}/c1`, body: { spec: {} }, contentType: 'application/merge-patch+json' },
  ],
  [
    'delete',
    (verbs) => verbs.delete(c1),
    {
      method: 'DELETE',
      path: `${path}/c1`,
      body: { apiVersion: 'v1', kind: 'DeleteOptions' },
      what: 'delete Deployment c1 in namespace flink',
    },
  ],
  [
    'a delete of one that is known by its uid',
    (verbs) => verbs.delete(c1, { uid: 'u1', propagation: 'Foreground', timeoutMs: 5 }),
    {
      method: 'DELETE',
      timeoutMs: 5,
      body: { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', preconditions: { uid: 'u1' } },
    },
  ],
])('%s is one request', async (_verb, act, expected) => {
  const asked: ServerRequest[] = [];
  await act(
    objectVerbs(async (request) => {
      asked.push(request);
      return {};
    }),
  );
  expect(asked).toEqual([expect.objectContaining(expected)]);
});
