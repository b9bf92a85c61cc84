import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../src/flink/ids.ts';
import { isTerminal, type FlinkClient, type JobOverview, type OperationResult } from '../../src/flink/types.ts';
import { Problem } from '../../src/support/problem.ts';

export interface FlinkUnderContract {
  readonly client: FlinkClient;
  /** A jar whose job streams until it is ended. */
  readonly streaming: string;
  /** A jar whose job streams and takes checkpoints. */
  readonly checkpointed: string;
  /** A jar whose job has a fast source, `fast source`, and a slow step, `slow map`. */
  readonly slow: string;
  close(): Promise<void>;
}

/** What `FlinkClient` promises, of any Flink: the same tests run on the sandbox and on a real cluster. Where they differ, the sandbox is wrong. */
export function flinkContract(name: string, connect: () => Promise<FlinkUnderContract>): void {
  describe(`Flink's REST API on ${name}`, () => {
    let flink: FlinkUnderContract;
    let client: FlinkClient;
    const folder = mkdtempSync(join(tmpdir(), 'drey-contract-'));
    const started: string[] = [];

    beforeAll(async () => {
      flink = await connect();
      client = flink.client;
    });
    afterAll(async () => {
      for (const job of await client.jobs()) if (started.includes(job.id) && !isTerminal(job.state)) await client.cancelJob(job.id);
      await flink.close();
      rmSync(folder, { recursive: true });
    });

    const job = async (id: string): Promise<JobOverview | undefined> => (await client.jobs()).find((each) => each.id === id);
    const reaches = (id: string, state: string) =>
      expect.poll(async () => (await job(id))?.state, { timeout: 90_000, interval: 200 }).toBe(state);
    const problemOf = async (work: Promise<unknown>): Promise<Problem> => {
      const error = await work.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toBeInstanceOf(Problem);
      return error as Problem;
    };
    const start = async (jar: string, options: { readonly jobId?: string } = {}): Promise<string> => {
      const id = options.jobId ?? newId();
      started.push(id);
      expect(await client.runJar(await client.uploadJar(jar), { jobId: id, parallelism: 1 })).toBe(id);
      return id;
    };
    const finished = async <T>(ask: () => Promise<OperationResult<T>>): Promise<OperationResult<T>> => {
      let answer: OperationResult<T> = { state: 'in-progress' };
      await expect.poll(async () => (answer = await ask()).state, { timeout: 90_000, interval: 100 }).not.toBe('in-progress');
      return answer;
    };

    test('the cluster says what it is', async () => {
      const [overview, config, settings] = await Promise.all([client.overview(), client.config(), client.clusterConfiguration()]);
      expect(overview.flinkVersion).toMatch(/^\d+\.\d+/);
      expect(config.flinkVersion).toBe(overview.flinkVersion);
      expect(config.refreshIntervalMs).toBeGreaterThan(0);
      expect(settings.size).toBeGreaterThan(0);
    });

    test('a jar that was uploaded is listed, with its name, until it is deleted', async () => {
      const told: (readonly [number, number])[] = [];
      const id = await client.uploadJar(flink.streaming, { onProgress: (sent, total) => told.push([sent, total]) });
      expect(told.at(-1)?.[0]).toBe(told.at(-1)?.[1]);
      const listed = (await client.jars()).find((jar) => jar.id === id);
      expect(flink.streaming.endsWith(listed?.name ?? '-')).toBe(true);
      await client.deleteJar(id);
      expect((await client.jars()).some((jar) => jar.id === id)).toBe(false);
    });

    test('a job runs under the id that was chosen for it, and is canceled', async () => {
      const id = await start(flink.streaming);
      await reaches(id, 'RUNNING');
      const detail = await client.job(id);
      expect(detail).toMatchObject({ id, state: 'RUNNING', type: 'STREAMING', endTime: -1 });
      expect(detail.vertices.length).toBeGreaterThan(0);
      expect((await job(id))?.tasks.total).toBe(detail.vertices.reduce((sum, { parallelism }) => sum + parallelism, 0));
      expect(await client.exceptions(id)).toEqual([]);
      // A job is RUNNING before its tasks have slots.
      await expect.poll(async () => (await client.jobTaskManagers(id)).length, { timeout: 90_000 }).toBeGreaterThan(0);
      expect(await client.executionResult(id)).toBeUndefined();
      await client.cancelJob(id);
      await reaches(id, 'CANCELED');
      expect(await client.executionResult(id)).toMatchObject({ id, status: 'CANCELED' });
    });

    test('a savepoint is taken once, however often it is asked for; the stop ends the job with another', async () => {
      const id = await start(flink.checkpointed);
      await reaches(id, 'RUNNING');
      await expect.poll(async () => (await client.checkpoints(id))?.completed ?? 0, { timeout: 90_000 }).toBeGreaterThan(0);
      const triggerId = newId();
      await client.triggerSavepoint(id, { triggerId, directory: `file://${folder}` });
      await client.triggerSavepoint(id, { triggerId, directory: `file://${folder}` });
      const taken = await finished(() => client.savepointResult(id, triggerId));
      expect(taken).toMatchObject({ state: 'completed', value: { path: expect.stringContaining(folder) as string } });
      // A server may tell statistics that are some seconds old.
      await expect
        .poll(async () => (await client.checkpoints(id))?.latestSavepoint?.path, { timeout: 30_000 })
        .toBe(taken.state === 'completed' ? taken.value.path : '');
      expect((await client.checkpoints(id))?.history.filter(({ isSavepoint }) => isSavepoint)).toHaveLength(1);

      const checkpoint = newId();
      await client.triggerCheckpoint(id, { triggerId: checkpoint });
      expect(await finished(() => client.checkpointResult(id, checkpoint))).toMatchObject({ state: 'completed' });

      const stop = newId();
      await client.triggerStop(id, { triggerId: stop, directory: `file://${folder}` });
      expect(await finished(() => client.savepointResult(id, stop))).toMatchObject({ state: 'completed' });
      await reaches(id, 'FINISHED');
    });

    test('what does not exist is reported, and what is unknown to a trigger comes with its result', async () => {
      const unknown = newId();
      expect((await problemOf(client.job(unknown))).kind).toBe('not-found');
      expect((await problemOf(client.cancelJob(unknown))).kind).toBe('not-found');
      const id = await start(flink.streaming);
      await reaches(id, 'RUNNING');
      expect((await problemOf(client.savepointResult(id, newId()))).kind).toBe('not-found');
      const triggerId = newId();
      await client.triggerSavepoint(unknown, { triggerId, directory: `file://${folder}` });
      expect(await finished(() => client.savepointResult(unknown, triggerId))).toMatchObject({ state: 'failed' });
      await client.cancelJob(id);
      await reaches(id, 'CANCELED');
      expect((await problemOf(client.runJar('nobody_knows.jar', { jobId: newId(), parallelism: 1 }))).message).toMatch(/does not exist/);
    });

    test('a job that ended cannot be canceled again', async () => {
      const id = await start(flink.checkpointed);
      await reaches(id, 'RUNNING');
      // Before its tasks run, a stop fails and the job goes on.
      await expect.poll(async () => (await client.checkpoints(id))?.completed ?? 0, { timeout: 90_000 }).toBeGreaterThan(0);
      const stop = newId();
      await client.triggerStop(id, { triggerId: stop, directory: `file://${folder}` });
      expect(await finished(() => client.savepointResult(id, stop))).toMatchObject({ state: 'completed' });
      await reaches(id, 'FINISHED');
      expect((await problemOf(client.cancelJob(id))).kind).toBe('conflict');
    });
  });
}
