import type { IncomingMessage } from 'node:http';
import { Readable, type Duplex } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import type { ExecRequest } from '../../src/kubernetes/model/types.ts';
import { spdyConnection } from '../../src/sandbox/network/spdy.ts';
import { seen } from '../support/fake-clock.ts';
import { apiServer } from './api-server.ts';
import { connectTo } from './connect-to.ts';

const request: ExecRequest = { namespace: 'orders', pod: 'jm', container: 'main', command: ['cat'] };

const refused = (verb: string): string => {
  const message = `pods "jm" is forbidden: User "dev" cannot ${verb} resource "pods/exec" in API group "" in the namespace "orders"`;
  const body = JSON.stringify({ kind: 'Status', status: 'Failure', message, reason: 'Forbidden', code: 403 });
  return `HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
};

type Streams = ReadonlyMap<string, Duplex>;

/** An API server that refuses a WebSocket, as one does whose user may create and not get. `onStreams` has all streams of a command. */
async function serverOf(expected: number, onStreams: (streams: Streams, hangUp: () => void) => void, mayCreate = true): Promise<string> {
  const server = await apiServer();
  server.onUpgrade((upgrade: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {});
    if (upgrade.headers.upgrade?.toLowerCase() === 'websocket') return void socket.end(refused('get'));
    if (!mayCreate) return void socket.end(refused('create'));
    expect([upgrade.method, upgrade.headers['x-stream-protocol-version']]).toEqual(['POST', 'v4.channel.k8s.io']);
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\n\r\n');
    const streams = new Map<string, Duplex>();
    const connection = spdyConnection({
      send: (bytes) => void (socket.writable && socket.write(bytes)),
      onStream(headers, stream) {
        stream.on('error', () => {});
        streams.set(headers.get('streamtype') ?? '', stream);
        if (streams.size === expected) onStreams(streams, () => socket.end());
      },
      onBroken: () => socket.destroy(),
    });
    connection.receive(head);
    socket.on('data', (bytes: Buffer) => connection.receive(bytes));
    socket.on('close', () => connection.close());
  });
  onTestFinished(() => server.stop());
  return server.url;
}

/** As a kubelet ends a command: the outputs, then the status. */
function end(streams: Streams, status: object): void {
  for (const name of ['stdout', 'stderr']) streams.get(name)?.end();
  streams.get('error')?.end(JSON.stringify(status));
}

test('a user who may only create runs a command by SPDY: input, its end, output and exit code', async () => {
  const url = await serverOf(4, (streams) => {
    let input = '';
    streams.get('stdin')?.on('data', (chunk: Buffer) => (input += chunk.toString()));
    streams.get('stdin')?.on('end', () => {
      streams.get('stdout')?.write(`got ${input}`);
      streams.get('stderr')?.write('oh');
      end(streams, { status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '7' }] } });
    });
  });
  const client = await connectTo(url);
  const said: string[] = [];
  const code = await client.exec({
    ...request,
    stdin: Readable.from([Buffer.from('one '), Buffer.from('two')]),
    onStdout: (chunk) => void said.push(`1 ${Buffer.from(chunk)}`),
    onStderr: (chunk) => void said.push(`2 ${Buffer.from(chunk)}`),
  });
  expect([code, ...said]).toEqual([7, '1 got one two', '2 oh']);
});

test('a terminal has its size over SPDY, and no stderr', async () => {
  let size = '';
  const url = await serverOf(3, (streams) => {
    expect([...streams.keys()]).toEqual(['error', 'stdout', 'resize']);
    streams.get('resize')?.on('data', (chunk: Buffer) => {
      size += chunk.toString();
      end(streams, { status: 'Success' });
    });
  });
  const client = await connectTo(url);
  const terminal = { now: () => ({ columns: 132, rows: 43 }), onChange: () => () => undefined };
  expect(await client.exec({ ...request, terminal })).toBe(0);
  expect(size).toBe('{"Width":132,"Height":43}');
});

test('output over SPDY waits for its reader', async () => {
  const pieces = Array.from({ length: 100 }, (_, index) => `${index} `.padEnd(20_000, '.'));
  const url = await serverOf(3, (streams) => {
    for (const piece of pieces) streams.get('stdout')?.write(piece);
    end(streams, { status: 'Success' });
  });
  const client = await connectTo(url);
  let read = '';
  const held = Promise.withResolvers<void>();
  const running = client.exec({
    ...request,
    onStdout(chunk) {
      const first = read === '';
      read += Buffer.from(chunk).toString();
      return first ? held.promise : undefined;
    },
  });
  await seen(() => read !== '');
  expect(read.length).toBeLessThan(200_000);
  held.resolve();
  expect(await running).toBe(0);
  expect(read).toBe(pieces.join(''));
});

test('a server that hangs up right after the end of a command loses neither its output nor its exit code', async () => {
  const url = await serverOf(3, (streams, hangUp) => {
    streams.get('stdout')?.write('x'.repeat(100_000));
    end(streams, { status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '5' }] } });
    hangUp();
  });
  const client = await connectTo(url);
  let read = 0;
  expect(await client.exec({ ...request, onStdout: (chunk) => void (read += chunk.byteLength) })).toBe(5);
  expect(read).toBe(100_000);
});

test('a connection over SPDY that breaks is reported', async () => {
  const client = await connectTo(await serverOf(3, (_, hangUp) => hangUp()));
  await expect(client.exec(request)).rejects.toMatchObject({ message: 'The connection broke while cat ran in pod jm.' });
});

test('of two refusals, the one about create counts', async () => {
  const client = await connectTo(await serverOf(0, () => {}, false));
  await expect(client.exec(request)).rejects.toMatchObject({
    kind: 'forbidden',
    message: 'forbidden: create pods/exec in namespace orders (User "dev").',
  });
});
