import { createHash } from 'node:crypto';
import { Agent, createServer as createHttpServer, get } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Problem, sentence } from '../../src/support/problem.ts';
import { apiServer } from './api-server.ts';
import { announce, channelServer, message } from './channels.ts';
import { connectProxy } from './connect-proxy.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock, seen, settle } from '../support/fake-clock.ts';

const jobManager = { namespace: 'orders', name: 'jm' };

/** Sends back what comes. */
function echo(socket: WebSocket): void {
  announce(socket, 8081);
  socket.on('message', (data: Buffer) => socket.send(message(0, data.subarray(1))));
}

const failureOf = (connection: Duplex): Promise<Problem> =>
  new Promise((resolve) => connection.once('error', (error) => resolve(error as Problem)));

test('bytes go to the port of the pod and back', async () => {
  const { server, sockets } = await channelServer(echo);
  const client = await connectTo(server.url);
  const connection = await client.portForward(jobManager, 8081);
  let back = '';
  connection.on('data', (chunk: Buffer) => (back += chunk.toString()));
  connection.write('hello ');
  connection.write('▶');
  await seen(() => back === 'hello ▶');
  expect(sockets[0]?.path).toBe('/api/v1/namespaces/orders/pods/jm/portforward?ports=8081');
  connection.destroy();
  await seen(() => sockets[0]?.socket.readyState === WebSocket.CLOSED);
});

test('the stream is the same wherever the far side cuts it into messages', async () => {
  const text = Buffer.from('HTTP/1.1 200 OK\r\n\r\n▶ 日本 🐿');
  const { server } = await channelServer((socket, path) => {
    const cut = Number(new URLSearchParams(path.split('?')[1]).get('ports')) - 1_000;
    announce(socket, 1_000 + cut);
    for (const part of [text.subarray(0, cut), text.subarray(cut)]) socket.send(message(0, part));
    socket.close(1_000);
  });
  const client = await connectTo(server.url);
  for (let cut = 0; cut <= text.length; cut++) {
    const chunks: Buffer[] = [];
    for await (const chunk of await client.portForward(jobManager, 1_000 + cut)) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).equals(text)).toBe(true);
  }
});

test('a refusal whose words never come is a refusal all the same, and can be called off', async () => {
  const clock = new FakeClock();
  await using server = await apiServer();
  const asked: Duplex[] = [];
  server.onUpgrade((_, socket) => void asked.push(socket.on('error', () => {})));
  const client = await connectTo(server.url, {}, { clock });
  const late = client.portForward(jobManager, 8081).then(
    () => undefined,
    (error: Error) => error.message,
  );
  const ended = new AbortController();
  const left = client.portForward(jobManager, 8081, { signal: ended.signal }).then(
    () => undefined,
    (error: Error) => error.name,
  );
  await seen(() => asked.length === 2 && clock.waits.length === 2);
  await clock.advance(1_000);
  for (const socket of asked) socket.write('HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{');
  // The heads have to be here before their bodies can be late.
  await seen(() => clock.waits.join() === '10000,10000');
  ended.abort();
  expect(await left).toBe('AbortError');
  await clock.advance(10_000);
  expect(await late).toBe(`The API server at ${server.url.slice(7)} answered 404 to: forward to port 8081 of pod jm in namespace orders.`);
});

/** A message of the server as it goes over the wire (RFC 6455, 5.2). */
const frame = (opcode: number, payload: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(payload.length < 126 ? [0x80 | opcode, payload.length] : [0x80 | opcode, 126, payload.length >> 8, payload.length & 255]),
    payload,
  ]);

