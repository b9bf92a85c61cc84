import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DEPLOYMENTS, NODES, PODS } from '../../src/kubernetes/model/resources.ts';
import type { TraceEntry } from '../../src/kubernetes/request/transport.ts';
import { Problem, sentence } from '../../src/support/problem.ts';
import { apiServer, pod } from './api-server.ts';
import { connectProxy } from './connect-proxy.ts';
import { connectTo, folder } from './connect-to.ts';
import { FakeClock, seen, settle } from '../support/fake-clock.ts';

const orders = { resource: PODS, namespace: 'orders', name: 'a' };
const failure = async (promise: Promise<unknown>): Promise<Problem> => {
  const error = await promise.then(
    () => new Error('it worked'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Problem)) throw error;
  return error;
};

test('verbs go to the paths and with the bodies that Kubernetes expects', async () => {
  await using server = await apiServer(async (call, answer) => {
    const body = await call.body();
    answer.json({
      metadata: { name: 'x' },
      echo: { type: call.headers['content-type'], body: body === '' ? null : (JSON.parse(body) as unknown) },
    });
  });
  const client = await connectTo(server.url);
  const deployment = { resource: DEPLOYMENTS, namespace: 'orders', name: 'c1' };
  await client.get(deployment);
  await client.create(DEPLOYMENTS, 'orders', { metadata: { name: 'c1' } }, { dryRun: true });
  await client.replace(deployment, { metadata: { name: 'c1' } });
  const patched = await client.patch(deployment, [{ op: 'remove', path: '/spec' }], 'json');
  await client.delete(deployment, { propagation: 'Background', uid: 'u1' });
  expect(server.calls).toEqual([
    'GET /apis/apps/v1/namespaces/orders/deployments/c1',
    'POST /apis/apps/v1/namespaces/orders/deployments?dryRun=All',
    'PUT /apis/apps/v1/namespaces/orders/deployments/c1',
    'PATCH /apis/apps/v1/namespaces/orders/deployments/c1',
    'DELETE /apis/apps/v1/namespaces/orders/deployments/c1',
  ]);
  expect(patched).toMatchObject({ echo: { type: 'application/json-patch+json', body: [{ op: 'remove', path: '/spec' }] } });
});

test('one connection carries request after request', async () => {
  await using server = await apiServer((_, answer) => answer.json({ gitVersion: 'v1.34.4' }));
  const client = await connectTo(server.url);
  for (let i = 0; i < 20; i++) expect(await client.version()).toBe('v1.34.4');
  expect(server.connections).toBe(1);
});

test('a kept connection that the server closed meanwhile does not fail a request', async () => {
  await using server = await apiServer((_, answer) => answer.json({ gitVersion: 'v1' }));
  const client = await connectTo(server.url);
  await client.version();
  let broken = 0;
  server.handle((_, answer) => {
    if (broken++ === 0) answer.reset();
    else answer.json({ gitVersion: 'v2' });
  });
  expect(await client.version()).toBe('v2');
});

test('no more than 32 requests are under way at a time', async () => {
  const open: (() => void)[] = [];
  await using server = await apiServer((_, answer) => void open.push(() => answer.json(pod('a', '1'))));
  const client = await connectTo(server.url);
  const all = Promise.all(Array.from({ length: 40 }, () => client.get(orders)));
  await seen(() => open.length === 32);
  await settle(300);
  expect(open).toHaveLength(32);
  let most = 0;
  while (open.length > 0) {
    most = Math.max(most, open.length);
    open.shift()?.();
    await seen(() => open.length >= 32 || server.calls.length === 40);
  }
  await all;
  expect(most).toBe(32);
});

