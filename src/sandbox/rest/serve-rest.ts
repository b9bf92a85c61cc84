import type { Faults } from '../base/faults.ts';
import { sendJson, type Call } from '../api/call.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import { applicationRoutes } from './application-routes.ts';
import { checkpointRoutes } from './checkpoint-routes.ts';
import { clusterRoutes } from './cluster-routes.ts';
import { flameRoutes } from './flame-routes.ts';
import { NotARoute, RestError, errorBody } from './rest-errors.ts';
import { jarRoutes } from './jar-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { operationRoutes } from './operation-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { rescaleRoutes } from './rescale-routes.ts';
import { RestAnswer, type RestCall, type RestRoute } from './rest-route.ts';
import { taskManagerRoutes } from './task-manager-routes.ts';
import { vertexRoutes } from './vertex-routes.ts';

interface Compiled extends RestRoute {
  readonly expression: RegExp;
}

/** The first match serves: fixed words come before parameters. */
const routes: readonly Compiled[] = [
  ...clusterRoutes,
  ...jobRoutes,
  ...checkpointRoutes,
  ...rescaleRoutes,
  ...operationRoutes,
  ...flameRoutes,
  ...vertexRoutes,
  ...taskManagerRoutes,
  ...jarRoutes,
  ...applicationRoutes,
  ...pageRoutes,
].map((route) => ({
  ...route,
  expression: new RegExp(`^${route.pattern.replace(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`),
}));

/** Serves one request of a JobManager's REST endpoint. Every path also works behind `/v1`. */
export async function serveRest(
  { cluster, faults, folder }: { readonly cluster: FlinkCluster; readonly faults: Faults; readonly folder: string },
  call: Call,
): Promise<void> {
  const path = call.path.replace(/^\/v1(?=\/)/, '');
  try {
    const answer = await routed(cluster, { ...call, path, faults, folder });
    const { status, body, contentType } = answer instanceof RestAnswer ? answer : new RestAnswer(200, answer);
    sendJson(call.response, status, body, { 'content-type': contentType, 'access-control-allow-origin': '*' });
  } catch (error) {
    const known =
      error instanceof RestError ? error : new RestError(500, error instanceof Error ? (error.stack ?? error.message) : String(error));
    sendJson(call.response, known.status, errorBody(known), {
      'content-type': 'application/json; charset=UTF-8',
      'access-control-allow-origin': '*',
    });
  }
}

function routed(cluster: FlinkCluster, call: RestCall): unknown {
  const here = routes.filter((route) => route.expression.test(call.path));
  const route = here.find((one) => one.method === call.method);
  if (route === undefined) throw new NotARoute(call.method, call.request.url ?? call.path, here.length > 0);
  const parts = Object.fromEntries(
    Object.entries(route.expression.exec(call.path)?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]),
  );
  return route.run(cluster, call, parts);
}
