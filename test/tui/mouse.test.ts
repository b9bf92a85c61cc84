import { describe, expect, test } from 'vitest';
import { pod, richSession } from './fixtures.ts';
import { fakeRunner, ScreenUnderTest, selectedPod, selectsPod } from './harness.ts';

describe('the mouse', () => {
  const click = (screen: ScreenUnderTest, x: number, y: number) => screen.stdin.write(`\u001b[<0;${x + 1};${y + 1}M`);
  const wheel = (screen: ScreenUnderTest, x: number, y: number, down: boolean) =>
    screen.stdin.write(`\u001b[<${down ? 65 : 64};${x + 1};${y + 1}M`);
  const withMouse = async (options: ConstructorParameters<typeof ScreenUnderTest>[0] = {}): Promise<ScreenUnderTest> => {
    const screen = new ScreenUnderTest(options);
    await screen.panel('Pods').sees('taskmanager-1-1');
    screen.type('⎋');
    await screen.panel('Pods').sees('d describe');
    screen.front?.setMouse(true);
    await screen.when('asks for reports', () => screen.stdout.written.includes('\u001b[?1006h'));
    return screen;
  };
  const manyPods = (): Partial<ReturnType<typeof richSession>> => ({
    pods: new Map(Array.from({ length: 60 }, (_, index) => pod(`taskmanager-1-${index + 1}`)).map((each) => [each.name, each])),
    leader: undefined,
    gone: [],
  });
  const rowOf = (screen: ScreenUnderTest, text: string): number => screen.rows().findIndex((row) => row.includes(text));

  test('does nothing until it is on, and nothing again when it is off', async () => {
    await using screen = new ScreenUnderTest();
    await screen.panel('Pods').sees('taskmanager-1-1');
    screen.type('⎋');
    await screen.panel('Pods').sees('d describe');
    const before = selectedPod(screen);
    click(screen, 10, 6);
    screen.type('2');
    await screen.panel('Jobs').sees('c cancel');
    expect(selectedPod(screen)).toBe(before);
    screen.front?.setMouse(true);
    screen.front?.setMouse(false);
    await screen.when('wants none', () => screen.stdout.written.includes('\u001b[?1006l'));
  });

  test('a click takes the focus and selects', async () => {
    await using screen = await withMouse();
    click(screen, 10, rowOf(screen, 'taskmanager-1-2'));
    await selectsPod(screen, 'taskmanager-1-2');
    click(screen, 70, rowOf(screen, 'nightly-backfill'));
    await screen.panel('Jobs').sees('▸ nightly-backfill');
    await screen.panel('Jobs').sees('c cancel');
  });

  test('a click beside the rows takes the focus and selects none', async () => {
    await using screen = await withMouse({ session: { ...richSession(), ...manyPods() } });
    await selectsPod(screen, 'taskmanager-1-1');
    const border = screen.rows().findIndex((row) => row.startsWith('╰'));
    click(screen, 70, border - 1);
    await screen.panel('Jobs').sees('c cancel');
    expect(screen.panel('Jobs').text()).toContain('▸ orders-enrichment');
    click(screen, 10, border);
    await screen.panel('Pods').sees('d describe  l log  S shell  w why');
    expect(selectedPod(screen)).toBe('taskmanager-1-1');
  });

  test('the wheel scrolls a table and leaves what is selected; a key goes on from there', async () => {
    await using screen = await withMouse({ session: { ...richSession(), ...manyPods() } });
    await selectsPod(screen, 'taskmanager-1-1');
    wheel(screen, 10, 5, true);
    await screen.panel('Pods').seesNo(/^│ [▸ ] taskmanager-1-1 /m);
    await screen.panel('Pods').sees('taskmanager-1-4 ');
    wheel(screen, 10, 5, false);
    await selectsPod(screen, 'taskmanager-1-1');
    wheel(screen, 10, 5, true);
    await screen.panel('Pods').seesNo(/^│ [▸ ] taskmanager-1-1 /m);
    screen.type('j');
    await selectsPod(screen, 'taskmanager-1-2');
  });

  test('the wheel scrolls the log and a text, whatever has the focus', async () => {
    await using screen = await withMouse();
    wheel(screen, 10, 20, false);
    await screen.panel('Log').sees('paused');
    screen.front?.show({ kind: 'help', text: Array.from({ length: 90 }, (_, index) => `help line ${index}.`) }) as void;
    await screen.panel('Help').sees('help line 0.');
    wheel(screen, 10, 20, true);
    await screen.panel('Help').seesNo('help line 2.');
    await screen.panel('Help').sees('help line 3.');
  });

  test('a click on a title sorts by it', async () => {
    await using screen = await withMouse();
    const titles = rowOf(screen, 'NAME');
    click(screen, (screen.rows()[titles] ?? '').indexOf('AGE'), titles);
    await screen.panel('Pods').sees(/AGE[↑↓]/);
  });

  test('a click on a tab opens it', async () => {
    await using screen = await withMouse({ columns: 80, rows: 24 });
    click(screen, (screen.rows()[1] ?? '').indexOf('Jobs'), 1);
    await screen.place.sees('[Jobs');
    click(screen, (screen.rows()[1] ?? '').indexOf('Timeline') + 7, 1);
    await screen.place.sees('[Timeline');
  });

  test('a click on the command line puts the cursor there', async () => {
    await using screen = await withMouse();
    screen.type('ione 日本 three');
    await screen.commandLine.sees('three');
    click(screen, 3 + 'one 日'.length + 1, screen.rows().length - 2);
    await screen.when('stands before the second wide character', () => screen.cursorRow().includes('one 日█本'));
    click(screen, 100, screen.rows().length - 2);
    await screen.when('stands at the end', () => screen.cursorRow().includes('three█'));
  });

  test('a click while a prompt is open changes nothing: the panel that it is for keeps the focus', async () => {
    await using screen = await withMouse();
    screen.type('/1-');
    await screen.panel('Pods').sees('Pods /1-');
    click(screen, 3, 20);
    screen.type('2⏎');
    await screen.panel('Pods').sees('Pods /1-2 ');
    await screen.panel('Pods').sees('d describe');
    expect(screen.panel('Log').text()).not.toContain('G follow');
  });

  test('a click on a choice of a question chooses it, and runs nothing', async () => {
    const command = { name: 'stop' } as never;
    const confirmation = {
      title: 'Stop',
      lines: ['This deletes it.'],
      jobs: [],
      action: 'Stop now',
      phrase: 'it',
      alternatives: [{ label: 'Savepoints first', commandLine: 'stop --savepoint', recommended: true }],
    };
    await using screen = await withMouse({
      runner: fakeRunner({ stop: { kind: 'confirm', line: 'stop', command, given: {}, confirmation } }),
    });
    screen.type(':stop⏎');
    await screen.panel('Stop').sees('▸ Savepoints first');
    click(screen, 60, rowOf(screen, 'Stop now'));
    await screen.panel('Stop').sees('▸ Stop now');
    expect(screen.runner.ran).toEqual([]);
  });
});
