import type { Vertex } from '../../flink/types.ts';
import type { AggregatedMetric, SubtaskAttempt } from '../../flink/vertex-types.ts';
import type { Ends } from '../job/ends.ts';
import type { Skew } from './vertex-facts.ts';
import { watermarkLag, watermarkOf } from './watermark.ts';

/** The metrics of a vertex that say how it does. */
export const loadMetrics = [
  'busyTimeMsPerSecond',
  'backPressuredTimeMsPerSecond',
  'idleTimeMsPerSecond',
  'numRecordsIn',
  'numRecordsOut',
  'numRecordsInPerSecond',
  'numRecordsOutPerSecond',
  'currentInputWatermark',
] as const;

/** A source has no input watermark, and asked for a name that it does not have Flink answers nothing at all. */
export const sourceLoadMetrics = loadMetrics.filter((name) => name !== 'currentInputWatermark');

/** How a vertex does. Shares of 0..1. */
export interface Load {
  /** On the clock of the JobManager. */
  readonly at: number;
  readonly busiest: number | undefined;
  readonly busyAverage: number | undefined;
  readonly mostBackPressured: number | undefined;
  readonly leastIdle: number | undefined;
  readonly recordsIn: number | undefined;
  readonly recordsOut: number | undefined;
  readonly skew: Skew | undefined;
  readonly lagMs: number | undefined;
}

/** The subtask that has been in its state for the longest time, among those that have not ended. */
export interface LongestState {
  readonly subtask: number;
  readonly state: string;
  readonly since: number;
}

export interface TopVertex {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly parallelism: number;
  readonly tasks: Readonly<Record<string, number>>;
  readonly load: Load | undefined;
  readonly longest: LongestState | undefined;
  /** The states of the tasks when `longest` was read; undefined: never. */
  readonly longestOf: string | undefined;
}

/** One request about one vertex. */
export interface Question {
  readonly kind: 'load' | 'states';
  readonly vertexId: string;
}

const ended = new Set(['FINISHED', 'CANCELED', 'FAILED']);

/** The numbers of tasks by state as one text: if it changes, a task has changed its state. */
const statesOf = (tasks: Readonly<Record<string, number>>): string =>
  Object.entries(tasks)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${state} ${count}`)
    .toSorted()
    .join(' ');

/** The vertices as Flink lists them now, with what is known of each from before. */
export function topVertices(vertices: readonly Vertex[], before: readonly TopVertex[]): readonly TopVertex[] {
  const known = new Map(before.map((one) => [one.id, one]));
  return vertices.map(({ id, name, state, parallelism, tasks }) => {
    const { load, longest, longestOf } = known.get(id) ?? { load: undefined, longest: undefined, longestOf: undefined };
    return { id, name, state, parallelism, tasks, load, longest, longestOf };
  });
}

/**
 * What to ask in this round: at most `most` requests, so that a job of many vertices is read over several rounds. What is not known comes
 * first, then what is oldest. States are asked for again only if a task has changed its own.
 */
export function nextQuestions(vertices: readonly TopVertex[], most: number): readonly Question[] {
  const live = vertices.filter(({ state }) => !ended.has(state));
  const load = (one: TopVertex): Question => ({ kind: 'load', vertexId: one.id });
  const unknown = live.filter(({ load: known }) => known === undefined).map(load);
  const moved = live
    .filter(({ tasks, longestOf }) => statesOf(tasks) !== longestOf)
    .map((one): Question => ({ kind: 'states', vertexId: one.id }));
  const oldest = live
    .filter((one): one is TopVertex & { readonly load: Load } => one.load !== undefined)
    .toSorted((a, b) => a.load.at - b.load.at)
    .map(load);
  return [...unknown, ...moved, ...oldest].slice(0, most);
}

const share = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : Math.min(1, ms / 1_000));

export function loadOf(metrics: readonly AggregatedMetric[], at: number, { reads, writes }: Ends): Load {
  const of = (name: (typeof loadMetrics)[number]): Partial<AggregatedMetric> => metrics.find((one) => one.name === name) ?? {};
  const busy = of('busyTimeMsPerSecond');
  const lowest = of('currentInputWatermark').min;
  const by = (of('numRecordsIn').sum ?? 0) > 0 ? 'numRecordsIn' : 'numRecordsOut';
  const percent = of(by).skew;
  return {
    at,
    busiest: share(busy.max),
    busyAverage: share(busy.avg),
    mostBackPressured: share(of('backPressuredTimeMsPerSecond').max),
    leastIdle: share(of('idleTimeMsPerSecond').min),
    recordsIn: reads ? of('numRecordsInPerSecond').sum : undefined,
    recordsOut: writes ? of('numRecordsOutPerSecond').sum : undefined,
    skew: percent === undefined ? undefined : { percent, of: by },
    lagMs: lowest === undefined ? undefined : watermarkLag(watermarkOf(lowest), at),
  };
}

/** Undefined: every subtask has ended. */
export function longestState(subtasks: readonly SubtaskAttempt[], now: number): LongestState | undefined {
  let longest: LongestState | undefined;
  for (const { subtask, state, statusMs } of subtasks) {
    const ms = statusMs[state];
    if (ms === undefined || ended.has(state)) continue;
    if (longest === undefined || now - ms < longest.since) longest = { subtask, state, since: now - ms };
  }
  return longest;
}

export const withLongest = (one: TopVertex, longest: LongestState | undefined): TopVertex => ({
  ...one,
  longest,
  longestOf: statesOf(one.tasks),
});
