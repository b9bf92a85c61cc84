import { exchange, type Incoming, type Outgoing, readAll } from '../../http/http-exchange.ts';
import { Problem } from '../../support/problem.ts';
import { answerProblem } from '../request/answer-problem.ts';
import { record } from '../model/json.ts';
import { objectPath } from '../model/paths.ts';
import { SERVICES } from '../model/resources.ts';
import type { Transport } from '../request/transport.ts';
import type { ServiceAnswer, ServiceRequest } from '../model/types.ts';

/** An error answer is a `Status`, a page or the service's own message: a few kilobytes. */
const ERROR_LIMIT = 1 << 20;

/**
 * Passes one HTTP request on to a port of a Service (`services/proxy`). It needs no upgrade, so any gateway lets it pass. Answers of the
 * service are returned unchanged; an answer of Kubernetes or a gateway in its place becomes a `Problem` with its status. A `Problem`
 * without a status means that the connection broke: the service may have seen the request.
 */
export async function askService(
  transport: Transport,
  { service, port, method, path, headers, body, signal }: ServiceRequest,
): Promise<ServiceAnswer> {
  const where = `${objectPath({ resource: SERVICES, namespace: service.namespace, name: service.name })}:${port}/proxy${path}`;
  const { url, identity, headers: own, agent } = await transport.socket(where);
  signal.throwIfAborted();
  // The other side may close an idle connection at the instant it is reused, so a request that may not be sent twice gets a new one.
  if (method !== 'GET') transport.dropIdle();
  const server = new URL(url.replace(/^ws/, 'http'));
  const startedAt = transport.clock.monotonic();
  const tracePath = where.replace(/\?.*/, '');
  let answer: Incoming;
  try {
    answer = await exchange({
      server,
      agent,
      method,
      path: server.pathname + server.search,
      headers: { ...(headers as Outgoing['headers']), ...own },
      body,
      unzip: false,
      signal,
      limits: {},
      clock: transport.clock,
    });
  } catch (error) {
    transport.traced(method, tracePath, startedAt, undefined, error);
    signal.throwIfAborted();
    throw await transport.explain(error);
  }
  const { status } = answer;
  transport.traced(method, tracePath, startedAt, status);
  transport.heard();
  const page = answer.headers['content-type']?.startsWith('text/html') === true;
  if (status < 400 && (status < 300 || answer.headers.location === undefined))
    return { status, headers: answer.headers, body: answer.body };
  const text = (await readAll(answer.body, ERROR_LIMIT)).toString('utf8');
  if (status >= 400 && !page && !isStatus(text)) return { status, headers: answer.headers, body: [Buffer.from(text)] };
  const problem = answerProblem(status, answer.headers, text, {
    server: transport.server,
    what: `${method} services/proxy of ${service.name} in namespace ${service.namespace}`,
  });
  if (problem.kind !== 'unauthorized') throw problem;
  // Nothing was done yet, but the body cannot be sent again from here: the caller tries again, with new credentials.
  if (transport.renew(identity)) throw new Problem('unavailable', problem.message, { status: 503, cause: problem });
  throw await transport.rejected(problem);
}

function isStatus(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    return record(JSON.parse(text)).kind === 'Status';
  } catch {
    // Not an answer of Kubernetes.
    return false;
  }
}
