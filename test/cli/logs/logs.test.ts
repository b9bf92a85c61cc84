import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../../src/sandbox/start.ts';
import { clusterFolder, podFolder, spoolFolder } from '../../../src/spool/places.ts';
import { Spool } from '../../../src/spool/spool.ts';
import { systemClock } from '../../../src/support/clock.ts';
import { lifetime } from '../../../src/support/waiting.ts';
import { type Ended, runProgram } from '../../goldens/run-program.ts';
import { podOf } from '../../session/build.ts';
import { logLine } from '../../support/log-line.ts';
import { until } from '../../support/until.ts';

const cluster = 'my-first-flink-cluster';
const home = mkdtempSync(join(tmpdir(), 'drey-logs-'));
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.control({ kind: 'allow-all' }));
afterAll(async () => {
  await sandbox.close();
  await rm(home, { recursive: true });
});

interface Followed extends AsyncDisposable {
  /** What was printed so far. */
  readonly text: () => string;
  readonly ended: Promise<Ended>;
  readonly interrupt: () => void;
}

/** The program while it prints. */
function following(...words: readonly string[]): Followed {
  const life = lifetime();
  let text = '';
  const ended = runProgram('drey', ['logs', cluster, ...words], {
    env: { KUBECONFIG: sandbox.kubeconfig },
    cwd: home,
    home,
    signal: life.signal,
    onOutput: (more) => void (text += more),
  });
  return {
    text: () => text,
    ended,
    interrupt: life.end,
    async [Symbol.asyncDispose]() {
      life.end();
      await ended;
    },
  };
}
const logs = (...words: readonly string[]): Promise<Ended> => following(...words).ended;
const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');
/** Numbers of the lines that the sandbox was made to write, in their order. */
const numbered = (text: string, prefix: string): readonly number[] =>
  [...text.matchAll(new RegExp(`${prefix} (\\d+)`, 'g'))].map((match) => Number(match[1]));
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

test('the logs of all pods are printed in the order of time, each line behind the name of its pod', async () => {
  const { code, stdout, stderr } = await logs();
  expect([code, stderr]).toEqual([0, '']);
  expect(new Set(lines(stdout).flatMap((line) => /^(\S+) +\d{4}-/.exec(line)?.[1] ?? []))).toEqual(new Set(['jm', 'tm1-1', 'tm1-2']));
  // Within a log, a line may be stamped a moment before the one that it follows.
  const latest = new Map<string, string>();
  const order = lines((await logs('all', '-o', 'json')).stdout).map((line) => {
    const { pod, time } = JSON.parse(line) as { readonly pod: string; readonly time: string };
    const at = [time, latest.get(pod) ?? ''].toSorted().at(-1) ?? '';
    latest.set(pod, at);
    return at;
  });
  expect(order.length).toBeGreaterThan(20);
  expect(order).toEqual(order.toSorted());
});

test('a pod alone has no name before its lines; --tail, --level and --grep choose among them', async () => {
  expect(lines((await logs('jm', '--tail', '3')).stdout)).toHaveLength(3);
  expect((await logs('jobmanager', '--grep', 'rest endpoint listening')).stdout).toMatch(
    /^jm +\d{4}-.* Rest endpoint listening at 0\.0\.0\.0:8081\n$/,
  );
  for (const line of lines((await logs('taskmanagers', '--level', 'warn')).stdout))
    expect(line).toMatch(/^tm\S+ +(?:\d{4}-\S+ \S+ (?:WARN|ERROR)|[^\d])/);
});

test('-o json is an object for each line', async () => {
  const [first] = lines((await logs('jm', '-o', 'json', '--grep', 'rest endpoint listening')).stdout);
  expect(JSON.parse(first ?? '')).toMatchObject({
    time: expect.stringMatching(/^2\d{3}-.*Z$/),
    pod: expect.stringMatching(/^my-first-flink-cluster-/),
    level: 'INFO',
    logger: 'org.apache.flink.runtime.dispatcher.DispatcherRestEndpoint',
    begins: true,
  });
});

test('what is followed loses no line and repeats none while streams break, and new pods join', async () => {
  await using followed = following('-f', '--tail', '1');
  await until(() => lines(followed.text()).length > 0);
  const written = `${cluster}-taskmanager-1-2`;
  await sandbox.control({ kind: 'logs-write', pod: written, lines: 500, perSecond: 1_000, prefix: 'slow' });
  await sandbox.control({ kind: 'logs-reset', midLine: true });
  await until(() => followed.text().includes('goes on.'));
  await sandbox.control({ kind: 'logs-write', pod: written, lines: 500, prefix: 'quick' });
  await sandbox.control({ kind: 'logs-reset', midLine: false });
  await until(() => numbered(followed.text(), 'quick').length >= 500 && numbered(followed.text(), 'slow').length >= 500);
  await sandbox.control({ kind: 'pod-kill', pod: `${cluster}-taskmanager-1-1` });
  await until(() => followed.text().includes('The log of taskmanager-1-1 has ended.'));
  await until(() => followed.text().includes(' is new; its log is followed.'));
  followed.interrupt();
  const { code, stdout } = await followed.ended;
  expect([code, numbered(stdout, 'slow'), numbered(stdout, 'quick')]).toEqual([130, upTo(500), upTo(500)]);
});

