import { expect, test } from 'vitest';
import { frameOf, richSession, logsOf, now, pod, richLines } from './fixtures.ts';
import { defaultSettings } from '../../src/tui/settings/settings.ts';
import type { Change } from '../../src/session/types.ts';
import { plain } from '../../src/support/text-width.ts';
import { createLook } from '../../src/tui/look/look.ts';
import { keyBlocks, keyColumns, keyText } from '../../src/tui/rows/key-list.ts';
import { ScreenUnderTest, selectedPod, selectsPod } from './harness.ts';
import { inPanel } from './where.ts';

const inPanels = async (options = {}): Promise<ScreenUnderTest> => {
  const screen = new ScreenUnderTest(options);
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  return screen;
};

test('j and k move, G and g go to the ends, d describes, Enter goes in', async () => {
  await using screen = await inPanels();
  screen.type('j');
  await selectsPod(screen, 'taskmanager-1-1');
  screen.type('G');
  await selectsPod(screen, 'taskmanager-1-3');
  screen.type('gjjj');
  await selectsPod(screen, 'taskmanager-1-2');
  screen.type('d');
  await screen.when('describes', () => screen.runner.ran.length === 1);
  expect(screen.runner.ran).toEqual(['describe my-first-flink-cluster-taskmanager-1-2']);
  screen.type('⏎');
  await screen.place.sees('TaskManager taskmanager-1-2');
});

test('the selection follows its object, not its row', async () => {
  await using screen = await inPanels();
  screen.type('j');
  await selectsPod(screen, 'taskmanager-1-1');
  screen.store.tell([{ kind: 'pods-seen', at: now, pods: [pod('jobmanager-aaaaa'), pod('jobmanager-bbbbb')] }]);
  await screen.panel('Pods').sees('jobmanager-bbbbb');
  expect(selectedPod(screen)).toBe('taskmanager-1-1');
});

test('the log goes on with whoever leads, until a pod is chosen', async () => {
  const leads = (name: string | undefined): Change => ({
    kind: 'leader',
    at: now,
    pod: name === undefined ? undefined : `my-first-flink-cluster-${name}`,
    highAvailability: true,
  });
  await using screen = new ScreenUnderTest();
  screen.store.tell([{ kind: 'pods-seen', at: now, pods: [pod('jobmanager-aaaaa')] }, leads('jobmanager-f647b')]);
  await screen.panel('Pods').sees('▸ jobmanager-f647b ★');
  screen.store.tell([leads(undefined)]);
  await screen.panel('Pods').seesNo('★');
  expect(selectedPod(screen)).toBe('jobmanager-f647b');
  screen.store.tell([leads('jobmanager-aaaaa')]);
  await screen.panel('Pods').sees('▸ jobmanager-aaaaa ★');
  await screen.panel('Log').sees(/╭ Log ─+ jobmanager-aaaaa/);
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.store.tell([leads('jobmanager-f647b')]);
  await screen.panel('Pods').sees('jobmanager-f647b ★');
  expect(selectedPod(screen)).toBe('jobmanager-aaaaa');
});

test('a filter that hides the selected row selects its neighbour, and selects it again when it goes', async () => {
  await using screen = await inPanels();
  screen.type('jj');
  await selectsPod(screen, 'taskmanager-1-2');
  screen.type('/1-1|1-4⏎');
  await screen.when('filters the pods', () => screen.panel('Pods').title.startsWith('Pods /1-1|1-4 2 of 4'));
  const shown = screen
    .panel('Pods')
    .rows()
    .map((row) => /taskmanager-\S+|jobmanager-\S+/.exec(row)?.[0]);
  expect(shown.filter((name) => name !== undefined)).toEqual(['taskmanager-1-4', 'taskmanager-1-1']);
  await selectsPod(screen, 'taskmanager-1-1');
  screen.type('⎋');
  await selectsPod(screen, 'taskmanager-1-2');
});

