import { noTemplates, usualReader, noContainer, notKept } from '../support/fakes.ts';
import { describe, expect, test } from 'vitest';
import type { Session, SessionLogs, TimelineEntry, ViewLine } from '../../src/session/types.ts';
import { plain } from '../../src/support/text-width.ts';
import { logWindow } from '../../src/tui/rows/log-rows.ts';
import { initialUi } from '../../src/tui/state/ui.ts';
import { colourless, now, pod, richSession, viewOf, viewWanted } from './fixtures.ts';
import { ScreenUnderTest, type ScreenOptions, selectedPod } from './harness.ts';

const name = (short: string): string => `my-first-flink-cluster-${short}`;
const [jm, tm1, tm2] = [name('jobmanager-f647b'), name('taskmanager-1-1'), name('taskmanager-1-2')];

const written = (at: number, from: string, level: NonNullable<ViewLine['level']>, message: string): ViewLine => ({
  at,
  pod: from,
  level,
  begins: true,
  timeline: undefined,
  text: `${new Date(at).toISOString().slice(0, 23).replace('T', ' ').replace('.', ',')} ${level.padEnd(5)} org.example.Hidden [] - ${message}`,
});
const below = (at: number, from: string, level: ViewLine['level'], text: string): ViewLine => ({
  at,
  pod: from,
  level,
  begins: false,
  timeline: undefined,
  text,
});
const told = (at: number, subject: string | undefined, text: string): TimelineEntry => ({
  at,
  from: 'k8s',
  severity: 'warn',
  subject,
  text,
});

const timeline = [told(now - 30_500, tm1, 'pod taskmanager-1-1 restarted'), told(now - 20_500, undefined, 'the cluster was scaled')];
const lines: readonly ViewLine[] = [
  ...[jm, tm1, tm2].flatMap((from) =>
    Array.from({ length: 60 }, (_, index) => written(now - 60_000 + index * 1_000, from, 'INFO', `${from.slice(-5)} step ${index}.`)),
  ),
  written(now - 40_400, tm1, 'ERROR', 'first failure'),
  below(now - 40_400, tm1, 'ERROR', 'java.io.IOException: disk full'),
  written(now - 25_400, tm2, 'WARN', 'slow disk'),
  written(now - 10_400, tm2, 'ERROR', `second failure ${'x'.repeat(150)} at the far end`),
  ...timeline.map((line): ViewLine => ({ at: line.at, pod: undefined, level: undefined, timeline: line, text: line.text })),
].toSorted((a, b) => a.at - b.at);

const logs: SessionLogs = {
  follow: () => {},
  unfollow: () => {},
  container: noContainer,
  ...notKept,
  reader: usualReader,
  templates: noTemplates,
  view: (pods, options = {}) =>
    viewWanted(() => lines.filter((line) => line.pod === undefined || pods === 'all' || pods.includes(line.pod)), options),
};
const session = (): Session => {
  const pods = ['jobmanager-f647b', 'taskmanager-1-1', 'taskmanager-1-2'].map((short) => pod(short));
  return {
    ...richSession(),
    pods: new Map(pods.map((each) => [each.name, each])),
    gone: [],
    jobs: [],
    timeline,
    timelineCount: 2,
    logs: new Map(pods.map((each) => [each.name, { lines: 60, bytes: 1, dropped: 0, ended: false }])),
  };
};

const inLog = async (options: ScreenOptions = {}): Promise<ScreenUnderTest> => {
  const screen = new ScreenUnderTest({ session: session(), logs, ...options });
  await screen.panel('Log').sees('step 59.');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('5');
  await screen.panel('Log').sees('G follow');
  return screen;
};

