import { Program, residentMegabytes } from './program.ts';
import { startServer } from './server.ts';
import { median, type Figure } from './statistics.ts';
import type { Suite } from './suite.ts';

/** Texts that are only in a frame, and in the first one. */
const frame = ['Pods', 'Jobs', 'Log'];
const data = [/taskmanager-1-1/, /CarTopSpeedWindowing/];

/** First frame and first data, compared with a minimal Ink program, in turn, so that variations of the machine affect both. */
export const startUp: Suite = async ({ workshop, long }) => {
  const rounds = long ? 15 : 7;
  await using server = await startServer(workshop);
  const minimal = await workshop.minimal();
  const { env } = workshop;
  const samples = {
    least: [] as number[],
    first: [] as number[],
    data: [] as number[],
    sandboxFirst: [] as number[],
    sandboxData: [] as number[],
    npm: [] as number[],
    memory: [] as number[],
  };
  // The first round fills the compile caches and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const keep = (sample: number[], value: number): void => {
      if (round > 0) sample.push(value);
    };
    {
      await using program = new Program(process.execPath, [minimal], { env });
      keep(samples.least, await program.until(['ready']));
    }
    {
      await using program = new Program(workshop.bin('drey'), ['attach', server.clusterId], {
        env: { ...env, KUBECONFIG: server.kubeconfig },
      });
      keep(samples.first, await program.until(frame));
      keep(samples.data, await program.until(data));
      keep(samples.memory, residentMegabytes(program.pid));
    }
    if (round % 2 === 1 && !long && round > 3) continue;
    {
      await using program = new Program(workshop.bin('drey'), ['attach', '--sandbox'], { env });
      keep(samples.sandboxFirst, await program.until(frame));
      keep(samples.sandboxData, await program.until(data));
    }
    {
      await using program = new Program('npm', ['start', '--silent'], { env, cwd: workshop.checkout });
      keep(samples.npm, await program.until(frame));
    }
  }
  const note = (sample: readonly number[]): string =>
    `median of ${sample.length}, ${Math.round(Math.min(...sample))}-${Math.round(Math.max(...sample))}`;
  const figure = (name: string, sample: readonly number[], unit: string, target?: number): Figure => ({
    name,
    value: median(sample),
    unit,
    note: note(sample),
    ...(target === undefined ? {} : { target }),
  });
  const ratio = (name: string, sample: readonly number[], target: number): Figure => ({
    name,
    value: median(sample) / median(samples.least),
    unit: 'x',
    target,
  });
  return [
    figure('minimal Ink program, first frame', samples.least, 'ms'),
    figure('bin/drey, first frame', samples.first, 'ms', 200),
    ratio('bin/drey, first frame / minimal', samples.first, 1.5),
    figure('pods and jobs of a local cluster on the screen', samples.data, 'ms'),
    ratio('pods and jobs / minimal', samples.data, 3),
    figure('--sandbox, first frame', samples.sandboxFirst, 'ms'),
    figure('--sandbox, pods and jobs on the screen', samples.sandboxData, 'ms'),
    figure('npm start, first frame', samples.npm, 'ms', 350),
    figure('resident when pods and jobs are shown', samples.memory, 'MB', 150),
  ];
};