test('when the selected object goes, its neighbour is selected', async () => {
  await using screen = await inPanels();
  screen.type('j');
  await selectsPod(screen, 'taskmanager-1-1');
  const gone = Array.from({ length: 6 }, (_, index) =>
    pod(`taskmanager-9-${index}`, { deletedAt: now, state: 'Released', severity: 'done' }),
  );
  screen.store.tell([{ kind: 'pods-gone', at: now, pods: [pod('taskmanager-1-1'), ...gone] }]);
  await selectsPod(screen, 'taskmanager-1-2');
});

test('a pod that went says how, as far as it is known', async () => {
  await using screen = await inPanels();
  const left = (name: string, state: string) => pod(name, { deletedAt: now, state, severity: 'done' });
  screen.store.tell([
    { kind: 'pods-gone', at: now, pods: [left('taskmanager-2-1', 'Released'), left('jobmanager-old', 'Deleted')] },
    { kind: 'pods-gone', at: now, pods: [pod('taskmanager-1-2')] },
  ]);
  for (const words of [/taskmanager-2-1 +◼ Released/, /jobmanager-old +◼ Deleted/, /taskmanager-1-2 +◼ Gone/])
    await screen.panel('Pods').sees(words);
});

test('a filter takes effect while it is typed; ! turns it round; Esc takes it back', async () => {
  await using screen = await inPanels();
  screen.type('/task');
  await screen.panel('Pods').seesNo('jobmanager-f647b ★');
  screen.type('⎋');
  await screen.panel('Pods').sees('jobmanager-f647b ★');
  screen.type('/!task⏎');
  await screen.panel('Pods').seesNo('taskmanager-1-1 ');
  await screen.panel('Pods').sees('Pods /!task');
  screen.type('⎋');
  await screen.panel('Pods').sees('taskmanager-1-1');
});

test('an expression that is not finished is reported, and the last one holds', async () => {
  await using screen = await inPanels();
  screen.type('/task');
  await screen.panel('Pods').seesNo('jobmanager-f647b ★');
  screen.type('(');
  await screen.problem.sees('Not a regular expression');
  expect(screen.panel('Pods').text()).not.toContain('jobmanager-f647b ★');
});

test('Tab visits the panels and then the command line; ? shows their keys', async () => {
  await using screen = await inPanels();
  screen.type('⇥');
  await screen.panel('Jobs').sees('c cancel');
  screen.type('?');
  await screen.panel('Keys').sees('any key closes');
  await screen.panel('Keys').sees('Prefill cancel JOB');
  screen.type('j');
  await screen.panel('Keys').seesNo('any key closes');
  screen.type('⇥');
  await screen.panel('Log').sees('G follow');
  screen.type('⇥');
  await screen.commandLine.sees('Tab panels');
  screen.stdin.write('\u001b[Z');
  await screen.panel('Log').sees('G follow');
});

test('an empty table names the keys that do something without a row, and no others', async () => {
  await using screen = await inPanels({ session: { ...richSession(), operations: [] } });
  screen.type('3');
  await screen.panel('Operations').sees(/No operations yet[^]*╰─+ \/ filter {2}z zoom ─╯/);
  screen.type('2/nothing⏎');
  await screen.panel('Jobs').sees(/No job matches nothing[^]*╰─+ \/ filter {2}z zoom ─╯/);
  screen.type('⎋');
  await screen.panel('Jobs').sees('c cancel');
});

test('hammering Esc ends in the panels, whatever was open, and types nothing', async () => {
  await using screen = new ScreenUnderTest({ session: richSession() });
  await screen.panel('Pods').sees('jobmanager');
  for (const before of ['draft', '', ':', ':list', '/task', '2/or⏎', 'z', '?', '5k', 'i']) {
    screen.type(before);
    for (let times = 0; times < 7; times += 1) {
      screen.type('⎋');
      await screen.when('took it', () => screen.stdin.readableLength === 0);
    }
    await screen.result.sees('There is nothing to go back from: q detaches, : types a command.');
    screen.type('1j');
    await screen.result.seesNo('There is nothing to go back from');
    await screen.hints.sees('q detach');
    screen.type('g');
    await screen.panel('Pods').sees('│ ▸ taskmanager-1-4');
  }
  expect(screen.runner.ran).toEqual([]);
});

