import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { PODS } from '../../src/kubernetes/model/resources.ts';
import { sentence } from '../../src/support/problem.ts';
import { pod } from './api-server.ts';
import { certificates } from './certificates.ts';
import { announce, channelServer, message } from './channels.ts';
import { connectProxy } from './connect-proxy.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock, seen } from '../support/fake-clock.ts';
import { logSink, watchSink } from './sinks.ts';

const trusted = { 'certificate-authority-data': Buffer.from(certificates.ca.cert).toString('base64'), 'tls-server-name': 'localhost' };
const failureOf = (promise: Promise<unknown>): Promise<string> => promise.then(() => 'it worked', sentence);

test.each([
  ['http', 'HTTPS_PROXY'],
  ['http', 'https_proxy'],
  ['http', 'proxy-url'],
  ['https', 'HTTPS_PROXY'],
  ['https', 'proxy-url'],
] as const)(
  'requests, watches, logs and WebSockets of an https server go through an %s proxy of %s, and nothing goes past it',
  async (scheme, where) => {
    const { server, sockets } = await channelServer(
      (socket) => {
        announce(socket, 8081);
        socket.on('message', (data: Buffer) => socket.send(message(0, data.subarray(1))));
      },
      undefined,
      certificates.server,
    );
    server.handle(({ path, query }, answer) => {
      if (path === '/version') return answer.json({ gitVersion: 'v1' });
      if (path.endsWith('/log')) {
        answer.stream();
        return answer.write('2026-11-22T10:00:00.000000001Z through\n');
      }
      if (query.get('watch') === null)
        return answer.json(path.endsWith('/pods') ? { metadata: { resourceVersion: '1' }, items: [pod('a', '1')] } : pod('jm', '1'));
      answer.stream();
      answer.event('ADDED', pod('b', '2'));
    });
    const targets: string[] = [];
    const proxy = `${scheme}://me:p%40ss@${await connectProxy(targets, scheme === 'https' ? certificates.server : undefined)}`;
    const client = await connectTo(
      `https://cluster.example:${server.port}`,
      { cluster: { ...trusted, ...(where === 'proxy-url' ? { 'proxy-url': proxy } : {}) } },
      { env: where === 'proxy-url' ? {} : { [where]: proxy } },
    );

    expect(await client.version()).toBe('v1');
    const [pods, log, abort] = [watchSink(), logSink(), new AbortController()];
    const ended = Promise.all([
      client.listAndWatch(PODS, { namespace: 'orders', signal: abort.signal }, (raw) => raw.metadata?.name ?? '', pods),
      client.followLog({ namespace: 'orders', pod: 'jm' }, log, abort.signal),
    ]);
    await seen(() => pods.names.has('b') && log.texts.length === 1);
    expect(log.texts).toEqual(['through']);
    const connection = await client.portForward({ namespace: 'orders', name: 'jm' }, 8081);
    connection.write('hello');
    const [back] = (await once(connection, 'data')) as [Buffer];
    expect(back.toString()).toBe('hello');
    connection.destroy();
    await seen(() => sockets[0]?.socket.readyState === sockets[0]?.socket.CLOSED);
    abort.abort();
    await ended;

    expect(new Set(targets)).toEqual(new Set([`cluster.example:${server.port} Basic ${Buffer.from('me:p@ss').toString('base64')}`]));
    expect(server.connections).toBe(targets.length);
  },
);

test('NO_PROXY and loopback go past the proxy of the environment', async () => {
  const { server } = await channelServer(undefined, undefined, certificates.server);
  server.handle((_, answer) => answer.json({ gitVersion: 'v1' }));
  const proxy = 'http://127.0.0.1:1';
  expect(await (await connectTo(server.url, { cluster: trusted }, { env: { HTTPS_PROXY: proxy } })).version()).toBe('v1');
  // Nobody is there: it is asked by its own name, and not the proxy.
  for (const list of ['*', 'example', '.example', 'a.example, cluster.example', 'cluster.example:6443']) {
    const client = await connectTo('https://cluster.example:6443', {}, { env: { HTTPS_PROXY: proxy, NO_PROXY: list } });
    expect(await failureOf(client.version())).toContain('The name of the API server cluster.example:6443 cannot be resolved');
  }
  for (const list of ['', 'other.example', 'cluster.example:443', 'ample']) {
    const client = await connectTo('https://cluster.example:6443', {}, { env: { HTTPS_PROXY: proxy, no_proxy: list } });
    expect(await failureOf(client.version())).toBe('The proxy 127.0.0.1:1 cannot be reached (ECONNREFUSED).');
  }
  const inNetwork = await connectTo('https://10.250.255.1:6443', {}, { env: { HTTPS_PROXY: proxy, NO_PROXY: '10.0.0.0/16' } });
  expect(await failureOf(inNetwork.version())).toContain('The proxy 127.0.0.1:1 cannot be reached');
});

test('an https proxy of an unknown authority is not trusted', async () => {
  const { server } = await channelServer(undefined, undefined, certificates.server);
  const proxy = await connectProxy([], certificates.server);
  const client = await connectTo(`https://cluster.example:${server.port}`, { cluster: { 'proxy-url': `https://${proxy}` } });
  expect(await failureOf(client.version())).toMatch(
    new RegExp(`^The proxy ${proxy} cannot be reached \\(\\w*(SELF_SIGNED|UNABLE)\\w*\\)\\.$`),
  );
});

test('a client certificate that is none is reported through a proxy, too', async () => {
  const { server } = await channelServer(undefined, undefined, certificates.server);
  const pem = Buffer.from('-----BEGIN CERTIFICATE-----\ngarbage\n-----END CERTIFICATE-----\n').toString('base64');
  const client = await connectTo(`https://cluster.example:${server.port}`, {
    cluster: { ...trusted, 'proxy-url': `http://${await connectProxy([])}` },
    user: { 'client-certificate-data': pem, 'client-key-data': pem },
  });
  expect(await failureOf(client.version())).toMatch(/^The client certificate or its key cannot be used/);
});

test('an address that is none, and a kind of proxy that is not known, are reported in a sentence', async () => {
  const hint = 'It must look like http://host:3128.';
  await expect(connectTo('https://cluster.example', { cluster: { 'proxy-url': 'proxy:3128' } })).rejects.toMatchObject({
    message: 'proxy-url is not the address of a proxy: proxy:3128.',
    hint,
  });
  await expect(connectTo('https://cluster.example', {}, { env: { HTTPS_PROXY: 'http://me:secret@:3128' } })).rejects.toMatchObject({
    message: 'HTTPS_PROXY is not the address of a proxy: http://:3128.',
    hint,
  });
  await expect(connectTo('https://cluster.example', { cluster: { 'proxy-url': 'ftp://127.0.0.1:1' } })).rejects.toMatchObject({
    message: 'proxy-url names a kind of proxy that is not known: ftp.',
    hint: 'Use http, https or socks5.',
  });
});

test('a proxy that says nothing is given up, with its connection', async () => {
  let open = 0;
  const silent = createServer((socket) => {
    open += 1;
    socket
      .resume()
      .on('close', () => (open -= 1))
      .on('error', () => {});
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const address = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const clock = new FakeClock();
  const client = await connectTo('https://cluster.example:6443', { cluster: { 'proxy-url': `http://${address}` } }, { clock });
  const asked = failureOf(client.version({ timeoutMs: 60_000 }));
  await seen(() => open === 1);
  await clock.advance(10_000);
  expect(await asked).toBe(`The proxy ${address} has not answered for 10 s.`);
  await seen(() => open === 0);
});
