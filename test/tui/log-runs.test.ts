import { describe, expect, test } from 'vitest';
import { plain } from '../../src/support/text-width.ts';
import type { LogView, SessionLogs, ViewLine } from '../../src/session/types.ts';
import { foldsIn, runBlock } from '../../src/tui/rows/log-folds.ts';
import { leastAnchor, logWindow, newest, stepLine, type LogDrawing } from '../../src/tui/rows/log-rows.ts';
import { isFlood } from '../../src/tui/rows/log-flood.ts';
import { logBody } from '../../src/tui/rows/log.ts';
import { initialUi } from '../../src/tui/state/ui.ts';
import { colourful, filterOf, frameOf, log4j, logsOf, now, viewOf, viewOfAll, viewWanted } from './fixtures.ts';
import { ScreenUnderTest } from './harness.ts';

const job = '0d7cb6144434adb419f4d7b89eb19434';
const line = (number: number, message: string, level: NonNullable<ViewLine['level']> = 'INFO'): ViewLine =>
  log4j(now - 3_600_000 + number * 100, 'jm', level, message);
const triggering = (id: number, at = 2 * id): ViewLine =>
  line(at, `Triggering checkpoint ${id} (type=CHECKPOINT) @ 1795837783229 for job ${job}.`);
const completed = (id: number, at = 2 * id + 1): ViewLine =>
  line(
    at,
    `Completed checkpoint ${id} for job ${job} (8${id % 10}000 bytes, checkpointDuration=${20 + (id % 10)} ms, finalizationTime=2 ms).`,
  );
const checkpoints = (count: number, from = 0): ViewLine[] =>
  Array.from({ length: count }, (_, index) => [triggering(from + index), completed(from + index)]).flat();

const base = initialUi({ theme: 'dark', mouse: false }).log;
const draw = (over: Partial<LogDrawing>, state: Partial<typeof base> = {}) =>
  logWindow({
    view: viewOf([]),
    state: { ...base, stamps: 'off', ...state },
    width: 110,
    height: 8,
    source: undefined,
    look: colourful,
    ...over,
  });
const rowsOf = (over: Partial<LogDrawing>, state: Partial<typeof base> = {}): string[] =>
  draw(over, state).rows.map((row) => plain(row).trimEnd());

