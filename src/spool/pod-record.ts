import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Pod } from '../native/pod.ts';
import type { Instant } from '../support/clock.ts';
import { podFile } from './places.ts';

/** What is kept of a pod beside its log. */
export interface PodRecord {
  /** As it was last seen, or as it ended. */
  readonly pod: Pod;
  /** Uid of the cluster's Deployment, if it was known: another Deployment under the same name is another cluster. */
  readonly clusterUid: string | undefined;
  readonly seenAt: Instant;
  /** Its end was seen. */
  readonly gone: boolean;
}

/** JSON has no undefined; here it is null, so that a member that is missing is noticed. */
const maybe = <T extends z.core.$ZodType>(schema: T) =>
  z.pipe(
    z.nullable(schema),
    z.transform((value) => value ?? undefined),
  );

const container = z.object({
  name: z.string(),
  image: z.string(),
  state: z.enum(['waiting', 'running', 'terminated', 'unknown']),
  reason: maybe(z.string()),
  exitCode: maybe(z.number()),
  startedAt: maybe(z.number()),
  endedAt: maybe(z.number()),
  before: maybe(z.object({ reason: maybe(z.string()), exitCode: maybe(z.number()), at: maybe(z.number()) })),
  restarts: z.number(),
  init: z.boolean(),
});

const schema = z.object({
  version: z.literal(1),
  pod: z.object({
    name: z.string(),
    shortName: z.string(),
    uid: z.string(),
    role: z.enum(['jobmanager', 'taskmanager']),
    createdAt: maybe(z.number()),
    deletedAt: maybe(z.number()),
    node: maybe(z.string()),
    ip: maybe(z.string()),
    ready: z.number(),
    containers: z.array(container),
    restarts: z.number(),
    state: z.string(),
    severity: z.enum(['ok', 'busy', 'warn', 'error', 'done']),
    message: maybe(z.string()),
    cpuLimit: maybe(z.number()),
    memoryLimit: maybe(z.number()),
  }),
  clusterUid: maybe(z.string()),
  seenAt: z.number(),
  gone: z.boolean(),
});

export const recordText = (record: PodRecord): string =>
  `${JSON.stringify({ version: 1, ...record }, (_, value: unknown) => (value === undefined ? null : value))}\n`;

/** Undefined: the folder has no record that this version can read. */
export async function readPodRecord(folder: string): Promise<PodRecord | undefined> {
  try {
    const read = z.safeParse(schema, JSON.parse(await readFile(join(folder, podFile), 'utf8')));
    if (!read.success) return undefined;
    const { version: _, ...record } = read.data;
    return record;
  } catch (error) {
    // It was removed meanwhile, or is damaged: its log has nobody whom it belongs to.
    if (error instanceof SyntaxError || (error instanceof Error && 'code' in error)) return undefined;
    throw error;
  }
}
