import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/support/clock.ts';
import type { Plan } from '../../src/commands/runner.ts';
import { random } from '../support/random.ts';
import { fakeRunner, ScreenUnderTest } from './harness.ts';

const beginnings = [
  '\u001b',
  '\u001b[',
  '\u001b]',
  '\u001bP',
  '\u001b_',
  '\u001b^',
  '\u001bX',
  '\u001bO',
  '\u001b[200~',
  '\u001b[201~',
  '\u001b\\',
  '\u001b[M',
  '\u001b[<0;5;',
  '\u009b',
  '\u009d',
  ':',
  '/',
  '?',
  'q',
  'i',
  '\r',
  '\t',
  'stop\r',
  'cancel x\r',
  'z',
  '\u0012',
];
const questions = ['stop', 'cancel x'];

/** Whatever a line is, `stop` and `cancel x` ask. */
function asking(): ReturnType<typeof fakeRunner> {
  const runner = fakeRunner();
  return {
    ...runner,
    ran: runner.ran,
    plan: async (line): Promise<Plan> => {
      const plan = await runner.plan(line);
      if (plan.kind !== 'run' || !questions.includes(line.trim())) return plan;
      return {
        ...plan,
        kind: 'confirm',
        confirmation: { title: 'Question', lines: ['This is asked.'], jobs: [], action: 'Do it', phrase: 'my-first-flink-cluster' },
      };
    },
  };
}

/** Random pieces of what a terminal can send. Ctrl+Z, which stops the process, is another test. */
function noise(seed: number): readonly string[] {
  const next = random(seed);
  return Array.from({ length: 60 }, () =>
    Array.from({ length: 1 + next(6) }, () => {
      if (next(3) === 0) return beginnings[next(beginnings.length)];
      const code = next(0x100);
      return code === 0x1a || code === 0x03 || code === 0x04 ? 'j' : String.fromCharCode(code);
    }).join(''),
  );
}

describe('whatever was typed, pasted and answered before', () => {
  test.each(Array.from({ length: 24 }, (_, index) => index + 1))(
    'Ctrl+C leaves, and nothing was run that asks first (seed %i)',
    async (seed) => {
      await using screen = new ScreenUnderTest({ runner: asking(), tui: { platform: 'win32' } });
      await screen.panel('Pods').sees('jobmanager');
      let left = false;
      void screen.end.then(() => {
        left = true;
      });
      for (const piece of noise(seed)) screen.stdin.write(piece);
      await screen.when('has taken all of it', () => screen.stdin.readableLength === 0);
      // A key each: what is open is closed one after the other.
      for (let times = 0; times < 12; times += 1) {
        screen.type('⌃c');
        await new Promise((resolve) => setImmediate(resolve));
      }
      await screen.when('is left', () => left);
      expect(['quit', 'interrupted']).toContain(await screen.end);
      expect(screen.runner.ran.filter((line) => questions.includes(line.trim()))).toEqual([]);
    },
  );
});

test('what is printed behind the screen waits until the terminal has taken all of that', async () => {
  await using screen = new ScreenUnderTest();
  await screen.panel('Pods').sees('jobmanager');
  screen.stdout.hold();
  let over = false;
  void screen.end.then(() => {
    over = true;
  });
  screen.type('⌃c');
  await screen.when('is the main screen again', () => !screen.fullScreen);
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(over).toBe(false);
  screen.stdout.release();
  expect(await screen.end).toBe('quit');
});

test('an interruption waits only a moment for a terminal that takes nothing', async () => {
  const interrupted = new AbortController();
  await using screen = new ScreenUnderTest({ tui: { signal: interrupted.signal, clock: { ...systemClock, sleep: async () => {} } } });
  await screen.panel('Pods').sees('jobmanager');
  screen.stdout.hold();
  interrupted.abort();
  expect(await screen.end).toBe('interrupted');
});
