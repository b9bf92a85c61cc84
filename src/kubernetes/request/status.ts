import { Problem, type ProblemKind, type ProblemOptions } from '../../support/problem.ts';
import { theApiServer } from './failures.ts';
import { record, text } from '../model/json.ts';
import { withoutScheme } from '../../http/address.ts';
import { retryAfterOf } from '../../http/retry-after.ts';

/** The request, to name it in an error. */
export interface Asked {
  /** `https://host:port` of the API server. */
  readonly server: string;
  /** `list pods in namespace orders`. */
  readonly what: string;
}

/** The `Problem` for an error answer. `body`: a `Status` object if Kubernetes itself answers. */
export function statusProblem(code: number, body: string, asked: Asked, retryAfter?: string): Problem {
  const status = statusObject(body);
  const message = text(status.message) ?? plain(body);
  const reason = text(status.reason);
  const retryAfterMs = retryAfterOf(retryAfter);
  const options: ProblemOptions = { status: code, retryAfterMs };
  return new Problem(kindOf(code, reason), wording(code, message, asked), options);
}

/** The `Problem` for a `Status` inside a stream (a watch's ERROR event). */
export function statusEventProblem(status: unknown, asked: Asked): Problem {
  const code = record(status).code;
  return statusProblem(typeof code === 'number' ? code : 500, JSON.stringify(status), asked);
}

function kindOf(code: number, reason: string | undefined): ProblemKind {
  if (code === 401) return 'unauthorized';
  if (code === 403) return 'forbidden';
  if (code === 404) return 'not-found';
  if (code === 409) return 'conflict';
  if (code === 410 || reason === 'Expired' || reason === 'Gone') return 'gone';
  if (code === 400 || code === 405 || code === 413 || code === 415 || code === 422) return 'invalid';
  if (code === 429 || code >= 500) return 'unavailable';
  return 'protocol';
}

function wording(code: number, message: string, { server, what }: Asked): string {
  switch (code) {
    case 401:
      return `unauthorized: the API server at ${withoutScheme(server)} does not accept the credentials.`;
    case 403:
      return forbidden(message, what) ?? `forbidden: ${what}${message === '' ? '' : `: ${message}`}`;
    case 429:
      return `${theApiServer(server)} is busy (429${message === '' ? '' : `: ${message}`}).`;
    default:
      if (message === '') return `${theApiServer(server)} answered ${code} to: ${what}.`;
      return code >= 500 ? `${theApiServer(server)} answered ${code}: ${message}` : message;
  }
}

/**
 * `pods is forbidden: User "viewer" cannot list resource "pods" in API group "" in the namespace "orders"`, in fewer words. If it names no
 * namespace, the request does.
 */
function forbidden(message: string, what: string): string | undefined {
  const match = /User "([^"]*)" cannot (\S+) resource "([^"]*)"(?: in API group "[^"]*")?(?: in the namespace "([^"]*)")?/.exec(message);
  if (!match) return undefined;
  const [, user, verb, resource, namespace] = match;
  return `forbidden: ${namespace === undefined ? what : `${verb} ${resource} in namespace ${namespace}`} (User "${user}").`;
}

function statusObject(body: string): Readonly<Record<string, unknown>> {
  if (!body.trimStart().startsWith('{')) return {};
  try {
    return record(JSON.parse(body));
  } catch {
    // A proxy in between answered, or the answer was cut off: then the text itself is the message.
    return {};
  }
}

/** The first line of a body that is not JSON; nothing in HTML belongs in a sentence. */
function plain(body: string): string {
  const line = body.trim().split('\n', 1)[0] ?? '';
  return line.startsWith('<') || line.startsWith('{') ? '' : line.slice(0, 300);
}
