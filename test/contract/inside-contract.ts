import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/flink/ids.ts';
import { isTerminal, type FlinkClient, type JobDetail, type Vertex } from '../../src/flink/types.ts';
import { eventually } from '../support/until.ts';
import type { FlinkUnderContract } from './flink-contract.ts';

/** The inside of a job and of its processes, of any Flink: the same questions of the sandbox and of a real cluster. Where they differ, the sandbox is wrong. */
export function insideContract(name: string, connect: () => Promise<FlinkUnderContract>): void {
  describe(`the inside of a job on ${name}`, () => {
    let flink: FlinkUnderContract;
    let client: FlinkClient;
    let slow: JobDetail;
    const started: string[] = [];

    const start = async (jar: string): Promise<JobDetail> => {
      const id = newId();
      started.push(id);
      await client.runJar(await client.uploadJar(jar), { jobId: id, parallelism: 1 });
      return eventually(`the tasks of ${id} run`, async () => {
        const job = await client.job(id);
        return job.vertices.every(({ state }) => state === 'RUNNING') && job;
      });
    };
    const vertexOf = (job: JobDetail, part: string): Vertex => {
      const vertex = job.vertices.find((one) => one.name.includes(part));
      if (vertex === undefined) throw new Error(`no vertex ${part} in ${job.name}`);
      return vertex;
    };
    const soon = <T>(ask: () => Promise<T>) => expect.poll(ask, { timeout: 90_000, interval: 300 });

    beforeAll(async () => {
      flink = await connect();
      client = flink.client;
      slow = await start(flink.slow);
    });
    afterAll(async () => {
      for (const job of await client.jobs()) if (started.includes(job.id) && !isTerminal(job.state)) await client.cancelJob(job.id);
      await flink.close();
    });

    test('the graph has an edge for each input, and the step that is slow works while the source waits', async () => {
      expect(slow.edges).toHaveLength(slow.vertices.length - 1);
      for (const { from, to } of slow.edges) expect(slow.vertices.map(({ id }) => id)).toEqual(expect.arrayContaining([from, to]));
      const share = async (part: string) => (await client.vertexTimeShares(slow.id, vertexOf(slow, part).id)).get(0);
      await soon(async () => (await share('slow map'))?.busy ?? 0).toBeGreaterThan(0.8);
      await soon(async () => (await share('fast source'))?.backPressured ?? 0).toBeGreaterThan(0.5);
    });

    test('a vertex has its subtask, with its TaskManager and the times of its states', async () => {
      const { id } = vertexOf(slow, 'slow map');
      const detail = await client.vertex(slow.id, id);
      expect(detail).toMatchObject({ id, parallelism: 1, maxParallelism: 128, subtasks: [{ subtask: 0, attempt: 0, state: 'RUNNING' }] });
      const [subtask] = detail.subtasks;
      expect(Object.keys(subtask?.statusMs ?? {})).toEqual(
        expect.arrayContaining(['CREATED', 'SCHEDULED', 'DEPLOYING', 'INITIALIZING', 'RUNNING']),
      );
      expect(await client.vertexTaskManagers(slow.id, id)).toMatchObject([
        { id: subtask?.taskManagerId, state: 'RUNNING', counts: { RUNNING: 1 } },
      ]);
      expect(await client.subtaskAttempt(slow.id, id, { subtask: 0, attempt: 0 })).toMatchObject({
        attempt: 0,
        state: 'RUNNING',
        taskManagerId: subtask?.taskManagerId,
        startTime: subtask?.startTime,
      });
      await expect(client.subtaskAttempt(slow.id, id, { subtask: 0, attempt: 7 })).rejects.toMatchObject({ kind: 'not-found' });
    });

    test('metrics are known by the same names, one by one and over all subtasks', async () => {
      const { id } = vertexOf(slow, 'slow map');
      const usual = ['numRecordsIn', 'numRecordsOutPerSecond', 'busyTimeMsPerSecond', 'slow_map.numRecordsIn', 'isBackPressured'];
      await soon(() => client.vertexMetricNames(slow.id, id)).toEqual(expect.arrayContaining(usual));
      await soon(() => client.subtaskMetricNames(slow.id, id, 0)).toEqual(expect.arrayContaining(usual));
      await soon(async () => (await client.aggregatedMetrics(slow.id, id, ['numRecordsIn']))[0]?.max ?? 0).toBeGreaterThan(0);
      const [records] = await client.aggregatedMetrics(slow.id, id, ['numRecordsIn']);
      expect(records).toMatchObject({ name: 'numRecordsIn', min: records?.max, avg: records?.max, sum: records?.max, skew: 0 });
      const one = await client.subtaskMetrics(slow.id, id, { names: ['numRecordsIn'], subtasks: [0] });
      expect(one.get('numRecordsIn')?.get(0)).toBeGreaterThan(0);
      expect((await client.vertexWatermarks(slow.id, vertexOf(slow, 'fast source').id)).size).toBe(0);
      expect(await client.jobMetricNames(slow.id)).toEqual(
        expect.arrayContaining(['numRestarts', 'numberOfCompletedCheckpoints', 'uptime']),
      );
    });

    test('a checkpoint has its vertices and subtasks, and how it is configured', async () => {
      const job = await start(flink.checkpointed);
      await soon(async () => (await client.checkpointHistory(job.id))?.completed ?? 0).toBeGreaterThan(0);
      const history = await client.checkpointHistory(job.id);
      const newest = history?.latestCompleted;
      expect(history?.summary?.durationMs?.max).toBeGreaterThanOrEqual(newest?.durationMs ?? 0);
      const detail = await client.checkpointDetail(job.id, newest?.id ?? 0);
      expect(detail.vertices.map(({ vertexId }) => vertexId).sort()).toEqual(job.vertices.map(({ id }) => id).sort());
      for (const { id, parallelism } of job.vertices) {
        const subtasks = await client.checkpointSubtasks(job.id, newest?.id ?? 0, id);
        expect(subtasks).toHaveLength(parallelism);
        for (const subtask of subtasks) expect(subtask.state).toBe('acknowledged');
      }
      expect(await client.checkpointConfiguration(job.id)).toMatchObject({ mode: 'exactly_once' });
      await client.cancelJob(job.id);
    });

    test('a TaskManager shows its slots, its threads and its files, and the JobManager its JVM', async () => {
      const [id = ''] = await client.jobTaskManagers(slow.id);
      const process = { kind: 'taskmanager', id } as const;
      const detail = await client.taskManager(id);
      expect(detail.allocated.map(({ jobId }) => jobId)).toContain(slow.id);
      expect(detail.memory.totalProcess).toBeGreaterThan(detail.memory.totalFlink ?? Infinity);
      const threads = await client.threadDump(process);
      const task = threads.find((thread) => thread.name === 'slow map (1/1)#0');
      expect(task?.text).toMatch(/^"slow map \(1\/1\)#0" Id=\d+ [A-Z_]+/);
      expect(task?.text).toContain('\tat app//org.apache.flink.runtime.taskmanager.Task.run(Task.java:');
      expect((await client.threadDump({ kind: 'jobmanager' })).map((thread) => thread.name)).toContain('main');
      for (const one of [process, { kind: 'jobmanager' } as const])
        expect((await client.logFiles(one)).some((file) => file.name.endsWith('.log') && file.bytes > 0)).toBe(true);
      expect((await client.jvmEnvironment()).options.some((option) => option.startsWith('-Xmx'))).toBe(true);
    });

    test('a flame graph is sampled when it is asked for; where the slow step waits is off the CPU', async () => {
      const ask = () => client.flameGraph(slow.id, vertexOf(slow, 'slow map').id, { type: 'off_cpu' });
      await soon(async () => (await ask()).kind).toBe('sampled');
      const sample = await ask();
      const frames = sample.kind === 'sampled' ? sample.frames : [];
      expect(frames[0]).toMatchObject({ level: 0, name: 'root' });
      const names = frames.map((frame) => frame.name.replace(/:-?\d+$/, ''));
      expect(names).toEqual(
        expect.arrayContaining(['org.apache.flink.streaming.runtime.tasks.StreamTask.invoke', 'java.lang.Thread.sleep']),
      );
      await expect(client.flameGraph(slow.id, vertexOf(slow, 'slow map').id, { type: 'full', subtask: 7 })).rejects.toThrow(/subtask/i);
    });

    test('a profile of the JobManager ends with a page of frames, and a second one at the same time is refused', async () => {
      const process = { kind: 'jobmanager' } as const;
      expect(await client.startProfile(process, { mode: 'cpu', seconds: 3 })).toMatchObject({ status: 'RUNNING' });
      await expect(client.startProfile(process, { mode: 'wall', seconds: 1 })).rejects.toThrow(/profil/i);
      await soon(async () => (await client.profiles(process))[0]?.status).toBe('FINISHED');
      const file = (await client.profiles(process))[0]?.file ?? '';
      expect(file).toMatch(/^JobManager_CPU_.*\.html$/);
      expect(await client.profileFile(process, file)).toMatch(/^f\(0,0,\d+,\d,'all'\)$/m);
    });

    test('the default scheduler refuses another parallelism, and has no history of any', async () => {
      await expect(client.resourceRequirements(slow.id)).rejects.toMatchObject({ kind: 'conflict' });
      expect(await client.rescales(slow.id)).toBeUndefined();
    });
  });
}
