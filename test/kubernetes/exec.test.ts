import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { TraceEntry } from '../../src/kubernetes/request/transport.ts';
import type { Problem } from '../../src/support/problem.ts';
import type { ExecRequest } from '../../src/kubernetes/model/types.ts';
import { channelServer, message } from './channels.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock, seen } from '../support/fake-clock.ts';

const request: ExecRequest = { namespace: 'orders', pod: 'jm', container: 'main', command: ['sh', '-c', 'echo $SECRET'] };
const succeed = (socket: WebSocket): void => socket.send(message(3, JSON.stringify({ status: 'Success' })));

test('output comes as it is written, and the exit code at the end', async () => {
  const { server, sockets } = await channelServer((socket) => {
    socket.send(message(1, 'out'));
    socket.send(message(2, 'err'));
    socket.send(
      message(
        3,
        JSON.stringify({ status: 'Failure', reason: 'NonZeroExitCode', details: { causes: [{ reason: 'ExitCode', message: '7' }] } }),
      ),
    );
  });
  const traced: TraceEntry[] = [];
  const client = await connectTo(server.url, {}, { trace: (entry) => traced.push(entry) });
  const said: string[] = [];
  const code = await client.exec({
    ...request,
    onStdout: (chunk) => void said.push(`1 ${Buffer.from(chunk)}`),
    onStderr: (chunk) => void said.push(`2 ${Buffer.from(chunk)}`),
  });
  expect([code, ...said]).toEqual([7, '1 out', '2 err']);
  expect(sockets[0]?.path).toBe(
    '/api/v1/namespaces/orders/pods/jm/exec?container=main&stdin=false&stdout=true&stderr=true&tty=false&command=sh&command=-c&command=echo+%24SECRET',
  );
  expect(sockets[0]?.socket.protocol).toBe('v5.channel.k8s.io');
  expect(JSON.stringify(traced)).not.toContain('SECRET');
});

test('input is sent, and its end with the version of the protocol that knows one', async () => {
  let input = '';
  const { server } = await channelServer((socket) => {
    socket.on('message', (data: Buffer) => {
      if (data[0] === 255) succeed(socket);
      else input += data.subarray(1).toString();
    });
  });
  const client = await connectTo(server.url);
  expect(await client.exec({ ...request, stdin: Readable.from([Buffer.from('one '), Buffer.from('two')]) })).toBe(0);
  expect(input).toBe('one two');
});

test('an older server is spoken to in version 4', async () => {
  const { server, sockets } = await channelServer(succeed, ['v4.channel.k8s.io']);
  const client = await connectTo(server.url);
  expect(await client.exec(request)).toBe(0);
  expect(sockets[0]?.socket.protocol).toBe('v4.channel.k8s.io');
});

test('a command that does not exist is reported', async () => {
  const { server } = await channelServer((socket) =>
    socket.send(
      message(
        3,
        JSON.stringify({
          status: 'Failure',
          code: 400,
          reason: 'InternalError',
          message: 'exec: "sh": executable file not found in $PATH',
        }),
      ),
    ),
  );
  const client = await connectTo(server.url);
  await expect(client.exec(request)).rejects.toMatchObject({ kind: 'invalid', message: 'exec: "sh": executable file not found in $PATH' });
});

test('a connection that breaks is reported', async () => {
  const { server } = await channelServer((socket) => socket.terminate());
  const client = await connectTo(server.url);
  await expect(client.exec(request)).rejects.toMatchObject({
    kind: 'unreachable',
    message: 'The connection broke while sh ran in pod jm.',
  });
});

test('it can be called off', async () => {
  const { server, sockets } = await channelServer();
  const client = await connectTo(server.url);
  const abort = new AbortController();
  const running = client.exec({ ...request, signal: abort.signal });
  await seen(() => sockets.length === 1);
  let closed = false;
  sockets[0]?.socket.on('close', () => (closed = true));
  abort.abort();
  await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  await seen(() => closed);
});

test('the terminal in the container has the size of the one here, and follows it', async () => {
  const sizes: string[] = [];
  const { server } = await channelServer((socket) => {
    socket.on('message', (data: Buffer) => {
      if (data[0] === 4) sizes.push(data.toString('utf8', 1));
      if (sizes.length === 2) succeed(socket);
    });
  });
  const client = await connectTo(server.url);
  let columns = 80;
  let changed = (): void => undefined;
  const running = client.exec({
    ...request,
    terminal: {
      now: () => ({ columns, rows: 24 }),
      onChange(listener) {
        changed = listener;
        return () => (changed = () => undefined);
      },
    },
  });
  await seen(() => sizes.length === 1);
  columns = 120;
  changed();
  expect(await running).toBe(0);
  expect(sizes).toEqual(['{"Width":80,"Height":24}', '{"Width":120,"Height":24}']);
});

test('nothing is read while the reader of the output is busy, and nothing is lost or out of order', async () => {
  const pieces = Array.from({ length: 200 }, (_, index) => `${index} `.padEnd(16_000, '.'));
  let handed = 0;
  const { server } = await channelServer((socket) => {
    for (const piece of pieces) socket.send(message(1, piece), () => (handed += 1));
    succeed(socket);
  });
  const client = await connectTo(server.url);
  const read: string[] = [];
  const held = Promise.withResolvers<void>();
  const running = client.exec({
    ...request,
    onStdout(chunk) {
      read.push(Buffer.from(chunk).toString());
      return read.length === 1 ? held.promise : undefined;
    },
  });
  await seen(() => read.length === 1 && handed > 1);
  expect(read).toHaveLength(1);
  held.resolve();
  expect(await running).toBe(0);
  expect(read).toEqual(pieces);
});

test('output that cannot be passed on ends the command with that reason', async () => {
  const { server } = await channelServer((socket) => socket.send(message(1, 'much')));
  const client = await connectTo(server.url);
  const running = client.exec({ ...request, onStdout: () => Promise.reject(new Error('the disk is full')) });
  await expect(running).rejects.toThrow('the disk is full');
});

test('input that cannot be read ends the command with that reason', async () => {
  const { server } = await channelServer();
  const client = await connectTo(server.url);
  const stdin = new Readable({ read: () => void stdin.destroy(new Error('the file is gone')) });
  await expect(client.exec({ ...request, stdin })).rejects.toThrow('the file is gone');
});

test('a silent API server ends a command; if a user waits for it, it is only told, and told again when it answers', async () => {
  const { server, sockets } = await channelServer();
  const clock = new FakeClock();
  const client = await connectTo(server.url, {}, { clock });
  const told: (string | undefined)[] = [];
  const alone = client.exec(request).catch((problem: Problem) => problem.message);
  const watched = client.exec({ ...request, onSilence: (problem) => told.push(problem?.message) });
  await seen(() => sockets.length === 2);
  // An API server that does not answer a ping.
  for (const { socket } of sockets) socket.pause();
  while (told.length === 0) await clock.advance(1_000);
  expect(await alone).toMatch(/^The API server at .* has not answered for 15 s\.$/);
  const [, waiting] = sockets;
  waiting?.socket.resume();
  waiting?.socket.send(message(1, 'there'));
  await seen(() => told.at(-1) === undefined);
  if (waiting !== undefined) succeed(waiting.socket);
  expect(await watched).toBe(0);
});
