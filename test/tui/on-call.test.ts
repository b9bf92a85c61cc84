import { noTemplates, usualReader, noContainer, notKept } from '../support/fakes.ts';
import { describe, expect, test } from 'vitest';
import type { JobException } from '../../src/flink/types.ts';
import { createLogView } from '../../src/session/logs/log-view.ts';
import { LogStore } from '../../src/session/logs/log-store.ts';
import type { Job, Session, SessionLogs, TimelineEntry, ViewLine } from '../../src/session/types.ts';
import { plain } from '../../src/support/text-width.ts';
import { initialUi, type LogState } from '../../src/tui/state/ui.ts';
import { firstAt } from '../../src/session/logs/first-at.ts';
import { anchorBelow, failureLine } from '../../src/tui/rows/log-place.ts';
import { logWindow } from '../../src/tui/rows/log-rows.ts';
import { colourless, job, now, pod, richSession, viewOf, viewWanted } from './fixtures.ts';
import { logLine } from '../support/log-line.ts';
import { anIncident, cardOf, whyOf } from '../support/cards.ts';
import { fakeRunner, ScreenUnderTest, type ScreenOptions } from './harness.ts';

const jm = 'my-first-flink-cluster-jobmanager-f647b';
const tm = 'my-first-flink-cluster-taskmanager-1-3';
const failedAt = now - 600_000;

const failure = (over: Partial<JobException> = {}): JobException => ({
  name: 'java.lang.IllegalStateException',
  stacktrace: 'java.lang.IllegalStateException: boom',
  at: failedAt,
  taskName: 'Enrich (5/12)',
  taskManagerId: tm,
  ...over,
});
const failed = (exceptions: readonly JobException[]): Job => job('beef01', 'fraud-scoring', 'FAILED', [0, 6], { exceptions });
/** One job that failed on a TaskManager that is gone. */
const session = (
  exceptions: readonly JobException[] = [failure({ at: failedAt - 60_000, taskManagerId: jm }), failure()],
  over: Partial<Session> = {},
): Session => ({
  ...richSession(),
  pods: new Map([[jm, pod('jobmanager-f647b')]]),
  gone: [pod('taskmanager-1-3', { deletedAt: failedAt + 30_000 })],
  jobs: [failed(exceptions)],
  timeline: [],
  timelineCount: 0,
  ...over,
});

const raw = (at: number, from: string, level: ViewLine['level'], text: string): ViewLine => ({
  at,
  pod: from,
  level,
  timeline: undefined,
  text,
});
const entry = (at: number, from: string, level: NonNullable<ViewLine['level']>, message: string): ViewLine => ({
  ...raw(
    at,
    from,
    level,
    `${new Date(at).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',')} ${level.padEnd(5)} org.example.Thing [] - ${message}`,
  ),
  begins: true,
});
/** Lines that differ in a word from the one before are not folded. */
const sound = (index: number): string => (index % 2 === 0 ? ' tick' : ' tock');

const lines: readonly ViewLine[] = [
  ...Array.from({ length: 400 }, (_, index) => entry(failedAt - 400_000 + index * 990, tm, 'INFO', `before ${index}.${sound(index)}`)),
  entry(failedAt - 12, tm, 'WARN', 'Enrich (5/12) switched from RUNNING to FAILED'),
  raw(failedAt - 12, tm, 'WARN', 'java.lang.IllegalStateException: boom'),
  ...Array.from({ length: 40 }, (_, index) =>
    raw(failedAt - 12, tm, 'WARN', `\tat org.example.Enrich.frame${index}(Enrich.java:${index})`),
  ),
  ...Array.from({ length: 300 }, (_, index) => entry(failedAt + index * 1_000, tm, 'INFO', `after ${index}.${sound(index)}`)),
  ...Array.from({ length: 900 }, (_, index) =>
    entry(failedAt - 400_000 + index * 1_000, jm, 'INFO', `jobmanager ${index}.${sound(index)}`),
  ),
].toSorted((a, b) => a.at - b.at);

/** The logs of each pod, as far as they have come by now. */
function logsByPod(all: () => readonly ViewLine[] = () => lines): SessionLogs {
  return {
    follow: () => {},
    unfollow: () => {},
    container: noContainer,
    ...notKept,
    reader: usualReader,
    templates: noTemplates,
    view: (pods, options = {}) =>
      viewWanted(() => all().filter((line) => line.pod === undefined || pods === 'all' || pods.includes(line.pod)), options),
  };
}