describe('a run on the screen', () => {
  const lines = [line(-1, 'Job orders started'), ...checkpoints(24), line(50, 'Job orders stopped')];
  const view = viewOf(lines);
  const folded = [
    ' INFO  Job orders started',
    ' INFO  24 checkpoints of 0d7cb6, 80–89 kB, 20–29 ms   ▸ 48 lines',
    ' INFO  Job orders stopped',
  ];

  test('is one line in the words of Flink, beside what is folded into it', () => {
    expect(rowsOf({ view })).toEqual(folded);
    const named = { ...view, reader: { ...view.reader, plainWords: (text: string) => text.replace(job, 'orders') } };
    expect(rowsOf({ view: named })[1]).toContain('24 checkpoints of orders, ');
  });

  test('shows its lines as they were written with x, with o, and behind a filter', () => {
    for (const state of [{ raw: true }, { folded: false }, { filter: filterOf('checkpoint') }])
      expect(rowsOf({ view, height: 60 }, state)).toHaveLength(50);
  });

  test('is open if something was found in it', () => {
    expect(rowsOf({ view, height: 60 }, { found: 7 })).toHaveLength(50);
    expect(rowsOf({ view, height: 60 }, { found: 0 })).toHaveLength(3);
  });

  test('is one step, and one line of a page', () => {
    expect(stepLine(view, base, 49, -1)).toBe(48);
    expect(stepLine(view, base, 48, -1)).toBe(0);
    expect(stepLine(view, base, 0, 2)).toBe(49);
    expect(draw({ view }).lines).toBe(3);
    expect(leastAnchor(view, base, 2)).toBe(48);
  });

  test('stays where it is while it grows below a log that is paused', () => {
    const growing = viewOf(checkpoints(30));
    expect(rowsOf({ view: growing }, { anchor: 19 })).toEqual([' INFO  30 checkpoints of 0d7cb6, 80–89 kB, 20–29 ms   ▸ 60 lines']);
    expect(newest(growing)).toBe(59);
  });

  test('of other lines shows the last of them, and how many there are', () => {
    const customers = viewOf([1, 2, 3, 4].map((count) => line(count, `Refreshed ${count} customers`)));
    expect(rowsOf({ view: customers })).toEqual([' INFO  Refreshed 4 customers   ▸ ×4']);
    const ascii = { ...colourful, ascii: true };
    expect(rowsOf({ view: customers, look: ascii })[0]).toContain(' x4');
    expect(rowsOf({ view, look: ascii })[1]).toContain('80-89 kB, 20-29 ms');
  });

  test('is one row in a narrow window, without the last of its words if need be', () => {
    const row = (width: number, state: Partial<typeof base> = {}): string[] => rowsOf({ view: viewOf(checkpoints(24)), width }, state);
    expect(row(66)).toEqual([' INFO  24 checkpoints of 0d7cb6, 80–89 kB, 20–29 ms   ▸ 48 lines']);
    expect(row(57)).toEqual([' INFO  24 checkpoints of 0d7cb6, 80–89 kB, 20–29 ms ▸ 48']);
    expect(row(50)).toEqual([' INFO  24 checkpoints of 0d7cb6, 80–89 kB, … ▸ 48']);
    expect(row(34, { wrap: true })).toEqual([' INFO  24 checkpoints of 0d7cb6,', '       80–89 kB, 20–29 ms', '       ▸ 48 lines']);
    const same = viewOf([1, 2, 3, 4].map((count) => line(count, `Refreshed ${count} customers`)));
    expect(rowsOf({ view: same, width: 30 })).toEqual([' INFO  Refreshed 4 cust… ▸ ×4']);
  });

  test('of several pods has their number in the place of a name', () => {
    const id = `(${job}_bc764cd8ddf7a0cff126f51c16239658_0_0)`;
    const tasks = ['tm1', 'tm2', 'tm3'].map((pod, at) => ({
      ...line(at, `Map (${at + 1}/3) ${id} switched from RUNNING to CANCELING.`),
      pod,
    }));
    expect(rowsOf({ view: viewOf(tasks), source: (pod) => pod })).toEqual([' 3 pods INFO  3 tasks of Map RUNNING → CANCELING   ▸ 3 lines']);
  });

  test('of very many lines is several, whatever part of the log is on the screen', () => {
    const many = viewOf(checkpoints(2 * runBlock), -700);
    const all = rowsOf({ view: many, height: 60 });
    expect(all.length).toBeGreaterThan(3);
    expect(all.length).toBeLessThan(8);
    // Looked at from the oldest line on, and from the newest one back.
    const upwards = foldsIn(viewOf(checkpoints(2 * runBlock), -700), base);
    const numbers = Array.from({ length: many.count }, (_, index) => index - 700);
    const visible = numbers.filter((number) => !upwards.hides(number));
    let at = newest(many);
    for (const number of visible.toReversed()) {
      expect(at).toBe(number);
      at = stepLine(many, base, at, -1);
    }
  });

  test('is found anew if a late line comes between its lines, and if its first lines fall out', () => {
    const kept = checkpoints(4);
    let dropped = 0;
    const changing = {
      ...viewOfAll(() => kept),
      version: 0,
      get dropped() {
        return dropped;
      },
      get count() {
        return kept.length;
      },
      fingerprint: (from: number, to: number) => kept.slice(from, to).reduce((sum, { text }) => sum * 31 + text.length, 7) | 0,
    };
    expect(rowsOf({ view: changing })).toHaveLength(1);
    kept.splice(3, 0, line(0, 'Order 7 names no customer', 'WARN'));
    changing.version = 1;
    expect(rowsOf({ view: changing })).toHaveLength(3);
    kept.splice(0, 2);
    dropped = 2;
    changing.version = 2;
    expect(rowsOf({ view: changing })[0]).toContain('Triggering checkpoint 1 ');
  });

  test('is looked for once, however often the log is drawn', () => {
    let read = 0;
    const counted = viewOf(checkpoints(200));
    const counting = { ...counted, version: 1, count: 400, line: (index: number) => ((read += 1), counted.line(index)) };
    rowsOf({ view: counting });
    read = 0;
    for (let frame = 0; frame < 10; frame += 1) rowsOf({ view: counting });
    // Only the line that stands for them.
    expect(read).toBe(10);
  });
});

describe('a run in a flood', () => {
  const all = checkpoints(10_000);
  /** A log to which lines are added between the frames. */
  function flow() {
    let [read, count] = [0, 0];
    const view: LogView = {
      ...viewOf([]),
      get version() {
        return count;
      },
      get count() {
        return count;
      },
      line: (index) => ((read += 1), all[index]),
    };
    return {
      view,
      add: (lines: number) => void (count += lines),
      rows: (reach: LogDrawing['reach']) => rowsOf({ view, height: 30, reach }),
      readSince: () => {
        const before = read;
        read = 0;
        return before;
      },
    };
  }

  test('costs no more than a block of lines a frame, however many come', () => {
    const { add, rows, readSince } = flow();
    for (let frame = 0; frame < 4; frame += 1) {
      add(4_000);
      readSince();
      expect(rows('newest').at(-1)).toMatch(/▸ \d+ lines$/);
      // Those of the block, once to find the run and once for its words, and those that fill the window.
      expect(readSince()).toBeLessThan(2 * runBlock + 2 * 30);
    }
  });

  test('stays folded if it was found before', () => {
    const { add, rows } = flow();
    add(20 * runBlock);
    const before = rows('all');
    add(100);
    expect(rows('newest')).toEqual([...before, ' INFO  50 checkpoints of 0d7cb6, 80–89 kB, 20–29 ms   ▸ 100 lines']);
  });

  test('is what it always is once the flood is over', () => {
    const { add, view, rows } = flow();
    for (let frame = 0; frame < 3; frame += 1) {
      add(4_100);
      rows('newest');
    }
    expect(rows('newest').filter((row) => row.includes('▸'))).toHaveLength(1);
    expect(rows('all')).toEqual(rowsOf({ view: viewOf(all.slice(0, view.count)), height: 30 }));
  });

  test('is shown by the panel as soon as the flood is over, and at once if the log is paused', () => {
    const { add, view } = flow();
    const at = (later: number, log = base): string =>
      logBody(frameOf({ columns: 120, rows: 40 }, { logView: view, now: now + later }, { log }), 110, 30)
        .lines.map(plain)
        .join('\n');
    const folded = /256 checkpoints of .*▸ 512 lines/;
    add(1_100);
    expect(at(0)).toMatch(folded);
    add(8_000);
    expect(at(300)).not.toMatch(folded);
    add(8_000);
    expect(at(600)).not.toMatch(folded);
    expect(at(600, { ...base, anchor: view.count - 1 })).toMatch(folded);
    add(2_000);
    expect(at(700)).not.toMatch(/(?:▸ 512 lines.*\n){2}/);
    add(10);
    expect(at(1_200)).toMatch(/(?:▸ 512 lines\n.*){25}/);
  });

  test('is one while more lines come than can be looked at, by a clock that may be set back', () => {
    const { add, view } = flow();
    add(1_100);
    expect(isFlood(view, now)).toBe(false);
    add(8_000);
    expect(isFlood(view, now + 300)).toBe(true);
    add(10);
    expect(isFlood(view, now + 400)).toBe(true);
    expect(isFlood(view, now + 900)).toBe(false);
    add(8_000);
    expect(isFlood(view, now)).toBe(false);
  });
});

