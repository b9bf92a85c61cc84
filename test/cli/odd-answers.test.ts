import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { type Ended, runProgram } from '../goldens/run-program.ts';
import { jobManager } from '../sandbox/sandboxes.ts';
import { type OddCluster, oddCluster, type Oddity } from '../support/odd-cluster.ts';

const home = mkdtempSync(join(tmpdir(), 'drey-odd-'));
const cluster = 'my-first-flink-cluster';
let sandbox: Sandbox;
let odd: OddCluster;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 10 });
  await jobManager(sandbox);
  odd = await oddCluster(sandbox, home);
});
afterAll(async () => {
  await odd[Symbol.asyncDispose]();
  await sandbox.close();
  rmSync(home, { recursive: true });
});

/** What each of these lines ends with; they run at the same time. */
async function ends<Line extends string>(lines: readonly Line[]): Promise<Readonly<Record<Line, Ended>>> {
  const run = (line: string): Promise<Ended> =>
    runProgram('drey', line.split(' '), { env: { KUBECONFIG: odd.kubeconfig }, cwd: home, home });
  const ended = await Promise.all(lines.map(async (line) => [line, await run(line)] as const));
  for (const [, each] of ended) expectCivil(each);
  return Object.fromEntries(ended) as Record<Line, Ended>;
}

