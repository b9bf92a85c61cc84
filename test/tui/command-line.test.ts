import { expect, test } from 'vitest';
import { Problem } from '../../src/support/problem.ts';
import type { Outcome, Plan } from '../../src/commands/runner.ts';
import { emptySession } from '../../src/session/empty-session.ts';
import { richSession } from './fixtures.ts';
import { fakeRunner, ScreenUnderTest } from './harness.ts';

const attached = (options = {}) => new ScreenUnderTest(options);
const line = (screen: ScreenUnderTest): string => screen.rows().at(-2) ?? '';

test('the command line has the focus at the start; what is typed runs', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('help⏎');
  await screen.when('runs help', () => screen.runner.ran.includes('help'));
  expect(screen.typed).toEqual(['help']);
});

test('keys that come together are single keys', async () => {
  await using screen = attached();
  screen.type('help⏎list⏎');
  await screen.when('runs both', () => screen.runner.ran.length === 2);
  expect(screen.runner.ran).toEqual(['help', 'list']);
});

test('what Tab would add stands behind the cursor, and the right arrow takes it', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('sub');
  await screen.commandLine.sees('› submit');
  expect(screen.cursorRow()).toMatch(/^ › sub█mit/);
  screen.type('→');
  await screen.when('stands behind the word', () => screen.cursorRow().startsWith(' › submit█'));
});

test('Tab completes what all candidates share, then goes through them; Esc takes it back', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('s');
  await screen.hints.sees(/stop {2}story {2}submit/);
  screen.type('t⇥');
  await screen.when('has what they share', () => screen.cursorRow().startsWith(' › sto█'));
  screen.type('⇥');
  await screen.commandLine.sees('› stop');
  await screen.hints.sees('about stop');
  screen.type('⇥');
  await screen.hints.sees('about story');
  screen.type('⎋');
  await screen.when('is as it was typed', () => screen.cursorRow().startsWith(' › sto█'));
});

test('Tab on an empty line goes to the panels, : comes back', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⇥');
  await screen.panel('Pods').sees('d describe');
  screen.type(':');
  await screen.commandLine.sees('Tab panels');
});

test('a refused line stays, says why, and can be mended', async () => {
  const command = { name: 'cancel' } as never;
  const plans: Record<string, Plan> = {
    'cancel x': { kind: 'refused', line: 'cancel x', command, reason: 'No job is running.', because: 'conflict' },
    'bogus now': { kind: 'error', line: 'bogus now', command: undefined, problem: new Problem('usage', "Unknown command 'bogus'."), at: 0 },
  };
  await using screen = attached({ runner: fakeRunner(plans) });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('cancel x⏎');
  await screen.result.sees('No job is running.');
  expect(line(screen)).toContain('cancel x');
  screen.type('⌃u');
  await screen.result.seesNo('No job is running.');
  screen.type('bogus now⏎');
  await screen.result.sees("Unknown command 'bogus'.");
  expect(line(screen)).toContain('bogus now');
  expect(screen.typed).toEqual(['cancel x', 'bogus now']);
});

test('a refused line is shown the same, whether it was typed slowly or Enter came with it', async () => {
  const refused: Plan = {
    kind: 'error',
    line: 'bogus',
    command: undefined,
    problem: new Problem('usage', "Unknown command 'bogus'."),
    at: 0,
  };
  const runner = fakeRunner({ bogus: refused });
  const late = Promise.withResolvers<void>();
  const complete = async (...of: Parameters<typeof runner.complete>) => {
    await late.promise;
    return { ...(await runner.complete(...of)), expects: 'a command' };
  };
  await using screen = attached({ runner: { ...runner, complete } });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('bogus⏎');
  await screen.result.sees("Unknown command 'bogus'.");
  late.resolve();
  await late.promise;
  screen.front?.print(['Later.']);
  await screen.result.sees('Later.');
  expect(line(screen)).toMatch(/› bogus +Tab complete/);
});

