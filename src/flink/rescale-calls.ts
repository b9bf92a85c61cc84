import { isNotFound } from '../support/problem.ts';
import { readTimeoutMs, type Calls } from './calls.ts';
import { jobPath } from './job-calls.ts';
import { rescales, rescaleSettings, resourceRequirements } from './schemas/rescale.ts';
import { anything } from './schemas/values.ts';
import type { RescaleCalls } from './rescale-types.ts';

/** The parallelism of jobs of the adaptive scheduler (since 1.18), and how it changed. */
export function rescaleCalls(calls: Calls): RescaleCalls {
  const requirements = (id: string): string => `${jobPath(id)}/resource-requirements`;
  return {
    resourceRequirements: (id, call) => calls.get(requirements(id), resourceRequirements, call),
    async setResourceRequirements(id, bounds, call) {
      const json = Object.fromEntries(
        [...bounds].map(([vertex, { least, most }]) => [vertex, { parallelism: { lowerBound: least, upperBound: most } }]),
      );
      // The same bounds again change nothing.
      await calls.send({ method: 'PUT', path: requirements(id), json, schema: anything, repeatable: true, timeoutMs: readTimeoutMs }, call);
    },
    rescales: (id, call) => orUndefined(calls.get(`${jobPath(id)}/rescales/history`, rescales, call)),
    rescaleSettings: (id, call) => orUndefined(calls.get(`${jobPath(id)}/rescales/config`, rescaleSettings, call)),
  };
}

/** Older versions have no such path, and other schedulers answer as if there were none. */
async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
