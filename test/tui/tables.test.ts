import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/session/types.ts';
import { job, now, pod, richSession } from './fixtures.ts';
import { ScreenUnderTest, type ScreenOptions, selectedPod, selectsPod } from './harness.ts';

const inPanels = async (options: ScreenOptions = {}): Promise<ScreenUnderTest> => {
  const screen = new ScreenUnderTest(options);
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  return screen;
};
/** The first words of the rows of the table on the left. */
const rowsOf = (screen: ScreenUnderTest): readonly string[] =>
  screen.rows().flatMap((row) => /^│ [ ▸] ((?:jobmanager|taskmanager)-\S+)/.exec(row)?.[1] ?? []);

const megabyte = 1024 * 1024;
const usage = (...megabytes: readonly number[]) =>
  ({
    kind: 'usage',
    at: now,
    usage: megabytes.map(
      (memory, index) =>
        [
          `my-first-flink-cluster-taskmanager-1-${index + 1}`,
          { cpu: 0.1, memory: memory * megabyte, memoryMax: undefined, source: 'metrics.k8s.io', at: now },
        ] as const,
    ),
  }) as const;
const calm = (count: number, over: Partial<Session> = {}): Session => {
  const pods = [pod('jobmanager-f647b'), ...Array.from({ length: count }, (_, index) => pod(`taskmanager-1-${index + 1}`))];
  return { ...richSession(), pods: new Map(pods.map((each) => [each.name, each])), gone: [], ...over };
};

describe('marked jobs', () => {
  const inJobs = async (): Promise<ScreenUnderTest> => {
    const screen = await inPanels({ columns: 120, rows: 40 });
    screen.type('2');
    await screen.panel('Jobs').sees('c cancel');
    return screen;
  };
  const starred = (screen: ScreenUnderTest): readonly string[] => screen.rows().flatMap((row) => /★[ ▸] (\S+)/.exec(row)?.[1] ?? []);

  test('are cancelled together: Space marks and goes on, the title counts, and c names those that run', async () => {
    await using screen = await inJobs();
    const before = starred(screen);
    screen.type('g   ');
    await screen.panel('Jobs').sees('3 marked');
    expect(before).toEqual([]);
    expect(starred(screen)).toHaveLength(3);
    screen.type('c');
    await screen.commandLine.sees(/› cancel [0-9a-f]{32} [0-9a-f]{32}/);
  });

  test('lose a mark with Space again, and all of them with Esc', async () => {
    await using screen = await inJobs();
    screen.type('g  ');
    await screen.panel('Jobs').sees('2 marked');
    screen.type('g ');
    await screen.panel('Jobs').sees('1 marked');
    expect(starred(screen)).toHaveLength(1);
    screen.type('⎋');
    await screen.panel('Jobs').seesNo('marked');
    expect(starred(screen)).toEqual([]);
  });
});

