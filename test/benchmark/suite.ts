import type { Figure } from './statistics.ts';
import type { Workshop } from './workshop.ts';

export interface SuiteOptions {
  readonly workshop: Workshop;
  /** Measure as long as the targets require, rather than the shortest time that still shows something. */
  readonly long: boolean;
  /** Write what the documentation says of it. */
  readonly keep: boolean;
}

/** Measures one thing. Without figures, the answer is a sentence with the reason. */
export type Suite = (options: SuiteOptions) => Promise<readonly Figure[] | string>;

export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
