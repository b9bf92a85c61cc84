import { type Agent, createServer, type IncomingMessage, request as httpRequest, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import { pool } from '../../http/pool.ts';
import { sentence } from '../../support/problem.ts';
import { endToEnd } from './headers.ts';

/** Opens a connection to the endpoint. */
type Reach = () => Promise<Duplex>;

/** Only plain HTTP is handled here: requests to an endpoint with TLS cannot be read. */
const plain = new URL('http://localhost');

/**
 * Passes requests on to the endpoint if they come from a page of this port or from a program. Otherwise a foreign page in a browser on this
 * machine could upload and run a jar, by a request to this port, or through a host name that resolves to this address. Each connection of a
 * browser gets its own connection to the endpoint.
 */
export function loopbackServer(reach: Reach): Server {
  const agents = new WeakMap<Socket, Agent>();
  const agentOf = (socket: Socket): Agent => {
    const known = agents.get(socket);
    if (known !== undefined) return known;
    const agent = pool({ server: plain, security: {}, open: reach, most: 1, mostIdle: 1 });
    agents.set(socket, agent);
    socket.once('close', () => agent.destroy());
    return agent;
  };
  const server = createServer((request, response) => {
    const refusal = refusalOf(request, request.socket.localPort ?? 0);
    if (refusal === undefined) forward(request, response, agentOf(request.socket));
    else answer(response, 403, refusal);
  });
  // Node's limit for a whole request is five minutes, too short for some jars.
  server.requestTimeout = 0;
  server.on('upgrade', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    socket.end('HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  return server;
}

/** The names of this machine, with any port: a browser may reach this port through a tunnel. */
const loopbackName = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i;

/** Why this request is refused; undefined if it is passed on. */
function refusalOf({ method, url, headers }: IncomingMessage, port: number): string | undefined {
  const { host = '', origin } = headers;
  if (!loopbackName.test(host)) return `This port answers to 127.0.0.1:${port} and localhost:${port}, and not to ${host}.`;
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`)
    return `This port does not accept requests from pages of ${origin}.`;
  const site = headers['sec-fetch-site'];
  const followed = headers['sec-fetch-mode'] === 'navigate' && method === 'GET' && url === '/';
  return (site === 'cross-site' || site === 'same-site') && !followed
    ? 'This port does not accept requests from pages of other sites.'
    : undefined;
}

function forward(request: IncomingMessage, response: ServerResponse, agent: Agent): void {
  const far = httpRequest({ agent, method: request.method, path: request.url, headers: endToEnd(request.headers) });
  far.once('response', (incoming) => {
    response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, endToEnd(incoming.headers));
    // The end or an error of either side ends both; only the peers need to know.
    pipeline(incoming, response, () => undefined);
  });
  far.once('error', (error) => {
    if (response.headersSent) response.destroy();
    else answer(response, 502, sentence(error));
  });
  response.once('close', () => far.destroy());
  pipeline(request, far, () => undefined);
}

function answer(response: ServerResponse, status: number, reason: string): void {
  const body = `${reason}\n`;
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': Buffer.byteLength(body), Connection: 'close' })
    .end(body);
  // Data that still arrives must not keep the connection open.
  response.req.resume();
}
