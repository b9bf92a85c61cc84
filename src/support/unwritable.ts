import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Problem } from './problem.ts';
import { systemReason } from './system-reason.ts';

/** The file system of this machine does not let this file be written. */
export function unwritable(path: string, error: unknown): Problem {
  const folder = dirname(path);
  const lacksFolder = (error as NodeJS.ErrnoException).code === 'ENOENT' && !existsSync(folder);
  const reason = error instanceof Error ? systemReason(error) : String(error);
  return new Problem('failed', `${path} cannot be written: ${lacksFolder ? `there is no folder ${folder}` : reason}.`, {
    hint: lacksFolder ? 'Make the folder, or name another file.' : 'Name another file.',
    cause: error,
  });
}
