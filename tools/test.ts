// test [--coverage] [ARGUMENTS OF VITEST]: runs the tests. With --coverage, it also prints how much of each room of src they cover, and fails
// if all tests ran and a room is below the limit. Processes that the tests start count as well: the launchers of bin/ and the threads of the
// sandbox.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { complaints, roomsOf, roomTable, runAll } from './coverage/rooms.ts';
import { readRuns } from './coverage/ran.ts';
import { coverageOf, runAsBundle, runAsSource } from './coverage/statements.ts';

const root = join(import.meta.dirname, '..');
const below = (folder: string) => (file: string) => file.startsWith(join(root, folder) + sep);
const run = (program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): number =>
  spawnSync(program, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32', env: { ...process.env, ...env } }).status ??
  1;

const args = process.argv.slice(2);
process.exitCode = args.includes('--coverage') ? runCounted(args) : run('vitest', ['run', ...args]);

/** Returns the exit code. */
function runCounted(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'drey-coverage-'));
  const [report, started, maps] = ['report', 'started', 'maps'].map((name) => join(folder, name)) as [string, string, string];
  try {
    // A launcher may run as another user.
    chmodSync(folder, 0o711);
    mkdirSync(started);
    chmodSync(started, 0o1777);
    // The same program as always; its source maps lead from the bundle to the statements.
    if (run(process.execPath, ['tools/build.ts', '--maps', maps]) !== 0) throw new Error('dist/ was not built');
    // A bare --coverage behind it would reset the folder of the report.
    const vitest = ['run', ...args, `--coverage.reportsDirectory=${report}`];
    const failed = run('vitest', vitest, { DREY_COVERAGE: started }) !== 0;
    const reported = JSON.parse(readFileSync(join(report, 'coverage-final.json'), 'utf8'));
    const asSource = runAsSource(readRuns(started, below('src')), root);
    const asBundle = runAsBundle(readRuns(started, below('dist')), maps);
    const rooms = roomsOf(coverageOf(reported, (...place) => asSource(...place) || asBundle(...place), root));
    const wrong = runAll(args) ? complaints(rooms) : [];
    console.log([roomTable(rooms), ...wrong].join('\n'));
    return failed || wrong.length > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