test.each([
  [
    403,
    'pods "a" is forbidden: User "viewer" cannot get resource "pods" in API group "" in the namespace "orders"',
    'forbidden',
    'forbidden: get pods in namespace orders (User "viewer").',
  ],
  [
    403,
    'pods "a" is forbidden: User "viewer" cannot get resource "pods" in API group ""',
    'forbidden',
    'forbidden: get Pod a in namespace orders (User "viewer").',
  ],
  [403, 'exceeded quota: compute', 'forbidden', 'forbidden: get Pod a in namespace orders: exceeded quota: compute'],
  [404, 'pods "a" not found', 'not-found', 'pods "a" not found'],
  [409, 'the object has been modified', 'conflict', 'the object has been modified'],
  [410, 'too old resource version', 'gone', 'too old resource version'],
  [422, 'spec.replicas: Invalid value', 'invalid', 'spec.replicas: Invalid value'],
  [500, 'etcdserver: leader changed', 'unavailable', 'The API server at HOST answered 500: etcdserver: leader changed'],
  [503, '', 'unavailable', 'The API server at HOST answered 503 to: get Pod a in namespace orders.'],
  [401, 'Unauthorized', 'unauthorized', 'unauthorized: the API server at HOST does not accept the credentials.'],
])('%i %s is reported as: %s', async (code, message, kind, text) => {
  await using server = await apiServer((_, answer) => answer.fail(code, message));
  const client = await connectTo(server.url);
  const problem = await failure(client.get(orders));
  expect([problem.kind, problem.status, problem.message.replace(server.url.slice(7), 'HOST')]).toEqual([kind, code, text]);
});

test('a refusal for the whole cluster is reported without a namespace where there is none', async () => {
  const refusing = (plural: string) =>
    apiServer((_, answer) =>
      answer.fail(403, `${plural} is forbidden: User "viewer" cannot list resource "${plural}" in API group "" at the cluster scope`),
    );
  await using nodes = await refusing('nodes');
  expect((await failure((await connectTo(nodes.url)).list(NODES))).message).toBe('forbidden: list nodes (User "viewer").');
  await using pods = await refusing('pods');
  expect((await failure((await connectTo(pods.url)).list(PODS))).message).toBe('forbidden: list pods in all namespaces (User "viewer").');
});