describe('the order of a table', () => {
  test('what is in trouble comes first, and the leader is selected all the same', async () => {
    await using screen = await inPanels();
    expect(rowsOf(screen)).toEqual(['taskmanager-1-4', 'jobmanager-f647b', 'taskmanager-1-1', 'taskmanager-1-2', 'taskmanager-1-3']);
    expect(selectedPod(screen)).toBe('jobmanager-f647b');
    expect(screen.panel('Jobs').text()).toMatch(/orders-enrichment[^]*fraud-scoring[^]*CarTopSpeedWindowing[^]*nightly-backfill/);
  });

  test('s goes through the columns, R reverses, < goes back; the mark says the direction, in the column and in the title', async () => {
    await using screen = await inPanels();
    screen.type('s');
    await screen.panel('Pods').sees(/NAME↑ .*\n/);
    await screen.panel('Pods').sees('by NAME ↑');
    expect(rowsOf(screen)[0]).toBe('jobmanager-f647b');
    screen.type('s');
    await screen.panel('Pods').sees('STATE↓');
    expect(rowsOf(screen).slice(0, 2)).toEqual(['taskmanager-1-4', 'taskmanager-1-3']);
    screen.type('R');
    await screen.panel('Pods').sees('by STATE ↑');
    await screen.panel('Pods').sees('STATE↑');
    expect(rowsOf(screen).at(-1)).toMatch(/taskmanager-1-[34]/);
    screen.type('<<');
    await screen.panel('Pods').seesNo('by ');
    expect(rowsOf(screen)[0]).toBe('taskmanager-1-4');
  });

  test('names sort as people count: 9 comes before 10', async () => {
    await using screen = await inPanels({ session: calm(11), columns: 200, rows: 50 });
    screen.type('s');
    await screen.panel('Pods').sees('NAME↑');
    expect(rowsOf(screen).slice(-3)).toEqual(['taskmanager-1-9', 'taskmanager-1-10', 'taskmanager-1-11']);
  });

  test('a table can be sorted by a column that has no room, and its title says so', async () => {
    await using screen = await inPanels({ session: calm(3) });
    screen.store.tell([usage(100, 300, 200)]);
    await screen.panel('Pods').seesNo(/ MEM /);
    screen.type('<<<');
    await screen.panel('Pods').sees(/by (MEM|NODE|IP) [↓↑]/);
    while (!screen.panel('Pods').text().includes('by MEM')) {
      const before = screen.panel('Pods').text();
      screen.type('<');
      await screen.when('sorts by another column', () => screen.panel('Pods').text() !== before);
    }
    await screen.panel('Pods').sees('by MEM ↓');
    expect(rowsOf(screen).slice(0, 3)).toEqual(['taskmanager-1-2', 'taskmanager-1-3', 'taskmanager-1-1']);
  });

  test('while one is in a table its rows keep their places; what comes is put in its place, and the order is brought up to date on leaving', async () => {
    await using screen = await inPanels({ session: calm(3) });
    screen.store.tell([usage(100, 300, 200)]);
    screen.type('s');
    while (!screen.panel('Pods').text().includes('by MEM')) {
      const before = screen.panel('Pods').text();
      screen.type('s');
      await screen.when('sorts by another column', () => screen.panel('Pods').text() !== before);
    }
    const order = ['taskmanager-1-2', 'taskmanager-1-3', 'taskmanager-1-1'];
    expect(rowsOf(screen).slice(0, 3)).toEqual(order);
    screen.store.tell([usage(900, 1, 200), { kind: 'pods-seen', at: now, pods: [pod('taskmanager-1-2', { restarts: 77 })] }]);
    await screen.panel('Pods').sees(/taskmanager-1-2 .* 77 /);
    expect(rowsOf(screen).slice(0, 3)).toEqual(order);
    screen.store.tell([
      { kind: 'pods-seen', at: now, pods: [pod('taskmanager-2-1')] },
      {
        kind: 'usage',
        at: now,
        usage: [
          [
            'my-first-flink-cluster-taskmanager-2-1',
            { cpu: 0.1, memory: 500 * megabyte, memoryMax: undefined, source: 'metrics.k8s.io', at: now },
          ],
        ],
      },
    ]);
    await screen.panel('Pods').sees('taskmanager-2-1');
    expect(rowsOf(screen).filter((name) => order.includes(name))).toEqual(order);
    screen.type('2');
    await screen.when('is in order again', () => rowsOf(screen)[0] === 'taskmanager-1-1');
  });

  test('trouble that comes while one is in the table does not move a row under the hand', async () => {
    await using screen = await inPanels({ session: calm(3) });
    screen.type('j');
    await selectsPod(screen, 'taskmanager-1-1');
    screen.store.tell([{ kind: 'pods-seen', at: now, pods: [pod('taskmanager-1-3', { state: 'CrashLoopBackOff', severity: 'error' })] }]);
    await screen.panel('Pods').sees('1 in trouble');
    expect(rowsOf(screen)).toEqual(['jobmanager-f647b', 'taskmanager-1-1', 'taskmanager-1-2', 'taskmanager-1-3']);
    screen.type('5');
    await screen.when('has the trouble first', () => rowsOf(screen)[0] === 'taskmanager-1-3');
  });

  test('a click on the title of a column sorts by it, and another one reverses that', async () => {
    await using screen = await inPanels();
    screen.front?.setMouse(true);
    const row = screen.rows().findIndex((line) => line.includes('READY'));
    const click = (text: string) => screen.stdin.write(`\u001b[<0;${(screen.rows()[row] ?? '').indexOf(text) + 1};${row + 1}M`);
    click('AGE');
    await screen.panel('Pods').sees('by AGE ↑');
    expect(rowsOf(screen)[0]).toBe('taskmanager-1-3');
    click('AGE');
    await screen.panel('Pods').sees('by AGE ↓');
    expect(rowsOf(screen).at(-1)).toBe('taskmanager-1-3');
  });
});

