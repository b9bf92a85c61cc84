import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Duplex, duplexPair, pipeline, Readable } from 'node:stream';
import type { ServiceAnswer, ServiceRequest } from '../../kubernetes/model/types.ts';
import { isAbort, sentence, toProblem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import { endToEnd } from './headers.ts';

/** Sends a request to the REST Service. */
export type AskService = (request: Pick<ServiceRequest, 'method' | 'path' | 'headers' | 'body' | 'signal'>) => Promise<ServiceAnswer>;

/**
 * Looks like a connection to the REST endpoint, but passes its requests on one by one through the API server's proxy. Everything that
 * speaks HTTP over a connection works over this as well: calls, uploads and the port of `web`.
 */
export function serviceConnection(ask: AskService): Duplex {
  const [near, far] = duplexPair();
  const server = createServer((request, response) => void passOn(ask, request, response, near));
  // Node's limit for a whole request is five minutes, too short for some jars.
  server.requestTimeout = 0;
  // Whichever side ends first: both end.
  near.once('close', () => far.destroy());
  far.once('close', () => near.destroy());
  far.on('error', () => near.destroy());
  server.emit('connection', far);
  return near;
}

async function passOn(ask: AskService, request: IncomingMessage, response: ServerResponse, near: Duplex): Promise<void> {
  const ended = lifetime();
  response.once('close', ended.end);
  const { host: _, ...headers } = endToEnd(request.headers);
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  try {
    const answer = await ask({
      method: request.method ?? 'GET',
      path: request.url ?? '/',
      headers,
      body: hasBody ? request : undefined,
      signal: ended.signal,
    });
    response.writeHead(answer.status, endToEnd(answer.headers));
    pipeline(answer.body instanceof Readable ? answer.body : Readable.from(answer.body), response, () => undefined);
  } catch (error) {
    if (isAbort(error)) return;
    const { status } = toProblem(error, 'unreachable');
    // Without an answer, the request may have arrived: break the connection, as any other would.
    if (status === undefined) near.destroy(toProblem(error, 'unreachable'));
    else refuse(response, status, sentence(error));
  }
}

/** In the form of Flink's own errors, so that the reason reaches the caller. */
function refuse(response: ServerResponse, status: number, reason: string): void {
  const body = JSON.stringify({ errors: [reason] });
  // A gateway's redirect or 2xx status is not an answer of Flink.
  response
    .writeHead(status < 400 ? 502 : status, {
      'Content-Type': 'application/json; charset=UTF-8',
      'Content-Length': Buffer.byteLength(body),
      Connection: 'close',
    })
    .end(body);
  response.req.resume();
}
