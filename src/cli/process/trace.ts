import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Problem, sentence } from '../../support/problem.ts';
import type { CliIo } from './io.ts';

/** One request, without its headers and bodies, which may contain secrets. */
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
 * failures (a full disk) are reported once with `warn`, and never affect a request.
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
