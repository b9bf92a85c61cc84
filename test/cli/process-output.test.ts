import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { watchOutput } from '../../src/cli/process/process-output.ts';

/** A process whose streams break when the test says so. */
function streams() {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  let ended = 0;
  const output = watchOutput({ stdin, stdout, stderr } as unknown as NodeJS.Process, () => void (ended += 1));
  const broken = (code: string, message: string): Error => Object.assign(new Error(`${code}: ${message}, write`), { code });
  return {
    stdin,
    output,
    ended: () => ended,
    said: () => (stderr.read() as Buffer | null)?.toString() ?? '',
    breaks: (stream: 'stdin' | 'stdout' | 'stderr', code: string, message: string) =>
      ({ stdin, stdout, stderr })[stream].emit('error', broken(code, message)),
    /** A screen is there, which ends in its own order. */
    screen: () => [stdin, stdout].forEach((stream) => stream.on('error', () => undefined)),
  };
}

test('output that nobody breaks changes no exit code', () => {
  const { output, ended } = streams();
  expect([0, 1, 130].map((code) => output.exitCode(code))).toEqual([0, 1, 130]);
  expect(ended()).toBe(0);
});

test('a reader that had enough, such as head, is not a failure; what failed before still is one', () => {
  const { output, breaks, ended, said } = streams();
  breaks('stdout', 'EPIPE', 'broken pipe');
  expect(ended()).toBe(1);
  expect([130, 0, 1].map((code) => output.exitCode(code))).toEqual([0, 0, 1]);
  expect(said()).toBe('');
});

test('a disk that is full is reported once, and is a failure', () => {
  const { output, breaks, said } = streams();
  breaks('stdout', 'ENOSPC', 'no space left on device');
  breaks('stdout', 'ENOSPC', 'no space left on device');
  expect(said()).toBe('Standard output cannot be written: no space left on device.\n');
  expect(output.exitCode(0)).toBe(1);
});

test('a terminal that was closed is an interruption, and nothing is written to it', () => {
  const { output, breaks, ended, said } = streams();
  breaks('stdout', 'EIO', 'i/o error');
  breaks('stdin', 'EIO', 'i/o error');
  expect(ended()).toBe(2);
  expect(said()).toBe('');
  expect(output.exitCode(0)).toBe(130);
});

test('a screen is left in its own order when its terminal is closed', () => {
  const { screen, breaks, ended } = streams();
  screen();
  breaks('stdout', 'EIO', 'i/o error');
  breaks('stdin', 'EIO', 'i/o error');
  expect(ended()).toBe(0);
});

test('diagnostics that nobody reads stop nothing', () => {
  const { output, breaks, ended } = streams();
  breaks('stderr', 'EPIPE', 'broken pipe');
  expect(ended()).toBe(0);
  expect(output.exitCode(0)).toBe(0);
});
