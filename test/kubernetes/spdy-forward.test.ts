import { Agent, createServer as createHttpServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { spdyConnection } from '../../src/sandbox/network/spdy.ts';
import { type Problem, sentence } from '../../src/support/problem.ts';
import { apiServer, type ApiServer } from './api-server.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock, seen } from '../support/fake-clock.ts';

const jobManager = { namespace: 'orders', name: 'jm' };
const failureOf = (connection: Duplex): Promise<Problem> =>
  new Promise((resolve) => connection.once('error', (error) => resolve(error as Problem)));

interface SpdyServer {
  readonly server: ApiServer;
  /** The connections that were upgraded. */
  readonly sockets: Duplex[];
}

const status = (code: number, message: string, reason: string): string =>
  JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code });
const refusal = (code: number, body: string, type = 'application/json'): string =>
  `HTTP/1.1 ${code} Refused\r\nContent-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
const mayNot = (verb: string): string =>
  refusal(
    403,
    status(
      403,
      `pods "jm" is forbidden: User "dev" cannot ${verb} resource "pods/portforward" in API group "" in the namespace "orders"`,
      'Forbidden',
    ),
  );

/** An API server that answers a WebSocket with `webSocket`, and speaks SPDY where `spdy` is not an answer, too. `onStreams` is handed the two streams of a connection. */
async function spdyServer(
  onStreams: (data: Duplex, failure: Duplex) => void,
  { webSocket = mayNot('get'), spdy }: { readonly webSocket?: string; readonly spdy?: string } = {},
): Promise<SpdyServer> {
  const server = await apiServer();
  const sockets: Duplex[] = [];
  server.onUpgrade((request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    if (request.headers.upgrade?.toLowerCase() === 'websocket') return void socket.end(webSocket);
    if (spdy !== undefined) return void socket.end(spdy);
    expect([request.method, request.headers['x-stream-protocol-version']]).toEqual(['POST', 'portforward.k8s.io']);
    socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: portforward.k8s.io\r\n\r\n',
    );
    sockets.push(socket);
    let failure: Duplex | undefined;
    const connection = spdyConnection({
      send: (bytes) => void (socket.writable && socket.write(bytes)),
      onStream(headers, stream) {
        expect(headers.get('port')).toBe('8081');
        if (headers.get('streamtype') === 'error') failure = stream;
        else onStreams(stream, failure as Duplex);
      },
      onBroken: () => socket.destroy(),
    });
    connection.receive(head);
    socket.on('data', (bytes: Buffer) => connection.receive(bytes));
    socket.on('end', () => socket.end());
    socket.on('close', () => connection.close());
  });
  onTestFinished(() => server.stop());
  return { server, sockets };
}

const echo = (data: Duplex): void => void data.pipe(data);

test('a user who may only create a port-forward reaches the port, by SPDY', async () => {
  const { server, sockets } = await spdyServer(echo);
  const client = await connectTo(server.url);
  const connection = await client.portForward(jobManager, 8081);
  let back = '';
  connection.on('data', (chunk: Buffer) => (back += chunk.toString()));
  connection.write('hello ');
  connection.write('▶');
  await seen(() => back === 'hello ▶');
  connection.destroy();
  await seen(() => sockets[0]?.destroyed);
  expect(server.calls).toEqual(
    ['GET', 'POST'].map((method) => `${method} /api/v1/namespaces/orders/pods/jm/portforward${method === 'GET' ? '?ports=8081' : ''}`),
  );
});

test('the way that worked is tried first the next time', async () => {
  const { server } = await spdyServer(echo);
  const client = await connectTo(server.url);
  for (let times = 0; times < 3; times++) (await client.portForward(jobManager, 8081)).destroy();
  expect(server.calls.map((call) => call.split(' ')[0])).toEqual(['GET', 'POST', 'POST', 'POST']);
});

test.each([
  ['a page', refusal(502, '<html><title>Bad Gateway</title></html>', 'text/html')],
  ['a good status', refusal(200, '{}')],
  ['no', refusal(400, 'Upgrade is not supported', 'text/plain')],
])('a gateway that answers a WebSocket with %s is passed by SPDY', async (_, webSocket) => {
  const { server } = await spdyServer((data, failure) => void data.end('reached', () => failure.end()), { webSocket });
  const client = await connectTo(server.url);
  let text = '';
  for await (const chunk of await client.portForward(jobManager, 8081)) text += String(chunk);
  expect(text).toBe('reached');
});

test.each([
  [
    'a role without the right is told which one, once',
    mayNot('get'),
    mayNot('create'),
    'forbidden: create pods/portforward in namespace orders (User "dev").',
  ],
  [
    'a gateway that passes nothing on is named',
    refusal(200, '{}'),
    refusal(200, '{}'),
    'The API server at HOST answered 200 to "forward to port 8081 of pod jm in namespace orders" and opened no connection. A proxy or gateway before it does not pass upgrades on.',
  ],
  [
    'the page of a gateway is named',
    refusal(403, '<!DOCTYPE html><html><head><title>Access  denied</title>', 'text/html'),
    refusal(403, '<!DOCTYPE html><html><head><title>Access  denied</title>', 'text/html'),
    'The API server at HOST answered "forward to port 8081 of pod jm in namespace orders" with a page ("Access denied") and not as Kubernetes does (403). A proxy or gateway answers in its place. Check the server in the kubeconfig, and whether the gateway wants a login.',
  ],
  [
    'the word of Kubernetes counts more than that of a gateway',
    mayNot('get'),
    refusal(502, 'bad gateway', 'text/plain'),
    'forbidden: get pods/portforward in namespace orders (User "dev").',
  ],
])('where both ways are refused, %s', async (_, webSocket, spdy, says) => {
  const { server } = await spdyServer(echo, { webSocket, spdy });
  const client = await connectTo(server.url);
  expect((await client.portForward(jobManager, 8081).then(() => 'it worked', sentence)).replace(server.url.slice(7), 'HOST')).toBe(says);
});

test('a pod that is gone is not looked for by another way', async () => {
  const { server } = await spdyServer(echo, { webSocket: refusal(404, status(404, 'pods "jm" not found', 'NotFound')) });
  const client = await connectTo(server.url);
  await expect(client.portForward(jobManager, 8081)).rejects.toMatchObject({ kind: 'not-found' });
  expect(server.calls).toHaveLength(1);
});

test('what the kubelet says of the port ends the connection with a sentence', async () => {
  const { server } = await spdyServer(
    (_, failure) => void failure.end('an error occurred forwarding 8081: dial tcp4 127.0.0.1:8081: connect: connection refused'),
  );
  const client = await connectTo(server.url);
  expect(sentence(await failureOf(await client.portForward(jobManager, 8081)))).toBe(
    'Port 8081 of pod jm refuses connections. Nothing listens there, or not yet.',
  );
});

test('what the kubelet says of the port is heard if it ends the data first', async () => {
  const { server } = await spdyServer(
    (data, failure) =>
      void data.end(() => failure.end('error forwarding port 8081: dial tcp4 127.0.0.1:8081: connect: connection refused')),
  );
  const client = await connectTo(server.url);
  const connection = await client.portForward(jobManager, 8081);
  const told: string[] = [];
  connection
    .on('end', () => told.push('end'))
    .on('error', (error) => told.push(error.message))
    .resume();
  await new Promise((resolve) => connection.once('close', resolve));
  expect(told).toEqual(['Port 8081 of pod jm refuses connections.']);
});

test('a port that is closed without another word is at its end, whatever becomes of the stream for errors', async () => {
  const clock = new FakeClock();
  const { server } = await spdyServer((data) => void data.end('reached'));
  const client = await connectTo(server.url, {}, { clock });
  const connection = await client.portForward(jobManager, 8081);
  let text = '';
  const ended = new Promise((resolve) => connection.once('end', () => resolve('ended')));
  connection.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // Beside the next ping the end waits.
  await seen(() => text === 'reached' && clock.waits.length === 2);
  await clock.advance(5_000);
  expect(await ended).toBe('ended');
});

test('what still comes of a stream that ended harms nothing', async () => {
  const { server, sockets } = await spdyServer(echo);
  const client = await connectTo(server.url);
  const connection = await client.portForward(jobManager, 8081);
  let back = '';
  connection.on('data', (chunk: Buffer) => (back += chunk.toString()));
  connection.write('hello');
  await seen(() => back === 'hello');
  // The first stream ends, and a letter comes for it; then settings, which begin with a number that is not one of a stream.
  const frames = [
    [0, 0, 0, 1, 1, 0, 0, 0],
    [0, 0, 0, 1, 0, 0, 0, 1, 0x78],
    [0x80, 3, 0, 4, 1, 0, 0, 12, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 100],
  ];
  sockets[0]?.write(Buffer.from(frames.flat()));
  connection.write(', again');
  await seen(() => back === 'hello, again');
});

test('node:http can keep connections over it, for large bodies in both directions', async () => {
  const web = createHttpServer((request, response) => void request.pipe(response));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void web.close());
  const { server, sockets } = await spdyServer((data) => {
    const far = connectTcp((web.address() as AddressInfo).port, '127.0.0.1');
    far.pipe(data).pipe(far);
  });
  const client = await connectTo(server.url);
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = (_options, created) => {
    void client.portForward(jobManager, 8081).then((stream) => {
      const calls = stream as Duplex & Record<string, unknown>;
      for (const name of ['setKeepAlive', 'setNoDelay', 'setTimeout', 'ref', 'unref']) calls[name] = () => stream;
      created?.(null, stream);
    });
    return undefined;
  };
  onTestFinished(() => agent.destroy());
  const body = Buffer.alloc(3_000_000, 'x');
  for (let times = 0; times < 3; times++) {
    const size = await new Promise<number>((resolve, reject) => {
      const asked = httpRequest('http://jm/', { agent, method: 'POST' }, (answer) => {
        let got = 0;
        answer.on('data', (chunk: Buffer) => (got += chunk.length));
        answer.on('end', () => resolve(got));
      });
      asked.on('error', reject);
      asked.end(body);
    });
    expect(size).toBe(body.length);
  }
  expect(sockets).toHaveLength(1);
});

test('a server that falls silent ends the connection after 15 s', async () => {
  const clock = new FakeClock();
  const { server, sockets } = await spdyServer(() => {});
  const client = await connectTo(server.url, {}, { clock });
  const connection = await client.portForward(jobManager, 8081);
  const failed = failureOf(connection);
  await seen(() => sockets.length === 1);
  sockets[0]?.removeAllListeners('data').pause();
  for (let at = 0; at < 20; at++) await clock.advance(1_000);
  expect((await failed).message).toMatch(/has not answered for 15 s\.$/);
});

test('a connection that breaks is reported, with its port', async () => {
  const { server, sockets } = await spdyServer(() => {});
  const client = await connectTo(server.url);
  const failed = failureOf(await client.portForward(jobManager, 8081));
  await seen(() => sockets.length === 1);
  sockets[0]?.destroy();
  expect((await failed).message).toBe('The connection to port 8081 of pod jm broke.');
});
