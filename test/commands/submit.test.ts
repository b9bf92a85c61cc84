import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SeenSavepoints } from '../../src/cluster/model/types.ts';
import type { FlinkClient, RunJarRequest } from '../../src/flink/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeCluster, fakeFlink, settle, testFront, fakeSandbox } from '../support/fakes.ts';
import { job } from '../support/pods-and-jobs.ts';
import { jar } from '../support/jar.ts';
import { desk, type Desk } from './desk.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drey-submit-'));
  await mkdir(join(folder, 'examples'));
  await writeFile(join(folder, 'orders.jar'), jar('com.example.Orders'));
  await writeFile(join(folder, 'my job.jar'), jar('com.example.Orders'));
  await writeFile(join(folder, 'library.jar'), jar());
  await writeFile(join(folder, 'notes.jar'), 'no archive');
  await writeFile(join(folder, 'examples', 'WordCount.jar'), jar('WordCount'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Site extends Desk {
  readonly uploads: string[];
  readonly runs: RunJarRequest[];
}

/** A cluster that takes jars and whose jobs show up in the list when they were started. */
function site(given: Partial<FlinkClient> = {}, pieces: Parameters<typeof desk>[0] = {}): Site {
  const uploads: string[] = [];
  const runs: RunJarRequest[] = [];
  const flink = fakeFlink({
    jars: async () => [],
    clusterConfiguration: async () => new Map([['parallelism.default', '3']]),
    async uploadJar(path, call) {
      uploads.push(path);
      call?.onProgress?.(500_000, 1_000_000);
      return 'jar-1';
    },
    async runJar(_jar, request) {
      runs.push(request);
      at.store.jobs(job({ name: 'orders', id: request.jobId }));
      return request.jobId;
    },
    ...given,
  });
  const at = desk({ cwd: folder, home: folder, flink, ...pieces });
  at.store.jobs();
  return { ...at, uploads, runs };
}

test('submit sends the jar, runs it with the parallelism of the cluster and says the id when the job is listed', async () => {
  const { run, runs, uploads, front, store } = site();
  expect(await run('submit orders.jar')).toEqual({ kind: 'done' });
  expect(uploads).toEqual([join(folder, 'orders.jar')]);
  expect(runs).toEqual([{ jobId: expect.stringMatching(/^[0-9a-f]{32}$/), parallelism: 3 }]);
  expect(front.printed).toEqual([`Job has been submitted with JobID ${runs[0]?.jobId}`]);
  expect(store.get().operations).toMatchObject([
    { title: 'Submit orders.jar', kind: 'submit', state: 'succeeded', result: runs[0]?.jobId },
  ]);
});

test('every option and every argument reaches the cluster unharmed', async () => {
  const { run, runs } = site({}, { cluster: fakeCluster({ savepointsIn: async () => ({ state: 'unseen', reason: 'Elsewhere.' }) }) });
  await run(
    `submit 'my job.jar' -c com.example.Main -p 4 -s s3://savepoints/1 -n -Dstate.backend=rocksdb -D pipeline.name='a b' -- --input "a, b" 'it''s' -p ""`,
  );
  expect(runs).toEqual([
    {
      jobId: expect.any(String),
      entryClass: 'com.example.Main',
      parallelism: 4,
      savepointPath: 's3://savepoints/1',
      allowNonRestoredState: true,
      configuration: { 'state.backend': 'rocksdb', 'pipeline.name': 'a b' },
      arguments: ['--input', 'a, b', 'its', '-p', ''],
    },
  ]);
});

const counter = readFileSync(join(import.meta.dirname, '../inside/savepoint/counter-canonical.metadata'));
const lying = (path: string, metadata: Buffer): SeenSavepoints => ({
  state: 'seen',
  directory: path,
  place: 'pod jm',
  left: 0,
  folders: [{ path, writtenAt: 1, files: new Map([['_metadata', metadata.length]]), filesCut: false, metadata }],
});
const planOf =
  (...vertices: readonly { readonly id: string; readonly description: string; readonly parallelism?: number }[]): FlinkClient['jarPlan'] =>
  async () => ({ nodes: vertices.map((vertex) => ({ parallelism: 3, ...vertex })) });
const numbers = { id: 'ca88eee0095684d687a1b6495617f957', description: 'Source: numbers<br/>' };
const count = { id: 'b71731f1c0df9c3076c4a455334d0ad6', description: 'count per key<br/>+- discard: Writer<br/>' };

/** What `submit -s SAVEPOINT` says of the plan before it runs the jar, or why it does not. */
async function saysOf(
  plan: FlinkClient['jarPlan'],
  seen: SeenSavepoints,
  pieces: Parameters<typeof desk>[0] = {},
  more = '',
): Promise<[string | undefined, number]> {
  const at = site({ jarPlan: plan }, { cluster: fakeCluster({ savepointsIn: async () => seen }), ...pieces });
  const outcome = await at.run(`submit orders.jar -s file:///sp/1 ${more}`);
  return [outcome.kind === 'failed' ? outcome.problem.message : at.front.printed[0], at.runs.length];
}

test('before a jar is run from a savepoint, it is said whether its plan has a place for the state', async () => {
  const seen = lying('/sp/1', counter);
  expect(await saysOf(planOf(numbers, count), seen)).toEqual(['The plan of orders.jar has a place for all state.', 1]);
  expect(await saysOf(planOf(numbers, { id: 'other', description: 'first<br/>+- count per key<br/>' }), seen)).toEqual([
    'Whether the plan of orders.jar has a place for count per key [uid count] (5 kB of state) is not known: it has the names of operators that are chained to another one, but not their ids.',
    1,
  ]);
  expect(await saysOf(planOf(numbers), seen)).toEqual([
    'The plan of orders.jar has no operator with the id of count per key [uid count] (5 kB of state), so Flink will probably not start it from that state.',
    0,
  ]);
  expect(await saysOf(planOf(numbers, { ...count, parallelism: 129 }), seen)).toEqual([
    'The state of count per key [uid count] can be divided among 128 subtasks at most, and the plan of orders.jar has 129: Flink refuses that, unless its adaptive scheduler chooses fewer.',
    0,
  ]);
});

test('a savepoint that cannot be read stops nothing, and one that is broken is asked about', async () => {
  const planned = planOf(numbers);
  expect(await saysOf(planned, { state: 'unseen', reason: 's3://sp cannot be read from here.' })).toEqual([
    'Whether the savepoint has a place in the plan of orders.jar is not known. s3://sp cannot be read from here.',
    1,
  ]);
  expect(await saysOf(planned, lying('/sp/another', counter))).toEqual([
    'Whether the savepoint has a place in the plan of orders.jar is not known. file:///sp/1 has no _metadata on pod jm.',
    1,
  ]);
  const cut = lying('/sp/1', counter.subarray(0, 500));
  expect(await saysOf(planned, cut)).toEqual([
    'file:///sp/1 is broken. Its _metadata is damaged: it is cut, or a number in it is wrong.',
    0,
  ]);
  expect((await saysOf(planned, cut, { front: testFront({ agrees: async () => true }) }))[1]).toBe(1);
});

test('a program that cannot be planned is run all the same', async () => {
  const unplanned = () => Promise.reject(new Problem('invalid', 'The program aborted prematurely.'));
  expect(await saysOf(unplanned, lying('/sp/1', counter))).toEqual([
    'Whether the savepoint has a place in the plan of orders.jar is not known: the plan could not be made. The program aborted prematurely.',
    1,
  ]);
});

test('--unchecked and -n start it whatever its plan is', async () => {
  const seen = lying('/sp/1', counter);
  expect((await saysOf(planOf(numbers), seen, {}, '--unchecked'))[1]).toBe(1);
  expect(await saysOf(planOf(numbers), seen, {}, '-n')).toEqual([
    'The plan of orders.jar has no operator with the id of count per key [uid count] (5 kB of state); what has no place is dropped.',
    1,
  ]);
});

test('a cluster without a default parallelism runs it with 1', async () => {
  const { run, runs } = site({ clusterConfiguration: async () => new Map() });
  await run('submit orders.jar');
  expect(runs[0]?.parallelism).toBe(1);
});

test('the message comes after the job is in the list', async () => {
  const listed = Promise.withResolvers<void>();
  const { run, front, store } = site({
    runJar: async (_jar, { jobId }) => {
      void listed.promise.then(() => store.jobs(job({ name: 'orders', id: jobId })));
      return jobId;
    },
  });
  const outcome = run('submit orders.jar');
  // The jar is read from disk, which takes as long as it takes.
  await store.until(({ operations }) => operations[0]?.progress !== undefined, new AbortController().signal);
  await settle();
  expect(front.printed).toEqual([]);
  listed.resolve();
  await outcome;
  expect(front.printed).toHaveLength(1);
});

test('the progress of the upload is shown in bytes and percent', async () => {
  const { run, store } = site();
  const seen = new Set<string | undefined>();
  store.subscribe(({ operations }) => void seen.add(operations[0]?.progress));
  await run('submit orders.jar');
  expect([...seen]).toContain('500 kB of 1.0 MB, 50%');
});

const progress = [0, 25, 50, 75, 100].map((percent) => [
  'event',
  `orders.jar: ${percent === 0 ? '0 B' : `${((8 * percent) / 100).toFixed(1)} MB`} of 8.0 MB, ${percent}%`,
]);

test.each([
  { mode: 'line', total: 8_000_000, lines: progress },
  { mode: 'line', total: 3_000_000, lines: [] },
  { mode: 'one-shot', total: 8_000_000, lines: [] },
  { mode: 'tui', total: 8_000_000, lines: [] },
] as const)('in the mode $mode the upload of $total bytes is reported in $lines.length lines', async ({ mode, total, lines }) => {
  const told: [string, string][] = [];
  const { run, front } = site(
    {
      async uploadJar(_path, call) {
        for (let sent = 0; sent <= total; sent += 250_000) call?.onProgress?.(sent, total);
        return 'jar-1';
      },
    },
    { mode },
  );
  front.print = (lines, tone = 'info') => void told.push(...lines.map((line): [string, string] => [tone, line]));
  await run('submit orders.jar');
  expect(told).toEqual([...lines, ['good', expect.stringMatching(/^Job has been submitted with JobID /)]]);
});

test('an example of the sandbox is found by its name, a file of that name comes first', async () => {
  const { run, uploads } = site({}, { sandbox: fakeSandbox(join(folder, 'examples')) });
  await run('submit WordCount.jar');
  await run('submit orders.jar');
  await run('submit ~/orders.jar');
  expect(uploads).toEqual([join(folder, 'examples', 'WordCount.jar'), join(folder, 'orders.jar'), join(folder, 'orders.jar')]);
});

test.each([
  ['submit nosuch.jar', /does not exist: .*nosuch\.jar/],
  ['submit notes.jar', /notes\.jar is not a jar/],
  ['submit library.jar', /names no main class\. Name one with -c CLASS/],
  ['submit examples', /is not a jar/],
])('%s is refused before anything is sent', async (line, sentence) => {
  const { says, uploads } = site();
  expect(await says(line)).toMatch(sentence);
  expect(uploads).toEqual([]);
});

test('a jar without a main class runs with the class that is named', async () => {
  const { run, runs } = site();
  await run('submit library.jar -c com.example.Tool');
  expect(runs[0]?.entryClass).toBe('com.example.Tool');
});

test('what the cluster says against the job is the end of it', async () => {
  const { says, store } = site({
    runJar: async () => {
      throw new Problem('failed', 'The main method caused an error: no topic.');
    },
  });
  expect(await says('submit orders.jar')).toBe('The main method caused an error: no topic.');
  expect(store.get().operations).toMatchObject([{ state: 'failed', result: 'The main method caused an error: no topic.' }]);
});

test('submit is refused where the cluster takes no jars, in a read-only session and while Flink is lost', async () => {
  const closed = site();
  closed.store.tell([
    { kind: 'config', at: 0, config: { refreshIntervalMs: 3000, flinkVersion: '2.3.0', webSubmit: false, webCancel: true } },
  ]);
  expect(await closed.says('submit orders.jar')).toBe('This cluster accepts no jars: web.submit.enable is false.');
  expect(await site({}, { readOnly: true }).says('submit orders.jar')).toBe('submit changes the cluster, and this session is read-only.');
  const away = site();
  away.store.source('flink', 'lost', new Problem('unreachable', 'Nothing answers.'));
  expect(await away.says('submit orders.jar')).toBe("Flink's REST endpoint does not answer: Nothing answers.");
});

test.each([
  ['submit', 'submit needs JAR'],
  ['submit orders.jar -p x', '"x" is not a whole number from 1'],
  ['submit orders.jar -p 0', '"0" is not a whole number from 1'],
  ['submit orders.jar -D=x', '"=x" has no key'],
  ['submit orders.jar --input x', 'submit has no option --input'],
  ['submit orders.jar extra', 'submit does not take "extra"'],
  ['submit orders.jar -p 1 -p 2', '--parallelism is given twice'],
  ['submit orders.jar -c', '--class needs a value'],
  ['submit orders.jar -n=1', 'submit has no option -n'],
  ['submit orders.jar --allow-non-restored-state=1', '--allow-non-restored-state takes no value'],
])('%s is not understood, and is reported why', async (line, sentence) => {
  expect(await site().says(line)).toContain(sentence);
});
