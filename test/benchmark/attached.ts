import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProbeReport } from './probe.ts';
import { Program } from './program.ts';
import { rest } from './suite.ts';
import type { Workshop } from './workshop.ts';

let count = 0;

/** An attached program with a probe in it, and with what `DREY_NODE_OPTIONS` says, e.g. `--cpu-prof --cpu-prof-dir=/tmp/profiles`. */
export class Attached extends Program {
  readonly #file: string;
  #reports = 0;

  constructor(workshop: Workshop, clusterId: string, kubeconfig: string, more: readonly string[] = []) {
    const file = join(workshop.folder, `probe-${count += 1}`);
    super(workshop.bin('drey'), ['attach', clusterId, ...more], {
      env: { ...workshop.env, KUBECONFIG: kubeconfig, DREY_NODE_OPTIONS: `--import=${new URL('./probe.ts', import.meta.url).href} ${process.env['DREY_NODE_OPTIONS'] ?? ''}`, DREY_BENCH_PROBE: file },
    });
    this.#file = file;
  }

  /** What was measured since it was asked last. */
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

/** Moves the selection among the first rows of the panel at the left, `presses` times at uneven moments: milliseconds from each key to the row that is marked. */
export async function moveSelection(program: Program, presses: number): Promise<readonly number[]> {
  const sample: number[] = [];
  const first = (await program.screen()).findIndex((line) => line.startsWith('│ ▸'));
  if (first === -1) throw new Error('no row is selected');
  for (let press = 0; press < presses; press++) {
    const down = press % 16 < 8;
    const row = first + 1 + (down ? (press % 16) + 1 : 15 - (press % 16));
    // The border, the mark in its colour, and the row in bold as it is while the panel has the focus.
    sample.push(await program.answer(down ? 'j' : 'k', new RegExp(`\\u001b\\[${row};1H[^H]*▸\\u001b\\[39m \\u001b\\[1m`)));
    await rest(40 + ((press * 37) % 90));
  }
  return sample;
}
