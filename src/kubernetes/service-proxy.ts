import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { Problem } from '../support/problem.ts';
import { answerProblem } from './answer-problem.ts';
import { readAll } from './exchange.ts';
import { record } from './json.ts';
import { objectPath } from './paths.ts';
import { SERVICES } from './resources.ts';
import type { Transport } from './transport.ts';
import type { ServiceAnswer, ServiceRequest } from './types.ts';

/** An answer that is no success is a `Status`, a page or what the service says of an error: some kilobytes. */
const ERROR_LIMIT = 1 << 20;

/**
 * Passes one HTTP request on to a port of a Service (`services/proxy`): it needs no upgrade, so any gateway lets it pass. What the service
 * answers is handed over as it is; what Kubernetes or a gateway answers in its place is a `Problem` with its status. A `Problem` without
 * a status says that the connection broke: the service may have seen the request.
 */
export async function askService(transport: Transport, { service, port, method, path, headers, body, signal }: ServiceRequest): Promise<ServiceAnswer> {
  const where = `${objectPath({ resource: SERVICES, namespace: service.namespace, name: service.name })}:${port}/proxy${path}`;
  const { url, identity, headers: own, agent } = await transport.socket(where);
  signal.throwIfAborted();
  // An idle connection may be closed by the other side in the instant in which it is used again: what may not be sent twice gets a new one.
  if (method !== 'GET') transport.dropIdle();
  const address = new URL(url.replace(/^ws/, 'http'));
  const send = address.protocol === 'https:' ? httpsRequest : httpRequest;
  const startedAt = transport.clock.monotonic();
  const tracePath = where.replace(/\?.*/, '');
  let answer: IncomingMessage;
  try {
    answer = await headOf(send(address, { method, agent, signal, headers: { ...headers, ...(own as Record<string, string | string[]>) } }), body);
  } catch (error) {
    transport.traced(method, tracePath, startedAt, undefined, error);
    signal.throwIfAborted();
    throw await transport.explain(error);
  }
  const status = answer.statusCode ?? 0;
  transport.traced(method, tracePath, startedAt, status);
  transport.heard();
  const page = answer.headers['content-type']?.startsWith('text/html') === true;
  if (status < 400 && (status < 300 || answer.headers.location === undefined)) return { status, headers: answer.headers, body: answer };
  const text = (await readAll(answer, ERROR_LIMIT)).toString('utf8');
  if (status >= 400 && !page && !isStatus(text)) return { status, headers: answer.headers, body: [Buffer.from(text)] };
  const problem = answerProblem(status, answer.headers, text, { server: transport.server, what: `${method} services/proxy of ${service.name} in namespace ${service.namespace}` });
  if (problem.kind !== 'unauthorized') throw problem;
  // Nothing was done yet, and the body cannot be sent again from here: whoever sent it tries again, with new credentials.
  if (transport.renew(identity)) throw new Problem('unavailable', problem.message, { status: 503, cause: problem });
  throw await transport.rejected(problem);
}

function headOf(request: ClientRequest, body: ServiceRequest['body']): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    // Stays: an error after the head reaches the reader through the body.
    request.on('error', reject);
    request.once('response', resolve);
    if (body === undefined) request.end();
    // A service that refuses early answers and closes: then the answer counts and not the broken pipe.
    else pipeline(body, request, () => undefined);
  });
}

function isStatus(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    return record(JSON.parse(text))['kind'] === 'Status';
  } catch {
    // The words of somebody else, who is not Kubernetes.
    return false;
  }
}