test('a line that failed when it ran stays and can be mended; what is typed meanwhile is not disturbed', async () => {
  const missing: Outcome = { kind: 'failed', problem: new Problem('not-found', 'JAR file does not exist: nosuch.jar.') };
  const slow = Promise.withResolvers<Outcome>();
  await using screen = attached({
    runner: fakeRunner({}, [], (text) => (text.includes('slow') ? slow.promise : Promise.resolve(missing))),
  });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('submit nosuch.jar -p 4⏎');
  await screen.result.sees('JAR file does not exist');
  expect(line(screen)).toContain('submit nosuch.jar -p 4');
  screen.type('⌃u');
  await screen.result.seesNo('JAR file does not exist');
  screen.type('submit slow.jar⏎');
  await screen.when('runs it', () => screen.runner.ran.length === 2);
  screen.type('why');
  await screen.commandLine.sees('› why');
  slow.resolve(missing);
  await screen.result.sees('JAR file does not exist');
  expect(line(screen)).toMatch(/› why\b(?!.*submit)/);
});

test('after a line that a server refused the next one can be typed at once', async () => {
  await using screen = attached({
    runner: fakeRunner({}, [], async () => ({
      kind: 'failed',
      problem: new Problem('invalid', 'The server refuses that.', { status: 400 }),
    })),
  });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('jars⏎');
  await screen.result.sees('The server refuses that.');
  expect(line(screen)).not.toContain('jars');
});

test('a result stays until the next key', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.front?.print(['Job has been submitted with JobID 1']);
  await screen.result.sees('Job has been submitted with JobID 1');
  screen.type('x');
  await screen.result.seesNo('Job has been submitted');
});

test('several lines of a result stand above the command line', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.front?.print(['first', 'second', 'third']);
  await screen.panel('Result').sees(/^.*\n│ first .*\n│ second .*\n│ third/);
});

test('a line of a result that is too long goes on under its beginning', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.front?.print(['Savepoints:', `  orders ${'of a long path '.repeat(10)}end`]);
  await screen.result.sees(/│ Savepoints: .*\n│   orders of .*\n│     \S.* end /);
});

test('the arrows go through what was typed before and come back to the draft', async () => {
  await using screen = attached({ history: ['list', 'pods'] });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('dra↑');
  await screen.commandLine.sees('› pods');
  screen.type('↑');
  await screen.commandLine.sees('› list');
  screen.type('↑↓↓');
  await screen.commandLine.sees('› dra');
});

test('Ctrl+R finds older lines', async () => {
  await using screen = attached({ history: ['cancel orders', 'list', 'cancel payments'] });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⌃rcan');
  await screen.commandLine.sees('› cancel payments');
  screen.type('⌃r');
  await screen.commandLine.sees('› cancel orders');
  screen.type('⏎');
  await screen.when('is taken', () => screen.cursorRow().startsWith(' › cancel orders█'));
  expect(screen.runner.ran).toEqual([]);
});

test('while the history is searched nothing is offered for the line below it; after Esc it is again', async () => {
  await using screen = attached({ history: ['cancel orders'] });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('st');
  await screen.hints.sees(/stop {2}story/);
  screen.type('⌃r');
  await screen.hints.sees('leave');
  screen.type('can');
  await screen.commandLine.sees('› cancel orders');
  await screen.hints.seesNo('stop');
  screen.type('⎋');
  await screen.commandLine.sees('› st');
  await screen.hints.sees(/stop {2}story/);
});

test('Emacs keys edit, with wide characters as one', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.type('one 日本 three⌃a');
  await screen.when('is at the start', () => screen.cursorRow().startsWith(' › █one'));
  screen.type('⌃e⌃w');
  await screen.when('lost the last word', () => screen.cursorRow().startsWith(' › one 日本 █'));
  screen.type('⌫⌫');
  await screen.when('lost one wide character', () => screen.cursorRow().startsWith(' › one 日█'));
  screen.type('⌃u');
  await screen.when('is empty', () => screen.cursorRow().startsWith(' › █'));
});