const fraud = 'beef01'.padEnd(32, '0');
const card = cardOf(
  [
    anIncident({
      subject: { kind: 'job', id: fraud, name: 'fraud-scoring' },
      what: 'Job fraud-scoring (beef01) is FAILED.',
      cause: 'java.lang.IllegalStateException: boom',
      at: failedAt,
    }),
  ],
  { places: () => ({ subject: { kind: 'job', job: fraud }, of: () => undefined }) },
);
const calm = cardOf([], { calm: ['No problems found.'] });

/** A screen on which `why` answers. */
function onCall(options: ScreenOptions = {}): ScreenUnderTest {
  const runner = fakeRunner({}, [], async (line) => {
    if (line.startsWith('why'))
      screen.front?.show(whyOf(screen.store.get().jobs.some(({ state }) => state === 'FAILED') ? card : calm)) as void;
    return { kind: 'done' };
  });
  const screen = new ScreenUnderTest({ session: session(), logs: logsByPod(), runner, ...options });
  return screen;
}

const inJobs = async (options: ScreenOptions = {}): Promise<ScreenUnderTest> => {
  const screen = onCall(options);
  await screen.problem.sees('fraud-scoring');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('2');
  await screen.panel('Jobs').sees('c cancel');
  return screen;
};

describe('from the start to the line of the failure', () => {
  test('! names the cause, l shows the log of that moment: two keys', async () => {
    await using screen = onCall();
    await screen.problem.sees('! fraud-scoring failed');
    screen.type('!');
    await screen.panel('Why').sees('Root cause java.lang.IllegalStateException: boom');
    expect(screen.runner.ran).toEqual(['why']);
    await screen.panel('Why').sees('l log');
    screen.type('l');
    await screen.panel('Log').sees(/▸\d\d:24:20\.488 WARN {2}Enrich \(5\/12\) switched from RUNNING to FAILED/);
    await screen.panel('Log').sees('taskmanager-1-3 · paused');
    await screen.panel('Log').sees('▸ 40 frames');
    await screen.panel('Log').sees('before 399.');
    await screen.panel('Log').sees('after 0.');
  });

  test('from a panel as well, also at 80x24', async () => {
    await using screen = await inJobs({ columns: 80, rows: 24 });
    screen.type('!');
    await screen.panel('Why').sees('Root cause');
    screen.type('l');
    await screen.panel('Log').sees('switched from RUNNING to FAILED');
    await screen.panel('Log').sees('after 0.');
  });

  test('l on the job goes there at once, to the newest failure', async () => {
    await using screen = await inJobs();
    screen.type('l');
    await screen.panel('Log').sees(/▸\S+ .*switched from RUNNING to FAILED/);
    screen.type('G');
    await screen.panel('Log').sees('following');
    await screen.panel('Log').sees('after 299.');
    await screen.panel('Log').seesNo('switched from RUNNING');
  });

  test('a filter of before does not hide the failure', async () => {
    await using screen = await inJobs();
    screen.type('5/nothing of this⏎');
    await screen.panel('Log').sees('No line matches');
    screen.type('2l');
    await screen.panel('Log').sees(/▸\S+ .*switched from RUNNING to FAILED/);
  });

  test('a log that is on its way is waited for', async () => {
    let come = 0;
    await using screen = await inJobs({
      logs: logsByPod(() => lines.slice(0, come)),
      session: session([failure()], {
        pods: new Map([
          [jm, pod('jobmanager-f647b')],
          [tm, pod('taskmanager-1-3')],
        ]),
      }),
    });
    screen.type('l');
    await screen.panel('Log').sees('taskmanager-1-3 · following');
    come = 300;
    screen.store.tell([{ kind: 'leader', at: now, pod: jm }]);
    await screen.panel('Log').sees('before 1');
    await screen.panel('Log').sees('taskmanager-1-3 · following');
    come = lines.length;
    screen.store.tell([{ kind: 'leader', at: now, pod: undefined }]);
    await screen.panel('Log').sees(/▸\S+ .*switched from RUNNING to FAILED/);
  });

  test('a failure without a TaskManager is looked up in the log of the JobManager', async () => {
    await using screen = await inJobs({ session: session([failure({ taskManagerId: undefined })]) });
    screen.type('l');
    await screen.result.sees('The failure names no TaskManager: this is what the JobManager wrote at that moment.');
    await screen.panel('Log').sees(/▸\S+ .*jobmanager 399\./);
  });

  test('a TaskManager of which nothing is kept gives way to the JobManager, and that is reported', async () => {
    await using screen = await inJobs({ session: session([failure({ taskManagerId: '10.0.0.9:6122-abc' })]) });
    screen.type('l');
    await screen.result.sees('The log of 10.0.0.9:6122-abc is not here any more: this is what the JobManager wrote at that moment.');
  });

  test('of a job that never failed, the logs of its TaskManagers are asked for', async () => {
    await using screen = await inJobs({ session: session([]) });
    screen.type('l');
    await screen.when('asks', () => screen.runner.ran.length === 1);
    expect(screen.runner.ran).toEqual([expect.stringMatching(/^logs [0-9a-f]{32}$/)]);
  });

  test('where nothing is wrong, ! says so', async () => {
    await using screen = onCall({ session: { ...session(), jobs: [job('1', 'fine', 'RUNNING', [1, 1])] } });
    await screen.panel('Jobs').sees('fine');
    screen.type('!');
    await screen.when('asks', () => screen.runner.ran.length === 1);
    expect(screen.runner.ran).toEqual(['why']);
    await screen.panel('Why').sees('No problems found.');
    screen.type('⏎');
    await screen.result.sees('This line leads nowhere: it is not about one thing.');
  });
});