test(': types one command and comes back; i stays; Esc leaves both, and a draft is kept only by i', async () => {
  await using screen = await inPanels();
  screen.type('2');
  await screen.panel('Jobs').sees('c cancel');
  screen.type(':help⏎');
  await screen.when('runs', () => screen.runner.ran.length === 1);
  screen.type('j');
  await screen.panel('Jobs').sees('▸ orders-enrichment');
  screen.type(':dra');
  await screen.commandLine.sees('› dra');
  screen.type('⎋');
  await screen.commandLine.seesNo('› dra');
  await screen.panel('Jobs').sees('c cancel');
  screen.type('ihelp⏎dra');
  await screen.commandLine.sees('› dra');
  screen.type('⎋');
  await screen.hints.sees('q detach');
  expect(screen.commandLine.text()).toContain('› dra');
});

test('q goes back, and at the root asks to detach; q again, n and Esc stay', async () => {
  await using screen = await inPanels();
  screen.type('z');
  await screen.panel('Log').seesNo('╭');
  screen.type('q');
  await screen.panel('Log').sees('Log');
  for (const stay of ['q', 'n', '⎋', 'x']) {
    screen.type('q');
    await screen.panel('Detach').sees('Detach from my-first-flink-cluster? Nothing is stopped');
    screen.type(stay);
    await screen.panel('Detach').seesNo('Nothing is stopped');
  }
  screen.type('q');
  await screen.panel('Detach').sees('Nothing is stopped');
  screen.type('⏎');
  expect(await screen.end).toBe('quit');
});

test.each(['y', '⏎'])('q and %s detach', async (key) => {
  await using screen = await inPanels();
  screen.type('q');
  await screen.panel('Detach').sees('⏎ detach');
  screen.type(key);
  expect(await screen.end).toBe('quit');
});

test('on a small screen ? shows the keys as a text to scroll, and Esc closes it', async () => {
  await using screen = new ScreenUnderTest({ columns: 80, rows: 24 });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('?');
  await screen.panel('Keys').sees('Run what is typed');
  for (let page = 0; page < 9; page += 1) screen.stdin.write('\u001b[6~');
  await screen.panel('Keys').sees('Redraw');
  screen.type('⎋');
  await screen.panel('Keys').seesNo('Redraw');
});

test('at 120x40 the many keys of the log are seen at once, in parts, and no title stands apart from its keys', () => {
  const columns = keyColumns(frameOf({ columns: 120, rows: 40 }, {}, inPanel('log')))?.map((column) =>
    column.map((line) => plain(line).trim()),
  );
  expect(columns?.[0]).toEqual(expect.arrayContaining(['Log', 'Log: find', 'f  Find', 'Log: how it is shown']));
  expect(columns?.[1]).toEqual(expect.arrayContaining([expect.stringMatching(/^m {2}Mark/), 'Ctrl+L  Redraw']));
  for (let width = 80; width < 300; width += 10) {
    for (const focus of ['pods', 'jobs', 'operations', 'log'] as const) {
      const frame = frameOf({ columns: width, rows: 40 }, {}, inPanel(focus));
      const titles = keyBlocks(frame).map(({ title }) => title);
      const lowest = keyColumns(frame)?.map((column) => plain(column.findLast((line) => plain(line).trim() !== '') ?? '').trim());
      expect(lowest?.filter((line) => titles.includes(line)) ?? []).toEqual([]);
    }
  }
});

