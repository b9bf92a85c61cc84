import type { FlinkCluster } from '../flink/cluster.ts';
import type { FlinkJob } from '../flink/job.ts';
import { internal, refused, restNotFound } from './rest-errors.ts';
import type { VertexRun } from '../flink/tasks.ts';

const ID = /^[0-9a-fA-F]{32}$/;

export const unresolved = (kind: 'path' | 'query', name: string, value: string): Error => {
  const reason = `Cannot resolve ${kind} parameter (${name}) from value "${value}".`;
  return refused(400, `Bad request, could not parse parameters: ${reason}`, [
    `org.apache.flink.runtime.rest.handler.HandlerRequestException: ${reason}`,
  ]);
};

export function idPart(name: string, value: string | undefined): string {
  if (value === undefined || !ID.test(value)) throw unresolved('path', name, value ?? '');
  return value.toLowerCase();
}

export const unknownJob = (id: string): string =>
  `org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (${id})`;

/** The job in a path; 404 in the words of the execution graph handlers. */
export function jobPart(cluster: FlinkCluster, parts: Readonly<Record<string, string>>): FlinkJob {
  const id = idPart('jobid', parts['job']);
  const job = cluster.jobs.get(id);
  if (job === undefined) throw restNotFound(`Job ${id} not found`, [unknownJob(id)]);
  return job;
}

/** The job in a path; 500 in the words of the handlers that ask its JobMaster. */
export function presentJob(cluster: FlinkCluster, parts: Readonly<Record<string, string>>): FlinkJob {
  const id = idPart('jobid', parts['job']);
  const job = cluster.jobs.get(id);
  if (job === undefined) throw internal(unknownJob(id));
  return job;
}

export function vertexPart(job: FlinkJob, parts: Readonly<Record<string, string>>): VertexRun {
  const id = idPart('vertexid', parts['vertex']);
  const vertex = job.vertices.find((one) => one.id === id);
  if (vertex === undefined) throw restNotFound(`JobVertex ${id} not found`);
  return vertex;
}

export function numberQuery(query: URLSearchParams, name: string, fallback: number): number {
  const text = query.get(name);
  if (text === null || text === '') return fallback;
  if (!/^-?\d+$/.test(text)) throw unresolved('query', name, text);
  return Number(text);
}
