import type { Scenario } from '../scenario.ts';
import { jobDecoys } from './job-decoys.ts';
import { podDecoys } from './pod-decoys.ts';

/** In the order of the documentation. */
export const decoys: readonly Scenario[] = [...jobDecoys, ...podDecoys];
