import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Clock } from '../support/clock.ts';
import { Problem, sentence } from '../support/problem.ts';
import { removeFile, writeWholeFile } from '../support/whole-file.ts';
import { type Launch, launchSchema } from './launch.ts';

/** What the jobs of one user were started with, kept on disk: Flink does not report it. */
export interface Launches {
  /** Throws a `Problem` if the folder is not writable. */
  keep(jobId: string, launch: Launch): void;
  /** Undefined: the job was not started from this machine, or with a tool that keeps no record. */
  of(jobId: string): Launch | undefined;
}

const schema = z.object({ version: z.literal(1), launch: launchSchema });

/** A job may run for months; a record that is older than this is removed. */
const keptMs = 400 * 24 * 60 * 60_000;

const fileName = /^[0-9a-f]{32}\.json$/;

/** One small file per job. An id is 128 random bits, so it names a job of any cluster. */
export function openLaunches({ folder, clock }: { readonly folder: string; readonly clock: Clock }): Launches {
  const place = join(folder, 'launches');
  const fileOf = (jobId: string): string => join(place, `${jobId}.json`);
  return {
    keep(jobId, launch) {
      try {
        writeWholeFile(fileOf(jobId), `${JSON.stringify({ version: 1, launch })}\n`);
      } catch (error) {
        throw new Problem('failed', `What job ${jobId} was started with cannot be kept in ${place}: ${sentence(error)}`, {
          hint: 'Without it, restart and upgrade do not know the job.',
          cause: error,
        });
      }
      removeOld(place, clock.now() - keptMs);
    },
    of(jobId) {
      if (!fileName.test(`${jobId}.json`)) return undefined;
      let text: string;
      try {
        text = readFileSync(fileOf(jobId), 'utf8');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw new Problem('failed', `What job ${jobId} was started with cannot be read: ${sentence(error)}`, { cause: error });
      }
      return read(text);
    },
  };
}

/** Undefined for a file that is damaged or of a later version: nothing is known of the job then. */
function read(text: string): Launch | undefined {
  try {
    const entry = z.safeParse(schema, JSON.parse(text));
    return entry.success ? entry.data.launch : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function removeOld(place: string, before: number): void {
  for (const name of readdirSync(place).filter((each) => fileName.test(each))) {
    const path = join(place, name);
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before) < before) removeFile(path);
  }
}
