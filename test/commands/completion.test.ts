import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Completion } from '../../src/commands/line/completion.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink, start, fakeSandbox } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { insideOf } from '../inside/job/build.ts';
import { jobDetail, vertex } from '../support/job-detail.ts';
import { desk, type Desk } from './desk.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drey-complete-'));
  for (const name of ['jobs', 'jobs/nested', 'examples', '.hidden']) await mkdir(join(folder, name));
  for (const name of [
    'orders.jar',
    'my job.jar',
    'notes.txt',
    'jobs/inner.jar',
    '.hidden/secret.jar',
    'examples/WordCount.jar',
    'examples/README.md',
  ])
    await writeFile(join(folder, name), '');
  await symlink('jobs', join(folder, 'link'));
});
afterAll(() => rm(folder, { recursive: true }));

const savepoint = {
  id: 3,
  status: 'COMPLETED',
  isSavepoint: true,
  triggeredAt: start,
  endedAt: start,
  durationMs: 1,
  sizeBytes: 1,
  acknowledged: 1,
  subtasks: 1,
  path: 's3://savepoints/savepoint-1',
  failure: undefined,
} as const;

function seated(pieces: Parameters<typeof desk>[0] = {}): Desk {
  const at = desk({ cwd: folder, home: folder, sandbox: fakeSandbox(join(folder, 'examples')), ...pieces });
  at.store.jobs(
    job({
      name: 'orders-enrichment',
      id: '9f13c2'.padEnd(32, '0'),
      checkpoints: {
        restored: 0,
        completed: 1,
        failed: 0,
        inProgress: 0,
        latestCompleted: undefined,
        latestSavepoint: savepoint,
        latestFailed: undefined,
        history: [],
        latestRestored: undefined,
      },
    }),
    job({ name: 'Car Speed', id: 'aa01'.padEnd(32, '1') }),
    job({ name: 'twin', id: 'bb01'.padEnd(32, '2') }),
    job({ name: 'twin', id: 'cc01'.padEnd(32, '3') }),
    job({ name: 'nightly', id: 'dd01'.padEnd(32, '4'), state: 'FINISHED' }),
  );
  at.store.pods(pod({ shortName: 'jobmanager-f647b' }), pod({ shortName: 'taskmanager-1-1' }), pod({ shortName: 'taskmanager-1-2' }));
  return at;
}

/** `|` stands for the cursor; without it the cursor is at the end. */
const complete = (line: string, at = seated()): Promise<Completion> => {
  const bar = line.indexOf('|');
  return bar < 0 ? at.runner.complete(line, line.length) : at.runner.complete(line.replace('|', ''), bar);
};

/** The line after the only candidate, or the first, was taken. */
const taken = (line: string, { from, to, candidates }: Completion): string =>
  line.slice(0, from) + (candidates[0]?.insert ?? '') + line.slice(to);

test.each([
  ['sto', ['stop', 'stop-job']],
  ['jo', ['job', 'jobmanager', 'stop-job']],
  ['jobs', ['jobs']],
  ['cancel ', ['orders-enrichment', 'Car Speed', 'twin', 'twin']],
  ['cancel or', ['orders-enrichment']],
  ['cancel OR', ['orders-enrichment']],
  ['cancel enrich', ['orders-enrichment']],
  ['cancel 9f', ['9f13c2'.padEnd(32, '0')]],
  ['cancel ni', []],
  ['describe ni', ['nightly']],
  ['describe task', ['taskmanager-1-1', 'taskmanager-1-2']],
  ['logs j', ['jobmanager-f647b']],
  ['logs jobmanager-f647b --', ['-c, --container NAME', '-f, --follow']],
  ['cancel twin extra', []],
  ['help savep', ['savepoint', 'savepoints']],
  ['theme ', ['dark', 'light']],
  ['sort ', ['name', 'age']],
  ['sort name ', ['asc', 'desc']],
  ['mouse o', ['on', 'off']],
  ['web ', ['open', '--open']],
  ['submit ', ['WordCount.jar', 'my job.jar', 'orders.jar', 'examples/', 'jobs/', 'link/']],
  ['submit Wo', ['WordCount.jar']],
  ['submit jobs/', ['jobs/inner.jar', 'jobs/nested/']],
  ['submit link/', ['link/inner.jar', 'link/nested/']],
  ['submit ~/o', ['~/orders.jar']],
  ['submit .h', ['.hidden/']],
  ['submit nosuch/', []],
  [
    'submit orders.jar --',
    ['-c, --class CLASS', '-p, --parallelism N', '-s, --from-savepoint SAVEPOINT', '-n, --allow-non-restored-state', '--unchecked'],
  ],
  [
    'submit orders.jar -',
    [
      '-c, --class CLASS',
      '-p, --parallelism N',
      '-s, --from-savepoint SAVEPOINT',
      '-n, --allow-non-restored-state',
      '--unchecked',
      '-Dkey=value',
    ],
  ],
  ['submit orders.jar --p', ['-p, --parallelism N']],
  ['submit orders.jar -p 4 --p', []],
  ['submit orders.jar -p ', []],
  ['submit orders.jar -s ', ['s3://savepoints/savepoint-1']],
  ['submit orders.jar --from-savepoint=s3', ['s3://savepoints/savepoint-1']],
  // Behind a quotation mark the value does not begin where it seems to.
  ["submit orders.jar '--from-savepoint=s3", []],
  ['submit orders.jar -- -', []],
  ['dispose ', ['s3://savepoints/savepoint-1']],
  ['stop ', ['--savepoint', '--savepoint-dir DIR']],
  ['nosuch ', []],
])('%s offers %j', async (line, labels) => {
  expect((await complete(line)).candidates.map(({ label }) => label)).toEqual(labels);
});

