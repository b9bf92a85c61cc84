import type { Figure } from './statistics.ts';
import type { Workshop } from './workshop.ts';

export interface SuiteOptions {
  readonly workshop: Workshop;
  /** Measure as long as the targets say, not as short as still tells something. */
  readonly long: boolean;
}

/** Measures one thing. An answer without figures says in a sentence why there are none. */
export type Suite = (options: SuiteOptions) => Promise<readonly Figure[] | string>;

export const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
