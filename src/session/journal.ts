import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Clock } from '../support/clock.ts';
import { Problem, sentence } from '../support/problem.ts';
import { removeFile, writeWholeFile } from '../support/whole-file.ts';
import { launchSchema } from './launch.ts';
import type { ResumeNote } from './resume-note.ts';
import type { Operation, Target } from './types.ts';

/** The cluster that an operation belongs to. If the uid is known, a later cluster of the same name is never mistaken for it. */
export interface JournalCluster {
  readonly server: string;
  readonly namespace: string;
  readonly clusterId: string;
  /** Uid of the Deployment. */
  readonly uid?: string | undefined;
}

/** The data kept of an operation: enough to find its result after detaching, and the paths of finished savepoints. */
export interface JournalEntry {
  readonly version: 1;
  readonly cluster: JournalCluster;
  readonly operation: Operation;
  readonly note: ResumeNote;
}

/** The journal of operations of one user, shared by all drey processes. */
export interface Journal {
  /** Writes or replaces the entry of this operation; it is on disk when this returns. Throws a `Problem` if the folder is not writable. */
  write(entry: JournalEntry): void;
  /** The operation no longer needs an entry. */
  remove(id: string): void;
  /** The entries of a cluster, oldest first. Unreadable files are moved aside and named in `broken`; they never prevent a start. */
  read(target: Target, uid?: string): JournalContent;
  /** The same for all clusters, including those that are gone. */
  readAll(): JournalContent;
}

export interface JournalContent {
  readonly entries: readonly JournalEntry[];
  readonly broken: readonly string[];
}

/** Entries of finished operations are kept for 30 days. */
const keptMs = 30 * 24 * 60 * 60_000;

const text = z.optional(z.string());
const entrySchema = z.object({
  version: z.literal(1),
  cluster: z.object({ server: z.string(), namespace: z.string(), clusterId: z.string(), uid: text }),
  operation: z.object({
    id: z.string().check(z.regex(/^[\w-]{1,64}$/)),
    title: z.string(),
    kind: z.enum([
      'submit',
      'cancel',
      'savepoint',
      'stop-job',
      'checkpoint',
      'dispose',
      'rescale',
      'restart',
      'stop',
      'log-level',
      'other',
    ]),
    jobId: text,
    startedAt: z.number(),
    endedAt: z.optional(z.number()),
    state: z.enum(['running', 'succeeded', 'failed', 'unknown']),
    progress: text,
    result: text,
  }),
  note: z.discriminatedUnion('what', [
    z.object({
      what: z.enum(['savepoint', 'stop-job', 'checkpoint']),
      jobId: z.string(),
      triggerId: z.string(),
      lastCheckpointId: z.optional(z.number()),
      directory: text,
    }),
    z.object({
      what: z.literal('restart'),
      jobId: z.string(),
      jobName: z.string(),
      triggerId: z.string(),
      lastCheckpointId: z.optional(z.number()),
      directory: text,
      savepoint: text,
      newJobId: z.string(),
      abandons: text,
      begunAt: z.number(),
      launch: launchSchema,
      before: launchSchema,
    }),
  ]),
});

/** One small file per operation, so that several processes never write the same one. */
export function openJournal({ folder, clock }: { readonly folder: string; readonly clock: Clock }): Journal {
  const place = join(folder, 'operations');
  const fileOf = (id: string): string => join(place, `${id}.json`);

  const write = (entry: JournalEntry): void => {
    try {
      writeWholeFile(fileOf(entry.operation.id), `${JSON.stringify(entry)}\n`);
    } catch (error) {
      throw new Problem('failed', `The journal of operations in ${place} cannot be written: ${sentence(error)}`, {
        hint: 'Without it the result is not found again after detaching.',
        cause: error,
      });
    }
  };

  const remove = (id: string): void => rmSync(fileOf(id), { force: true });

  const readFile = (name: string): JournalEntry | undefined => {
    const path = join(place, name);
    let content: string;
    try {
      content = readFileSync(path, 'utf8');
    } catch (error) {
      // Another process finished that operation after the folder was listed.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const { operation, cluster, ...rest } = z.parse(entrySchema, JSON.parse(content));
    const { jobId, endedAt, progress, result } = operation;
    return { ...rest, cluster, operation: { ...operation, jobId, endedAt, progress, result } };
  };

  const readAll = (): JournalContent => {
    const entries: JournalEntry[] = [];
    const broken: string[] = [];
    for (const name of listed(place)) {
      let entry: JournalEntry | undefined;
      try {
        entry = readFile(name);
      } catch {
        // Truncated, of a later version, or a foreign file: moved out of the way, but not destroyed.
        broken.push(putAside(place, name));
        continue;
      }
      if (entry === undefined) continue;
      const { endedAt } = entry.operation;
      if (endedAt !== undefined && clock.now() - endedAt > keptMs) removeFile(fileOf(entry.operation.id));
      else entries.push(entry);
    }
    return { entries: entries.toSorted((a, b) => a.operation.startedAt - b.operation.startedAt), broken };
  };

  return {
    write,
    remove,
    readAll,
    read(target, uid) {
      const { entries, broken } = readAll();
      return { entries: entries.filter(({ cluster }) => isOf(cluster, target, uid)), broken };
    },
  };
}

function listed(place: string): readonly string[] {
  try {
    return readdirSync(place).filter((name) => name.endsWith('.json'));
  } catch (error) {
    // No folder: nothing has been written yet. One that cannot be read is reported on the next write.
    if (error instanceof Error) return [];
    throw error;
  }
}

function putAside(place: string, name: string): string {
  const path = join(place, name);
  try {
    renameSync(path, `${path}.broken`);
    return `${path}.broken`;
  } catch {
    // In a read-only folder it stays where it is.
    return path;
  }
}

function isOf(cluster: JournalCluster, target: Target, uid: string | undefined): boolean {
  if (cluster.server !== target.server || cluster.namespace !== target.namespace || cluster.clusterId !== target.clusterId) return false;
  return uid === undefined || cluster.uid === undefined || cluster.uid === uid;
}