test('? cuts nothing at any size, and with ASCII signs arrows have names', async () => {
  for (const [columns, rows] of [
    [60, 15],
    [80, 24],
    [120, 40],
    [200, 50],
    [300, 80],
  ] as const) {
    for (const focus of ['command', 'pods', 'log'] as const) {
      const frame = frameOf({ columns, rows }, {}, focus === 'command' ? {} : inPanel(focus));
      const shown = [...(keyColumns(frame)?.flat().map(plain) ?? keyText(frame))];
      expect(
        shown.filter((line) => line.includes('…')),
        `${columns}x${rows}`,
      ).toEqual([]);
      // Every word of every summary is there, whether a line holds all of it or not.
      const words = shown.join(' ').split(/\s+/);
      expect(
        keyBlocks(frame)
          .flatMap(({ rows: each }) => each.flatMap(({ summary }) => summary.split(' ')))
          .filter((word) => word !== '' && !words.includes(word)),
      ).toEqual([]);
    }
  }
  const ascii = keyText(
    frameOf({ columns: 80, rows: 24 }, { look: createLook({ theme: 'dark', depth: 'none', ascii: true, motion: false }) }, inPanel('pods')),
  ).join('\n');
  expect(ascii).toMatch(/j Down +Down\n/);
  expect(ascii).toMatch(/k Up +Up\n/);
});

test('Ctrl+C closes the keys and stays', async () => {
  await using screen = new ScreenUnderTest();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('?');
  await screen.panel('Keys').sees('any key closes');
  screen.type('⌃c');
  await screen.panel('Keys').seesNo('any key closes');
  screen.type('help⏎');
  await screen.when('still runs commands', () => screen.runner.ran.includes('help'));
});

test('c on a job puts its cancel on the command line and runs nothing', async () => {
  await using screen = await inPanels();
  screen.type('2');
  await screen.panel('Jobs').sees('c cancel');
  screen.type('c');
  await screen.commandLine.sees(/› cancel 9f13c20/);
  expect(screen.runner.ran).toEqual([]);
});

test('on a small screen the other tables are tabs', async () => {
  await using screen = await inPanels({ columns: 80, rows: 24 });
  await screen.place.sees('[Pods 4 ✗1]');
  screen.type('2');
  await screen.place.sees('[Jobs 4 ✗1]');
  await screen.panel('Jobs').sees('CarTopSpeedWindowing');
  screen.type('3');
  await screen.panel('Operations').sees('No operations yet.');
  screen.type('4');
  await screen.panel('Timeline').sees('WHAT HAPPENED');
});

test('on a small screen a number goes from a text to its panel, and Tab and Shift+Tab go past what the text covers', async () => {
  await using screen = await inPanels({ columns: 80, rows: 24 });
  screen.front?.show({ kind: 'pod', name: 'my-first-flink-cluster-taskmanager-1-1', text: ['the whole of it'] }) as void;
  const text = screen.panel('Pod taskmanager-1-1');
  await text.sees('the whole of it');
  screen.type('\u001b[Z');
  await screen.hints.sees('⏎ run');
  await text.sees('the whole of it');
  screen.type('⇥');
  await text.sees('Esc close');
  screen.type('2');
  await screen.panel('Jobs').sees('d describe');
  expect(text.text()).toBe('');
});

test('a text keeps all the room, and gives it back to the panel that had it', async () => {
  await using screen = await inPanels();
  screen.type('z');
  await screen.panel('Log').seesNo('╭');
  screen.front?.show({ kind: 'pod', name: 'my-first-flink-cluster-taskmanager-1-1', text: ['the whole of it'] }) as void;
  await screen.panel('Pod taskmanager-1-1').sees('the whole of it');
  expect(screen.panel('Pods').text()).toBe('');
  screen.type('⎋');
  await screen.panel('Pods').sees('Pods');
  expect(screen.panel('Log').text()).toBe('');
});

test('z gives a panel all the room, and takes it back', async () => {
  await using screen = await inPanels();
  screen.type('z');
  await screen.panel('Log').seesNo('╭');
  screen.type('z');
  await screen.panel('Log').sees('Log');
});

