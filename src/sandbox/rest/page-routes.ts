import type { FlinkCluster } from '../flink/cluster.ts';
import { RestAnswer, type RestRoute } from './rest-route.ts';

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** A page instead of Flink's web interface: it says so and links to the REST API. */
const page = (cluster: FlinkCluster): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Flink in the sandbox</title>
<h1>Flink in the sandbox</h1>
<p>This is the JobManager of a sandbox: it has the REST API of Flink, and this page in the place of its web interface.</p>
<ul>
${[...cluster.jobs.values()].map(({ id, request, status }) => `<li><a href="/jobs/${id}">${escaped(request.graph.name)}</a>: ${status}</li>`).join('\n')}
</ul>
<p><a href="/overview">overview</a>, <a href="/jobs/overview">jobs</a>, <a href="/taskmanagers">TaskManagers</a>, <a href="/jobmanager/config">configuration</a></p>
</html>
`;

export const pageRoutes: readonly RestRoute[] = [
  { method: 'GET', pattern: '', run: (cluster) => new RestAnswer(200, page(cluster), 'text/html; charset=UTF-8') },
];