/** Rows and sentences of people: nothing of the inside of a program. */
function expectCivil({ code, stdout, stderr }: Ended): void {
  expect(stdout + stderr).not.toMatch(
    /defect|\bat \S+ \(|TypeError|is not a function|of undefined|of null|undefined|Invalid time|\[object|NaN|Infinity/,
  );
  expect([0, 1]).toContain(code);
  if (code === 1) expect(stderr).toMatch(/^[^\n]+\n(?:[^\n]+\n)?$/);
}

const list = /\/(?:pods|deployments|services|events)$/;
const forList =
  (answer: unknown): Oddity =>
  (path) =>
    list.test(path) ? answer : undefined;
interface OddObject extends Record<string, unknown> {
  readonly metadata: Readonly<Record<string, unknown>>;
}
/** Each object of a list becomes another one. */
const each =
  (change: (object: OddObject) => unknown): Oddity =>
  (path, body) =>
    list.test(path) ? { ...(body as object), items: (body as { readonly items: readonly OddObject[] }).items.map(change) } : undefined;
const eachMetadata = (change: Readonly<Record<string, unknown>>): Oddity =>
  each((object) => ({ ...object, metadata: { ...object.metadata, ...change } }));

const refusal = {
  none: undefined,
  'not a list': /^The API server's answer to .* is not a list/,
  'without a name':
    /^\d+ (?:pods?|Deployments?) cannot be read\. The API server sent an object without a name in a shape that Kubernetes does not know\. kubectl get with -o yaml shows it\.\n$/,
} as const;

test.each<readonly [what: string, api: Oddity, refused: keyof typeof refusal]>([
  ['[1,2,3] for a list', forList([1, 2, 3]), 'not a list'],
  ['{} for a list', forList({}), 'not a list'],
  ['a Status for a list', forList({ kind: 'Status', status: 'Failure', message: 'not today' }), 'not a list'],
  ['a list of null', each(() => null), 'without a name'],
  ['a list of numbers', each(() => 7), 'without a name'],
  ['objects without metadata', each((object) => ({ ...object, metadata: undefined })), 'without a name'],
  ['objects without a name', eachMetadata({ name: undefined }), 'without a name'],
  ['names that are numbers', eachMetadata({ name: 7 }), 'without a name'],
  ['objects whose namespace is a number', eachMetadata({ namespace: 7 }), 'none'],
  ['objects made at no time', eachMetadata({ creationTimestamp: 'NaN' }), 'none'],
  ['objects that are only names', each(({ metadata }) => ({ metadata })), 'none'],
  ['objects whose parts are texts', each(({ metadata }) => ({ metadata, spec: 'odd', status: 'odd' })), 'none'],
  ['objects whose parts are lists', each(({ metadata }) => ({ metadata, spec: [1], status: [1] })), 'none'],
  ['containers of null', each((object) => ({ ...object, status: { ...(object['status'] as object), containerStatuses: [null] } })), 'none'],
])('an API server that answers %s gives rows or a sentence, and is not taken for one that has nothing', async (_, api, refused) => {
  odd.answers({ api });
  const [clusters, pods, why] = ['clusters -o wide', `pods ${cluster} -o wide`, `why ${cluster}`] as const;
  const ended = await ends([clusters, pods, why, 'clusters -o json', `pods ${cluster} -o json`, `describe ${cluster} jm`]);
  const expected = refusal[refused];
  if (expected === undefined) return;
  for (const line of [clusters, pods]) expect(ended[line]).toEqual({ code: 1, stdout: '', stderr: expect.stringMatching(expected) });
  expect(ended[why].stdout).toMatch(refused === 'not a list' ? /^Kubernetes does not answer: / : /^Not known: how \d+ pods are: /m);
});

/** A list has these objects as well. */
const besides =
  (...more: readonly unknown[]): Oddity =>
  (path, body) =>
    list.test(path) ? { ...(body as object), items: [...(body as { readonly items: readonly unknown[] }).items, ...more] } : undefined;

test('lists show all objects but the one that cannot be read, name that one, and end with 1', async () => {
  const unreadable = (kind: string) => ({
    kind,
    metadata: { name: 'odd-one', namespace: 'default' },
    spec: { containers: 7, template: { spec: { containers: 7 } } },
  });
  odd.answers({ api: (path, body) => besides(unreadable(path.endsWith('/pods') ? 'Pod' : 'Deployment'))(path, body) });
  const lines = ['clusters', 'clusters -o name', `pods ${cluster}`, `pods ${cluster} -o json`, `pods ${cluster} jm`, 'pods'] as const;
  const ended = await ends(lines);
  const left = (kind: string, many: string) =>
    `1 ${many} cannot be read. The API server sent ${kind} odd-one in a shape that Kubernetes does not know. kubectl get with -o yaml shows it.\n`;
  expect(ended['clusters -o name']).toEqual({ code: 1, stdout: `${cluster}\n`, stderr: left('Deployment', 'Deployment') });
  expect(ended.clusters).toMatchObject({ code: 1, stdout: expect.stringContaining(cluster), stderr: left('Deployment', 'Deployment') });
  expect(ended[`pods ${cluster}`]).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('taskmanager-1-1'),
    stderr: left('Pod', 'pod'),
  });
  expect(ended[`pods ${cluster} -o json`]).toMatchObject({ code: 1, stdout: expect.stringMatching(/^\[/), stderr: left('Pod', 'pod') });
  // A pod that was asked for is there, whatever else there is; which cluster is the only one is not known.
  expect(ended[`pods ${cluster} jm`]).toMatchObject({ code: 0, stderr: '' });
  expect(ended.pods).toEqual({
    code: 1,
    stdout: '',
    stderr: `${left('Deployment', 'Deployment').trimEnd()} Name the cluster that is meant.\n`,
  });
});

interface OddJob extends Record<string, unknown> {
  readonly tasks: unknown;
}
/** Each job of the list becomes another one. */
const eachJob =
  (change: (job: OddJob) => unknown): Oddity =>
  (path, body) =>
    path === '/jobs/overview'
      ? { jobs: (body as { readonly jobs: readonly OddJob[] }).jobs.map(change) }
      : /^\/jobs\/[0-9a-f]{32}$/.test(path)
        ? change(body as OddJob)
        : undefined;
const eachTime = (start: unknown, end: unknown = start): Oddity =>
  eachJob((job) => ({ ...job, 'start-time': start, 'end-time': end, duration: start, 'last-modification': start }));
const forJobs =
  (answer: unknown): Oddity =>
  (path) =>
    path === '/jobs/overview' ? answer : undefined;

const lines = {
  jobs: `jobs ${cluster} -o wide`,
  why: `why ${cluster}`,
  jars: `jars ${cluster}`,
} as const;
const allLines = [lines.jobs, lines.why, lines.jars, `jobs ${cluster} -o json`, `describe ${cluster} orders-enrichment`] as const;

test.each<readonly [what: string, rest: Oddity]>([
  ['[1,2,3] for everything', () => [1, 2, 3]],
  ['{} for everything', () => ({})],
  ['null for everything', () => null],
  ['no jobs', forJobs({ jobs: [] })],
  ['jobs without tasks', eachJob((job) => ({ ...job, tasks: {} }))],
  ['jobs in a state that nobody knows', eachJob((job) => ({ ...job, state: 'DREAMING' }))],
])('a JobManager that answers %s gives rows or a sentence', async (_, rest) => {
  odd.answers({ rest });
  expect(Object.keys(await ends(allLines))).toHaveLength(allLines.length);
});

test('a JobManager that answers [1,2,3] for its jobs says so, and what else it has is shown', async () => {
  odd.answers({ rest: forJobs([1, 2, 3]) });
  const ended = await ends(allLines);
  expect(ended[lines.jobs]).toEqual({ code: 1, stdout: '', stderr: expect.stringContaining('/jobs/overview') });
  expect(ended[lines.why].stdout).toMatch(/^Flink does not answer: .*\/jobs\/overview/m);
  expect(ended[lines.jars]).toMatchObject({ code: 0, stdout: 'No jar is uploaded.\n' });
});

test.each<readonly [what: string, rest: Oddity]>([
  ['are NaN', eachTime('NaN')],
  ['are beyond the calendar', eachTime(9e18)],
  ['have no end', eachTime('Infinity', '-Infinity')],
])('a JobManager with jobs whose times %s gives rows with a dash for each time', async (_, rest) => {
  odd.answers({ rest });
  const [titles, ...rows] = (await ends(allLines))[lines.jobs].stdout.trimEnd().split('\n');
  expect(titles).toMatch(/UP .* STARTED +ENDED$/);
  for (const row of rows) expect(row).toMatch(/ \d+\/\d+ +- .* - +-$/);
});
