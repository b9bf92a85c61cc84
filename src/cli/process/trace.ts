import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem, sentence } from '../../support/problem.ts';
import type { CliIo } from './io.ts';

/** One request that was made: nothing of its headers or bodies, which may hold secrets. */
export interface TracedRequest {
  readonly method: string;
  readonly path: string;
  /** Undefined: no answer came. */
  readonly status: number | undefined;
  readonly ms: number;
}

export type Trace = (entry: TracedRequest) => void;

/**
 * Appends a line per request to `file`: stamp, method, path, status, milliseconds. Throws if the file cannot be written at the start; later
 * (a disk that is full) that is said once with `warn`, and no request is spoilt by it.
 */
export function openTrace(file: string, { cwd, clock }: Pick<CliIo, 'cwd' | 'clock'>, warn: (text: string) => void): Trace {
  const path = resolve(cwd, file);
  let given = true;
  try {
    appendFileSync(path, '', { mode: 0o600 });
  } catch (error) {
    throw new Problem('invalid', `The trace file ${path} cannot be written: ${sentence(error)}.`, { cause: error });
  }
  return ({ method, path: requested, status, ms }) => {
    if (!given) return;
    try {
      appendFileSync(path, `${new Date(clock.now()).toISOString()} ${method} ${requested} ${status ?? '-'} ${Math.round(ms)}ms\n`);
    } catch (error) {
      given = false;
      warn(`The trace file ${path} cannot be written any more: ${sentence(error)}. It ends here; nothing else changes.`);
    }
  };
}