test('r looks again', async () => {
  await using screen = await inPanels();
  screen.type('r');
  await screen.result.sees('Refreshing everything now.');
  expect(screen.refreshes).toBe(1);
});

test('a text is read in place of the log, and closing it goes back', async () => {
  await using screen = new ScreenUnderTest();
  await screen.panel('Pods').sees('jobmanager');
  screen.front?.show({ kind: 'help', text: Array.from({ length: 90 }, (_, index) => `help line ${index}`) }) as void;
  await screen.panel('Help').sees('help line 3');
  screen.stdin.write('\u001b[6~');
  await screen.panel('Help').sees('help line 40');
  screen.type('typed');
  await screen.commandLine.sees('› typed');
  screen.type('⎋');
  await screen.panel('Help').seesNo('help line');
  await screen.commandLine.sees('› typed');
});

test('a text that a key opened has the focus, and closing it goes back to the panel', async () => {
  await using screen = await inPanels();
  screen.front?.show({ kind: 'help', text: Array.from({ length: 90 }, (_, index) => `help line ${index}`) }) as void;
  await screen.panel('Help').sees('Esc close');
  screen.type('G');
  await screen.panel('Help').sees('help line 89');
  screen.type('q');
  await screen.panel('Help').seesNo('help line');
  await screen.panel('Pods').sees('d describe');
});

test('f finds in a text, n and N go on, and the title counts', async () => {
  await using screen = await inPanels();
  screen.front?.show({ kind: 'help', text: Array.from({ length: 90 }, (_, index) => `help line ${index}.`) }) as void;
  await screen.panel('Help').sees('f find');
  screen.type('f7\\.⏎');
  await screen.panel('Help').sees('▸help line 7.');
  await screen.panel('Help').sees('find 7\\. ↓ 1 of 9 · ');
  screen.type('nnnn');
  await screen.panel('Help').sees('▸help line 47.');
  await screen.panel('Help').sees('5 of 9');
  screen.type('N');
  await screen.panel('Help').sees('▸help line 37.');
  screen.type('f⌃unowhere⏎');
  await screen.result.sees('No later line matches nowhere');
});

test('/ filters a text as it filters a table and the log; n walks through what is left, and Esc shows what stands around it', async () => {
  await using screen = await inPanels();
  screen.front?.show({ kind: 'help', text: Array.from({ length: 90 }, (_, index) => `help line ${index}.`) }) as void;
  await screen.panel('Help').sees('f find');
  screen.type('/7\\.⏎');
  await screen.panel('Help').sees('Help /7\\. ');
  await screen.panel('Help').sees('9 of 90 lines');
  await screen.panel('Help').seesNo('help line 6.');
  screen.type('nn');
  await screen.panel('Help').sees('▸help line 17.');
  screen.type('⎋');
  await screen.panel('Help').sees('help line 16.');
  await screen.panel('Help').sees('▸help line 17.');
  screen.type('/nowhere⏎');
  await screen.panel('Help').sees('No line matches nowhere');
});

test('the last row says how much of the logs is in memory, or where they are recorded, if there is room', async () => {
  const session = {
    ...richSession(),
    logs: new Map([
      ['a', { lines: 10, bytes: 20_000_000, dropped: 4, ended: false }],
      ['b', { lines: 1, bytes: 400_000, dropped: 0, ended: true }],
    ]),
  };
  await using screen = new ScreenUnderTest({ session });
  await screen.hints.sees(/12\.4 MB of logs in memory$/m);
  screen.store.tell([
    {
      kind: 'source',
      at: now,
      source: 'log:a',
      status: { state: 'live', since: now, dataAt: now, problem: undefined, nextTryAt: undefined },
    },
  ]);
  await screen.hints.sees(/12\.4 MB of logs in memory$/m);
  screen.store.tell([{ kind: 'spool', at: now, folder: '~/.local/state/drey/logs' }]);
  await screen.hints.sees(/● recording logs in ~\/\.local\/state\/drey\/logs$/m);
  screen.resize(100, 20);
  await screen.hints.sees(/● recording logs$/m);
  screen.store.tell([{ kind: 'spool', at: now, folder: undefined }]);
  await screen.hints.sees(/12\.4 MB of logs in memory$/m);
  screen.resize(60, 20);
  await screen.hints.seesNo('12.4 MB');
});

