import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import { checkpoints } from '../../src/flink/schemas/checkpoints.ts';
import { clusterConfiguration, dashboardConfig, metrics, overview, taskManagers } from '../../src/flink/schemas/cluster.ts';
import { jars, plan, started, uploaded } from '../../src/flink/schemas/jars.ts';
import { jobDetail } from '../../src/flink/schemas/job-detail.ts';
import { accumulators, executionResult, jobConfiguration, jobExceptions, jobsOverview } from '../../src/flink/schemas/jobs.ts';
import { checkpointResult, disposalResult, savepointResult, trigger } from '../../src/flink/schemas/operations.ts';
import { captureText } from './rest-server.ts';

const read = <S extends z.ZodMiniType>(schema: S, name: string): z.output<S> => z.parse(schema, JSON.parse(captureText(name)));

const readable: readonly (readonly [schema: z.ZodMiniType, names: string])[] = [
  [overview, 'idle-overview overview overview-end versioned-overview error-query-unknown'],
  [dashboardConfig, 'idle-config adaptive-config'],
  [clusterConfiguration, 'jobmanager-config'],
  [jobsOverview, 'idle-jobs-overview jobs-overview jobs-overview-waiting jobs-overview-end adaptive-job-unfulfillable-overview'],
  [
    jobDetail,
    'job-starting job-running job-restarting job-waiting-for-slots job-backpressured job-cancelling job-canceled job-failed job-finished job-bounded job-stopping job-stopped adaptive-job adaptive-job-rescaling batch-job',
  ],
  [jobConfiguration, 'job-running-config job-failed-config batch-job-config'],
  [
    checkpoints,
    'job-running-checkpoints job-running-checkpoints-2 job-running-checkpoints-after-savepoints job-stopping-checkpoints job-stopped-checkpoints job-restored-checkpoints job-backpressured-checkpoints job-failed-checkpoints job-finished-checkpoints',
  ],
  [jobExceptions, 'job-running-exceptions job-failed-exceptions job-failed-exceptions-one job-socket-exceptions'],
  [metrics, 'job-metrics-values jobmanager-metrics-values taskmanager-metrics-values'],
  [taskManagers, 'taskmanagers'],
  [
    executionResult,
    'job-running-execution-result job-failed-execution-result job-finished-execution-result job-canceled-execution-result job-bounded-execution-result',
  ],
  [accumulators, 'job-running-accumulators job-finished-accumulators'],
  [jars, 'idle-jars jars'],
  [uploaded, 'jars-upload jars-upload-broken-jar jars-upload-other-part-name'],
  [started, 'jars-run jars-run-minimal jars-run-from-savepoint'],
  [plan, 'jars-plan-post jars-plan-parallelism'],
  [
    trigger,
    'savepoint-trigger savepoint-trigger-again stop-trigger stop-trigger-drain checkpoint-trigger-full checkpoint-trigger-configured savepoint-disposal-trigger',
  ],
  [
    savepointResult,
    'savepoint-in-progress savepoint-done savepoint-bad-dir-done savepoint-unknown-job-done savepoint-unknown-scheme-done stop-in-progress stop-done',
  ],
  [checkpointResult, 'checkpoint-full-in-progress checkpoint-full-done checkpoint-slow-job-done checkpoint-slow-job-in-progress'],
  [disposalResult, 'savepoint-disposal-in-progress savepoint-disposal-done savepoint-disposal-missing-done'],
];

for (const [schema, names] of readable) {
  test.each(names.split(' '))('Flink 2.3 said %s, and it is understood', (name) => {
    expect(z.safeParse(schema, JSON.parse(captureText(name)))).toMatchObject({ success: true });
  });
}

test('the configuration of a job is that of Flink and, apart from it, what its program registered', () => {
  expect(read(jobConfiguration, 'batch-job-config')).toEqual({
    executionMode: undefined,
    restartStrategy: 'Cluster level default restart strategy',
    parallelism: 1,
    objectReuse: false,
    user: { 'execution-mode': 'BATCH' },
  });
  expect(z.parse(jobConfiguration, { 'execution-config': { 'job-parallelism': -1 } })).toMatchObject({ parallelism: 'default', user: {} });
  expect(z.parse(jobConfiguration, {})).toMatchObject({ parallelism: undefined, user: {} });
});

test('the overview of a cluster', () => {
  expect(read(overview, 'overview')).toEqual({
    taskManagers: 2,
    slotsTotal: 8,
    slotsAvailable: 4,
    flinkVersion: '2.3.0',
    flinkCommit: 'c0f8d1a',
  });
});

test('a feature that a server does not tell of is unknown, not off', () => {
  expect(read(dashboardConfig, 'adaptive-config')).toMatchObject({ webSubmit: false, webCancel: false });
  expect(z.parse(dashboardConfig, { 'refresh-interval': 3000, 'flink-version': '1.18.1', features: { 'web-submit': true } })).toMatchObject(
    { webSubmit: true, webCancel: undefined },
  );
});