const page = (title: string): string =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>words that say nothing</body></html>`;

test.each([
  [
    'a page with status 200',
    200,
    page('Sign in &amp; more'),
    'protocol',
    'with a page ("Sign in & more") and not as Kubernetes does (200).',
  ],
  ['a page that forbids', 403, page('Access\n denied'), 'protocol', 'with a page ("Access denied") and not as Kubernetes does (403).'],
  ['a page that finds nothing', 404, page('Not found'), 'protocol', 'with a page ("Not found") and not as Kubernetes does (404).'],
  ['a page that asks for a login', 401, page('Login'), 'unauthorized', 'with a page ("Login") and not as Kubernetes does (401).'],
  [
    'a page of a gateway that fails',
    502,
    '<html><body>Bad Gateway</body></html>',
    'unavailable',
    'with a page and not as Kubernetes does (502).',
  ],
  ['a page without a type', 200, '<!-- hello --><html></html>', 'protocol', 'with a page and not as Kubernetes does (200).'],
])('%s is reported as one, and nothing is missing or forbidden because of it', async (_, status, body, kind, says) => {
  await using server = await apiServer((_, answer) =>
    answer.response.writeHead(status, body.startsWith('<!--') ? {} : { 'Content-Type': 'text/html; charset=utf-8' }).end(body),
  );
  const client = await connectTo(server.url);
  const problem = await failure(client.get(orders));
  expect([problem.kind, problem.message.replace(server.url.slice(7), 'HOST')]).toEqual([
    kind,
    `The API server at HOST answered "get Pod a in namespace orders" ${says}`,
  ]);
  expect(problem.hint).toBe(
    'A proxy or gateway answers in its place. Check the server in the kubeconfig, and whether the gateway wants a login.',
  );
  expect((await failure(client.list(PODS))).kind).toBe(kind);
});

test.each([301, 302, 303, 307, 308])('a redirect (%i) within the server is followed, with its query', async (status) => {
  await using server = await apiServer((call, answer) =>
    call.path.startsWith('/moved')
      ? answer.json({ gitVersion: `${call.path}?${call.query.toString()} ${call.headers.authorization}` })
      : answer.json({}, status, { Location: '/moved/version?a=b' }),
  );
  const client = await connectTo(server.url, { user: { token: 't' } });
  expect(await client.version()).toBe('/moved/version?a=b Bearer t');
});

test('a redirect to somebody else is named and not followed: nobody else is shown the token', async () => {
  await using other = await apiServer((_, answer) => answer.json({ gitVersion: 'v1' }));
  await using server = await apiServer((_, answer) => answer.json({}, 307, { Location: `${other.url}/login?ticket=secret` }));
  const client = await connectTo(server.url, { user: { token: 't' } });
  expect(await failure(client.version())).toMatchObject({
    kind: 'protocol',
    message: `The API server at ${server.url.slice(7)} sends "read the version" on to ${other.url}/login (307), which is not followed.`,
    hint: 'If that is the API server, name it as the server in the kubeconfig.',
  });
  expect(other.calls).toEqual([]);
});

test('redirects in a circle end, and what changes something follows none', async () => {
  await using server = await apiServer((_, answer) => answer.json({}, 302, { Location: '/again' }));
  const client = await connectTo(server.url);
  await expect(client.version()).rejects.toThrow('sends "read the version" on to');
  expect(server.calls).toHaveLength(6);
  await expect(client.delete(orders)).rejects.toThrow('sends "delete Pod a in namespace orders" on to');
  expect(server.calls).toHaveLength(7);
});

test('a server that is not there is reported at once', async () => {
  const server = await apiServer();
  await server.stop();
  const client = await connectTo(server.url);
  const problem = await failure(client.version());
  expect([problem.kind, problem.message]).toEqual([
    'unreachable',
    `The API server at ${server.url.slice(7)} refuses connections (ECONNREFUSED).`,
  ]);
});

test('a server that accepts and says nothing is given up in time', async () => {
  const clock = new FakeClock();
  await using server = await apiServer(() => {});
  const client = await connectTo(server.url, {}, { clock });
  const asked = failure(client.version({ timeoutMs: 4_000 }));
  await seen(() => server.calls.length === 1);
  await clock.advance(4_000);
  expect((await asked).message).toBe(`The API server at ${server.url.slice(7)} has not answered for 4 s.`);
});

test('the variables of the client of Flink bound a request and how many there are at a time', async () => {
  const clock = new FakeClock();
  await using server = await apiServer(() => {});
  const client = await connectTo(
    server.url,
    {},
    { clock, fabric8Environment: true, env: { KUBERNETES_REQUEST_TIMEOUT: '3000', KUBERNETES_MAX_CONCURRENT_REQUESTS: '2' } },
  );
  const asked = [1, 2, 3].map(() => failure(client.version()));
  await seen(() => server.calls.length === 2);
  await clock.advance(3_000);
  expect((await asked[0])?.message).toBe(`The API server at ${server.url.slice(7)} has not answered for 3 s.`);
  await seen(() => server.calls.length === 3);
  await clock.advance(3_000);
  expect((await asked[2])?.message).toContain('has not answered for 3 s');
});

test('a connection that does not come about is given up after the time that the environment sets', async () => {
  const clock = new FakeClock();
  const silent = createTcpServer(() => {}).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  // Its TLS handshake never ends.
  const client = await connectTo(
    `https://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    {},
    { clock, fabric8Environment: true, env: { KUBERNETES_CONNECTION_TIMEOUT: '2000' } },
  );
  const asked = failure(client.version());
  await seen(() => clock.waits.includes(2_000));
  await clock.advance(2_000);
  expect((await asked).message).toContain('has not answered for 2 s');
});

test('an answer that stops half-way is given up in time', async () => {
  const clock = new FakeClock();
  await using server = await apiServer((_, answer) => {
    answer.stream();
    answer.write('{"gitVersion":');
  });
  const client = await connectTo(server.url, {}, { clock });
  const asked = failure(client.version());
  await seen(() => server.calls.length === 1);
  // The head has to be here before its body can be late.
  await seen(() => clock.waits.length === 1 && clock.waits[0] === 10_000);
  while (!(await settled(asked))) await clock.advance(1_000);
  expect((await asked).message).toContain('has not answered for 10 s');
});

async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol('pending');
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

