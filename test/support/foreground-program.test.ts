import { describe, expect, test } from 'vitest';
import { type ForegroundProgram, runInForeground } from '../../src/support/foreground-program.ts';
import { isAbort, sentence } from '../../src/support/problem.ts';
import { lifetime } from '../../src/support/waiting.ts';

const run = (command: string, args: readonly string[] = [], over: Partial<ForegroundProgram> = {}): Promise<void> =>
  runInForeground({ command, args, env: process.env, ...over }, lifetime().signal);
const said = (work: Promise<void>): Promise<string> => work.then(() => 'all is well', sentence);

describe('a program of the user on the terminal', () => {
  test('gets its options from the variable, and the file as one word', async () => {
    expect(await said(run(`sh -c 'test "$1" = "a b" && test "$2" = "\\$c"' sh`, ['a b', '$c']))).toBe('all is well');
  });

  test.each([
    ['nosuch-pager -R', 'There is no program nosuch-pager on PATH.'],
    ['/etc/passwd', '/etc/passwd may not be run. Look at its mode: it has to be executable.'],
    ['sh -c "exit 3"', 'sh failed with exit code 3.'],
    ["sh -c 'kill -TERM $$'", 'sh was ended by SIGTERM.'],
  ])('%s is one sentence', async (command, sentenceOfIt) => {
    expect(await said(run(command, []))).toBe(sentenceOfIt);
  });

  test('keeps Ctrl+C for itself: nobody else hears of it, until it has ended', async () => {
    let heard = 0;
    const listener = (): void => void (heard += 1);
    process.on('SIGINT', listener);
    try {
      await run(`kill -INT ${process.pid}; true`);
      expect(heard).toBe(0);
      expect(process.listeners('SIGINT')).toContain(listener);
    } finally {
      process.off('SIGINT', listener);
    }
  });

  test('ends well although Ctrl+C was pressed, if it thinks so', async () => {
    expect(await said(run(`sh -c 'trap : INT; kill -INT $PPID; kill -INT $$' sh`))).toBe('all is well');
  });

  test('is told to leave when nobody waits for it any longer', async () => {
    const waiting = lifetime();
    const running = runInForeground({ command: 'exec sleep 600; :', args: [], env: process.env }, waiting.signal);
    waiting.end();
    await expect(running).rejects.toSatisfy(isAbort);
  });
});
