import type { Scenario } from '../scenario.ts';
import { jobsCauses } from './jobs.ts';
import { memoryCauses } from './memory.ts';
import { slotsCauses } from './slots.ts';
import { startCauses } from './start.ts';
import { workersCauses } from './workers.ts';

/** In the order of the documentation. */
export const causes: readonly Scenario[] = [...memoryCauses, ...startCauses, ...slotsCauses, ...workersCauses, ...jobsCauses];