test('a busy server is asked again after the time it named, and not for ever', async () => {
  const clock = new FakeClock();
  await using server = await apiServer((_, answer) =>
    server.calls.length < 3 ? answer.fail(429, 'too many requests', { 'Retry-After': '1' }) : answer.json({ gitVersion: 'v1' }),
  );
  const client = await connectTo(server.url, {}, { clock });
  const asked = client.version();
  for (const call of [1, 2]) {
    await seen(() => server.calls.length === call && clock.waits.includes(1_000));
    await clock.advance(1_000);
  }
  expect(await asked).toBe('v1');
  server.handle((_, answer) => answer.fail(429, 'too many requests', { 'Retry-After': '60' }));
  expect(await failure(client.version())).toMatchObject({ kind: 'unavailable', retryAfterMs: 60_000 });
});

test('a create is not repeated when the server fails', async () => {
  await using server = await apiServer((_, answer) => answer.fail(503, 'no', { 'Retry-After': '1' }));
  const client = await connectTo(server.url);
  await failure(client.create(PODS, 'orders', { metadata: { name: 'a' } }));
  expect(server.calls).toHaveLength(1);
});

test('a request that is called off ends at once, and with it its connection', async () => {
  let closed = false;
  await using server = await apiServer((call) => void call.request.on('close', () => (closed = true)));
  const client = await connectTo(server.url);
  const abort = new AbortController();
  const asked = client.version({ signal: abort.signal });
  await seen(() => server.calls.length === 1);
  abort.abort();
  await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
  await seen(() => closed);
});

test('the trace has every request, and no secret', async () => {
  const entries: TraceEntry[] = [];
  await using server = await apiServer((_, answer) => answer.json(pod('a', '1')));
  const client = await connectTo(server.url, { user: { token: 'sesame' } }, { trace: (entry) => entries.push(entry) });
  await client.get(orders);
  await server.stop();
  await failure(client.get(orders));
  expect(entries[0]).toMatchObject({ method: 'GET', path: '/api/v1/namespaces/orders/pods/a', status: 200 });
  expect(entries.at(-1)).toMatchObject({
    method: 'GET',
    path: '/api/v1/namespaces/orders/pods/a',
    status: undefined,
    problem: expect.stringContaining('ECONNREFUSED') as string,
  });
  expect(JSON.stringify(entries)).not.toContain('sesame');
  await server.restart();
});

test('a server below a path and with a user agent', async () => {
  await using server = await apiServer((call, answer) => answer.json({ gitVersion: call.headers['user-agent'] }));
  const client = await connectTo(`${server.url}/k8s/clusters/c-1/`, {}, { userAgent: 'flink' });
  expect(await client.version()).toBe('flink');
  expect(server.calls).toEqual(['GET /k8s/clusters/c-1/version']);
});

test('a token that was rotated on disk is used after the server rejected the old one', async () => {
  const home = await folder();
  const file = join(home, 'token');
  await writeFile(file, 'old\n');
  await using server = await apiServer(async (call, answer) => {
    if (call.headers.authorization === 'Bearer new') return answer.json({ gitVersion: 'v1' });
    await writeFile(file, 'new\n');
    answer.fail(401, 'Unauthorized');
  });
  const client = await connectTo(server.url, { user: { tokenFile: file } });
  expect(await client.version()).toBe('v1');
  expect(server.calls).toHaveLength(2);
});

test('impersonation and name and password are sent as headers', async () => {
  const seenHeaders: unknown[] = [];
  await using server = await apiServer((call, answer) => {
    seenHeaders.push(call.request.rawHeaders);
    answer.json({ gitVersion: call.headers.authorization });
  });
  const client = await connectTo(server.url, { user: { username: 'me', password: 'pw', as: 'other', 'as-groups': ['dev', 'ops'] } });
  expect(await client.version()).toBe(`Basic ${Buffer.from('me:pw').toString('base64')}`);
  expect((seenHeaders[0] as string[]).join(' ')).toContain('Impersonate-User other Impersonate-Group dev Impersonate-Group ops');
});

test('proxy-url and HTTP_PROXY lead through the proxy, NO_PROXY past it', async () => {
  await using server = await apiServer((_, answer) => answer.json({ gitVersion: 'v1' }));
  const targets: string[] = [];
  const proxy = await connectProxy(targets);
  const named = `http://cluster.example:${server.port}`;
  expect(await (await connectTo(named, { cluster: { 'proxy-url': `http://me:pw@${proxy}` } })).version()).toBe('v1');
  expect(await (await connectTo(named, {}, { env: { http_proxy: proxy } })).version()).toBe('v1');
  expect(targets).toEqual([
    `cluster.example:${server.port} Basic ${Buffer.from('me:pw').toString('base64')}`,
    `cluster.example:${server.port}`,
  ]);
  expect(await (await connectTo(server.url, {}, { env: { HTTP_PROXY: proxy } })).version()).toBe('v1');
  expect(targets).toHaveLength(2);
});

