import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openKept } from '../../src/session/recording/kept-recordings.ts';
import { recordingsFolder } from '../../src/session/recording/places.ts';
import { formatTime } from '../../src/support/format.ts';
import { eventually } from '../support/until.ts';
import { Terminal } from '../terminal/harness.ts';
import { panelOf } from '../tui/parts.ts';
import { deploySession, examples, run, start, testNamespace, type TestNamespace } from './session-cluster.ts';
import { keptText } from './worker-pods.ts';

const clusterId = 'rewound';
/** Milliseconds. A JVM starts slowly if little CPU is left. */
const patience = 400_000;
const state = mkdtempSync(join(tmpdir(), 'drey-rewound-'));

let namespace: TestNamespace;

/** Moments at which all was well, at which a deleted TaskManager was replaced, and at which a job failed. */
const moments = { before: '', between: '', after: '' };

beforeAll(async () => {
  namespace = await testNamespace('rewind');
  await deploySession(
    namespace,
    clusterId,
    '-Drestart-strategy.type=fixed-delay',
    '-Drestart-strategy.fixed-delay.attempts=1000',
    '-Drestart-strategy.fixed-delay.delay=1s',
  );
  await record();
}, 3 * patience);
afterAll(async () => {
  await namespace[Symbol.asyncDispose]();
  rmSync(state, { recursive: true, force: true });
});

const attach = (): Terminal =>
  new Terminal(['attach', clusterId, '-n', namespace.name], { rows: 40, columns: 150, patience, env: { XDG_STATE_HOME: state } });

