import { Program } from './program.ts';
import { median, type Figure } from './statistics.ts';
import type { Workshop } from './workshop.ts';

/** First frame of the minimal Ink program on the machine for which the targets were set, in milliseconds. */
const reference = 133;
const runs = 4;

/** First frames of the minimal Ink program now, in milliseconds. */
export async function minimalFirstFrames(workshop: Workshop): Promise<readonly number[]> {
  const minimal = await workshop.minimal();
  const frames: number[] = [];
  for (let run = 0; run < runs; run++) {
    await using program = new Program(process.execPath, [minimal], { env: workshop.env });
    frames.push(await program.until(['ready']));
  }
  // The first run reads from disk what the others find in memory.
  return frames.slice(1);
}

/** How much slower this machine was than that one, at least 1: the speed of a shared machine varies. */
export const paceOf = (frames: readonly number[]): number => Math.max(1, median(frames) / reference);

/** Targets that depend on the speed of the machine: milliseconds, and shares of a core. */
export const isPaced = ({ unit, target }: Figure): boolean => target !== undefined && (unit === 'ms' || unit === '%');

export const paced = (figure: Figure, pace: number): Figure =>
  isPaced(figure) ? { ...figure, target: (figure.target ?? 0) * pace } : figure;