test('a log that may not be read is named with the reason, and the exit code says that something is missing', async () => {
  await sandbox.control({ kind: 'deny', right: { verb: 'get', resource: 'pods', subresource: 'log' } });
  const { code, stdout, stderr } = await logs('taskmanagers');
  expect([code, stdout]).toEqual([1, '']);
  expect(lines(stderr)).toEqual(
    Array.from({ length: 2 }, () => expect.stringMatching(/^The log of taskmanager-1-\d cannot be read: forbidden: get pods\/log/)),
  );
});

test.each([
  [['nosuch'], 1, 'There is no pod "nosuch" of my-first-flink-cluster. Pods: '],
  [['jm', '-f', '--previous'], 2, 'The container before has ended: --previous cannot be followed.'],
  [['jm', '-f', '--until', '1m'], 2, '--until ends a log, and -f follows it.'],
  [['jm', '--since', 'yesterday'], 2, 'A duration is a number with ms, s, m or h'],
  [['jm', '--since', '2026-13-45'], 2, '2026-13-45 is not a time.'],
  [['jm', '--grep', 'a('], 2, '--grep: Not a regular expression'],
  [['jm', '--level', 'LOUD'], 2, '--level takes TRACE, DEBUG, INFO, WARN, ERROR, not LOUD.'],
  [['all', '--previous'], 1, 'No container of any pod of my-first-flink-cluster was restarted'],
])('%j exits with %i and says why', async (words, code, reason) => {
  const ended = await logs(...words);
  expect(ended.stderr).toContain(reason);
  expect([ended.code, ended.stdout]).toEqual([code, '']);
});

test('--since and --until are the first and the last moment', async () => {
  const until = new Date(Date.now() - 60_000).toISOString();
  const old = await logs('jm', '--until', until);
  expect(old.stdout).toContain('Rest endpoint listening');
  expect((await logs('jm', '--since', '1s', '--grep', 'Rest endpoint listening')).stdout).toBe('');
  const all = lines((await logs('jm', '-o', 'json', '--until', until)).stdout).map(
    (line) => (JSON.parse(line) as { readonly time: string }).time,
  );
  expect(all.every((time) => time <= until)).toBe(true);
});

test('the log of a pod that is gone is read from what a session has kept of it', async () => {
  const kept = podOf('taskmanager-1-9', { uid: 'gone' });
  const at = Date.now() - 3_600_000;
  const target = { server: sandbox.url, namespace: 'default', clusterId: cluster };
  {
    await using spool = new Spool({
      folder: spoolFolder(join(home, '.local', 'state', 'drey')),
      cluster: target,
      clock: systemClock,
      report: () => {},
    });
    spool.record({ pod: kept, clusterUid: undefined, seenAt: at, gone: true });
    spool.append(
      kept.uid,
      'flink-main-container',
      ['one', 'two', 'three'].map((text, index) => logLine(at + index, text)),
    );
  }
  expect((await logs('tm1-9', '--tail', '2')).stdout).toBe('two\nthree\n');
  expect(lines((await logs('taskmanagers')).stdout).filter((line) => line.startsWith('tm1-9'))).toEqual([
    'tm1-9  one',
    'tm1-9  two',
    'tm1-9  three',
  ]);
});

test('lines that could not be recorded are counted where they are missing', async () => {
  const target = { server: sandbox.url, namespace: 'default', clusterId: cluster };
  const kept = podOf('taskmanager-1-8', { uid: 'damaged' });
  const folder = spoolFolder(join(home, '.local', 'state', 'drey'));
  const at = Date.now() - 3_600_000;
  {
    await using spool = new Spool({ folder, cluster: target, clock: systemClock, report: () => {} });
    spool.record({ pod: kept, clusterUid: undefined, seenAt: at, gone: true });
    const line = (n: number) => logLine(at + n, `${n} ${'of a log that is kept '.repeat(40)}`);
    spool.append(
      kept.uid,
      'flink-main-container',
      Array.from({ length: 300 }, (_, n) => line(n)),
    );
  }
  const place = podFolder(clusterFolder(folder, target), kept.uid);
  const file = join(place, (await readdir(place)).find((name) => name.endsWith('.log')) ?? '');
  const bytes = await readFile(file);
  bytes[100] = (bytes[100] ?? 0) ^ 1;
  await writeFile(file, bytes);
  const { stdout, stderr } = await logs('tm1-8');
  const had = lines(stdout).length;
  expect(had).toBeLessThan(300);
  expect(stderr).toMatch(
    new RegExp(`^${300 - had} lines of taskmanager-1-8 between [\\d:]+ and [\\d:]+ cannot be read: their block on disk is damaged\\.\\n$`),
  );
});

