import { fileText, listedFile } from './log-file.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import { jobSummary } from './job-shapes.ts';
import { jobManagerMetrics, metricsAnswer } from './metrics.ts';
import { plain } from './rest-errors.ts';
import { RestAnswer, type RestRoute } from './rest-route.ts';
import { jobManagerThreads } from '../flink/threads.ts';

/** The REST endpoints of the cluster as a whole. */
export const clusterRoutes: readonly RestRoute[] = [
  { method: 'GET', pattern: '/overview', run: overview },
  { method: 'GET', pattern: '/config', run: config },
  {
    method: 'GET',
    pattern: '/jobs',
    run: (cluster) => ({ jobs: [...cluster.jobs.values()].map((job) => ({ id: job.id, status: job.status })) }),
  },
  { method: 'GET', pattern: '/jobs/overview', run: (cluster) => ({ jobs: newestFirst(cluster).map((job) => jobSummary(cluster, job)) }) },
  {
    method: 'GET',
    pattern: '/jobmanager/config',
    run: (cluster) =>
      [...cluster.settings.entries()].map(([key, value]) => ({ key, value: /password|secret|token|apikey/i.test(key) ? '******' : value })),
  },
  {
    method: 'GET',
    pattern: '/jobmanager/metrics',
    run: (cluster, call) => metricsAnswer(jobManagerMetrics(cluster, cluster.now()), call.query),
  },
  {
    method: 'GET',
    pattern: '/jobmanager/environment',
    run: environment,
  },
  {
    method: 'GET',
    pattern: '/jobmanager/thread-dump',
    run: (cluster) => ({ threadInfos: jobManagerThreads([...cluster.jobs.values()]) }),
  },
  {
    method: 'GET',
    pattern: '/jobmanager/logs',
    run: (cluster) => ({ logs: [listedFile(logFile(cluster), cluster.jobManagerLog())] }),
  },
  { method: 'GET', pattern: '/jobmanager/log', run: (cluster) => new RestAnswer(200, fileText(cluster.jobManagerLog()), 'text/plain') },
  {
    method: 'GET',
    pattern: '/jobmanager/stdout',
    run: () => {
      throw noLogFile();
    },
  },
  {
    method: 'GET',
    pattern: '/jobmanager/logs/:file',
    run: (cluster, _call, parts) => {
      if (parts['file'] !== logFile(cluster)) throw noLogFile();
      return new RestAnswer(200, fileText(cluster.jobManagerLog()), 'text/plain');
    },
  },
  { method: 'GET', pattern: '/datasets', run: () => ({ dataSets: [] }) },
  { method: 'DELETE', pattern: '/cluster', run: (cluster) => (cluster.shutDown(), {}) },
];

/** Of a file that the JobManager does not have, a profile as well. Measured, Flink 2.3.0. */
export const noLogFile = (): Error => plain(404, 'This file does not exist in JobManager log dir.');

/** On Kubernetes there is one file, which has what the console has. Measured, Flink 2.3.0. */
const logFile = ({ leader }: FlinkCluster): string => `flink--kubernetes-session-0-${leader.metadata.name}.log`;

/** As in the image of Flink 2.3.0, shortened: the many `--add-opens` are alike. */
export function environment({ settings }: FlinkCluster): unknown {
  const lib = ['cep', 'connector-files', 'csv', 'json', 'scala_2.12', 'table-api-java-uber', 'table-planner-loader', 'table-runtime'];
  return {
    jvm: {
      version: 'OpenJDK 64-Bit Server VM - Eclipse Adoptium - 17/17.0.15+6',
      arch: 'amd64',
      options: [
        '-Xmx1073741824',
        '-Xms1073741824',
        '-XX:MaxMetaspaceSize=268435456',
        '-XX:+IgnoreUnrecognizedVMOptions',
        ...['lang', 'net', 'io', 'nio', 'text', 'time', 'util'].map((name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`),
        '-Dlog.file=/opt/flink/log/flink--kubernetes-session-0.log',
        '-Dlog4j.configurationFile=file:/opt/flink/conf/log4j-console.properties',
      ],
    },
    classpath: [
      ...lib.map((name) => `/opt/flink/lib/flink-${name}-${settings.version}.jar`),
      `/opt/flink/lib/flink-dist-${settings.version}.jar`,
    ],
  };
}

const newestFirst = (cluster: FlinkCluster) => [...cluster.jobs.values()].sort((a, b) => b.startTime - a.startTime);

const COMMIT = 'c0f8d1a';

function overview(cluster: FlinkCluster): unknown {
  const jobs = [...cluster.jobs.values()];
  const workers = cluster.taskManagers.all();
  const total = workers.reduce((sum, worker) => sum + worker.slots, 0);
  const count = (status: string): number => jobs.filter((job) => job.status === status).length;
  return {
    taskmanagers: workers.length,
    'slots-total': total,
    'slots-available': total - workers.reduce((sum, worker) => sum + worker.taken.size, 0),
    'jobs-running': jobs.filter((job) => !job.ended).length,
    'jobs-finished': count('FINISHED'),
    'jobs-cancelled': count('CANCELED'),
    'jobs-failed': count('FAILED'),
    'flink-version': cluster.settings.version,
    'flink-commit': COMMIT,
  };
}

function config({ settings }: FlinkCluster): unknown {
  return {
    'refresh-interval': settings.duration('web.refresh-interval', 3_000),
    'timezone-name': 'Coordinated Universal Time',
    'timezone-offset': 0,
    'flink-version': settings.version,
    'flink-revision': `${COMMIT} @ 2026-06-14T16:29:03+02:00`,
    features: {
      'web-submit': settings.flag('web.submit.enable', true),
      'web-cancel': settings.flag('web.cancel.enable', true),
      'web-rescale': false,
      'web-history': false,
    },
  };
}