describe('errors', () => {
  test('e goes to the newest error of any pod, E to the one before, and the pod is selected', async () => {
    await using screen = await inLog();
    screen.type('e');
    await screen.panel('Log').sees(/▸\S+ ERROR second failure/);
    await screen.result.sees('Error 2 of 2');
    await screen.panel('Log').sees('taskmanager-1-2 · paused');
    expect(selectedPod(screen)).toBe('taskmanager-1-2');
    screen.type('E');
    await screen.panel('Log').sees(/▸\S+ ERROR first failure/);
    expect(selectedPod(screen)).toBe('taskmanager-1-1');
    screen.type('E');
    await screen.result.sees('No earlier error in any log.');
    screen.type('e');
    await screen.panel('Log').sees(/▸\S+ ERROR second failure/);
    screen.type('e');
    await screen.result.sees('No later error in any log.');
  });

  test('in the log of all pods they are found there', async () => {
    await using screen = await inLog();
    screen.type('a');
    await screen.panel('Log').sees('all 3 logs');
    screen.type('eE');
    await screen.panel('Log').sees(/▸\S+ tm1-1 {2}ERROR first failure/);
    await screen.panel('Log').sees('all 3 logs');
  });

  test('L shows the lines of a level and above, with what belongs to them, and the title says which', async () => {
    await using screen = await inLog();
    screen.type('a');
    await screen.panel('Log').sees('all 3 logs');
    screen.type('LL');
    await screen.panel('Log').sees('WARN and above');
    await screen.panel('Log').seesNo('step');
    await screen.panel('Log').sees('slow disk');
    await screen.panel('Log').sees('the cluster was scaled');
    screen.type('L');
    await screen.panel('Log').sees('ERROR only');
    await screen.panel('Log').seesNo('slow disk');
    await screen.panel('Log').sees('java.io.IOException: disk full');
    screen.type('L');
    await screen.panel('Log').seesNo('ERROR only');
    await screen.panel('Log').sees('step 59.');
  });
});

describe('a filter sees what is shown', () => {
  test.each([
    ['the column of the pod', 'tm1-2 .*WARN', 'slow disk', 'f647b step'],
    ['the local time', () => new Date(now - 40_400).toTimeString().slice(0, 8), 'first failure', 'slow disk'],
    ['what drey says of a moment', 'k8s', 'the cluster was scaled', 'first failure'],
  ])('%s', async (_, filter, seen, hidden) => {
    await using screen = await inLog();
    screen.type('a');
    await screen.panel('Log').sees('all 3 logs');
    screen.type(`/${typeof filter === 'string' ? filter : filter()}⏎`);
    await screen.panel('Log').seesNo(hidden);
    await screen.panel('Log').sees(seen);
  });

  test('and not the logger that is hidden', async () => {
    await using screen = await inLog();
    screen.type('/Hidden⏎');
    await screen.panel('Log').sees('No line matches Hidden');
    screen.type('x');
    await screen.panel('Log').sees('org.example.Hidden');
  });

  test('x keeps the line that was found, although the raw lines that match are others', async () => {
    await using screen = await inLog();
    screen.type('a');
    await screen.panel('Log').sees('all 3 logs');
    screen.type('/Hidden|failure⏎');
    await screen.panel('Log').sees('2 of');
    screen.type('n');
    await screen.panel('Log').sees(/▸\S+ tm1-2 {2}ERROR second failure/);
    screen.type('x');
    await screen.panel('Log').sees(/▸tm1-2 .*org\.example\.Hidden \[\] - second failure/);
  });

  test('n goes on from the line that was found, after other lines are shown between', async () => {
    await using screen = await inLog();
    screen.type('fstep⏎nnn');
    await screen.panel('Log').sees(/▸\S+ INFO {2}f647b step 56\./);
    screen.type('v');
    await screen.panel('Log').sees('events off');
    screen.type('n');
    await screen.panel('Log').sees(/▸\S+ INFO {2}f647b step 55\./);
  });

  test('n walks through what is left, and Esc shows what stands around it', async () => {
    await using screen = await inLog();
    screen.type('/step [23]0⏎');
    await screen.panel('Log').seesNo('step 59.');
    screen.type('nn');
    await screen.panel('Log').sees(/▸\S+ INFO {2}f647b step 20\./);
    screen.type('⎋');
    await screen.panel('Log').sees('step 21.');
    await screen.panel('Log').sees(/▸\S+ INFO {2}f647b step 20\./);
  });
});

