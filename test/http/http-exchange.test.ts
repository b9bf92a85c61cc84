import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { exchange, NoAnswer, type Outgoing, readAll } from '../../src/http/http-exchange.ts';
import { pool } from '../../src/http/pool.ts';
import { Stalled } from '../../src/http/stall.ts';
import { seen } from '../support/fake-clock.ts';
import { FakeClock } from '../support/fakes.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function serverOf(listener: RequestListener): Promise<URL> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

function send(server: URL, more: Partial<Outgoing> = {}, open?: () => Promise<ReturnType<typeof connect>>) {
  const agent = pool({ server, security: {}, open, mostIdle: 1 });
  closing.push(() => agent.destroy());
  return exchange({
    server,
    agent,
    method: 'GET',
    path: '/',
    headers: {},
    body: undefined,
    unzip: false,
    signal: undefined,
    limits: {},
    clock: new FakeClock(),
    ...more,
  });
}

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'it did not fail',
    (error: unknown) => error,
  );
const textOf = async (body: Parameters<typeof readAll>[0]): Promise<string> => (await readAll(body, 1_000)).toString('utf8');

test('whatever carries the bytes, an answer is read the same', async () => {
  const server = await serverOf((_, response) => response.end('hello'));
  const [direct, carried] = [
    await send(server),
    await send(new URL('http://a-name-that-nobody-knows'), {}, async () => connect(Number(server.port), '127.0.0.1')),
  ];
  expect([await textOf(direct.body), await textOf(carried.body)]).toEqual(['hello', 'hello']);
});

test('a server that says nothing is given up when the time is over', async () => {
  const clock = new FakeClock();
  const asked = Promise.withResolvers<void>();
  const server = await serverOf(() => asked.resolve());
  const answer = failure(send(server, { clock, limits: { silentMs: 2_000, totalMs: 60_000 } }));
  await asked.promise;
  await clock.advance(2_000);
  expect(await answer).toMatchObject({ begun: true, cause: new Stalled('silent', 2_000) });
});

test('an upload that moves is not given up, one that stops is', async () => {
  const clock = new FakeClock();
  const body = new PassThrough();
  let received = '';
  const server = await serverOf((request) => void request.on('data', (chunk) => (received += chunk)));
  const answer = failure(send(server, { method: 'POST', headers: { 'Content-Length': '100' }, body, clock, limits: { silentMs: 2_000 } }));
  for (const piece of ['a', 'b', 'c']) {
    body.write(piece);
    await seen(() => received.endsWith(piece));
    await clock.advance(1_500);
  }
  await clock.advance(500);
  expect(await answer).toMatchObject({ cause: new Stalled('silent', 2_000) });
  expect(received).toBe('abc');
});

test('a body that comes byte by byte is given up after the time for the whole, unless it is a stream', async () => {
  const clock = new FakeClock();
  const server = await serverOf((_, response) => void response.write('a'));
  const [limited, stream] = [
    await send(server, { clock, limits: { totalMs: 10_000 } }),
    await send(server, { clock, limits: { totalMs: 10_000 } }),
  ];
  stream.unlimited();
  const reading = failure(readAll(limited.body, 1_000));
  await clock.advance(10_000);
  expect(await reading).toMatchObject({ kind: 'slow', ms: 10_000 });
  expect(stream.body.destroyed).toBe(false);
});

test('a connection that breaks before the answer says whether the server may have seen the request', async () => {
  const server = await serverOf((request) => request.socket.destroy());
  const seen = await failure(send(server));
  const unseen = await failure(send(server, {}, () => Promise.reject(new Error('no way'))));
  expect([seen, unseen].map((error) => error instanceof NoAnswer && [error.begun, error.stale])).toEqual([
    [true, false],
    [false, false],
  ]);
});

test('a compressed answer is unzipped for whoever asks for that, and left as it is for others', async () => {
  const server = await serverOf((_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync('plain')));
  expect(await textOf((await send(server, { unzip: true })).body)).toBe('plain');
  expect(await readAll((await send(server)).body, 1_000)).toEqual(gzipSync('plain'));
});
