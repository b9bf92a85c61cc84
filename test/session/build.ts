import type { JobException, JobOverview } from '../../src/flink/types.ts';
import type { Change as SessionChange, Pod, SourceState, SourceStatus, Target } from '../../src/session/types.ts';

export type Change = SessionChange;
export type JobExceptionLike = JobException;

/** 2026-11-22 11:34:00 UTC: the moment around which these tests happen. */
export const T = Date.UTC(2026, 10, 22, 11, 34, 0);

export const target: Target = { clusterId: 'c1', namespace: 'default', context: 'prod-eu', server: 'https://10.0.0.1:6443' };

export function podOf(shortName: string, given: Partial<Pod> = {}): Pod {
  return {
    name: `c1-${shortName}`,
    shortName,
    uid: `uid-${shortName}`,
    role: shortName.startsWith('jobmanager') ? 'jobmanager' : 'taskmanager',
    createdAt: T - 7_200_000,
    deletedAt: undefined,
    node: 'node-a',
    ip: '10.1.0.7',
    ready: 1,
    containers: [
      {
        name: 'flink-main-container',
        image: 'flink:2.3.0',
        state: 'running',
        reason: undefined,
        exitCode: undefined,
        startedAt: T - 7_100_000,
        endedAt: undefined,
        before: undefined,
        restarts: 0,
        init: false,
      },
    ],
    restarts: 0,
    state: 'Running',
    severity: 'ok',
    message: undefined,
    cpuLimit: 1,
    memoryLimit: 1728 * 2 ** 20,
    ...given,
  };
}

/** A pod whose only container ended by itself. */
export function endedPod(shortName: string, state: string, given: Partial<Pod> = {}): Pod {
  const pod = podOf(shortName);
  const containers = pod.containers.map((each) => ({ ...each, state: 'terminated' as const, endedAt: T }));
  return { ...pod, ready: 0, containers, state, severity: 'error', ...given };
}

export function jobOf(given: Partial<JobOverview> & Pick<JobOverview, 'id' | 'name'>): JobOverview {
  return {
    state: 'RUNNING',
    startTime: T,
    endTime: -1,
    durationMs: 5,
    lastModification: T,
    tasks: { total: 4, byState: { running: 4 } },
    ...given,
  };
}

export const listed = (pods: readonly Pod[], at = T): Change => ({ kind: 'pods-listed', at, pods, first: true, last: true });
export const seen = (pods: readonly Pod[], at = T): Change => ({ kind: 'pods-seen', at, pods });
export const jobSeen = (jobs: readonly (Partial<JobOverview> & Pick<JobOverview, 'id' | 'name'>)[], at = T): Change => ({
  kind: 'jobs-seen',
  at,
  jobs: jobs.map(jobOf),
});
export const exception = (at: number, stacktrace: string): JobException => ({
  at,
  name: 'org.apache.flink.runtime.JobException',
  stacktrace,
  taskName: 'Enrich (5/12)',
  taskManagerId: undefined,
});
export const status = (state: SourceState, since = T): SourceStatus => ({
  state,
  since,
  dataAt: since,
  problem: undefined,
  nextTryAt: undefined,
});