describe('keys of jobs and pods', () => {
  test.each([
    ['S', 'savepoint'],
    ['x', 'stop-job'],
    ['c', 'cancel'],
  ])('%s puts %s and the id on the command line and runs nothing', async (key, command) => {
    await using screen = await inJobs();
    screen.type(key);
    await screen.commandLine.sees(`› ${command} ${'beef01'.padEnd(32, '0')}`);
    expect(screen.runner.ran).toEqual([]);
  });

  test('w says why, of the job and of the pod', async () => {
    await using screen = await inJobs();
    screen.type('w');
    await screen.panel('Why').sees('Root cause');
    screen.type('q1w');
    await screen.when('asks both', () => screen.runner.ran.length === 2);
    expect(screen.runner.ran).toEqual([`why ${'beef01'.padEnd(32, '0')}`, `why ${jm}`]);
  });
});

describe('the place in a log', () => {
  const state: LogState = initialUi({ theme: 'dark', mouse: false }).log;
  const stamps = (...all: number[]) =>
    viewOf(
      all.map((at) => entry(at, tm, 'INFO', `line of ${at}`)),
      0,
    );

  test('the first line at or after a moment', () => {
    expect([0, 10, 11, 20, 31].map((at) => firstAt(stamps(10, 20, 20, 30), at))).toEqual([0, 0, 1, 1, 4]);
    expect(firstAt(stamps(), 5)).toBe(0);
  });

  test('lines that fell out are older than all others', () => {
    const view = { ...stamps(10, 20, 30), line: (index: number) => (index === 0 ? undefined : stamps(10, 20, 30).line(index)) };
    expect(firstAt(view, 15)).toBe(1);
  });

  test('a log that ended before is shown at its end, one that goes on is waited for', () => {
    expect(failureLine(stamps(10, 20), 50_000, true)).toBe(1);
    expect(failureLine(stamps(10, 20), 50_000, false)).toBeUndefined();
    expect(failureLine(stamps(), 50_000, true)).toBeUndefined();
  });

  test.each([
    [
      'logback',
      (at: string, level: string, text: string) =>
        `${at.replace('T', ' ').replace('.', ',').replace('Z', '')} [Enrich (5/12)#0] ${level.padEnd(5)} org.apache.flink.runtime.taskmanager.Task  - ${text}`,
    ],
    [
      'JSON of log4j',
      (at: string, level: string, text: string) =>
        JSON.stringify({
          '@timestamp': at,
          'log.level': level,
          message: text,
          'error.stack_trace': 'java.lang.IllegalStateException: boom\n\tat org.example.Enrich.map(Enrich.java:4)',
        }),
    ],
    [
      'JSON of logback',
      (at: string, level: string, text: string) =>
        JSON.stringify({ timestamp: Date.parse(at), message: text, level, loggerName: 'org.apache.flink.runtime.taskmanager.Task' }),
    ],
  ])('the line that tells of a failure is found in the layout %s', (_, layout) => {
    const store = new LogStore({ bounds: { maxLines: 1_000, maxBytes: 1 << 20 } });
    const told = (at: number, level: string, text: string) => logLine(at, layout(new Date(at).toISOString(), level, text));
    store.append(tm, [
      told(failedAt - 60_000, 'ERROR', 'an older failure'),
      told(failedAt - 400, 'INFO', 'ERROR is a word of the message'),
      told(failedAt - 12, 'WARN', 'Enrich (5/12) switched from RUNNING to FAILED'),
      logLine(failedAt - 12, '\tat org.example.Enrich.map(Enrich.java:4)'),
      told(failedAt + 40, 'ERROR', 'cleaning up failed'),
    ]);
    const view = createLogView({ store, session, clock: { monotonic: () => 0 }, pods: [tm] });
    expect(view.line(failureLine(view, failedAt, true) ?? -1)?.text).toContain('switched from RUNNING');
  });

  test('the line stands in the window, folded or not, wrapped or not, at any height', () => {
    const view = viewOf(lines.filter(({ pod: from }) => from === tm));
    const number = failureLine(view, failedAt, true) ?? -1;
    expect(view.line(number)?.text).toContain('switched from RUNNING');
    for (const wrap of [true, false]) {
      for (const folded of [true, false]) {
        // A line that is wrapped needs rows of its own.
        for (const height of [...(wrap ? [] : [1, 2, 3]), 7, 20, 60]) {
          const drawing = { view, state: { ...state, folded, wrap, found: number }, width: 40, height, look: colourless };
          const anchor = anchorBelow(drawing, number);
          const { rows } = logWindow({ ...drawing, source: undefined, state: { ...drawing.state, anchor } });
          expect(
            rows.some((row) => plain(row).startsWith('▸')),
            `${height} ${folded} ${wrap}`,
          ).toBe(true);
        }
      }
    }
  });
});