async function submit(jar: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await run('flink', [
    ...['run', '-d', '-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace.name}`],
    ...[join(examples, 'jobs', jar), ...args],
  ]);
  expect(code, stdout + stderr).toBe(0);
}

/** Whether what was recorded so far has the failure of a job. */
async function failureIsRecorded(name: string): Promise<boolean> {
  await using recording = await openKept({ recordings: recordingsFolder(join(state, 'drey')), clusterId, namespace: namespace.name });
  return recording.last.session.jobs.some((job) => job.name === name && job.state === 'FAILED' && job.exceptions.length > 0);
}

/** It ends with an exit code if it is slow to go, and whether it was released or deleted is known some seconds later. */
const wentAway = /taskmanager-1-1 +\S (Gone|Released|Deleted|Error \(\d+\)) +-/;
const shutDown = 'RECEIVED SIGNAL 15: SIGTERM';
const now = (): string => new Date().toISOString();

/** Lets all of it happen before a drey that is killed at the end. */
async function record(): Promise<void> {
  await using terminal = attach();
  await terminal.sees(/k8s ● live/);
  await submit('StatefulCounter.jar', '--name', 'counter');
  await terminal.sees(/counter +▶ Running.* 2\/2 /);
  await terminal.sees(/taskmanager-1-1 +▶ Running/);
  await eventually('its log is read', async () => (await keptText(state, 'taskmanager-1-1')).includes('INITIALIZING to RUNNING'));
  moments.before = now();
  await namespace.kubectl('delete', 'pod', `${clusterId}-taskmanager-1-1`);
  await terminal.sees(wentAway);
  // It runs again: the number of restarts stands before its id.
  await terminal.sees(/counter +▶ Running.* 2\/2 .* [1-9]\d* +[0-9a-f]{6}/);
  await eventually('the last words of the pod are on disk', async () => (await keptText(state, 'taskmanager-1-1')).includes(shutDown));
  moments.between = now();
  await submit('FailAfter.jar', '--name', 'doomed', '--restarts', '0');
  await terminal.sees(/doomed +✗ Failed/);
  await eventually('the failure is on disk', () => failureIsRecorded('doomed'));
  moments.after = now();
  terminal.signal('SIGKILL');
  await terminal.exit;
}

/** What a replay that reaches no cluster prints for some lines. */
async function replayed(at: string | undefined, ...lines: readonly string[]): Promise<string> {
  const { child, ended } = start('drey', ['replay', '--cluster', clusterId, ...(at === undefined ? [] : ['--at', at])], {
    KUBECONFIG: join(state, 'none'),
    XDG_STATE_HOME: state,
  });
  child.stdin?.end(`${lines.join('\n')}\n`);
  const { code, stdout, stderr } = await ended;
  expect(code, stderr).toBe(0);
  return stdout;
}

/** What a panel has at a moment, and what came later. */
interface PanelThen {
  readonly has: readonly RegExp[];
  readonly lacks?: RegExp;
}

const panels = ['Pods', 'Jobs', 'Log', 'Why'] as const;
type Then = Readonly<Record<(typeof panels)[number], PanelThen>>;

async function seesThen(terminal: Terminal, at: string, then: Then): Promise<void> {
  terminal.type(`:rewind ${at}⏎`);
  await terminal.sees(new RegExp(`^ ${clusterId} .*past ${formatTime(Date.parse(at))} `));
  terminal.type(':log taskmanager-1-1⏎');
  for (const title of panels) {
    if (title === 'Why') terminal.type(':why⏎');
    const panel = panelOf(
      title,
      () => terminal.rows(),
      (what, condition) => terminal.when(what, condition),
    );
    for (const wanted of then[title].has) await panel.sees(wanted);
    const unwanted = then[title].lacks;
    if (unwanted !== undefined) await panel.seesNo(unwanted);
  }
  terminal.type('⎋');
  await terminal.sees('╭ Pods ');
}

test('a replay ends where drey was killed, and shows an earlier moment without what came later', async () => {
  const end = await replayed(undefined, 'pods', 'jobs', 'why doomed', 'logs taskmanager-1-1', 'timeline --since 1h');
  expect(end).toMatch(/taskmanager-1-2 +Running/);
  expect(end).toMatch(/counter +RUNNING +2\/2/);
  expect(end).toMatch(/doomed +FAILED/);
  expect(end).toContain('disk quota exceeded');
  expect(end).toContain(shutDown);
  expect(end).toMatch(/pod taskmanager-1-1 gone/);
  const begin = await replayed(moments.before, 'pods', 'jobs', 'logs taskmanager-1-1');
  expect(begin).toMatch(/taskmanager-1-1 +Running/);
  expect(begin).toContain('INITIALIZING to RUNNING');
  expect(begin).not.toMatch(new RegExp(`doomed|taskmanager-1-2 |${shutDown}`));
}, 60_000);

const lastWords = /SIGTERM|Shutting down|Stopp(?:ed|ing)/;

test(
  'the next drey shows pods, jobs, why and the log of a TaskManager that is gone as they were',
  async () => {
    await using second = attach();
    await second.sees(/doomed +✗ Failed/);
    second.type('⎋');
    await second.sees('d describe');
    await seesThen(second, moments.before, {
      Pods: { has: [/taskmanager-1-1 +▶ Running/], lacks: /taskmanager-1-2/ },
      Jobs: { has: [/counter +▶ Running/], lacks: /doomed/ },
      Log: { has: [/taskmanager-1-1 ·/, /INITIALIZING to RUNNING/], lacks: lastWords },
      Why: { has: [/No problems found\./] },
    });
    const goneAndReplaced = [wentAway, /taskmanager-1-2 +▶ Running/];
    await seesThen(second, moments.between, {
      Pods: { has: goneAndReplaced },
      Jobs: { has: [/counter +▶ Running/], lacks: /doomed/ },
      Log: { has: [/taskmanager-1-1 ·/, lastWords] },
      Why: { has: [/Job counter \([0-9a-f]{6}\) is RUNNING, restarted/], lacks: /disk quota exceeded/ },
    });
    await seesThen(second, moments.after, {
      Pods: { has: goneAndReplaced },
      Jobs: { has: [/counter +▶ Running/, /doomed +✗ Failed/] },
      Log: { has: [/taskmanager-1-1 ·/, lastWords] },
      Why: { has: [/Job doomed \([0-9a-f]{6}\) is FAILED\./, /disk quota exceeded/] },
    });
    second.type(':live⏎');
    await second.sees('This is now.');
    second.type(':quit⏎');
    expect(await second.exit).toBe(0);
  },
  patience,
);
