import { isTerminal } from '../../flink/types.ts';
import { formatCount } from '../../support/format.ts';
import type { JobInside, VertexInside } from './types.ts';

/** Of one vertex: the tasks that run, and for one that has ended those that finished. */
export const tasksUp = ({ vertex: { tasks, state } }: Pick<VertexInside, 'vertex'>): number =>
  state === 'FINISHED' ? (tasks['FINISHED'] ?? 0) : (tasks['RUNNING'] ?? 0);

const plural = (count: number, one: string, many: string): string => `${formatCount(count)} ${count === 1 ? one : many}`;

/** `12 of 12 running`; for a job that has ended: `12`. */
export function tasksWords({ job, vertices }: JobInside): string {
  const total = vertices.reduce((sum, { vertex }) => sum + vertex.parallelism, 0);
  if (isTerminal(job.state)) return formatCount(total);
  const running = vertices.reduce((sum, { vertex }) => sum + (vertex.tasks['RUNNING'] ?? 0), 0);
  return `${formatCount(running)} of ${formatCount(total)} running`;
}

/** How far a batch job is: `2 of 5 stages have finished; 3 operators are not planned yet`. Undefined: it is not one. */
export function stagesWords({ job, vertices }: JobInside): string | undefined {
  if (job.type !== 'BATCH') return undefined;
  const finished = vertices.filter(({ vertex }) => vertex.state === 'FINISHED').length;
  const stages = `${formatCount(finished)} of ${plural(vertices.length, 'stage has', 'stages have')} finished`;
  const pending = job.pendingOperators ?? 0;
  return pending === 0 ? stages : `${stages}; ${plural(pending, 'operator is', 'operators are')} not planned yet`;
}

/** The most subtasks that any of its vertices has. */
export const parallelismOf = ({ vertices }: JobInside): number =>
  vertices.reduce((most, { vertex }) => Math.max(most, vertex.parallelism), 0);