test('a theme that was chosen is handed on to be kept', async () => {
  const kept: string[] = [];
  await using screen = await inPanels({ tui: { keepTheme: (name: string) => kept.push(name) } });
  screen.front?.setTheme('light');
  screen.front?.setTheme('pink');
  expect(kept).toEqual(['light']);
});

test('resize is immediate; too small a terminal says so and the session goes on', async () => {
  await using screen = await inPanels();
  screen.resize(80, 24);
  await screen.place.sees('[Pods 4 ✗1]');
  screen.resize(40, 10);
  await screen.whole.sees('60x15');
  screen.resize(200, 50);
  await screen.panel('Timeline').sees('Timeline');
  expect(screen.rows()[49]).toContain('q detach');
});

test('polls are slower while the terminal has no focus', async () => {
  await using screen = await inPanels();
  screen.stdin.write('\u001b[O');
  await screen.when('knows', () => screen.focused === false);
  screen.stdin.write('\u001b[I');
  await screen.when('knows', () => screen.focused === true);
});

test('themes change at once', async () => {
  await using screen = await inPanels();
  const before = screen.stdout.written.length;
  screen.front?.setTheme('light');
  await screen.when('is drawn in other colours', () => screen.stdout.written.slice(before).includes('38;2;154;77;0'));
});

test('after leaving, every mode of the terminal is as it was', async () => {
  await using screen = await inPanels();
  screen.front?.setMouse(true);
  screen.type('⌃c');
  await screen.end;
  for (const mode of ['1049', '1004', '2004', '1000', '1006']) {
    expect(screen.stdout.written.lastIndexOf(`\u001b[?${mode}l`), mode).toBeGreaterThan(
      screen.stdout.written.lastIndexOf(`\u001b[?${mode}h`),
    );
  }
  for (const mode of ['25', '7'])
    expect(screen.stdout.written.lastIndexOf(`\u001b[?${mode}h`), mode).toBeGreaterThan(
      screen.stdout.written.lastIndexOf(`\u001b[?${mode}l`),
    );
});

test('5,000 pods can be walked through', async () => {
  const pods = Array.from({ length: 5_000 }, (_, index) => pod(`taskmanager-1-${index + 1}`));
  await using screen = new ScreenUnderTest({
    session: { ...richSession(), pods: new Map(pods.map((each) => [each.name, each])), leader: undefined },
    logs: logsOf(richLines()),
  });
  await screen.panel('Pods').sees('5000');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  screen.type('G');
  await screen.panel('Pods').sees('taskmanager-1-5000');
});

test('what changed stands out for a second, and not without motion', async () => {
  const bold = (screen: ScreenUnderTest): boolean => {
    const { active } = screen.stdout.screen.buffer;
    const row = screen.rows().findIndex((text) => text.includes('taskmanager-1-2'));
    return active.getLine(row)?.getCell(4)?.isBold() !== 0;
  };
  const change = { kind: 'pods-seen', at: now, pods: [pod('taskmanager-1-2', { state: 'CrashLoopBackOff', severity: 'error' })] } as const;
  for (const motion of [true, false]) {
    await using screen = new ScreenUnderTest({ tui: { settings: { ...defaultSettings, motion } } });
    await screen.panel('Pods').sees('taskmanager-1-2');
    expect(bold(screen)).toBe(false);
    screen.store.tell([change]);
    await screen.panel('Pods').sees('CrashLoopBackOff');
    expect(bold(screen)).toBe(motion);
  }
});