describe('events between the lines', () => {
  const timeline = (from: TimelineEntry['from'], at: number): ViewLine => ({
    at,
    pod: undefined,
    level: undefined,
    text: `told by ${from}`,
    timeline: { at, from, severity: 'info', subject: undefined, text: `told by ${from}` },
  });
  const told = [...lines, timeline('k8s', now), timeline('flink', now + 1), timeline('drey', now + 2)];
  const inLog = async (): Promise<ScreenUnderTest> => {
    const screen = await inJobs({ logs: logsByPod(() => told) });
    screen.type('5');
    await screen.panel('Log').sees('told by drey');
    return screen;
  };

  test('K, F and D turn one kind off and on, and the title says what is off', async () => {
    await using screen = await inLog();
    screen.type('K');
    await screen.panel('Log').seesNo('told by k8s');
    await screen.panel('Log').sees('k8s off');
    await screen.panel('Log').sees('told by flink');
    screen.type('D');
    await screen.panel('Log').sees('k8s, drey off');
    await screen.panel('Log').seesNo('told by drey');
    screen.type('F');
    await screen.panel('Log').sees('events off');
    screen.type('K');
    await screen.panel('Log').sees('flink, drey off');
    await screen.panel('Log').sees('told by k8s');
  });

  test('v turns all off, and all on again', async () => {
    await using screen = await inLog();
    screen.type('v');
    await screen.panel('Log').sees('events off');
    await screen.panel('Log').seesNo('told by');
    screen.type('v');
    await screen.panel('Log').sees('told by k8s');
    await screen.panel('Log').seesNo(' off ');
  });

  test('what is read stays where it is', async () => {
    await using screen = await inLog();
    screen.type('kkk');
    await screen.panel('Log').sees('paused, 3 new');
    await screen.panel('Log').sees('jobmanager 899.');
    const row = screen.rows().findIndex((line) => line.includes('jobmanager 899.'));
    screen.type('K');
    await screen.panel('Log').sees('k8s off');
    await screen.panel('Log').sees('paused, 2 new');
    expect(screen.rows().findIndex((line) => line.includes('jobmanager 899.'))).toBe(row);
  });
});
