import { noTemplates, usualReader, noContainer, notKept } from '../support/fakes.ts';
import { describe, expect, test } from 'vitest';
import { layoutsOf } from '../../src/inside/log/console-layouts.ts';
import { readEntry } from '../../src/inside/log/entry.ts';
import { plainWords } from '../../src/inside/log/plain-words.ts';
import { shownText } from '../../src/tui/state/log-text.ts';
import { plain } from '../../src/support/text-width.ts';
import { Problem } from '../../src/support/problem.ts';
import type { LogView, SessionLogs, SourceName, SourceStatus, ViewLine } from '../../src/session/types.ts';
import { runBlock } from '../../src/tui/rows/log-folds.ts';
import { logWindow, stepLine, type LogDrawing } from '../../src/tui/rows/log-rows.ts';
import { briefName } from '../../src/native/pod-names.ts';
import { initialUi } from '../../src/tui/state/ui.ts';
import { colourful, filterOf, live, log4j, logsOf, now, richLines, richSession, viewOf, viewWanted } from './fixtures.ts';
import { ScreenUnderTest, selectsPod } from './harness.ts';

const base = initialUi({ theme: 'dark', mouse: false }).log;
const rowsOf = (over: Partial<LogDrawing>, state: Partial<typeof base> = {}): string[] =>
  logWindow({
    view: viewOf(richLines()),
    state: { ...base, ...state },
    width: 100,
    height: 12,
    source: undefined,
    look: colourful,
    ...over,
  }).rows.map((row) => plain(row).trimEnd());