describe('places', () => {
  test('Enter in the Timeline shows the log of that pod at that moment', async () => {
    await using screen = await inLog();
    screen.type('4');
    await screen.panel('Timeline').sees('⏎ log');
    screen.type('G⏎');
    await screen.panel('Log').sees(/▸\S+ ── k8s ─ pod taskmanager-1-1 restarted/);
    await screen.panel('Log').sees('taskmanager-1-1 · paused');
    expect(selectedPod(screen)).toBe('taskmanager-1-1');
  });

  test('of a line about no pod the log of all pods is shown', async () => {
    await using screen = await inLog();
    screen.type('4');
    await screen.panel('Timeline').sees('⏎ log');
    screen.type('g⏎');
    await screen.panel('Log').sees(/▸\S+ ── k8s ─ the cluster was scaled/);
    await screen.panel('Log').sees('all 3 logs · paused');
  });

  test('logs POD selects that pod', async () => {
    await using screen = await inLog();
    screen.front?.show({ kind: 'log', pods: [tm2] }) as void;
    await screen.panel('Log').sees('taskmanager-1-2 · following');
    expect(selectedPod(screen)).toBe('taskmanager-1-2');
  });

  test('what is found at the far end of a long line is moved into view', async () => {
    await using screen = await inLog();
    screen.type('a');
    await screen.panel('Log').sees('all 3 logs');
    screen.type('ffar end⏎');
    await screen.panel('Log').sees(/▸\S+ tm1-2.* at the far end/);
  });

  test('long lines are scrolled by half a screen, and never out of sight', async () => {
    await using screen = await inLog();
    screen.type('e');
    await screen.panel('Log').sees('second failure');
    screen.type('→→→→→→→→');
    await screen.panel('Log').sees('at the far end');
    screen.type('←←←');
    await screen.panel('Log').sees('second failure');
  });
});

describe('what a line says is not cut where it matters', () => {
  const state = initialUi({ theme: 'dark', mouse: false }).log;
  const rowsOf = (shown: readonly ViewLine[], over: Partial<typeof state> = {}, source?: (pod: string) => string): string[] =>
    logWindow({ view: viewOf(shown), state: { ...state, ...over }, width: 80, height: 20, source, look: colourless }).rows.map((row) =>
      plain(row).trimEnd(),
    );
  const frames = Array.from({ length: 6 }, (_, index) => below(now, tm1, 'ERROR', `\tat org.example.Fetcher.fetch(Fetcher.java:${index})`));

  test('a reason is whole, and the note of its frames stands beside or below it', () => {
    const cause =
      'Caused by: java.lang.IllegalArgumentException: Artifact fetching from raw HTTP endpoints is disabled by user.artifacts.raw-http-enabled';
    const rows = rowsOf([below(now, tm1, 'ERROR', cause), ...frames]);
    expect(rows.map((row) => row.trim()).join(' ')).toBe(`${cause}   ▸ 6 frames`);
    expect(rows.every((row) => row.length <= 79)).toBe(true);
    expect(rowsOf([below(now, tm1, 'ERROR', `java.io.IOException: ${'y'.repeat(40)}`), ...frames])).toHaveLength(2);
    expect(rowsOf([below(now, tm1, 'ERROR', 'java.io.IOException: no'), ...frames])).toHaveLength(1);
  });

  test('an event that is too long for its row goes on below', () => {
    const text =
      'job orders-enrichment (9f13c2) failed in enrich with customers -> filter test orders (1/4): java.lang.OutOfMemoryError: Java heap space';
    const line = told(now, undefined, text);
    const rows = rowsOf([{ at: now, pod: undefined, level: undefined, timeline: line, text }]);
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.map((row) => row.trim()).join(' ')).toContain('(1/4): java.lang.OutOfMemoryError: Java heap space');
    expect(rows[1]).toMatch(/^ {19}\S/);
  });

  test('an attempt has its number and a job six digits where nobody knows its name; x shows them whole', () => {
    const id = 'd4dd910d9db79e572688367e59a1de7e_ca17eb6a54adb892bc12532901cda34e_1_0';
    const line = written(now, jm, 'INFO', `Source: orders (2/4) (${id}) switched from RUNNING to FAILED.`);
    expect(rowsOf([line])[0]).toContain('Source: orders (2/4) (#0) switched from RUNNING to FAILED.');
    expect(
      rowsOf([line], { raw: true, wrap: true })
        .map((row) => row.trim())
        .join(''),
    ).toContain(id.slice(0, 40));
  });

  test('raw lines of several pods have the column of the pod, and begin beside it', () => {
    const rows = rowsOf([written(now, tm1, 'INFO', 'hello')], { raw: true }, () => 'tm1-1');
    expect(rows[0]).toMatch(/^ tm1-1 {2}\d{4}-\d\d-\d\d \S+ INFO {2}org\.example/);
  });
});