test('every command is offered on an empty line, and nothing is previewed', async () => {
  const { candidates, ghost } = await complete('');
  expect(candidates.map(({ label }) => label)).toEqual(seated().runner.catalogue.map(({ name }) => name));
  expect(ghost).toBe('');
});

test.each([
  ['sto', 'stop '],
  ['cancel or', 'cancel orders-enrichment '],
  ['cancel Ca', `cancel 'Car Speed' `],
  [`cancel 'Ca`, `cancel 'Car Speed' `],
  ['cancel tw', `cancel ${'bb01'.padEnd(32, '2')} `],
  ['submit my', `submit 'my job.jar' `],
  ['submit my\\ j', `submit 'my job.jar' `],
  ['submit jo', 'submit jobs/'],
  ['submit a.jar -D', 'submit a.jar -D'],
  ['submit a.jar --from-savepoint=s', 'submit a.jar --from-savepoint=s3://savepoints/savepoint-1 '],
  ['submit a.jar --par', 'submit a.jar --parallelism '],
])('Tab makes %s into %s', async (line, after) => {
  expect(taken(line, await complete(line))).toBe(after);
});

test('what is taken is understood: the job that was offered is the one that is meant', async () => {
  const at = seated();
  for (const beginning of ['Car', 'twin', 'orders']) {
    const line = `savepoint ${beginning}`;
    const plan = await at.plan(taken(line, await complete(line, at)));
    expect(plan.kind).toBe('run');
  }
});

test('the preview is what the first candidate adds, only at the end of the line', async () => {
  expect((await complete('canc')).ghost).toBe('el');
  expect((await complete('cancel ord')).ghost).toBe('ers-enrichment');
  expect((await complete('cancel 9f1')).ghost).toBe('3c2'.padEnd(29, '0'));
  expect((await complete('canc|el x')).ghost).toBe('');
  expect((await complete('cancel enrich')).ghost).toBe('');
});

test('inside of a word only what is before the cursor is completed and replaced', async () => {
  const line = 'can|xyz orders';
  const { from, to, candidates } = await complete(line);
  expect([from, to, candidates[0]?.insert]).toEqual([0, 3, 'cancel ']);
});

test('several candidates share a beginning', async () => {
  expect((await complete('logs ta')).common).toBe('taskmanager-1-');
  expect((await complete('sto')).common).toBe('stop');
  expect((await complete('jo')).common).toBe('jo');
});

test('what is expected is reported, and why a command cannot run', async () => {
  expect((await complete('cancel ')).expects).toBe('JOB  Job ids, unique prefixes or names');
  expect((await complete('submit a.jar -p ')).expects).toBe('N  Parallelism; default: parallelism.default of the cluster');
  const at = desk({ readOnly: true });
  at.store.jobs(job({ name: 'a' }));
  expect((await complete('cancel ', at)).unavailable).toBe('cancel changes the cluster, and this session is read-only.');
  expect((await complete('canc', at)).candidates[0]?.unavailable).toBe('cancel changes the cluster, and this session is read-only.');
  expect((await complete('li', at)).candidates[0]?.unavailable).toBeUndefined();
});

test('uploaded jars are asked of the cluster; one that does not answer does not hold the line up', async () => {
  const answering = fakeFlink({ jars: async () => [{ id: '1_a.jar', name: 'a.jar', uploadedAt: 0, entryClasses: [] }] });
  expect((await complete('jars delete ', seated({ flink: answering }))).candidates.map(({ insert }) => insert)).toEqual(['1_a.jar ']);
  expect((await complete('jars ', seated({ flink: answering }))).candidates.map(({ insert }) => insert)).toEqual(
    expect.arrayContaining(['delete ', 'clean ']),
  );
  const failing = fakeFlink({
    jars: async () => {
      throw new Problem('unreachable', 'Nothing answers.');
    },
  });
  expect((await complete('jars delete ', seated({ flink: failing }))).candidates).toEqual([]);
  const silent = seated({ flink: fakeFlink({ jars: () => new Promise(() => {}) }) });
  const waiting = complete('jars delete ', silent);
  await silent.clock.advance(5_000);
  expect((await waiting).candidates).toEqual([]);
});

