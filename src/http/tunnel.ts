import { once } from 'node:events';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock } from '../support/clock.ts';
import { Problem } from '../support/problem.ts';
import { deadline } from '../support/waiting.ts';
import { hostOf, portOf, urlHost } from './address.ts';

const HEAD_LIMIT = 16 << 10;

/** How long a proxy may stay silent. Requests waiting for the tunnel have their own time limits and abandon it. */
const SILENT_MS = 10_000;

/**
 * A connection to `host:port` through a proxy: CONNECT for `http` and `https`, SOCKS 5 for `socks5` and `socks5h`. `authorities`: PEM
 * certificates to verify an `https` proxy with.
 */
export async function tunnel(
  proxy: URL,
  host: string,
  port: number,
  { authorities, clock }: { readonly authorities: readonly string[] | undefined; readonly clock: Clock },
): Promise<Socket> {
  const socket = openProxy(proxy, authorities);
  const inTime = deadline(clock, SILENT_MS, () =>
    socket.destroy(new Problem('unreachable', `The proxy ${proxy.host} has not answered for ${SILENT_MS / 1_000} s.`)),
  );
  try {
    await opened(socket, proxy);
    if (proxy.protocol.startsWith('socks5')) await socks5(socket, proxy, host, port);
    else await connectMethod(socket, proxy, host, port);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    inTime();
  }
}

function openProxy(proxy: URL, authorities: readonly string[] | undefined): Socket {
  const [host, port] = [hostOf(proxy), portOf(proxy)];
  const socket =
    proxy.protocol === 'https:'
      ? connectTls({
          host,
          port,
          servername: isIP(host) ? '' : host,
          ...(authorities === undefined ? {} : { ca: [...authorities], allowPartialTrustChain: true }),
        })
      : connectTcp({ host, port });
  socket.setNoDelay(true);
  return socket;
}

async function opened(socket: Socket, proxy: URL): Promise<void> {
  try {
    await once(socket, proxy.protocol === 'https:' ? 'secureConnect' : 'connect');
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem(
      'unreachable',
      `The proxy ${proxy.host} cannot be reached (${(error as NodeJS.ErrnoException).code ?? String(error)}).`,
      { cause: error },
    );
  }
}

async function connectMethod(socket: Socket, proxy: URL, host: string, port: number): Promise<void> {
  const target = `${urlHost(host)}:${port}`;
  const auth =
    proxy.username === ''
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')}\r\n`;
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${auth}\r\n`);
  const head = await readUntil(socket, proxy, (seen) => {
    const end = seen.indexOf('\r\n\r\n');
    return end < 0 ? undefined : end + 4;
  });
  const status = /^HTTP\/1\.[01] (\d{3})([^\r\n]*)/.exec(head.toString('latin1'));
  if (status?.[1] !== '200') {
    throw new Problem(
      'unreachable',
      `The proxy ${proxy.host} refuses to connect to ${target} (${status ? `${status[1]}${status[2]}` : 'no HTTP answer'}).`,
    );
  }
}

/** RFC 1928 and 1929. The proxy resolves the name. */
async function socks5(socket: Socket, proxy: URL, host: string, port: number): Promise<void> {
  const withPassword = proxy.username !== '';
  const refuse = (why: string): never => {
    throw new Problem('unreachable', `The proxy ${proxy.host} refuses to connect to ${host}:${port} (${why}).`);
  };
  socket.write(Buffer.from(withPassword ? [5, 2, 0, 2] : [5, 1, 0]));
  const method = (await readUntil(socket, proxy, (seen) => (seen.length < 2 ? undefined : 2)))[1];
  if (method === 2 && withPassword) {
    const name = Buffer.from(decodeURIComponent(proxy.username));
    const password = Buffer.from(decodeURIComponent(proxy.password));
    socket.write(Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([password.length]), password]));
    if ((await readUntil(socket, proxy, (seen) => (seen.length < 2 ? undefined : 2)))[1] !== 0) refuse('name or password rejected');
  } else if (method !== 0) refuse('it wants another way to log in');
  const name = Buffer.from(host);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 255])]));
  const answer = await readUntil(socket, proxy, (seen) => {
    if (seen.length < 5) return undefined;
    const length = seen[3] === 1 ? 10 : seen[3] === 4 ? 22 : 7 + (seen[4] ?? 0);
    return seen.length < length ? undefined : length;
  });
  if (answer[1] !== 0) refuse(`SOCKS error ${answer[1]}`);
}

/** Reads until `complete` returns where the answer ends, and puts back the bytes after that. */
async function readUntil(socket: Socket, proxy: URL, complete: (seen: Buffer) => number | undefined): Promise<Buffer> {
  let seen = Buffer.alloc(0);
  for (;;) {
    const chunk: unknown = socket.read();
    if (chunk instanceof Buffer) {
      seen = Buffer.concat([seen, chunk]);
      const end = complete(seen);
      if (end !== undefined) {
        if (end < seen.length) socket.unshift(seen.subarray(end));
        return seen.subarray(0, end);
      }
      if (seen.length > HEAD_LIMIT) throw new Problem('protocol', `The proxy ${proxy.host} does not answer as a proxy does.`);
      continue;
    }
    if (socket.readableEnded || socket.destroyed) throw new Problem('unreachable', `The proxy ${proxy.host} closed the connection.`);
    await Promise.race([once(socket, 'readable'), once(socket, 'end'), once(socket, 'close')]);
  }
}
