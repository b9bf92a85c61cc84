import type { IncomingMessage, ServerResponse } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { ApiError, badRequest, statusOf } from './status.ts';

/** A request, taken apart for the routes. */
export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Decoded path, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/** The request for an upgrade: a call without a response. */
export type Handshake = Omit<Call, 'response'>;

/** Takes a request apart. Throws 400 if its path cannot be read, such as for a broken escape. */
export function namedBy(request: IncomingMessage): Handshake {
  const [path = '', ...query] = (request.url ?? '/').replace(/^http:\/\/[^/?]*/, '').split('?');
  try {
    decodeURIComponent(path);
  } catch {
    throw badRequest(`the path ${path} cannot be read`);
  }
  return { request, method: request.method ?? 'GET', path: path === '' ? '/' : path, query: new URLSearchParams(query.join('?')) };
}

const callOf = (request: IncomingMessage, response: ServerResponse): Call => ({ ...namedBy(request), response });

/** Names under which this machine reaches itself. */
const LOCAL = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Throws 403 for a request by a web page from elsewhere: it was loaded from another origin (`Origin`), or its host name was pointed at this
 * machine afterwards (`Host`).
 */
export function refuseForeign({ headers: { host, origin } }: IncomingMessage): void {
  if (host !== undefined && !LOCAL.test(host)) throw new ApiError(403, 'Forbidden', `the sandbox does not answer for the host ${host}`);
  if (origin !== undefined && !LOCAL.test(origin.replace(/^https?:\/\//, '')))
    throw new ApiError(403, 'Forbidden', `the sandbox does not answer pages of ${origin}`);
}

/** Most bytes of a compressed body, once unpacked. */
const MOST = 64 * 1024 ** 2;

/** The whole body. Rejects if the client goes away. */
export async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body, { maxOutputLength: MOST }) : body;
}

export function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent || response.destroyed) return;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

/** Answers every request, whatever goes wrong: unreadable ones, those of foreign pages, and those that meet a defect of the sandbox. */
export function answering(
  serve: (call: Call) => Promise<void> | void,
  { anybody = false }: { readonly anybody?: boolean } = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const fail = (error: unknown): void => {
      const known =
        error instanceof ApiError
          ? error
          : new ApiError(500, 'InternalError', `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`);
      sendJson(response, known.code, statusOf(known));
    };
    try {
      if (!anybody) refuseForeign(request);
      Promise.resolve(serve(callOf(request, response))).catch(fail);
    } catch (error) {
      fail(error);
    }
  };
}