describe('lines of the log', () => {
  test('the head that log4j writes becomes columns; x shows lines as they were written', () => {
    expect(rowsOf({}).at(-7)).toBe(' 11:34:16.224 ERROR Exception in task Enrich (5/12)');
    expect(rowsOf({}, { raw: true, folded: true }).join('\n')).toContain('org.apache.flink.runtime.Thing [] - Exception');
  });

  test('a layout of the cluster becomes the same columns', () => {
    const line = 'Exception in task Enrich | org.apache.flink.Thing | ERROR';
    const view = {
      ...viewOf([{ at: now, pod: 'p', level: 'ERROR', begins: true, timeline: undefined, text: line }]),
      reader: { ...usualReader, head: (text: string) => readEntry(text, layoutsOf(['%m | %c | %p'])) },
    };
    expect(rowsOf({ view })).toEqual([' 11:34:20.500 ERROR Exception in task Enrich']);
    expect(rowsOf({ view }, { raw: true })).toEqual([` ${line}`]);
  });

  test('a job has its name where the line has its id, and its id still finds the line', () => {
    const id = 'a3a95f7ce9badeeda733d2390ecd94e3';
    const view = {
      ...viewOf([log4j(now, 'p', 'INFO', `Completed checkpoint 7 for job ${id}.`)]),
      reader: { ...usualReader, plainWords: (text: string) => plainWords(text, { clusterId: 'c1', jobs: new Map([[id, 'orders']]) }) },
    };
    expect(rowsOf({ view })).toEqual([' 11:34:20.500 INFO  Completed checkpoint 7 for job orders.']);
    expect(rowsOf({ view, width: 180 }, { raw: true })[0]).toContain(id);
    const line = view.line(0);
    const text = line === undefined ? '' : shownText(line, view.reader, () => 'jm', 'local');
    for (const word of ['job orders', id.slice(0, 12)]) expect(text).toContain(word);
  });

  test('several pods have a column of their own', () => {
    const source = (pod: string): string => briefName(pod.replace('my-first-flink-cluster-', ''), false);
    expect(rowsOf({ source }).at(-7)).toBe(' 11:34:16.224 tm1-3  ERROR Exception in task Enrich (5/12)');
    expect(rowsOf({ source }).at(-2)).toMatch(/^ 11:34:18\.800 ── k8s ─ pod taskmanager-1-4 created on node-b ─+$/);
  });

  test('stack frames are one note beside their exception, or all of them', () => {
    expect(rowsOf({}).find((row) => row.includes('OutOfMemory'))).toBe(
      '                    java.lang.OutOfMemoryError: Java heap space   ▸ 14 frames',
    );
    expect(rowsOf({ height: 30 }, { folded: false }).filter((row) => row.includes('at org.apache.flink'))).toHaveLength(14);
  });

  test('stamps have milliseconds where there is room, and can be left away', () => {
    expect(rowsOf({ width: 70 }).find((row) => row.includes('Exception in task'))).toBe(' 11:34:16 ERROR Exception in task Enrich (5/12)');
    expect(rowsOf({}, { stamps: 'off' }).at(-7)).toBe(' ERROR Exception in task Enrich (5/12)');
  });

  test('stamps are of the zone, or how long after the line before or after a mark a line is', () => {
    const view = viewOf(
      [0, 250, 72_250].map((ms) => log4j(now + ms, 'p', 'INFO', ms === 0 ? 'begins' : ms < 1_000 ? 'goes on' : 'ends well')),
    );
    expect(rowsOf({ view }, { stamps: 'before' })).toEqual([
      '              INFO  begins',
      '       +0.250 INFO  goes on',
      '    +1:12.000 INFO  ends well',
    ]);
    expect(rowsOf({ view, width: 80 }, { stamps: 'before' }).at(-1)).toBe('    +1:12 INFO  ends well');
    const marked = [view.line(1)].filter((line) => line !== undefined);
    expect(rowsOf({ view }, { stamps: 'mark', marked })).toEqual([
      '       -0.250 INFO  begins',
      '★      +0.000 INFO  goes on',
      '    +1:12.000 INFO  ends well',
    ]);
    expect(rowsOf({ view }, { zone: 'utc' })[0]).toBe(` ${new Date(now).toISOString().slice(11, 23)} INFO  begins`);
  });

  test('a marked line is seen although the lines around it are folded', () => {
    const view = viewOf([1, 2, 3].map((n) => log4j(now + n, 'p', 'INFO', `at ${n}`)));
    const marked = [view.line(1)].filter((line) => line !== undefined);
    expect(rowsOf({ view }, { stamps: 'off' })).toEqual([' INFO  at 3   ▸ ×3']);
    expect(rowsOf({ view }, { stamps: 'off', marked })).toEqual(['★INFO  at 2', ' INFO  at 3   ▸ ×3']);
  });

  test('long lines are cut with a mark, moved, or wrapped below their message', () => {
    const view = viewOf([
      { at: now, pod: 'p', level: 'INFO', timeline: undefined, text: `2026-11-22 11:34:16,221 INFO  a.B [] - ${'word '.repeat(30)}` },
    ]);
    expect(rowsOf({ view, width: 60 })[0]).toMatch(/^ 11:34:20 INFO {2}word .*…$/);
    expect(rowsOf({ view, width: 60 }, { shift: 5 })[0]).toMatch(/^ 11:34:20 INFO {2}word/);
    const wrapped = rowsOf({ view, width: 60 }, { wrap: true });
    expect(wrapped.length).toBeGreaterThan(3);
    expect(wrapped[1]).toMatch(/^ {16}word/);
  });

  test('colours of a line stay, and a match is marked', () => {
    const view = viewOf([{ at: now, pod: 'p', level: undefined, timeline: undefined, text: 'one \u001b[32mgreen\u001b[39m word' }]);
    const draw = (state: Partial<typeof base>) =>
      logWindow({ view, state: { ...base, ...state }, width: 60, height: 3, source: undefined, look: colourful }).rows[0] ?? '';
    expect(draw({})).toContain('\u001b[32mgreen');
    expect(draw({ search: filterOf('green') })).toContain('\u001b[7m');
  });

  test('only what is seen is decoded, also of a million lines', () => {
    let read = 0;
    const view: LogView = {
      version: 1,
      count: 1_000_000,
      dropped: 5,
      pending: 0,
      fingerprint: () => 0,
      troublesFrom: (_, minutes) => ({ errors: new Uint32Array(minutes), warnings: new Uint32Array(minutes) }),
      advance: () => {},
      reader: usualReader,
      line: (index) => {
        read++;
        return { at: now, pod: 'p', level: 'INFO', timeline: undefined, text: `line ${index}` };
      },
    };
    expect(rowsOf({ view, height: 40 })).toHaveLength(40);
    // Those that are seen, and those among which runs are looked for.
    expect(read).toBeLessThanOrEqual(40 + runBlock);
    read = 0;
    rowsOf({ view, height: 40 });
    expect(read).toBe(40);
    expect(rowsOf({ view, height: 40 }, { anchor: 1_004 }).at(-1)).toContain('line 999');
  });

  test('a line of 64 KiB costs what is seen of it', () => {
    const view = viewOf(
      Array.from({ length: 12 }, () => ({ at: now, pod: 'p', level: undefined, timeline: undefined, text: '日本語 '.repeat(16_000) })),
    );
    for (const wrap of [false, true]) expect(rowsOf({ view }, { wrap })).toHaveLength(12);
  });

  test('a step skips frames that are folded away', () => {
    const view = viewOf(richLines());
    const exception = richLines().findIndex(({ text }) => text.startsWith('java.lang.OutOfMemory'));
    expect(stepLine(view, base, exception + 15, -1)).toBe(exception + 14);
    expect(stepLine(view, base, exception + 14, -1)).toBe(exception - 1);
    expect(stepLine(view, { ...base, folded: false }, exception + 14, -1)).toBe(exception + 13);
  });
});

