import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { ServiceAnswer, ServiceRequest } from '../../src/kubernetes/model/types.ts';
import { apiServer, type Handler } from './api-server.ts';
import { connectTo, folder } from './connect-to.ts';

const request: ServiceRequest = {
  service: { namespace: 'orders', name: 'c1-rest' },
  port: 8081,
  method: 'GET',
  path: '/jobs/overview?x=1',
  headers: { accept: 'application/json' },
  body: undefined,
  signal: new AbortController().signal,
};

async function textOf({ body }: ServiceAnswer): Promise<string> {
  let text = '';
  for await (const chunk of body) text += String(chunk);
  return text;
}

async function asked(handler: Handler, more: Partial<ServiceRequest> = {}) {
  const server = await apiServer(handler);
  const client = await connectTo(server.url, { user: { token: 'secret' } });
  const outcome = await client.askService({ ...request, ...more }).then(
    async (answer) => ({ status: answer.status, text: await textOf(answer) }),
    (error: Error) => ({
      refused: error.message.replaceAll(server.url.slice(7), 'HOST'),
      status: (error as Error & { status?: number }).status,
    }),
  );
  await server[Symbol.asyncDispose]();
  return { outcome, calls: server.calls };
}

test('a request goes to the Service as it is, with the identity of the user', async () => {
  const { outcome, calls } = await asked(
    async (call, answer) => answer.json({ body: await call.body(), token: call.headers.authorization, type: call.headers['content-type'] }),
    {
      method: 'POST',
      path: '/jars/upload',
      headers: { 'content-type': 'multipart/form-data; boundary=x', authorization: 'Basic for-flink' },
      body: Readable.from([Buffer.from('half'), Buffer.from(' and half')]),
    },
  );
  expect(calls).toEqual(['POST /api/v1/namespaces/orders/services/c1-rest:8081/proxy/jars/upload']);
  expect(outcome).toEqual({
    status: 200,
    text: '{"body":"half and half","token":"Bearer secret","type":"multipart/form-data; boundary=x"}',
  });
});

test.each<[name: string, handler: Handler, outcome: object]>([
  [
    'what Flink refuses is handed over',
    (_, answer) => answer.json({ errors: ['Job abc not found'] }, 404),
    { status: 404, text: '{"errors":["Job abc not found"]}' },
  ],
  [
    'a right that is missing is named',
    (_, answer) =>
      answer.fail(
        403,
        'services "c1-rest:8081" is forbidden: User "dev" cannot get resource "services/proxy" in API group "" in the namespace "orders"',
      ),
    { refused: 'forbidden: get services/proxy in namespace orders (User "dev").', status: 403 },
  ],
  [
    'a Service without a pod is said',
    (_, answer) => answer.fail(503, 'no endpoints available for service "c1-rest:8081"'),
    { refused: 'The API server at HOST answered 503: no endpoints available for service "c1-rest:8081"', status: 503 },
  ],
  [
    'the page of a gateway is not the word of Flink',
    (_, { response }) => response.writeHead(403, { 'content-type': 'text/html' }).end('<html><title>Denied</title>'),
    {
      refused:
        'The API server at HOST answered "GET services/proxy of c1-rest in namespace orders" with a page ("Denied") and not as Kubernetes does (403).',
      status: 403,
    },
  ],
  [
    'a login is not followed',
    (_, { response }) => response.writeHead(302, { location: 'https://login.example/?ticket=1' }).end(),
    {
      refused:
        'The API server at HOST sends "GET services/proxy of c1-rest in namespace orders" on to https://login.example/ (302), which is not followed.',
      status: 302,
    },
  ],
  [
    'a connection that breaks says nothing about whether Flink heard it',
    (_, answer) => answer.reset(),
    { refused: 'The API server at HOST broke the connection (ECONNRESET).', status: undefined },
  ],
])('%s', async (_, handler, outcome) => {
  expect((await asked(handler)).outcome).toEqual(outcome);
});

test('a token that was replaced is read again, and whoever asked may ask again: the body cannot be sent twice from here', async () => {
  const tokenFile = join(await folder(), 'token');
  await writeFile(tokenFile, 'old');
  let token = 'old';
  await using server = await apiServer((call, answer) =>
    call.headers.authorization === `Bearer ${token}` ? answer.json({ ok: true }) : answer.fail(401, 'Unauthorized'),
  );
  const client = await connectTo(server.url, { user: { tokenFile } });
  expect(await textOf(await client.askService(request))).toBe('{"ok":true}');
  token = 'new';
  await writeFile(tokenFile, 'new');
  await expect(client.askService(request)).rejects.toMatchObject({ kind: 'unavailable', status: 503 });
  expect(await textOf(await client.askService(request))).toBe('{"ok":true}');
});