test('a paste is one insertion: its line breaks run nothing', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.paste('help\nstop\r\nquit\n');
  await screen.commandLine.sees('› help stop quit');
  expect(screen.runner.ran).toEqual([]);
});

test('10,000 pasted characters stay where they can be edited', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.paste(`submit ${'日本 text '.repeat(1_250)}`);
  await screen.commandLine.sees('日本 text 日本 text');
  screen.type('END');
  await screen.commandLine.sees('text END');
  screen.type('⌃a');
  await screen.when('shows the start', () => screen.cursorRow().startsWith(' › █submit'));
});

test('Ctrl+C clears what is typed, then detaches and gives the terminal back', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  expect(screen.fullScreen).toBe(true);
  screen.type('cancel everything⌃c');
  await screen.commandLine.seesNo('cancel everything');
  screen.type('⌃c');
  expect(await screen.end).toBe('quit');
  await screen.when('is the main screen again', () => !screen.fullScreen);
  expect(screen.stdin.raw).toBe(false);
});

test('before there is a connection the screen is there; quit leaves, other lines wait', async () => {
  await using screen = attached({ unconnected: true, session: emptySession(richSession().target) });
  await screen.header.sees('Connecting');
  screen.type('list⏎');
  await screen.result.sees('runs when the connection is there');
  screen.type('quit⏎');
  expect(await screen.end).toBe('quit');
});

test('a connection that cannot be made ends the screen, and is reported', async () => {
  const problem = new Problem('not-found', 'There is no Flink cluster x.');
  await using screen = attached({ tui: { connect: () => Promise.reject(problem) } });
  await expect(screen.end).rejects.toBe(problem);
  await screen.when('is the main screen again', () => !screen.fullScreen);
});

test('a signal ends it as interrupted', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.abort();
  expect(await screen.end).toBe('interrupted');
});

/** A runner whose completions come when the test says so. */
function slowRunner() {
  const quick = fakeRunner();
  const gate = Promise.withResolvers<void>();
  return {
    runner: {
      ...quick,
      ran: quick.ran,
      complete: async (...question: Parameters<typeof quick.complete>) => (await gate.promise, quick.complete(...question)),
    },
    answer: gate.resolve,
  };
}

test('Enter behind Tab waits for the completion and runs the whole name', async () => {
  const { runner, answer } = slowRunner();
  await using screen = attached({ runner });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('sub⇥⏎list⏎');
  await screen.commandLine.sees('› sub');
  expect(runner.ran).toEqual([]);
  answer();
  await screen.when('runs both', () => runner.ran.length === 2);
  expect(runner.ran).toEqual(['submit', 'list']);
});

test('Ctrl+C does not wait for a completion, and forgets what was typed behind Tab', async () => {
  const { runner, answer } = slowRunner();
  await using screen = attached({ runner });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('sub⇥ never');
  await screen.commandLine.sees('› sub');
  screen.type('⌃c');
  await screen.commandLine.seesNo('› sub');
  answer();
  screen.type('list⏎');
  await screen.when('runs', () => runner.ran.length === 1);
  expect(runner.ran).toEqual(['list']);
});

test('an answer that one row cannot hold is shown whole: a savepoint path can be copied', async () => {
  const path = 's3://flink/savepoints/savepoint-e86057-0123456789abcdef';
  await using screen = attached({ columns: 80, rows: 24 });
  await screen.panel('Pods').sees('jobmanager');
  screen.front?.print([`Savepoint of orders-enrichment (e86057): ${path}`], 'good');
  await screen.panel('Result').sees('╭ Result');
  await screen.result.sees(path);
  screen.type('x');
  await screen.panel('Result').seesNo('╭ Result');
});

test('an answer hides no problem: both are to be seen', async () => {
  await using screen = attached();
  await screen.panel('Pods').sees('jobmanager');
  screen.front?.print(['Job has been submitted'], 'good');
  await screen.result.sees('Job has been submitted');
  expect(screen.rows().at(-3)).toMatch(/^ ! taskmanager-1-4 ImagePullBackOff/);
});
