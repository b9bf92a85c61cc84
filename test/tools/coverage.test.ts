import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, test } from 'vitest';
import { addRun, readRuns } from '../../tools/coverage/ran.ts';
import { complaints, roomsOf, roomTable, runAll } from '../../tools/coverage/rooms.ts';
import { coverageOf, runAsBundle, runAsSource, type WasRun } from '../../tools/coverage/statements.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'drey-coverage-')));
afterAll(() => rmSync(root, { recursive: true }));

const sources = {
  'src/room/sums.ts':
    'export function twice(n: number): number {\n  return n * 2;\n}\nexport function half(n: number): number {\n  return n / 2;\n}\n',
  'src/room/main.ts': "import { half, twice } from './sums.ts';\nconsole.log(process.argv.length > 2 ? half(2) : twice(2));\n",
};
for (const [path, text] of Object.entries(sources)) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Runs a program as a test would, and looks which lines of `sums.ts` it ran. */
function linesRun(program: string, read: (started: string) => WasRun): readonly number[] {
  const started = mkdtempSync(join(root, 'started-'));
  execFileSync(process.execPath, [join(root, program)], { env: { ...process.env, NODE_V8_COVERAGE: started } });
  const wasRun = read(started);
  return [2, 5].filter((line) => wasRun('src/room/sums.ts', line, 2));
}

describe('what a program ran that a test started', () => {
  test('is known for sources that Node.js takes the types from', () => {
    const read = (started: string): WasRun =>
      runAsSource(
        readRuns(started, (file) => file.startsWith(join(root, 'src'))),
        root,
      );
    expect(linesRun('src/room/main.ts', read)).toEqual([2]);
  });

  test('is known for a bundle without a line break, by its source map', async () => {
    await build({
      absWorkingDir: root,
      entryPoints: ['src/room/main.ts'],
      outdir: 'dist.1',
      outExtension: { '.js': '.mjs' },
      bundle: true,
      format: 'esm',
      minifyWhitespace: true,
      sourcemap: 'external',
      logLevel: 'silent',
    });
    renameSync(join(root, 'dist.1'), join(root, 'dist'));
    const read = (started: string): WasRun =>
      runAsBundle(
        readRuns(started, (file) => file.startsWith(join(root, 'dist'))),
        join(root, 'dist'),
      );
    expect(linesRun('dist/main.mjs', read)).toEqual([2]);
  });

  test('is what any of them ran; a block in a function that ran may not have', () => {
    const run = (...ranges: readonly (readonly [from: number, to: number, times: number])[]) => ({
      functions: [{ ranges: ranges.map(([startOffset, endOffset, count]) => ({ startOffset, endOffset, count })) }],
    });
    const first = addRun(undefined, run([0, 10, 1], [2, 8, 3], [4, 6, 0]));
    expect(first.join('')).toBe('1111001111');
    expect(addRun(first, run([0, 12, 1], [2, 8, 0], [4, 5, 1])).join('')).toBe('111110111111');
  });
});

test('a statement counts once, whether a test ran it or what the test started', () => {
  const at = (line: number) => ({ start: { line, column: 2 } });
  const report = { [join(root, 'src/room/sums.ts')]: { statementMap: { 0: at(2), 1: at(5), 2: at(8) }, s: { 0: 1, 1: 0, 2: 0 } } };
  expect(coverageOf(report, (file, line) => file === 'src/room/sums.ts' && line <= 5, root)).toEqual([
    { file: 'src/room/sums.ts', statements: 3, covered: 2 },
  ]);
});

describe('a room of which the tests run too little', () => {
  const rooms = roomsOf([
    { file: 'src/main.ts', statements: 10, covered: 10 },
    { file: 'src/cli/a.ts', statements: 1000, covered: 930 },
    { file: 'src/cli/b.ts', statements: 1000, covered: 929 },
    { file: 'src/tui/types.ts', statements: 0, covered: 0 },
  ]);

  test('is named in one sentence, with the files that pull it down', () => {
    expect(complaints(rooms)).toEqual([
      'The tests run 92.9 % of cli, and 93 % is the least; most is missing in src/cli/b.ts (71 of 1000), src/cli/a.ts (70 of 1000).',
    ]);
  });

  test('stands first in the table, in which a room of types only does not stand', () => {
    expect(roomTable(rooms).split('\n')).toEqual([
      expect.stringMatching(/^cli +2000 statements +92\.9 %$/),
      expect.stringMatching(/^main\.ts +10 statements +100\.0 %$/),
    ]);
  });
});

test.each([
  [[], true],
  [['--coverage'], true],
  [['--coverage', '--reporter=dot'], true],
  [['--coverage', 'test/session'], false],
  [['--coverage', '-t', 'a filter'], false],
  [['--coverage', '--changed'], false],
] as const)('of %j all rooms have to reach the limit: %s', (args, all) => {
  expect(runAll(args)).toBe(all);
});
