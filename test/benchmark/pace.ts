import { Program } from './program.ts';
import { median, type Figure } from './statistics.ts';
import type { Workshop } from './workshop.ts';

/** First frame of the minimal Ink program on the machine for which the targets were written, in milliseconds. */
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
  // The first one reads what the others find in memory.
  return frames.slice(1);
}

/** How much slower than that machine this one was meanwhile, at least 1: machines that are shared have moods. */
export const paceOf = (frames: readonly number[]): number => Math.max(1, median(frames) / reference);

/** Targets that the speed of a machine decides: milliseconds, and shares of a core. */
export const isPaced = ({ unit, target }: Figure): boolean => target !== undefined && (unit === 'ms' || unit === '%');

export const paced = (figure: Figure, pace: number): Figure =>
  isPaced(figure) ? { ...figure, target: (figure.target ?? 0) * pace } : figure;
