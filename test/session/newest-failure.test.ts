import { expect, test } from 'vitest';
import { newestFailure } from '../../src/session/selectors/newest-failure.ts';
import type { ContainerEnd, Pod, PodContainer } from '../../src/native/pod.ts';
import { job, pod } from '../support/pods-and-jobs.ts';

const container = (over: Partial<PodContainer>): PodContainer => ({
  name: 'flink-main-container',
  image: 'flink:2.3.0',
  state: 'running',
  reason: undefined,
  exitCode: undefined,
  startedAt: 1,
  endedAt: undefined,
  before: undefined,
  restarts: 0,
  init: false,
  ...over,
});
const restarted = (at: number): ContainerEnd => ({ reason: 'OOMKilled', exitCode: 137, at });
const session = { jobs: [], lostJobs: [], pods: new Map<string, Pod>(), gone: [] };
const orders = job({
  id: 'a',
  name: 'orders',
  exceptions: [{ name: 'x', stacktrace: 'x', at: 50, taskName: undefined, taskManagerId: undefined }],
});
const worker = (over: Partial<Pod>): Pod => pod({ shortName: 'taskmanager-1-3', ...over });

test('nothing has failed', () => expect(newestFailure(session)).toBeUndefined());

test.each([
  ['an exception of a job', { ...session, jobs: [orders] }, { at: 50, what: 'orders failed' }],
  [
    'a restart of a container, if that is newer',
    { ...session, jobs: [orders], pods: new Map([['tm', worker({ containers: [container({ before: restarted(60) })] })]]) },
    { at: 60, what: 'taskmanager-1-3 was restarted' },
  ],
  [
    'a crash of a pod that is gone',
    { ...session, gone: [worker({ severity: 'error', containers: [container({ state: 'terminated', exitCode: 137, endedAt: 70 })] })] },
    { at: 70, what: 'taskmanager-1-3 crashed' },
  ],
  [
    'not the end of a TaskManager that was released',
    {
      ...session,
      jobs: [orders],
      gone: [worker({ severity: 'done', containers: [container({ state: 'terminated', exitCode: 143, endedAt: 70 })] })],
    },
    { at: 50, what: 'orders failed' },
  ],
])('the newest failure is %s', (_, given, wanted) => expect(newestFailure(given)).toEqual(wanted));
