import type { Job, Pod, Target } from '../../src/session/types.ts';
import { start } from './fake-clock.ts';

export const target: Target = { clusterId: 'c1', namespace: 'default', context: 'prod-eu', server: 'https://10.0.0.1:6443' };

/** A job that has run for two hours at the moment `at`. */
export function job(given: Partial<Job> & Pick<Job, 'name'>, at: number = start): Job {
  return {
    id: '9f13c2'.padEnd(32, '0'),
    state: 'RUNNING',
    startTime: at - 7_200_000,
    endTime: -1,
    durationMs: 7_200_000,
    lastModification: at,
    tasks: { total: 4, byState: { running: 4 } },
    checkpoints: undefined,
    restarts: 0,
    exceptions: [],
    ...given,
  };
}

/** A pod of a cluster that was created two hours before the moment `at`; its container runs since `at`. */
export function pod(
  given: Partial<Pod> & Pick<Pod, 'shortName'>,
  { clusterId = target.clusterId, at = start }: { readonly clusterId?: string; readonly at?: number } = {},
): Pod {
  return {
    name: `${clusterId}-${given.shortName}`,
    uid: `uid-${given.shortName}`,
    role: given.shortName.startsWith('jobmanager') ? 'jobmanager' : 'taskmanager',
    createdAt: at - 7_200_000,
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
        startedAt: at,
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
