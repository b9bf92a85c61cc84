import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, forward, jobManager, PODS } from './sandboxes.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(async () => {
  // Whatever was sent: it is still there, for everybody else.
  expect((await api(sandbox, PODS)).status).toBe(200);
});
afterAll(() => sandbox.close());

/** Sends bytes to a port; answers what came back until the connection ended. */
async function raw(url: string, bytes: string | Buffer): Promise<string> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1' });
  let heard = '';
  socket.on('data', (chunk: Buffer) => void (heard += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(bytes);
  await once(socket, 'close');
  return heard;
}

const get = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n${more}\r\n`;

describe('requests that nobody sends by accident', () => {
  test.each([
    ['two slashes', get('//')],
    ['slashes and a name', get('//evil.example/api')],
    ['a broken escape', get('/%zz')],
    ['a broken escape below the API', get('/api/v1/namespaces/%/pods')],
    ['another address', get('http://evil.example/version')],
    ['a question mark alone', get('?')],
    ['no path', 'GET * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'],
    ['no HTTP', `${'\u0000\u0001'.repeat(2_000)}\r\n\r\n`],
    ['an upgrade to two slashes', get('//', 'Upgrade: websocket\r\n').replace('Connection: close', 'Connection: Upgrade')],
    [
      'a body that is not packed as it says',
      'POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope',
    ],
    ['a control that is cut short', 'POST /sandbox/control HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 1\r\n\r\n{'],
  ])('%s: an answer, and the sandbox goes on', async (_, bytes) => {
    for (const url of [sandbox.url, sandbox.controlUrl]) expect(await raw(url, bytes)).toMatch(/^(HTTP\/1\.1 \d{3} |$)/);
  });

  test('two slashes at the JobManager: an answer, and the sandbox goes on', async () => {
    const stream = await forward(sandbox, await jobManager(sandbox), 8081);
    let heard = '';
    stream.on('data', (chunk: Buffer) => void (heard += chunk.toString()));
    const ended = once(stream, 'end');
    stream.write(get('//'));
    await ended;
    expect(heard).toMatch(/^HTTP\/1\.1 404 /);
  });
});

describe('pages of other machines', () => {
  const asked = (url: string, path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<number> =>
    new Promise((resolve, reject) => {
      const call = request(`${url}${path}`, { method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      call.on('error', reject);
      call.end(method === 'POST' ? '{"kind":"state"}' : undefined);
    });

  test.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ host: 'rebound.evil.example' }],
    [{ host: '127.0.0.1.evil.example' }],
  ])('%j is refused by the API and by the control', async (headers) => {
    expect(await asked(sandbox.url, PODS, headers)).toBe(403);
    for (const url of [sandbox.url, sandbox.controlUrl]) expect(await asked(url, '/sandbox/control', headers, 'POST')).toBe(403);
  });

  test.each([[{ origin: 'http://127.0.0.1:8081' }], [{ host: 'localhost' }], [{ host: '[::1]:1234' }], [{ host: 'LocalHost:80' }]])(
    '%j of this machine is answered',
    async (headers) => {
      expect(await asked(sandbox.url, PODS, headers)).toBe(200);
    },
  );

  test('a WebSocket that a page opens is refused', async () => {
    const socket = new WebSocket(
      `${sandbox.url.replace('http', 'ws')}${PODS}/${await jobManager(sandbox)}/exec?command=env`,
      'v5.channel.k8s.io',
      { origin: 'https://evil.example' },
    );
    const [error] = (await once(socket, 'error').catch((problem: unknown) => [problem])) as [Error];
    expect(error.message).toContain('403');
  });
});

test.each([
  ['no zlib at all', Buffer.from('garbage that was never packed, and more of it')],
  ['another dictionary', deflateSync('x', { dictionary: Buffer.from('nothing of SPDY') })],
  ['a length beyond its end', deflateSync(Buffer.from('00000001ffffffff', 'hex'))],
  ['more than a header can be', deflateSync(Buffer.alloc(10_000_000))],
])('a SPDY header block with %s ends its connection, and nothing else', async (_, block) => {
  const body = Buffer.concat([Buffer.from('00000001000000000000', 'hex'), block]);
  const frame = Buffer.alloc(8);
  frame.writeUInt16BE(0x8003, 0);
  frame.writeUInt16BE(1, 2);
  frame.writeUInt32BE(body.length, 4);
  const head = `POST ${PODS}/${await jobManager(sandbox)}/portforward HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nContent-Length: 0\r\n\r\n`;
  expect(await raw(sandbox.url, Buffer.concat([Buffer.from(head), frame, body]))).toContain('101 Switching Protocols');
});
