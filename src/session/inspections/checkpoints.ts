import type { CheckpointConfiguration, CheckpointEntry, CheckpointSummary, SubtaskCheckpoint } from '../../flink/checkpoint-types.ts';
import type { Checkpoint, FlinkClient, RestoredCheckpoint } from '../../flink/types.ts';
import { byDelay, holdupOf, subtaskByDelay, type Holdup, type NamedVertex } from '../../inside/checkpoints/holdup.ts';
import { checkpointFacts, countWords, type CheckpointFacts } from '../../inside/checkpoints/overview.ts';
import { slowestFirst, splitOf, type Split } from '../../inside/checkpoints/split.ts';
import { Problem } from '../../support/problem.ts';
import type { InspectionKind } from './inspection.ts';

/** The checkpoints of a job. */
export interface CheckpointsSubject {
  readonly kind: 'checkpoints';
  readonly job: string;
  /** Those that are listed, but not on the screen: their phases are not asked for. */
  readonly unseen?: readonly number[];
}

export interface CheckpointsFacts {
  /** False: the job takes none, as a batch job. */
  readonly on: boolean;
  /** How many there were, in words. */
  readonly counts: string;
  readonly completed: number;
  readonly restored: RestoredCheckpoint | undefined;
  readonly latestSavepoint: Pick<Checkpoint, 'id' | 'triggeredAt' | 'path'> | undefined;
  /** Newest first; Flink keeps ten (`web.checkpoints.history`). */
  readonly rows: readonly CheckpointFacts[];
  /** Complete ones of which Flink tells no phases: they are not asked for again. */
  readonly without?: readonly number[];
  readonly summary: CheckpointSummary | undefined;
  readonly configuration: CheckpointConfiguration | undefined;
}

const none: CheckpointsFacts = {
  on: false,
  counts: 'Checkpointing is off.',
  completed: 0,
  restored: undefined,
  latestSavepoint: undefined,
  rows: [],
  summary: undefined,
  configuration: undefined,
};

type Reader = Pick<FlinkClient, 'checkpointHistory' | 'checkpointConfiguration' | 'checkpointDetail' | 'checkpointSubtasks'>;

/**
 * Reads them. What took a checkpoint its time costs two requests and never changes once it is complete: it is taken from `before`, and of
 * the newest `mostSplits` others it is asked for, unless nobody sees them.
 */
export async function readCheckpoints(
  flink: Reader,
  jobId: string,
  {
    signal,
    before,
    unseen = [],
    mostSplits,
  }: {
    readonly signal: AbortSignal;
    readonly before: CheckpointsFacts | undefined;
    readonly unseen?: readonly number[] | undefined;
    readonly mostSplits: number;
  },
): Promise<CheckpointsFacts> {
  const [found, configuration] = await Promise.all([
    flink.checkpointHistory(jobId, { signal }),
    before?.configuration ?? flink.checkpointConfiguration(jobId, { signal }),
  ]);
  if (found === undefined) return none;
  const known = new Map((before?.rows ?? []).flatMap(({ id, split }) => (split === undefined ? [] : [[id, split] as const])));
  const without = new Set(before?.without);
  const asked = found.history
    .filter(({ id, status }) => status === 'COMPLETED' && !known.has(id) && !without.has(id) && !unseen.includes(id))
    .slice(0, mostSplits);
  for (const { id } of asked) {
    const split = await readSplit(flink, jobId, id, signal);
    if (split === undefined) without.add(id);
    else known.set(id, split);
  }
  const factsOf = (entry: CheckpointEntry): CheckpointFacts =>
    checkpointFacts(entry, { restoredId: found.latestRestored?.id, timeoutMs: configuration?.timeoutMs, split: known.get(entry.id) });
  return {
    on: true,
    counts: countWords(found),
    completed: found.completed,
    restored: found.latestRestored,
    latestSavepoint: savepointOf(found.latestSavepoint),
    rows: found.history.map(factsOf),
    without: found.history.flatMap(({ id }) => (without.has(id) ? [id] : [])),
    summary: found.summary,
    configuration,
  };
}

const savepointOf = (found: Checkpoint | undefined): CheckpointsFacts['latestSavepoint'] =>
  found === undefined ? undefined : { id: found.id, triggeredAt: found.triggeredAt, path: found.path };

