import type { JobConfiguration, JobDetail, Vertex } from '../../src/flink/types.ts';
import { start } from './fake-clock.ts';

export const noTotals: Vertex['totals'] = {
  recordsIn: undefined,
  recordsOut: undefined,
  bytesIn: undefined,
  bytesOut: undefined,
  busyMs: undefined,
  backPressuredMs: undefined,
  idleMs: undefined,
};

/** A vertex that has run for an hour, and whose figures are not reported. */
export function vertex(given: Partial<Vertex> & Pick<Vertex, 'id'>): Vertex {
  const parallelism = given.parallelism ?? 1;
  return {
    name: given.id,
    slotSharingGroup: undefined,
    operators: [],
    parallelism,
    maxParallelism: 128,
    state: 'RUNNING',
    startTime: start - 3_600_000,
    endTime: -1,
    durationMs: 3_600_000,
    tasks: { RUNNING: parallelism },
    totals: noTotals,
    ...given,
  };
}

/** A job that has run for an hour. */
export function jobDetail(given: Partial<JobDetail> = {}): JobDetail {
  return {
    id: '9f13c2'.padEnd(32, '0'),
    name: 'orders',
    state: 'RUNNING',
    type: 'STREAMING',
    scheduler: 'Default',
    startTime: start - 3_600_000,
    endTime: -1,
    durationMs: 3_600_000,
    maxParallelism: -1,
    now: start,
    timestamps: { RUNNING: start - 3_600_000 },
    vertices: [],
    edges: [],
    pendingOperators: 0,
    pending: [],
    ...given,
  };
}

/** What a job was configured with, of which the server reports nothing. */
export const jobConfiguration = (given: Partial<JobConfiguration>): JobConfiguration => ({
  executionMode: undefined,
  restartStrategy: undefined,
  parallelism: undefined,
  objectReuse: undefined,
  user: {},
  ...given,
});