/** A log that grows when told to. */
function growing(): { readonly logs: SessionLogs; grow(count: number): void; readonly asked: unknown[] } {
  const lines: ViewLine[] = [];
  const asked: unknown[] = [];
  const grow = (count: number): void => {
    for (let more = 0; more < count; more++)
      lines.push({ at: now, pod: 'p', level: 'INFO', timeline: undefined, text: `line ${lines.length}.` });
  };
  grow(200);
  return {
    grow,
    asked,
    logs: {
      follow: (pod) => void asked.push(['follow', pod]),
      unfollow: () => {},
      container: noContainer,
      ...notKept,
      reader: usualReader,
      templates: noTemplates,
      view: (pods, options) => {
        if (options?.timeline !== false) asked.push(pods);
        return viewWanted(() => lines, options ?? {});
      },
    },
  };
}

const inLog = async (logs: SessionLogs): Promise<ScreenUnderTest> => {
  const screen = new ScreenUnderTest({ logs });
  await screen.panel('Log').sees('following');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('5');
  await screen.panel('Log').sees('G follow');
  return screen;
};
const tell = (screen: ScreenUnderTest): void => screen.store.tell([{ kind: 'leader', at: now, pod: `x${Math.random()}` }]);

describe('reading the log', () => {
  test('a pod that is selected once more leaves its log where it is read', async () => {
    await using screen = await inLog(logsOf(richLines()));
    screen.type('1g');
    await selectsPod(screen, 'taskmanager-1-4');
    screen.type('5kk');
    await screen.panel('Log').sees('paused, 2 new');
    screen.type('1kg');
    await screen.panel('Pods').sees('d describe');
    expect(screen.panel('Log').text()).toContain('paused, 2 new');
    screen.type('j');
    await screen.panel('Log').sees('jobmanager-f647b · following');
  });

  test('scrolling up pauses and counts what is new; G follows again', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    await screen.panel('Log').sees('line 199.');
    screen.type('k');
    await screen.panel('Log').sees('paused, 1 new');
    log.grow(30);
    tell(screen);
    await screen.panel('Log').sees('paused, 31 new');
    expect(screen.panel('Log').text()).toContain('line 198.');
    expect(screen.panel('Log').text()).not.toContain('line 199.');
    screen.type('G');
    await screen.panel('Log').sees('line 229.');
    await screen.panel('Log').sees('following');
  });

  test('g shows the oldest line, page down comes back', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.type('g');
    await screen.panel('Log').sees('line 0.');
    screen.type(' ');
    await screen.panel('Log').seesNo('line 0.');
  });

  test('the log follows the selected pod, or all with a', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    expect(log.asked[0]).toEqual(['follow', 'my-first-flink-cluster-jobmanager-f647b']);
    screen.type('a');
    await screen.panel('Log').sees('all 4 logs');
    expect(log.asked.at(-1)).toBe('all');
    screen.type('a');
    await screen.panel('Log').sees('jobmanager-f647b · following');
  });

  test('/ filters with a regular expression; a leading ! inverts it, and the title counts', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.type('/!line 1|x⏎');
    await screen.panel('Log').sees('/!line 1|x');
    await screen.panel('Log').sees(/89 of \d+,?\d* lines/);
    await screen.panel('Log').seesNo('line 199.');
    await screen.panel('Log').sees('line 99.');
  });

  test('whatever is typed after /, the next key is obeyed; what takes a linear engine too much is reported in a sentence', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.type('/(\\w+\\s?)+failed⏎');
    await screen.panel('Log').sees('/(\\w+\\s?)+failed');
    await screen.panel('Log').sees('No line matches');
    screen.type('/');
    for (let sign = 0; sign < 20; sign += 1) screen.type('⌫');
    screen.type('(?i)LINE 19(?=9)');
    await screen.problem.sees('look-ahead, look-behind and back-references are not supported');
    for (let sign = 0; sign < 5; sign += 1) screen.type('⌫');
    screen.type('9⏎');
    await screen.panel('Log').sees('line 199.');
    await screen.panel('Log').seesNo('line 198.');
  });

  test('f finds the match before, n goes on in the direction that the title shows, N comes back; how many there are is reported', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.type('fline 1.7\\.');
    await screen.panel('Log').sees('find line 1.7\\. ↑ 10');
    screen.type('⏎');
    await screen.panel('Log').sees(/▸ +line 197\./);
    await screen.panel('Log').sees('find line 1.7\\. ↑ 10 of 10');
    screen.type('nnnn');
    await screen.panel('Log').sees(/▸ +line 157\./);
    await screen.panel('Log').sees('6 of 10');
    screen.type('N');
    await screen.panel('Log').sees('line 167.');
    await screen.panel('Log').sees('7 of 10');
    screen.type('⎋');
    await screen.panel('Log').seesNo('find line');
  });

  test('after the oldest match the search goes on at the newest one, and says so', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.type('fline 1[01]7\\.⏎n');
    await screen.panel('Log').sees(/▸ +line 107\./);
    await screen.panel('Log').sees('1 of 2');
    screen.type('n');
    await screen.panel('Log').sees(/▸ +line 117\./);
    await screen.result.sees('There is no earlier match: this is the newest one.');
    screen.type('N');
    await screen.panel('Log').sees(/▸ +line 107\./);
    screen.type('N'.repeat(2));
    await screen.result.sees('There is no later match: this is the oldest one.');
    screen.type('⎋');
    await screen.panel('Log').seesNo('find line');
    screen.type('fline 107\\.⏎n');
    await screen.result.sees('This is the only match.');
  });

  test('m marks lines: a filter does not hide them, quotes go from one to the next, y copies all of them, and Esc takes the marks off', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.type('m');
    await screen.panel('Log').sees(/★ +line 199\./);
    screen.type('kkkm');
    await screen.panel('Log').sees(/★ +line 196\./);
    await screen.panel('Log').sees('2 marked');
    screen.type('/line 10.\\.⏎');
    await screen.panel('Log').sees(/★ +line 199\./);
    await screen.panel('Log').sees('12 of ');
    await screen.panel('Log').seesNo('line 198.');
    screen.type("'");
    await screen.result.sees('Marked line 1 of 2');
    screen.type("'");
    await screen.result.sees('Marked line 2 of 2');
    screen.type('"');
    await screen.result.sees('Marked line 1 of 2');
    screen.type('y');
    await screen.result.sees('Copied 2 marked lines.');
    screen.type('m');
    await screen.panel('Log').sees('1 marked');
    await screen.panel('Log').sees('11 of ');
    screen.type('⎋');
    await screen.panel('Log').sees('200 lines');
    screen.type('⎋');
    await screen.panel('Log').sees('following');
    screen.type('⎋');
    await screen.panel('Log').seesNo('★');
  });

  test('goto leads to the line nearest to a time, range leaves out all others, and Esc brings them back', async () => {
    const at = now - 60_000;
    const lines = Array.from({ length: 200 }, (_, n) => log4j(at + (n - 50) * 1_000, 'p', 'INFO', `line ${n}.`));
    await using screen = await inLog(logsOf(lines));
    screen.front?.logTime?.goTo(at + 1);
    await screen.panel('Log').sees(/▸[\d:.]+ INFO +line 50\./);
    screen.front?.logTime?.goTo(at - 3_600_000);
    await screen.panel('Log').sees(/▸[\d:.]+ INFO +line 0\./);
    await screen.result.sees('The oldest line here is of ');
    screen.front?.logTime?.only({ since: at, until: at + 30_000 });
    await screen.panel('Log').sees('11:33:20 to 11:33:50');
    await screen.panel('Log').sees('line 50.');
    await screen.panel('Log').seesNo('line 49.');
    screen.type('⎋');
    await screen.panel('Log').sees('following');
    screen.type('⎋');
    await screen.panel('Log').seesNo(' to 11:33:50');
  });

  test('t says what stands before the lines: how long after a mark only if there is one', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.type('t');
    await screen.result.sees('Before each line stands how long after the line before it is.');
    screen.type('t');
    await screen.result.sees('Nothing stands before the lines.');
    screen.type('mttt');
    await screen.result.sees('Before each line stands how long after the marked line it is.');
  });

  test('no match is reported', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.type('fnowhere⏎');
    await screen.result.sees('No line matches nowhere');
  });

  test('clear leaves an empty log that can be scrolled back', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.front?.clear();
    await screen.panel('Log').seesNo('line 199.');
    log.grow(1);
    tell(screen);
    await screen.panel('Log').sees('line 200.');
    screen.type('k');
    await screen.panel('Log').sees('line 199.');
  });

  test('logs POD shows that pod, whatever is selected', async () => {
    const log = growing();
    await using screen = await inLog(log.logs);
    screen.front?.show({ kind: 'log', pods: ['my-first-flink-cluster-taskmanager-1-1'] });
    await screen.panel('Log').sees('taskmanager-1-1 · following');
  });
});

test('an empty log says so', async () => {
  await using screen = new ScreenUnderTest({ logs: logsOf([]) });
  await screen.panel('Log').sees('No lines yet');
});

test('a log that may not be read says why, also when events of its pod are shown in its place', async () => {
  const session = richSession();
  const leader = session.leader ?? '';
  const denied: SourceStatus = {
    ...live(),
    state: 'denied',
    problem: new Problem('forbidden', 'forbidden: get pods/log in namespace flink (User "nologs")'),
  };
  const event: ViewLine = {
    at: now,
    pod: leader,
    level: undefined,
    text: '',
    timeline: { at: now, from: 'k8s', severity: 'info', subject: leader, text: 'pod started' },
  };
  await using screen = new ScreenUnderTest({
    session: { ...session, logs: new Map(), sources: new Map<SourceName, SourceStatus>([...session.sources, [`log:${leader}`, denied]]) },
    logs: logsOf([event]),
  });
  await screen.panel('Log').sees('pod started');
  await screen.panel('Log').sees('forbidden: get pods/log in namespace flink (User "nologs")');
});