test('--grep finds an entry with all its lines in a long log on disk, wherever its blocks end', async () => {
  const target = { server: sandbox.url, namespace: 'default', clusterId: cluster };
  const kept = podOf('taskmanager-1-7', { uid: 'long' });
  const at = Date.now() - 3_600_000;
  const texts: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    texts.push(`2026-11-22 11:34:16,000 ERROR Task [] - failure ${n}`, 'java.lang.IllegalStateException: needle');
    for (let depth = 0; depth < 997; depth += 1) texts.push(`\tat org.example.Deep.call${n}(Deep.java:${depth}) ~[app.jar:1.0]`);
    texts.push(`2026-11-22 11:34:17,000 INFO  Task [] - ${n === 20 ? '\u001b[31mqu\u001b[0met' : 'quiet'} ${n}`);
  }
  {
    await using spool = new Spool({
      folder: spoolFolder(join(home, '.local', 'state', 'drey')),
      cluster: target,
      clock: systemClock,
      report: () => {},
    });
    spool.record({ pod: kept, clusterUid: undefined, seenAt: at, gone: true });
    spool.append(
      kept.uid,
      'flink-main-container',
      texts.map((text, index) => logLine(at + index, text)),
    );
  }
  const grep = async (...words: readonly string[]) => lines((await logs('tm1-7', ...words)).stdout);
  expect(await grep('--grep', 'call31\\(.*:99[0-9]+\\)')).toEqual(texts.slice(31_000, 31_999));
  expect(await grep('--grep', 'quet')).toEqual(['2026-11-22 11:34:17,000 INFO  Task [] - quet 20']);
  expect(await grep('--grep', 'needle')).toEqual(texts.filter((text) => !text.includes(' INFO ')));
  expect(await grep('--grep', '!failure|qu.*et')).toEqual([]);
  expect(await grep('--grep', 'nowhere')).toEqual([]);
});

test('a reader that has seen enough ends the program without a complaint', async () => {
  const child = spawn(join(import.meta.dirname, '../../../bin/drey'), ['logs', cluster, '-f'], {
    env: { ...process.env, KUBECONFIG: sandbox.kubeconfig, HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stdout.once('data', () => child.stdout.destroy());
  child.stderr.on('data', (chunk: Buffer) => void (complaints += chunk.toString()));
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  expect(complaints).toBe('');
});

test('--templates counts messages by what they have in common, in place of printing them', async () => {
  const { code, stdout, stderr } = await logs('jobmanager', '--templates', '--level', 'INFO');
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^\d+ entries since .*, \d+ templates\n/);
  expect(stdout).toMatch(/^ *\d{2,} +INFO .* jm +Loading configuration property: \* \*$/m);
  const { templates, entries } = JSON.parse((await logs('--templates', '-o', 'json')).stdout) as {
    readonly entries: number;
    readonly templates: readonly { readonly template: string; readonly count: number; readonly pods: readonly string[] }[];
  };
  expect(templates.reduce((sum, { count }) => sum + count, 0)).toBe(entries);
  const heap = templates.find(({ template }) => template.startsWith('Maximum heap size:'));
  // Each process says it once when it starts.
  expect(heap?.pods.length).toBeGreaterThan(1);
  expect(heap?.count).toBe(heap?.pods.length);
});

test('after a job failed, what --templates says first is what was first seen since', async () => {
  await sandbox.control({ kind: 'job-fail', message: 'disk quota exceeded on /data/volume-7' });
  const { code, stdout, stderr } = await logs('jobmanager', '--templates', '-o', 'json');
  expect([code, stderr]).toEqual([0, '']);
  const { failure, templates } = JSON.parse(stdout) as {
    readonly failure: { readonly what: string } | null;
    readonly templates: readonly { readonly new: boolean; readonly template: string }[];
  };
  expect(failure?.what).toMatch(/ failed$/);
  expect(templates[0]).toMatchObject({ new: true, template: expect.stringContaining('switched from RUNNING to FAILED') });
});

test('--templates says if it cannot be known whether a job failed', async () => {
  await sandbox.control({ kind: 'deny', right: { resource: 'pods', subresource: 'portforward' } });
  await sandbox.control({ kind: 'deny', right: { resource: 'services', subresource: 'proxy' } });
  const { code, stderr } = await logs('jobmanager', '--templates');
  expect([code, stderr]).toEqual([0, expect.stringMatching(/^It is not known whether a job failed: /)]);
});

test('--templates does not wait for more lines', async () => {
  const { code, stderr } = await logs('--templates', '-f');
  expect([code, stderr]).toEqual([2, '--templates counts what there is, and -f waits for more. Give one of them.\n']);
});