test('a name with control characters is offered without them', async () => {
  const at = desk();
  at.store.jobs(job({ name: 'evil\u001b[2Jname' }));
  const { candidates } = await complete('savepoint ', at);
  expect(candidates).toEqual([{ label: 'evilname', insert: 'evilname ', description: '9f13c2 RUNNING' }]);
});

test('ids and names that are words of a shell are quoted when they are taken', async () => {
  const at = desk();
  at.store.jobs(job({ name: `it's $HOME; rm -rf` }));
  const line = 'savepoint it';
  const plan = await at.plan(taken(line, await complete(line, at)));
  expect(plan).toMatchObject({ kind: 'run', given: { job: { jobs: [expect.objectContaining({ name: `it's $HOME; rm -rf` })] } } });
});

/** A job with three vertices, two of the same name, and how often Flink was asked. */
function withVertices(): { readonly at: Desk; readonly asked: string[] } {
  const asked: string[] = [];
  const at = seated({
    flink: fakeFlink({
      job: async (id) => (
        asked.push(`job ${id.slice(0, 6)}`),
        jobDetail({
          id,
          vertices: [
            vertex({ id: 'ca88'.padEnd(32, '0'), name: 'Source: Orders' }),
            vertex({ id: '0a44'.padEnd(32, '0'), name: 'Enrich' }),
            vertex({ id: '0b55'.padEnd(32, '0'), name: 'Sink' }),
            vertex({ id: '0c66'.padEnd(32, '0'), name: 'Sink' }),
          ],
        })
      ),
      vertexMetricNames: async () => (asked.push('metrics'), ['busyTimeMsPerSecond', 'numRecordsIn', 'numRecordsInPerSecond']),
    }),
  });
  return { at, asked };
}

test.each([
  ['vertex orders-enrichment ', ['Source: Orders', 'Enrich', 'Sink', 'Sink']],
  ['vertex 9f13c2 ord', ['Source: Orders']],
  ['vertex twin ', []],
  ['vertex nosuch ', []],
  ['subtask orders-enrichment enr', ['Enrich']],
  ['flame orders-enrichment Enr', ['Enrich']],
  ['flame taskmanager-1-1 ', ['--type TYPE', '--mode MODE', '--duration SECONDS', '--svg FILE', '--folded']],
  ['rescale orders-enrichment Enr', ['Enrich']],
  ['rescale orders-enrichment Enrich=4 so', ['Source: Orders']],
  ['metrics orders-enrichment Enrich num', ['numRecordsIn', 'numRecordsInPerSecond']],
  ['metrics orders-enrichment Enrich numRecordsIn bus', ['busyTimeMsPerSecond']],
  ['metrics orders-enrichment Sink num', []],
])('%s offers the names of the inside of the job: %j', async (line, labels) => {
  expect((await complete(line, withVertices().at)).candidates.map(({ label }) => label)).toEqual(labels);
});

test('a vertex is inserted by its name, quoted if needed, and one of several of that name by its id', async () => {
  const { at } = withVertices();
  const inserted = async (line: string) => (await complete(line, at)).candidates.map(({ insert }) => insert);
  expect(await inserted('vertex orders-enrichment So')).toEqual(["'Source: Orders' "]);
  expect(await inserted('vertex orders-enrichment Si')).toEqual([`${'0b55'.padEnd(32, '0')} `, `${'0c66'.padEnd(32, '0')} `]);
  expect(await inserted('rescale orders-enrichment Enr')).toEqual(['Enrich=']);
});

test('names are asked for once, however many letters are typed', async () => {
  const { at, asked } = withVertices();
  for (const line of ['E', 'En', 'Enr']) await complete(`vertex orders-enrichment ${line}`, at);
  for (const line of ['n', 'nu']) await complete(`metrics orders-enrichment Enrich ${line}`, at);
  expect(asked).toEqual(['job 9f13c2', 'metrics']);
});

test('what the screen has read of a job is not asked for again', async () => {
  const { at, asked } = withVertices();
  const subject = { kind: 'job', job: '9f13c2'.padEnd(32, '0') } as const;
  const facts = insideOf(jobDetail({ id: subject.job, vertices: [vertex({ id: 'v1', name: 'Enrich' })] }));
  at.store.tell([{ kind: 'inspection', at: start, inspection: { subject, facts, readAt: start, problem: undefined } }]);
  expect((await complete('vertex orders-enrichment ', at)).candidates.map(({ label }) => label)).toEqual(['Enrich']);
  expect(asked).toEqual([]);
});

test('if Flink does not answer, a vertex is typed without help', async () => {
  const at = seated({ flink: fakeFlink({ job: () => Promise.reject(new Problem('unreachable', 'nobody is there')) }) });
  expect((await complete('vertex orders-enrichment ', at)).candidates).toEqual([]);
});
