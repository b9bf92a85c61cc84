import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { TraceEntry } from '../../src/kubernetes/request/transport.ts';
import type { ExecRequest } from '../../src/kubernetes/model/types.ts';
import { channelServer, message } from './channels.ts';
import { connectTo } from './connect-to.ts';
import { seen } from '../support/fake-clock.ts';

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
    onStdout: (chunk) => said.push(`1 ${Buffer.from(chunk)}`),
    onStderr: (chunk) => said.push(`2 ${Buffer.from(chunk)}`),
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
