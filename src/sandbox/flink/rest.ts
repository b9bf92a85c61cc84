import type { Faults } from '../faults.ts';
import { sendJson, type Call } from '../http.ts';
import type { FlinkCluster } from './cluster.ts';
import { NotARoute, RestError, errorBody } from './rest-errors.ts';
import { clusterRoutes } from './rest-cluster.ts';

/** A route of Flink's REST API. Its pattern's `:name` parts are handed over, decoded. */
export interface RestRoute {
  readonly method: string;
  readonly pattern: string;
  readonly run: (cluster: FlinkCluster, call: RestCall, parts: Readonly<Record<string, string>>) => unknown;
}

/** A request with what some routes need besides the cluster. */
export interface RestCall extends Call {
  readonly faults: Faults;
  /** For uploads. */
  readonly folder: string;
}

interface Compiled extends RestRoute {
  readonly expression: RegExp;
}

const routes: readonly Compiled[] = [...clusterRoutes].map((route) => ({
  ...route, expression: new RegExp(`^${route.pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`),
}));

/** What a route answers when it is not 200 with JSON. */
export class RestAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly contentType: string;

  constructor(status: number, body: unknown, contentType = 'application/json; charset=UTF-8') {
    this.status = status;
    this.body = body;
    this.contentType = contentType;
  }
}

/** Serves one request of a JobManager's REST endpoint. Every path works with `/v1` before it as well. */
export async function serveRest({ cluster, faults, folder }: { readonly cluster: FlinkCluster; readonly faults: Faults; readonly folder: string }, call: Call): Promise<void> {
  const path = call.path.replace(/^\/v1(?=\/)/, '');
  try {
    const answer = await routed(cluster, { ...call, path, faults, folder });
    const { status, body, contentType } = answer instanceof RestAnswer ? answer : new RestAnswer(200, answer);
    sendJson(call.response, status, body, { 'content-type': contentType, 'access-control-allow-origin': '*' });
  } catch (error) {
    const known = error instanceof RestError ? error : new RestError(500, error instanceof Error ? (error.stack ?? error.message) : String(error));
    sendJson(call.response, known.status, errorBody(known), { 'content-type': 'application/json; charset=UTF-8', 'access-control-allow-origin': '*' });
  }
}

function routed(cluster: FlinkCluster, call: RestCall): unknown {
  const here = routes.filter((route) => route.expression.test(call.path));
  const route = here.find((one) => one.method === call.method);
  if (route === undefined) throw new NotARoute(call.method, call.request.url ?? call.path, here.length > 0);
  const parts = Object.fromEntries(Object.entries(route.expression.exec(call.path)?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]));
  return route.run(cluster, call, parts);
}
