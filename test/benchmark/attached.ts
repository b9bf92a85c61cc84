import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeReport } from './probe.ts';
import { Program } from './program.ts';
import { rest } from './suite.ts';
import type { Workshop } from './workshop.ts';

let count = 0;

/**
 * An attached program with a probe in it, and with the options in `DREY_NODE_OPTIONS`, for example `--cpu-prof
 * --cpu-prof-dir=/tmp/profiles`.
 */
export class Attached extends Program {
  readonly #file: string;
  #reports = 0;

  constructor(workshop: Workshop, clusterId: string, kubeconfig: string, more: readonly string[] = []) {
    const file = join(workshop.folder, `probe-${(count += 1)}`);
    super(workshop.bin('drey'), ['attach', clusterId, ...more], {
      env: {
        ...workshop.env,
        KUBECONFIG: kubeconfig,
        DREY_NODE_OPTIONS: `--import=${new URL('./probe.ts', import.meta.url).href} ${process.env['DREY_NODE_OPTIONS'] ?? ''}`,
        DREY_BENCH_PROBE: file,
      },
    });
    this.#file = file;
  }

  /** The measurements since the last call. */
  async report(): Promise<ProbeReport> {
    const end = performance.now() + 10_000;
    process.kill(this.pid, 'SIGUSR2');
    this.#reports += 1;
    for (;;) {
      const lines = existsSync(this.#file) ? readFileSync(this.#file, 'utf8').split('\n') : [];
      const line = lines[this.#reports - 1];
      if (lines.length > this.#reports && line !== undefined) return JSON.parse(line) as ProbeReport;
      if (performance.now() > end) throw new Error('the probe in the program does not answer');
      await rest(20);
    }
  }
}

/**
 * Moves the selection among the first rows of the left panel, `presses` times at irregular intervals: milliseconds from each key until the
 * row is marked.
 */
export async function moveSelection(program: Program, presses: number): Promise<readonly number[]> {
  const sample: number[] = [];
  const first = (await program.screen()).findIndex((line) => line.startsWith('│ ▸'));
  if (first === -1) throw new Error('no row is selected');
  for (let press = 0; press < presses; press++) {
    const down = press % 16 < 8;
    const row = first + 1 + (down ? (press % 16) + 1 : 15 - (press % 16));
    // The border and the mark, in any style; the marks of panels next to it come after text.
    sample.push(await program.answer(down ? 'j' : 'k', new RegExp(`\\u001b\\[${row};1H(?:\\u001b\\[[\\d;]*m|[ │])*▸`)));
    await rest(40 + ((press * 37) % 90));
  }
  return sample;
}

/**
 * Types an expression into the filter of the log and deletes it again: milliseconds from each key until the cursor is after it, while the
 * log is searched for the text so far.
 */
export async function typeFilter(program: Program, expression: string): Promise<readonly number[]> {
  program.write('5');
  program.write('/');
  const text = await program.sees((screen) => screen.includes('a regular expression'), 'the prompt of the filter');
  const row = text.split('\n').findIndex((line) => line.startsWith(' /')) + 1;
  const sample: number[] = [];
  const press = async (key: string, length: number): Promise<void> => {
    sample.push(await program.answer(key, `\u001b[${row};${length + ' /'.length + 1}H\u001b[?25h`));
    await rest(40 + ((length * 37) % 90));
  };
  for (const [index, sign] of [...expression].entries()) await press(sign, index + 1);
  for (let length = expression.length - 1; length >= 0; length--) await press('\u007f', length);
  return sample;
}