/** Undefined if Flink has forgotten the checkpoint meanwhile, or does not measure phases. */
async function readSplit(flink: Reader, jobId: string, id: number, signal: AbortSignal): Promise<Split | undefined> {
  try {
    const { vertices } = await flink.checkpointDetail(jobId, id, { signal });
    const [slowest] = vertices.map((vertex) => ({ ...vertex, name: '' })).toSorted(byDelay);
    if (slowest === undefined) return undefined;
    const [last] = slowestFirst(await flink.checkpointSubtasks(jobId, id, slowest.vertexId, { signal }));
    return last === undefined ? undefined : splitOf(last);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Two requests each: with the history and, at first, the configuration a refresh costs at most six. */
const splitsARefresh = 2;

export const checkpointsInspection: InspectionKind<CheckpointsSubject, CheckpointsFacts> = {
  idOf: ({ job }) => job,
  read: ({ job, unseen }, { flink, signal, before }) => readCheckpoints(flink, job, { signal, before, unseen, mostSplits: splitsARefresh }),
};

/** One checkpoint, down to the subtasks of one operator. */
export interface CheckpointSubject {
  readonly kind: 'checkpoint';
  readonly job: string;
  readonly id: number;
  /** The operator to look into; undefined: the one that holds the checkpoint up. */
  readonly vertex: string | undefined;
}

export interface CheckpointInside {
  readonly checkpoint: CheckpointFacts;
  /** What has not acknowledged first, then the slowest. */
  readonly vertices: readonly NamedVertex[];
  /** The operator whose subtasks these are. */
  readonly vertexId: string | undefined;
  readonly subtasks: readonly SubtaskCheckpoint[];
  readonly holdup: Holdup | undefined;
}

/** `vertexId`: the operator to look into; undefined: the one that holds the checkpoint up. */
export async function readCheckpoint(
  flink: Reader & Pick<FlinkClient, 'job'>,
  { jobId, id, vertexId }: { readonly jobId: string; readonly id: number; readonly vertexId?: string | undefined },
  { signal, before }: { readonly signal: AbortSignal; readonly before: CheckpointInside | undefined },
): Promise<CheckpointInside> {
  const [detail, names] = await Promise.all([
    flink.checkpointDetail(jobId, id, { signal }),
    before === undefined
      ? flink.job(jobId, { signal }).then(({ vertices }) => new Map(vertices.map((vertex) => [vertex.id, vertex.name])))
      : new Map(before.vertices.map((vertex) => [vertex.vertexId, vertex.name])),
  ]);
  const vertices = detail.vertices.map((vertex) => ({ ...vertex, name: names.get(vertex.vertexId) ?? vertex.vertexId })).toSorted(byDelay);
  const [slowest] = vertices;
  const looked = vertexId ?? slowest?.vertexId;
  const read = async (vertex: string | undefined): Promise<readonly SubtaskCheckpoint[]> =>
    vertex === undefined ? [] : await flink.checkpointSubtasks(jobId, id, vertex, { signal });
  const [subtasks, delaying] = await Promise.all([read(looked), looked === slowest?.vertexId ? undefined : read(slowest?.vertexId)]);
  return {
    checkpoint: checkpointFacts(detail, { split: splitOfSlowest(delaying ?? subtasks) }),
    vertices,
    vertexId: looked,
    subtasks: subtasks.toSorted(subtaskByDelay),
    holdup: holdupOf(detail, vertices, delaying ?? subtasks),
  };
}

function splitOfSlowest(subtasks: readonly SubtaskCheckpoint[]): Split | undefined {
  const [last] = slowestFirst(subtasks);
  return last === undefined ? undefined : splitOf(last);
}

export const checkpointInspection: InspectionKind<CheckpointSubject, CheckpointInside> = {
  idOf: ({ job, id, vertex = '' }) => `${job} ${id} ${vertex}`,
  async read({ job, id, vertex }, { flink, signal, before }) {
    // What has ended never changes.
    if (before !== undefined && before.checkpoint.status !== 'IN_PROGRESS') return before;
    return readCheckpoint(flink, { jobId: job, id, vertexId: vertex }, { signal, before });
  },
};
