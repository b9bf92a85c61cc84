import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem, sentence } from '../support/problem.ts';
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

/** Appends a line per request to `file`: stamp, method, path, status, milliseconds. Throws when the file cannot be written. */
export function openTrace(file: string, { cwd, clock }: Pick<CliIo, 'cwd' | 'clock'>): Trace {
  const path = resolve(cwd, file);
  const write = (line: string) => {
    try {
      appendFileSync(path, line, { mode: 0o600 });
    } catch (error) {
      throw new Problem('invalid', `The trace file ${path} cannot be written: ${sentence(error)}.`, { cause: error });
    }
  };
  write('');
  return ({ method, path: requested, status, ms }) => write(`${new Date(clock.now()).toISOString()} ${method} ${requested} ${status ?? '-'} ${Math.round(ms)}ms\n`);
}
