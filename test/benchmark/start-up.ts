import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Program, residentMegabytes } from './program.ts';
import { type Figure, median } from './statistics.ts';

const root = join(import.meta.dirname, '../..');
const rounds = 9;

/** First frame and first data, against the least that an Ink program needs, in turn: the machine's mood falls on both. */
export async function startUp(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'drey-bench-'));
  const minimal = join(folder, 'minimal.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'minimal.tsx')], outfile: minimal, bundle: true, format: 'esm', platform: 'node', jsx: 'automatic', logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' }, external: ['react-devtools-core'],
    banner: { js: "import { createRequire } from 'node:module'; import { enableCompileCache } from 'node:module'; enableCompileCache(); const require = createRequire(import.meta.url);" },
    plugins: [{ name: 'no-devtools', setup(b) { b.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'x', namespace: 'empty' })); b.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default undefined' })); } }],
  });
  const env = { HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') };
  const least: number[] = [];
  const first: number[] = [];
  const data: number[] = [];
  const npm: number[] = [];
  const memory: number[] = [];
  // The first round fills the compile caches and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const counts = round > 0;
    {
      await using program = new Program(process.execPath, [minimal], { env });
      const ms = await program.until(['ready']);
      if (counts) least.push(ms);
    }
    {
      await using program = new Program(join(root, 'bin/drey'), ['attach', '--sandbox'], { env });
      const ms = await program.until(['Pods', 'Jobs', 'Log']);
      const filled = await program.until([/taskmanager-1-1/, /CarTopSpeedWindowing/]);
      if (counts) {
        first.push(ms);
        data.push(filled);
        memory.push(residentMegabytes(program.pid));
      }
    }
    if (round % 3 === 0) {
      await using program = new Program('npm', ['start', '--silent'], { env: { ...env, npm_config_update_notifier: 'false' }, cwd: root });
      const ms = await program.until(['Pods', 'Jobs', 'Log']);
      if (counts) npm.push(ms);
    }
  }
  const note = (sample: readonly number[]) => `median of ${sample.length}, ${Math.round(Math.min(...sample))}-${Math.round(Math.max(...sample))}`;
  const ratios = (sample: readonly number[]) => median(sample.map((ms, round) => ms / (least[round] ?? Number.NaN)));
  return [
    { name: 'minimal Ink program, first frame', value: median(least), unit: 'ms', note: note(least) },
    { name: 'bin/drey, first frame', value: median(first), unit: 'ms', target: 200, note: note(first) },
    { name: 'bin/drey, first frame / minimal', value: ratios(first), unit: 'x', target: 1.5 },
    { name: 'pods and jobs on the screen', value: median(data), unit: 'ms', note: note(data) },
    { name: 'pods and jobs / minimal', value: ratios(data), unit: 'x', target: 3 },
    { name: 'npm start, first frame', value: median(npm), unit: 'ms', target: 350, note: note(npm) },
    { name: 'resident with the sandbox in the process', value: median(memory), unit: 'MB', note: note(memory) },
  ];
}