const inLog = async (logs: SessionLogs): Promise<ScreenUnderTest> => {
  const screen = new ScreenUnderTest({ logs });
  await screen.panel('Log').sees('following');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('5');
  await screen.panel('Log').sees('G follow');
  return screen;
};

describe('a run under the keys', () => {
  const words = Array.from({ length: 40 }, (_, index) => line(100 + index, `Step ${index % 2 === 0 ? 'one' : 'two'} ${index}.`));

  test('Enter unfolds the lowest line and folds it again, o all', async () => {
    await using screen = await inLog(
      logsOf([...words, ...checkpoints(3, 100), ...words.map((each) => ({ ...each, at: now })), ...checkpoints(5, 900)]),
    );
    await screen.panel('Log').sees('5 checkpoints of 0d7cb6');
    screen.type('⏎');
    await screen.panel('Log').sees('Completed checkpoint 904 ');
    await screen.panel('Log').sees('following');
    screen.type('⏎');
    await screen.panel('Log').sees('5 checkpoints of 0d7cb6');
    screen.type('o');
    await screen.panel('Log').sees('Completed checkpoint 904 ');
    screen.type('⏎');
    await screen.result.sees('Nothing is folded: o folds lines that repeat.');
  });

  test('a match in a run opens it, and y copies what was found', async () => {
    await using screen = await inLog(logsOf([...words, ...checkpoints(10, 100), ...words.map((each) => ({ ...each, at: now }))]));
    screen.type('fcompleted checkpoint 107⏎');
    await screen.panel('Log').sees(/▸.*Completed checkpoint 107 /);
    await screen.panel('Log').sees('1 of 1');
    await screen.panel('Log').sees('Completed checkpoint 106 ');
    screen.type('⏎');
    await screen.panel('Log').sees('10 checkpoints of 0d7cb6');
  });

  test('y copies the lines of a run as they were written', async () => {
    await using screen = await inLog(logsOf([...words, ...checkpoints(2, 100)]));
    await screen.panel('Log').sees('2 checkpoints of');
    screen.type('y');
    await screen.result.sees('Copied 4 lines, the last of ');
  });

  test('g shows the oldest lines on a full page, and the pages lead through all that is not folded', async () => {
    const lines = [...checkpoints(300), ...words];
    await using screen = await inLog(logsOf(lines));
    screen.type('g');
    await screen.panel('Log').sees('256 checkpoints of 0d7cb6');
    await screen.panel('Log').sees('Step one 0.');
    const unseen = new Set(words.map((_, index) => index));
    const look = (): void => {
      for (const [, number] of screen
        .panel('Log')
        .text()
        .matchAll(/Step (?:one|two) (\d+)\./g))
        unseen.delete(Number(number));
    };
    look();
    while (!screen.panel('Log').text().includes('following')) {
      const before = screen.panel('Log').text();
      screen.type(' ');
      await screen.when('shows the next page', () => screen.panel('Log').text() !== before);
      look();
    }
    expect([...unseen]).toEqual([]);
  });

  test('a filter shows the lines that were folded', async () => {
    const lines = checkpoints(10, 100);
    await using screen = await inLog({ ...logsOf(lines), view: (_, options = {}) => viewWanted(() => lines, options) });
    await screen.panel('Log').sees('10 checkpoints of');
    screen.type('/checkpoint 107⏎');
    await screen.panel('Log').sees('Completed checkpoint 107 ');
    await screen.panel('Log').sees('Triggering checkpoint 107 ');
  });
});
