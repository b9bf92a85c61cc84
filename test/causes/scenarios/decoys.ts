import type { Scenario } from '../scenario.ts';
import { consequenceDecoys } from './consequence-decoys.ts';
import { jobDecoys } from './job-decoys.ts';
import { podDecoys } from './pod-decoys.ts';

/** In the order of the documentation. */
export const decoys: readonly Scenario[] = [...consequenceDecoys, ...jobDecoys, ...podDecoys];
