import { describe, expect, test } from 'vitest';
import { createFlinkClient } from '../../../src/flink/client.ts';
import type { FlinkProcess } from '../../../src/flink/process-types.ts';
import { fixedRoute } from '../../../src/flink/route.ts';
import type { FlinkClient } from '../../../src/flink/types.ts';
import { bottleneckSentence } from '../../../src/inside/job/bottleneck.ts';
import { jobSettings } from '../../../src/inside/job/configuration.ts';
import { subtaskFigures } from '../../../src/inside/vertex/subtask.ts';
import { noLogs } from '../../support/fakes.ts';
import { readSubject, type Subject } from '../../../src/session/inspections/inspections.ts';
import { type Recording, recordingOf, replay, versions } from '../../flink/versions/replay.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** What the recorded Flink answers is read as a place reads it. */
async function inside<T>(
  version: string,
  look: (look: {
    readonly jobs: Recording['jobs'];
    readonly flink: FlinkClient;
    readonly read: <S extends Subject>(subject: S) => ReturnType<typeof readSubject<S>>;
  }) => Promise<T>,
): Promise<T> {
  const recording = recordingOf(version);
  await using server = await replay(recording);
  await using flink = createFlinkClient({ router: fixedRoute(server.url) });
  const context = { flink, logs: noLogs, clock: new FakeClock(), signal: new AbortController().signal, before: undefined };
  return await look({ jobs: recording.jobs, flink, read: (subject) => readSubject(subject, context) });
}

/** The vertex of the job with the slow operator that all others wait for. */
const slowMap = async (flink: FlinkClient, job: string): Promise<string> => {
  const { vertices } = await flink.job(job);
  return vertices.find(({ name }) => name === 'slow map')?.id ?? '';
};

