import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const state = mkdtempSync(join(tmpdir(), 'drey-defects-'));
afterAll(() => rmSync(state, { recursive: true }));

// With both Node.js warns on standard error: the runner of these tests may set one, and who calls it the other.
const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
const program = (defect: string) => `
  import { endOnDefect } from ${JSON.stringify(join(import.meta.dirname, '../../src/cli/process/defects.ts'))};
  process.on('exit', () => process.stdout.write('terminal restored'));
  endOnDefect({ env: { XDG_STATE_HOME: ${JSON.stringify(state)} }, home: '/nowhere', clock: { now: () => 0 } });
  setInterval(() => {}, 1000);
  ${defect}
`;

test.each([
  ['an exception in a timer', `setTimeout(() => { throw new TypeError('x is not a function'); }, 1);`],
  ['a promise that nobody awaits', `Promise.reject(new TypeError('x is not a function'));`],
])('%s ends the program with a sentence, the terminal restored and the details kept', (_, defect) => {
  const ran = spawnSync(process.execPath, ['--input-type=module', '-e', program(defect)], { encoding: 'utf8', timeout: 10_000, env });
  expect(ran.status).toBe(1);
  expect(ran.stdout).toBe('terminal restored');
  expect(ran.stderr).toMatch(/^x is not a function\nThis is a defect of drey\. Details are in .*defect-.*\.txt\n$/);
  const [kept] = readdirSync(join(state, 'drey'));
  expect(readFileSync(join(state, 'drey', kept ?? ''), 'utf8')).toContain('TypeError: x is not a function\n    at');
});