describe('sort as a command', () => {
  test('sorts the table that it was begun in, in the direction of the column or the one that is named, and says so', async () => {
    await using screen = await inPanels();
    expect(screen.front?.table?.columns()).toEqual(['name', 'state', 'ready', 'rst', 'age', 'node', 'ip', 'message']);
    screen.front?.table?.sort('state', undefined);
    await screen.result.sees('by STATE ↓');
    screen.front?.table?.sort('name', 'desc');
    await screen.result.sees('by NAME ↓');
    expect(rowsOf(screen).at(-1)).toBe('jobmanager-f647b');
    screen.type('2');
    await screen.panel('Jobs').sees('c cancel');
    screen.type(':');
    await screen.hints.sees('⏎ run');
    screen.front?.table?.sort('name', 'asc');
    await screen.result.sees('Jobs: by NAME ↑.');
    screen.front?.table?.sort(undefined, undefined);
    await screen.result.sees('Jobs: its own order.');
  });
});

describe('finding in a table', () => {
  test('f selects the next row that matches and hides none; n and N go round, and the title says which of how many', async () => {
    await using screen = await inPanels({ session: calm(12), columns: 200, rows: 50 });
    screen.type('f');
    await screen.commandLine.sees('find ');
    screen.type('1-1⏎');
    await screen.panel('Pods').sees('find 1-1 ↓ 1 of 4');
    expect(selectedPod(screen)).toBe('taskmanager-1-1');
    expect(rowsOf(screen)).toHaveLength(13);
    screen.type('n');
    await selectsPod(screen, 'taskmanager-1-10');
    screen.type('NN');
    await selectsPod(screen, 'taskmanager-1-12');
    await screen.panel('Pods').sees('4 of 4');
    screen.type('n');
    await selectsPod(screen, 'taskmanager-1-1');
    screen.type('j');
    await screen.panel('Pods').sees('find 1-1 ↓ 4');
    screen.type('⎋');
    await screen.panel('Pods').seesNo('find 1-1');
    expect(selectedPod(screen)).toBe('taskmanager-1-2');
  });

  test.each([
    ['f', 'find 1-1'],
    ['/', 'Pods /1-1'],
  ])('what %s found is marked in its cell, also in a selected row', async (key, title) => {
    await using screen = await inPanels({ session: calm(2) });
    screen.type(`${key}1-1⏎`);
    await screen.panel('Pods').sees(title);
    const row = screen.rows().findIndex((line) => line.includes('▸ taskmanager-1-1'));
    const start = (screen.rows()[row] ?? '').indexOf('1-1');
    const inverse = (x: number): boolean => screen.stdout.screen.buffer.active.getLine(row)?.getCell(x)?.isInverse() !== 0;
    expect([start - 1, start, start + 2, start + 3].map(inverse)).toEqual([false, true, true, false]);
  });

  test('what no row matches is reported, and what is selected stays', async () => {
    await using screen = await inPanels({ session: calm(3) });
    screen.type('jf');
    await screen.commandLine.sees('find ');
    screen.type('nosuch⏎');
    await screen.result.sees('No row matches nosuch');
    expect(selectedPod(screen)).toBe('taskmanager-1-1');
  });

  test.each([
    ['2', 'Jobs', 'fraud'],
    ['4', 'Timeline', 'created'],
  ])('it works in panel %s, %s, too, and n goes through what a filter leaves', async (key, title, word) => {
    await using screen = await inPanels();
    const panel = screen.panel(title);
    screen.type(key);
    await panel.sees('⏎ ');
    screen.type('f');
    await screen.commandLine.sees('find ');
    screen.type(`${word}⏎`);
    await panel.sees(new RegExp(`find ${word} ↓ 1 of`));
    screen.type('⎋');
    await panel.seesNo(`find ${word}`);
    screen.type(`/${word}⏎`);
    await panel.sees(new RegExp(` /${word} `));
    screen.type('n');
    await panel.sees(new RegExp(`find ${word} ↓ \\d+ of`));
  });
});