describe.each(versions)('Flink %s', (version) => {
  test('the slow operator is the bottleneck', () =>
    inside(version, async ({ jobs, read }) => {
      const job = await read({ kind: 'job', job: jobs.slow });
      expect(bottleneckSentence(job)).toMatch(/slow map/);
      expect(job.vertices.map(({ vertex }) => vertex.name)).toEqual(['Source: fast source', 'slow map', 'discard: Writer']);
      expect(job.job.edges).toHaveLength(2);
    }));

  test('the slow operator is on top of all vertices', () =>
    inside(version, async ({ jobs, read }) => {
      const { vertices } = await read({ kind: 'top', job: jobs.slow });
      const busiest = vertices.toSorted((one, other) => (other.load?.busiest ?? 0) - (one.load?.busiest ?? 0));
      expect(busiest[0]).toMatchObject({ name: 'slow map', parallelism: 2, longest: { state: 'RUNNING' } });
      expect(busiest[0]?.load?.busiest).toBeGreaterThan(0.9);
    }));

  test('its subtasks have their TaskManager, load and rates', () =>
    inside(version, async ({ jobs, flink, read }) => {
      const vertex = await slowMap(flink, jobs.slow);
      const { vertex: facts } = await read({ kind: 'vertex', job: jobs.slow, vertex });
      expect(facts.subtasks.map(({ subtask, state }) => [subtask, state])).toEqual([
        [0, 'RUNNING'],
        [1, 'RUNNING'],
      ]);
      for (const { shares, rates, taskManagerId } of facts.subtasks) {
        expect(shares.busy).toBeGreaterThan(0.9);
        expect(rates.recordsIn).toBeGreaterThan(10);
        expect(taskManagerId).toMatch(/^localhost:/);
      }
      const { workers } = await read({ kind: 'vertex-taskmanagers', job: jobs.slow, vertex });
      expect(workers[0]?.id).toBe(facts.subtasks[0]?.taskManagerId);
      const metrics = await read({ kind: 'vertex-metrics', job: jobs.slow, vertex });
      expect(metrics.series.find(({ name }) => name === 'busyTimeMsPerSecond')?.value?.avg).toBeGreaterThan(900);
    }));

  test('a subtask has its figures beside the median of all', () =>
    inside(version, async ({ jobs, flink, read }) => {
      const vertex = await slowMap(flink, jobs.slow);
      const facts = await read({ kind: 'subtask', job: jobs.slow, vertex, subtask: 1 });
      expect(facts.attempts).toMatchObject([{ kind: 'present', attempt: 0, run: { state: 'RUNNING' } }]);
      const busy = subtaskFigures(facts).find(({ key }) => key === 'busy');
      expect(busy?.value).toBeGreaterThan(0.9);
      expect(busy?.median).toBeGreaterThan(0.9);
      expect(facts.buffers.output).toEqual(expect.any(Number));
    }));

  test('the failure of a job is that of the attempt of its subtask', () =>
    inside(version, async ({ jobs, flink, read }) => {
      const { vertices } = await flink.job(jobs.failed);
      const { failures } = await read({ kind: 'exceptions', job: jobs.failed });
      const task = failures[0]?.where?.task;
      const vertex = vertices.find(({ name }) => name === task?.vertex)?.id ?? '';
      const { failures: own } = await read({ kind: 'subtask', job: jobs.failed, vertex, subtask: task?.subtask ?? -1 });
      expect(own?.[0]).toMatchObject({ attempt: task?.attempt, cause: failures[0]?.cause });
    }));

  test('checkpoints with their phases, and what held one up', () =>
    inside(version, async ({ jobs, read }) => {
      const { rows, configuration, summary } = await read({ kind: 'checkpoints', job: jobs.counter });
      const done = rows.find(({ status }) => status === 'COMPLETED');
      expect(done).toMatchObject({ acknowledged: 4, subtasks: 4, split: { 'start delay': expect.any(Number), sync: expect.any(Number) } });
      expect(configuration?.intervalMs).toBe(2_000);
      expect(summary).toBeDefined();
      const detail = await read({ kind: 'checkpoint', job: jobs.counter, id: done?.id ?? 0, vertex: undefined });
      expect(detail.vertices.every(({ name, vertexId }) => name !== vertexId)).toBe(true);
      expect(detail.subtasks.length).toBeGreaterThan(0);
    }));

  test('what a job was configured with', () =>
    inside(version, async ({ jobs, read }) => {
      const { configuration, checkpoints } = await read({ kind: 'job-configuration', job: jobs.counter });
      const rows = jobSettings(configuration, checkpoints).map(({ kind, key, value }) => `${kind} ${key}: ${value}`);
      expect(rows).toEqual(
        expect.arrayContaining([
          'execution restart strategy: Cluster level default restart strategy',
          'execution parallelism: 2',
          'execution object reuse: no',
          'checkpoints interval: 2s',
        ]),
      );
      // Flink does not have it since 2.0.
      expect(rows.includes('execution execution mode: PIPELINED')).toBe(version === '1.20.5');
    }));

  test('a failure with its root cause, its task and how often it came', () =>
    inside(version, async ({ jobs, read }) => {
      const { failures } = await read({ kind: 'exceptions', job: jobs.failed });
      expect(failures[0]).toMatchObject({
        cause: expect.stringMatching(/^IOException: disk quota exceeded/),
        where: { task: { vertex: 'bomb -> discard: Writer', subtask: 0 }, taskManagerId: expect.stringMatching(/^localhost:/) },
        gaveUp: expect.stringContaining('maxNumberRestartAttempts=2'),
      });
      expect(failures[0]?.times).toHaveLength(3);
    }));

  test.each(['taskmanager', 'jobmanager'] as const)('the %s: memory, threads, files', (kind) =>
    inside(version, async ({ flink, read }) => {
      const [taskManager] = await flink.taskManagers();
      const process: FlinkProcess = kind === 'jobmanager' ? { kind } : { kind, id: taskManager?.id ?? '' };
      const figures = await read({ kind: 'process', process, part: 'figures' });
      expect(figures).toMatchObject({ figures: { cpuLoad: expect.any(Number), threads: expect.any(Number) } });
      const threads = await read({ kind: 'process', process, part: 'threads' });
      expect(threads).toMatchObject({ report: { groups: expect.arrayContaining([expect.objectContaining({ deadlocked: false })]) } });
      const files = await read({ kind: 'process', process, part: 'files' });
      expect(files).toMatchObject({ files: expect.arrayContaining([expect.objectContaining({ bytes: expect.any(Number) })]) });
    }),
  );

  test('the settings of the JobManager, those that differ marked', () =>
    inside(version, async ({ read }) => {
      const settings = await read({ kind: 'process', process: { kind: 'jobmanager' }, part: 'settings' });
      expect(settings).toMatchObject({
        rows: expect.arrayContaining([expect.objectContaining({ key: 'execution.checkpointing.savepoint-dir', standing: 'differs' })]),
        environment: expect.anything(),
      });
    }));

  test('a flame graph of the slow operator', () =>
    inside(version, async ({ jobs, flink }) => {
      const graph = await flink.flameGraph(jobs.slow, await slowMap(flink, jobs.slow), { type: 'full' });
      expect(JSON.stringify(graph)).toContain('drey.Backpressured');
    }));
});
