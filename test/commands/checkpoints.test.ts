import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import type { FlinkClient } from '../../src/flink/types.ts';
import { checkpointDetail, checkpointSubtasks } from '../../src/flink/schemas/checkpoint-details.ts';
import { checkpoints } from '../../src/flink/schemas/checkpoints.ts';
import { exceptionHistory } from '../../src/flink/schemas/exceptions.ts';
import type { View } from '../../src/commands/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink } from '../support/fakes.ts';
import { jobDetail, vertex } from '../support/job-detail.ts';
import { job } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const read = <S extends z.ZodMiniType>(schema: S, name: string): z.output<S> =>
  z.parse(schema, JSON.parse(readFileSync(new URL(`../flink/captures/${name}.json`, import.meta.url), 'utf8')));

const names: Readonly<Record<string, string>> = {
  ca88eee0095684d687a1b6495617f957: 'Source: numbers',
  b71731f1c0df9c3076c4a455334d0ad6: 'count per key -> discard: Writer',
};

/** Flink as it was captured, and what was asked of it. */
function capturedFlink(more: Partial<FlinkClient> = {}): { readonly flink: FlinkClient; readonly asked: string[] } {
  const asked: string[] = [];
  const flink = fakeFlink({
    checkpointHistory: async () => read(checkpoints, 'job-running-checkpoints-2'),
    checkpointConfiguration: async () => undefined,
    async checkpointDetail(_job, id) {
      asked.push(`detail ${id}`);
      return { ...read(checkpointDetail, 'checkpoint-details'), id };
    },
    async checkpointSubtasks(_job, id, vertex) {
      asked.push(`subtasks ${id} ${vertex.slice(0, 2)}`);
      return read(checkpointSubtasks, 'checkpoint-details-subtasks');
    },
    job: async () => jobDetail({ vertices: Object.entries(names).map(([id, name]) => vertex({ id, name })) }),
    exceptionHistory: async () => read(exceptionHistory, 'job-failed-exceptions'),
    ...more,
  });
  return { flink, asked };
}

async function shown(line: string, flink: FlinkClient): Promise<Extract<View, { kind: 'facts' }>> {
  const { run, front, store } = desk({ flink });
  store.jobs(job({ id: 'a'.repeat(32), name: 'orders' }));
  await run(line);
  const view = front.views.at(-1);
  if (view?.kind !== 'facts') throw new Error(`nothing was shown, but ${JSON.stringify(view)}`);
  return view;
}

test('checkpoints shows the history with the phases of each, percentiles, and what cannot be known as -', async () => {
  const { text, data } = await shown('checkpoints orders', capturedFlink().flink);
  expect(text.slice(0, 2)).toEqual(['Checkpoints of orders (aaaaaa)', '14 so far: 13 completed, 1 failed']);
  expect(text.find((line) => line.startsWith('13'))).toMatch(
    /^13 +checkpoint +completed .* 20ms +other 50% +8ms +0s +1ms +1ms +7 kB +7 kB +4\/4 +file:/,
  );
  expect(text.find((line) => line.startsWith('duration'))).toMatch(/^duration +19ms +48ms +246ms +26ms +183ms +246ms +246ms +246ms$/);
  expect(data).toMatchObject({
    enabled: true,
    checkpoints: expect.arrayContaining([
      expect.objectContaining({
        id: 13,
        writtenBytes: 6714,
        phases: { startDelayMs: 8, alignmentMs: 0, syncMs: 1, asyncMs: 1, otherMs: 10 },
      }),
    ]),
  });
});

test('a job without checkpoints says so', async () => {
  const { flink } = capturedFlink({ checkpointHistory: async () => undefined });
  expect(await shown('checkpoints orders', flink)).toMatchObject({
    text: ['Checkpoints of orders (aaaaaa)', 'Checkpointing is off.'],
    data: { enabled: false, checkpoints: [] },
  });
});

test('the phases of a checkpoint that Flink has forgotten are unknown, and the others are shown', async () => {
  const { flink } = capturedFlink({
    async checkpointSubtasks(_job, id) {
      if (id === 13) throw new Problem('not-found', 'Could not find checkpointing statistics for checkpoint 13.');
      return read(checkpointSubtasks, 'checkpoint-details-subtasks');
    },
  });
  const { text } = await shown('checkpoints orders', flink);
  expect(text.find((line) => line.startsWith('13'))).toMatch(/ 20ms +- +- +- +- +- /);
  expect(text.find((line) => line.startsWith('12'))).toMatch(/ 25ms +other 50% +8ms /);
});

test('a checkpoint by its number shows its operators and the subtasks of the slowest one', async () => {
  const { flink, asked } = capturedFlink();
  const { text, data, title } = await shown('checkpoints orders 13', flink);
  expect(title).toBe('Checkpoint 13 of orders (aaaaaa)');
  expect(text).toContain('No operator holds it up: all acknowledged within 20ms.');
  expect(text.filter((line) => /^(Source: numbers|count per key)/.test(line))).toHaveLength(2);
  expect(text).toContain('Subtasks of Source: numbers, the slowest first');
  expect(asked).toEqual(['detail 13', 'subtasks 13 ca']);
  expect(data).toMatchObject({
    subtasksOf: 'ca88eee0095684d687a1b6495617f957',
    subtasks: [{ subtask: 1, phases: { syncMs: 1 } }, { subtask: 0 }],
  });
});

test('exceptions shows each failure with its place, and each cause once, root cause first', async () => {
  const { text, data } = await shown('exceptions orders', capturedFlink().flink);
  const lines = text.map((line) => line.trimEnd());
  expect(lines.filter((line) => line.includes('IOException') && line.includes('localhost:37761-09a4f0'))).toHaveLength(3);
  expect(lines.filter((line) => line.startsWith('Root cause: '))).toEqual([
    'Root cause: IOException: disk quota exceeded on /data/volume-7 (in subtask 0)',
  ]);
  expect(lines).toContain('    at drey.FailAfter.chain(FailAfter.java:63)');
  expect(lines.find((line) => line.startsWith('The same cause failed the job 3 times: '))).toBeDefined();
  expect(lines.find((line) => line.startsWith('The job is not restarted again: FixedDelay'))).toBeDefined();
  expect(data).toMatchObject({ failures: [{ subtask: 0, attempt: 2, className: 'java.io.IOException' }, { attempt: 1 }, { attempt: 0 }] });
});

test('a job that never failed has no failures to show', async () => {
  const { flink } = capturedFlink({ exceptionHistory: async () => ({ failures: [], truncated: false }) });
  expect((await shown('exceptions orders', flink)).text).toEqual(['Flink keeps no failure of this job.']);
});