test('a SOCKS proxy is spoken to, with name and password', async () => {
  await using server = await apiServer((_, answer) => answer.json({ gitVersion: 'v1' }));
  const heard: string[] = [];
  const proxy = createTcpServer((socket) => {
    let step = 0;
    socket.on('data', (data: Buffer) => {
      if (step === 3) return;
      heard.push(data.toString('hex'));
      step++;
      if (step === 1) socket.write(Buffer.from([5, 2]));
      else if (step === 2) socket.write(Buffer.from([1, 0]));
      else {
        const far = connect(data.readUInt16BE(data.length - 2), '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]));
          far.pipe(socket).pipe(far);
        });
        socket.on('close', () => far.destroy());
      }
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const client = await connectTo(`http://cluster.example:${server.port}`, { cluster: { 'proxy-url': `socks5://me:pw@${address}` } });
  expect(await client.version()).toBe('v1');
  const port = server.port.toString(16).padStart(4, '0');
  expect(heard).toEqual([
    '05020002',
    `0102${Buffer.from('me').toString('hex')}02${Buffer.from('pw').toString('hex')}`,
    `050100030f${Buffer.from('cluster.example').toString('hex')}${port}`,
  ]);
});

test('a proxy that refuses is named', async () => {
  const proxy = createServer((_, response) => response.end());
  proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const client = await connectTo('http://cluster.example:6443', { cluster: { 'proxy-url': `http://${address}` } });
  expect(sentence(await failure(client.version()))).toBe(
    `The proxy ${address} refuses to connect to cluster.example:6443 (403 Forbidden).`,
  );
});

const named = (name: string): object => ({ metadata: { name, resourceVersion: '1' } });
const listOf = (...names: readonly string[]): object => ({ kind: 'PodList', metadata: { resourceVersion: '7' }, items: names.map(named) });

test('an empty list may say so with null, as Go writes it', async () => {
  await using server = await apiServer((_, answer) => answer.json({ kind: 'PodList', metadata: {}, items: null }));
  expect(await (await connectTo(server.url)).list(PODS)).toEqual([]);
});

test('a list whose continue token always expires is begun again once, and then given up', async () => {
  await using server = await apiServer(({ query }, answer) =>
    query.get('continue') === null
      ? answer.json({ ...listOf('a'), metadata: { continue: 'x' } })
      : answer.fail(410, 'The provided continue parameter is too old'),
  );
  expect((await failure((await connectTo(server.url)).list(PODS))).kind).toBe('gone');
  expect(server.calls).toHaveLength(4);
});

test('a list that leads to itself, or goes on for ever, is given up', async () => {
  await using same = await apiServer((_, answer) => answer.json({ ...listOf('a'), metadata: { continue: 'again' } }));
  expect((await failure((await connectTo(same.url)).list(PODS))).message).toBe(
    'The API server\'s answer to "list pods in all namespaces" has no end.',
  );
  expect(same.calls).toHaveLength(2);
  let pages = 0;
  await using endless = await apiServer((_, answer) => answer.json({ metadata: { continue: `page${++pages}` }, items: [] }));
  expect((await failure((await connectTo(endless.url)).list(PODS))).message).toContain('has no end');
  expect(endless.calls).toHaveLength(2_000);
});

test('a list that comes drop by drop is given up in time', async () => {
  const clock = new FakeClock();
  await using server = await apiServer((_, answer) => {
    answer.stream();
    answer.write('{"items":[');
  });
  const asked = failure((await connectTo(server.url, {}, { clock })).list(PODS));
  await seen(() => clock.waits.includes(120_000));
  await clock.advance(120_000);
  expect((await asked).message).toBe(
    `The API server at ${server.url.slice(7)} did not complete its answer to "list pods in all namespaces" within 120 s.`,
  );
});