test('the stream is the same wherever the bytes of its WebSocket are cut', async () => {
  const text = Buffer.from(`HTTP/1.1 200 OK\r\n\r\n▶ 日本 🐿 ${'x'.repeat(150)}`);
  const wire = Buffer.concat([
    // The port of the first channel, and at once what follows; that of the second on its own.
    frame(2, Buffer.concat([message(0, [1_000 & 255, 1_000 >> 8]), text.subarray(0, 5)])),
    frame(2, message(1, [1_000 & 255, 1_000 >> 8])),
    frame(9, Buffer.from('ping')),
    frame(2, message(0, text.subarray(5))),
    frame(8, Buffer.from([1_000 >> 8, 1_000 & 255])),
  ]);
  await using server = await apiServer();
  let cut = 0;
  server.onUpgrade((request, socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64');
    const head = Buffer.from(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v4.channel.k8s.io\r\n\r\n`,
    );
    const bytes = Buffer.concat([head, wire]);
    const at = cut + head.length;
    socket.on('error', () => {});
    socket.write(bytes.subarray(0, at), () => setImmediate(() => socket.end(bytes.subarray(at))));
  });
  const client = await connectTo(server.url);
  for (cut = 0; cut <= wire.length; cut++) {
    const chunks: Buffer[] = [];
    for await (const chunk of await client.portForward(jobManager, 1_000)) chunks.push(chunk as Buffer);
    expect({ cut, text: Buffer.concat(chunks).toString() }).toEqual({ cut, text: text.toString() });
  }
});

test('node:http can keep connections over it', async () => {
  const web = createHttpServer((request, response) => response.end(`you asked for ${request.url}`));
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void web.close());
  const { server, sockets } = await channelServer((socket) => {
    announce(socket, 8081);
    const far = connectTcp((web.address() as AddressInfo).port, '127.0.0.1');
    far.on('data', (chunk) => socket.send(message(0, chunk)));
    far.on('close', () => socket.close(1_000));
    socket.on('message', (data: Buffer) => far.write(data.subarray(1)));
    socket.on('close', () => far.destroy());
  });
  const client = await connectTo(server.url);
  class PodAgent extends Agent {
    override createConnection(_options: unknown, callback?: (error: Error | null, stream: Duplex) => void): undefined {
      client.portForward(jobManager, 8081).then(
        (connection) => callback?.(null, connection),
        (error: Error) => (callback as ((error: Error) => void) | undefined)?.(error),
      );
      return undefined;
    }
  }
  const agent = new PodAgent({ keepAlive: true });
  for (const path of ['/overview', '/jobs']) {
    const text = await new Promise<string>((resolve, reject) => {
      get({ path, agent, host: 'jobmanager' }, (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => (body += chunk.toString())).on('end', () => resolve(body));
      }).on('error', reject);
    });
    expect(text).toBe(`you asked for ${path}`);
  }
  expect(sockets).toHaveLength(1);
  agent.destroy();
});

test('a port on which nothing listens is reported with pod and port', async () => {
  const { server } = await channelServer((socket) => {
    announce(socket, 8081);
    socket.send(message(1, 'error forwarding port 8081 to pod abc: dial tcp4 127.0.0.1:8081: connect: connection refused'));
  });
  const client = await connectTo(server.url);
  const connection = await client.portForward(jobManager, 8081);
  expect(sentence(await failureOf(connection))).toBe('Port 8081 of pod jm refuses connections. Nothing listens there, or not yet.');
});

test.each([
  [
    403,
    'pods "jm" is forbidden: User "viewer" cannot create resource "pods/portforward" in API group "" in the namespace "orders"',
    'forbidden',
    'forbidden: create pods/portforward in namespace orders (User "viewer").',
  ],
  [404, 'pods "jm" not found', 'not-found', 'pods "jm" not found'],
])('a refused handshake (%i) is reported', async (code, text, kind, expected) => {
  const { server } = await channelServer();
  server.onUpgrade((_, socket) => {
    const body = JSON.stringify({ kind: 'Status', code, message: text });
    socket.end(
      `HTTP/1.1 ${code} No\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
  const client = await connectTo(server.url);
  await expect(client.portForward(jobManager, 8081)).rejects.toMatchObject({ kind, message: expected });
});

test('a server that is away is reported', async () => {
  const { server } = await channelServer();
  await server.stop();
  const client = await connectTo(server.url);
  await expect(client.portForward(jobManager, 8081)).rejects.toMatchObject({ kind: 'unreachable' });
});

test('a handshake without an answer is given up in time', async () => {
  const clock = new FakeClock();
  const { server } = await channelServer();
  server.onUpgrade(() => {});
  const client = await connectTo(server.url, {}, { clock });
  const asked = client.portForward(jobManager, 8081, { timeoutMs: 3_000 }).catch((error: unknown) => error);
  await seen(() => server.calls.length === 1);
  await clock.advance(3_000);
  expect(sentence(await asked)).toMatch(/has not answered for 3 s/);
});

test('a connection that breaks is an error, one that is closed in order is an end', async () => {
  const { server, sockets } = await channelServer(echo);
  const client = await connectTo(server.url);
  const broken = await client.portForward(jobManager, 8081);
  const failure = failureOf(broken);
  await seen(() => sockets.length === 1);
  sockets[0]?.socket.terminate();
  expect((await failure).message).toBe('The connection to port 8081 of pod jm broke.');

  const ended = await client.portForward(jobManager, 8081);
  await seen(() => sockets.length === 2);
  const end = new Promise((resolve) => ended.once('end', resolve));
  sockets[1]?.socket.close(1_000);
  ended.resume();
  await end;
});

test('a far side that says nothing to pings is given up', async () => {
  const clock = new FakeClock();
  const { server } = await channelServer((socket) => {
    announce(socket, 8081);
    socket.pong = () => {};
    (socket as unknown as { _autoPong: boolean })._autoPong = false;
  });
  const client = await connectTo(server.url, {}, { clock });
  const connection = await client.portForward(jobManager, 8081);
  const failure = failureOf(connection);
  while (!connection.destroyed) await clock.advance(1_000);
  expect((await failure).message).toMatch(/has not answered for 15 s/);
});

test('a reader that does not read stops the sender, and loses nothing', async () => {
  const total = 64;
  let sent = 0;
  const { server, sockets } = await channelServer((socket) => {
    announce(socket, 8081);
    for (; sent < total; sent++) socket.send(message(0, Buffer.alloc(1 << 20, sent)));
    socket.close(1_000);
  });
  const client = await connectTo(server.url);
  const connection = await client.portForward(jobManager, 8081);
  await seen(() => connection.readableLength > 0);
  await seen(() => sockets[0] !== undefined && sockets[0].socket.bufferedAmount > 0);
  await settle(3_000);
  expect(connection.readableLength).toBeLessThan(4 << 20);
  let size = 0;
  for await (const chunk of connection) size += (chunk as Buffer).length;
  expect(size).toBe(total << 20);
});

test('a proxy is used for it, too', async () => {
  const { server } = await channelServer(echo);
  const targets: string[] = [];
  const client = await connectTo(`http://cluster.example:${server.port}`, {
    cluster: { 'proxy-url': `http://${await connectProxy(targets)}` },
  });
  const connection = await client.portForward(jobManager, 8081);
  const back = new Promise((resolve) => connection.once('data', (chunk: Buffer) => resolve(chunk.toString())));
  connection.write('hello');
  expect(await back).toBe('hello');
  expect(targets).toEqual([`cluster.example:${server.port}`]);
  connection.destroy();
});

test('a kept connection that the server closed meanwhile does not fail it', async () => {
  const { server, sockets } = await channelServer(echo);
  server.handle((_, answer) => answer.json({ gitVersion: 'v1' }));
  const client = await connectTo(server.url);
  await client.version();
  let broken = 0;
  const accept = server.upgrade;
  server.onUpgrade((request, socket, head) => {
    if (broken++ === 0) socket.destroy();
    else accept(request, socket, head);
  });
  (await client.portForward(jobManager, 8081)).destroy();
  expect(sockets).toHaveLength(1);
});

test('it ends with its client', async () => {
  const { server, sockets } = await channelServer(echo);
  const client = await connectTo(server.url);
  const connection = await client.portForward(jobManager, 8081);
  await client[Symbol.asyncDispose]();
  await seen(() => sockets[0]?.socket.readyState === WebSocket.CLOSED);
  expect(connection.destroyed).toBe(true);
});

test('a large write arrives whole', async () => {
  const received: Buffer[] = [];
  const { server } = await channelServer((socket) => {
    announce(socket, 8081);
    socket.on('message', (data: Buffer) => received.push(data.subarray(1)));
  });
  const client = await connectTo(server.url);
  const connection = await client.portForward(jobManager, 8081);
  const payload = Buffer.alloc(3_000_001, 'abcdefg');
  await new Promise<void>((resolve, reject) => connection.write(payload, (error) => (error ? reject(error) : resolve())));
  await seen(() => received.reduce((sum, part) => sum + part.length, 0) === payload.length);
  expect(Buffer.concat(received).equals(payload)).toBe(true);
  connection.destroy();
});
