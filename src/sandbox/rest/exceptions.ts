import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import type { JobFailure } from '../flink/job-types.ts';
import { since20 } from './job-shapes.ts';
import { numberQuery, unresolved } from './path-parts.ts';

/** The failures of a job, newest first. */
export function exceptionsAnswer(cluster: FlinkCluster, job: FlinkJob, query: URLSearchParams): unknown {
  const wanted = labelFilter(query.get('failureLabelFilter'));
  const most = numberQuery(query, 'maxExceptions', 20);
  const matching = job.failures.filter((failure) => {
    const labels = labelsOf(failure);
    return wanted.every(([key, value]) => labels[key] === value);
  });
  const truncated = matching.length > most;
  const entry = (failure: JobFailure): Record<string, unknown> => entryOf(cluster, failure);
  const entries = matching.slice(0, most).map((failure) => ({ ...entry(failure), concurrentExceptions: failure.concurrent.map(entry) }));
  const newest = job.failures[0];
  const old = since20(cluster)
    ? {}
    : {
        ...(newest === undefined ? {} : { 'root-exception': newest.stacktrace, timestamp: newest.at }),
        'all-exceptions': [],
        truncated,
      };
  return { ...old, exceptionHistory: { entries, truncated } };
}

const labelsOf = ({ blames }: JobFailure): Readonly<Record<string, string>> => ({ TYPE: blames });

/** Fields about a task are absent if the failure was not one of a task. */
const entryOf = (cluster: FlinkCluster, failure: JobFailure): Record<string, unknown> => ({
  exceptionName: failure.exceptionName,
  stacktrace: failure.stacktrace,
  timestamp: failure.at,
  failureLabels: labelsOf(failure),
  ...(failure.taskName === undefined ? {} : { taskName: failure.taskName }),
  ...(failure.taskManager === undefined ? {} : { endpoint: `${failure.taskManager}:6121`, taskManagerId: failure.taskManager }),
  ...(failure.taskManager === undefined || since20(cluster) ? {} : { location: `${failure.taskManager}:6121` }),
});

/** `key:value,key:value`: all have to match. */
function labelFilter(text: string | null): readonly (readonly [string, string])[] {
  if (text === null || text === '') return [];
  return text.split(',').map((pair) => {
    const [key = '', value, ...more] = pair.split(':');
    if (key === '' || value === undefined || more.length > 0) throw unresolved('query', 'failureLabelFilter', text);
    return [key, value];
  });
}