describe('a filter', () => {
  test.each([
    ['x', 'jobs', 'No job is selected: none matches zzzz. Esc clears the filter.'],
    ['y', 'jobs', 'No job is selected'],
    ['c', 'jobs', 'No job is selected'],
    ['l', 'jobs', 'No job is selected'],
    ['d', 'pods', 'No pod is selected: none matches zzzz.'],
    ['w', 'pods', 'No pod is selected'],
    ['y', 'pods', 'No pod is selected'],
  ])('that hides all rows leaves nothing for %s of %s to act on', async (key, view, sentence) => {
    await using screen = await inPanels();
    screen.type(view === 'jobs' ? '2' : '1');
    screen.type('/zzzz⏎');
    const panel = screen.panel(view === 'jobs' ? 'Jobs' : 'Pods');
    await panel.sees(/No (job|pod) matches zzzz/);
    await panel.sees('0 of 4');
    screen.type(key);
    await screen.result.sees(sentence);
    expect(screen.runner.ran).toEqual([]);
    expect(screen.commandLine.text()).toMatch(/^ › +: command$/);
  });

  test('does not change whose log is shown while it hides the pod', async () => {
    await using screen = await inPanels();
    screen.type('j');
    await screen.panel('Log').sees('taskmanager-1-1 · following');
    screen.type('/zzzz⏎');
    await screen.panel('Pods').sees('No pod matches zzzz');
    await screen.panel('Log').sees('taskmanager-1-1 · following');
    screen.type('⎋');
    await selectsPod(screen, 'taskmanager-1-1');
  });

  test('counts what it shows', async () => {
    await using screen = await inPanels({ session: calm(211) });
    await screen.panel('Pods').sees('1/212');
    screen.type('/9-1|1-1[05]$|1-2..⏎');
    await screen.panel('Pods').sees(/\d+ of 212/);
    screen.type('⎋');
    await screen.panel('Pods').sees('1/212');
    screen.type('/1-1[05] ⏎');
    await screen.panel('Pods').sees('2 of 212');
  });

  test('finds what the screen says of a job: its state in words', async () => {
    await using screen = await inPanels();
    screen.type('2/Restarting⏎');
    await screen.panel('Jobs').sees('1 of 4');
    await screen.panel('Jobs').sees('orders-enrichment');
  });
});

test('a table that goes on says where one is, in the title and beside the rows', async () => {
  await using screen = await inPanels({ session: calm(211) });
  const bar = () =>
    screen
      .rows()
      .slice(2, 16)
      .map((row) => row.charAt(60));
  await screen.panel('Pods').sees('1/212');
  expect(bar().join('')).toContain('┃');
  const first = bar().indexOf('┃');
  screen.type('G');
  await screen.panel('Pods').sees('212/212');
  expect(bar().lastIndexOf('┃')).toBeGreaterThan(first);
});

test('a table that is seen whole has no bar', async () => {
  await using screen = await inPanels({ session: calm(2, { jobs: [job('1', 'one', 'RUNNING', [1, 1])] }) });
  expect(screen.rows().slice(0, 11).join('')).not.toContain('┃');
});

/** The cells of the row of a pod: what is written, and how. */
function cellsOf(screen: ScreenUnderTest, name: string) {
  const { active } = screen.stdout.screen.buffer;
  const row = active.getLine(screen.rows().findIndex((text) => text.includes(name)));
  return Array.from({ length: 59 }, (_, index) => row?.getCell(index + 1)).filter((cell) => cell !== undefined);
}

describe('the selected row stands out as a whole', () => {
  test.each(['dark', 'light'])('%s: by the colour behind it', async (theme) => {
    await using screen = await inPanels();
    screen.front?.setTheme(theme);
    await screen.when('is drawn', () => cellsOf(screen, 'jobmanager-f647b').every((cell) => cell.getBgColor() !== 0 && cell.isBgRGB()));
    expect(cellsOf(screen, 'taskmanager-1-1').some((cell) => cell.isBgRGB())).toBe(false);
  });

  test.each([
    ['high-contrast', { COLORTERM: 'truecolor' }],
    ['mono', { COLORTERM: 'truecolor' }],
    ['dark', { NO_COLOR: '1' }],
    ['dark', { TERM: 'xterm', COLORTERM: '' }],
  ])('%s with %o: inverted, without holes in its bars', async (theme, env) => {
    await using screen = await inPanels({ tui: { env: { LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env } } });
    screen.front?.setTheme(theme);
    await screen.when('is drawn', () => cellsOf(screen, 'jobmanager-f647b').every((cell) => cell.isInverse() !== 0));
    screen.type('2');
    await screen.panel('Jobs').sees('■□□□ 5/12');
    await screen.panel('Jobs').sees('████ 8/8');
  });
});