test('jobs come newest first, with their tasks by state', () => {
  const jobs = read(jobsOverview, 'jobs-overview');
  expect(jobs.map((job) => job.startTime)).toEqual(jobs.map((job) => job.startTime).toSorted((a, b) => b - a));
  const counter = jobs.find((job) => job.name === 'Stateful counter' && job.state === 'RUNNING');
  expect(counter).toMatchObject({ endTime: -1, tasks: { total: 4, byState: { running: 4, failed: 0 } } });
  expect(counter?.tasks.byState).not.toHaveProperty('total');
});

test('a state of a newer server is shown as it is', () => {
  const jobs = z.parse(jobsOverview, {
    jobs: [
      {
        jid: 'a'.repeat(32),
        name: 'n',
        state: 'PONDERING',
        'start-time': 1,
        'end-time': -1,
        duration: 2,
        'last-modification': 1,
        tasks: { total: 0 },
        mood: 'calm',
      },
    ],
  });
  expect(jobs[0]?.state).toBe('PONDERING');
});

test('the type of a job before 1.20 comes from its plan', () => {
  const { 'job-type': _type, ...old } = JSON.parse(captureText('job-running')) as Record<string, unknown>;
  expect(z.parse(jobDetail, old).type).toBe('STREAMING');
  expect(read(jobDetail, 'batch-job').type).toBe('BATCH');
});

test('checkpoint statistics name sizes, paths and what a job was restored from', () => {
  const statistics = read(checkpoints, 'job-running-checkpoints-after-savepoints');
  expect(statistics.latestSavepoint).toMatchObject({
    id: 25,
    isSavepoint: true,
    status: 'COMPLETED',
    path: 'file:/tmp/drey-flink-local/savepoints/savepoint-cf5827-09bfef6d8011',
  });
  expect(statistics.latestFailed).toMatchObject({ id: 24, status: 'FAILED', path: undefined });
  expect(statistics.latestFailed?.failure).toBe('An Exception occurred while triggering the checkpoint. IO-problem detected.');
  expect(read(checkpoints, 'job-restored-checkpoints').latestRestored).toMatchObject({ id: 21, isSavepoint: true });
});

test('statistics before the first checkpoint hold NaN as text', () => {
  expect(captureText('job-backpressured-checkpoints')).toContain('"NaN"');
  expect(read(checkpoints, 'job-backpressured-checkpoints')).toMatchObject({ completed: 0, latestCompleted: undefined, history: [] });
});

test('metrics are numbers; a path or NaN is none', () => {
  const values = read(metrics, 'job-metrics-values');
  expect(values.get('lastCheckpointSize')).toBe(6714);
  expect(values.has('lastCheckpointExternalPath')).toBe(false);
  expect(z.parse(metrics, [{ id: 'a', value: 'NaN' }, { id: 'b' }, { id: 'c', value: '0.5' }])).toEqual(new Map([['c', 0.5]]));
});

test('exceptions name the task and the TaskManager where Flink knows them', () => {
  const exceptions = read(jobExceptions, 'job-failed-exceptions');
  expect(exceptions.length).toBeGreaterThan(1);
  // Also the last one, with which the restart strategy gives up: what led to it has both.
  expect(exceptions.every((entry) => entry.taskName !== undefined && entry.taskManagerId !== undefined)).toBe(true);
});

test('a result is there only when the job has ended', () => {
  expect(read(executionResult, 'job-running-execution-result')).toBeUndefined();
  expect(read(executionResult, 'job-finished-execution-result')).toMatchObject({
    status: 'SUCCEEDED',
    netRuntimeMs: 1920,
    failure: undefined,
  });
  expect(read(executionResult, 'job-failed-execution-result')?.failure).toContain('Recovery is suppressed');
});

test('an operation that is COMPLETED can have failed', () => {
  expect(read(savepointResult, 'savepoint-done')).toEqual({
    state: 'completed',
    value: { path: 'file:/tmp/drey-flink-local/savepoints/savepoint-cf5827-1a9b7057cde1' },
  });
  expect(read(savepointResult, 'savepoint-in-progress')).toEqual({ state: 'in-progress' });
  expect(read(savepointResult, 'savepoint-unknown-job-done')).toMatchObject({
    state: 'failed',
    reason: 'Job 00000000000000000000000000000000 is not known to this cluster.',
  });
  expect(read(savepointResult, 'savepoint-bad-dir-done')).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('Failed to create savepoint directory'),
  });
  expect(read(disposalResult, 'savepoint-disposal-missing-done')).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining('Cannot find checkpoint or savepoint file'),
  });
  expect(read(checkpointResult, 'checkpoint-full-done')).toEqual({ state: 'completed', value: { checkpointId: 27 } });
});

test('COMPLETED without a path is not a success', () => {
  const result = z.safeParse(savepointResult, { status: { id: 'COMPLETED' }, operation: {} });
  expect(result.success).toBe(false);
  expect(result.error?.issues[0]?.path).toEqual(['operation', 'location']);
});

test('the id of an uploaded jar is the end of its path, on any system', () => {
  expect(read(uploaded, 'jars-upload')).toMatch(/^[0-9a-f-]{36}_TopSpeedWindowing\.jar$/);
  expect(z.parse(uploaded, { filename: 'C:\\flink\\web\\ab_c.jar', status: 'success' })).toBe('ab_c.jar');
});
