import type { FlameSample, FlameType, SampledFrame } from '../../flink/flame-types.ts';
import type { Instant } from '../../support/clock.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { InspectionKind } from './inspection.ts';
import type { VertexOfJob } from './vertex.ts';

/** Where a vertex, or one of its subtasks, spends its time. */
export interface FlameSubject extends VertexOfJob {
  readonly kind: 'flame';
  /** Undefined: all of them. */
  readonly subtask: number | undefined;
  readonly type: FlameType;
}

/** Samples that are shown, and when they were taken, by the clock of the server. */
export interface ShownSamples {
  readonly at: Instant | undefined;
  readonly frames: readonly SampledFrame[];
}

/** A vertex of the same job. */
export interface FlameSibling {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
}

export interface FlameFacts {
  /** What Flink answered last: it shows samples, takes the first ones, does not take any, or the vertex has ended. */
  readonly status: FlameSample['kind'];
  /** Undefined: there are none yet. */
  readonly samples: ShownSamples | undefined;
  /** When these samples were first seen, or since when the first ones are waited for. */
  readonly since: Instant;
  /** For how long Flink shows the same samples. Does not change while the cluster runs, and is read once. */
  readonly freshMs: number;
  /** All vertices of the job, in the order of the data flow. They do not change while it runs, and are read once. */
  readonly siblings: readonly FlameSibling[];
}

/** Flink takes new samples when it is asked and those it has are older than this. Source: `RestOptions`, Flink 2.3. */
const interval = { key: 'rest.flamegraph.refresh-interval', defaultMs: 60_000 } as const;

export const flameInspection: InspectionKind<FlameSubject, FlameFacts> = {
  idOf: ({ job, vertex, subtask, type }) => `${job} ${vertex} ${subtask ?? 'all'} ${type}`,
  async read({ job, vertex, subtask, type }, { flink, signal, clock, before }) {
    if (before?.status === 'sampled' && clock.now() - before.since < before.freshMs) return before;
    const [answer, siblings, freshMs] = await Promise.all([
      flink.flameGraph(job, vertex, { type, subtask }, { signal }),
      before?.siblings ?? flink.job(job, { signal }).then(({ vertices }) => vertices.map(siblingOf)),
      before?.freshMs ?? flink.clusterConfiguration({ signal }).then(intervalIn).catch(unlessAborted),
    ]);
    const { kind: status } = answer;
    // While Flink takes new samples, it answers with the ones before.
    if (status !== 'sampled' || answer.at === before?.samples?.at)
      return { status, siblings, freshMs, samples: before?.samples, since: before?.since ?? clock.now() };
    const { boundedFrames } = await import('../../inside/flame/sampling.ts');
    return { status, siblings, freshMs, samples: { at: answer.at, frames: boundedFrames(answer.frames) }, since: clock.now() };
  },
};

const siblingOf = ({ id, name, parallelism }: FlameSibling): FlameSibling => ({ id, name, parallelism });

/** What the JobManager's configuration says, if it is a duration. */
async function intervalIn(configuration: ReadonlyMap<string, string>): Promise<number> {
  const text = configuration.get(interval.key);
  if (text === undefined) return interval.defaultMs;
  const { parseDuration } = await import('../../config/options/amounts.ts');
  return parseDuration(text);
}

/** The samples can be shown without the configuration: its default holds almost everywhere. */
function unlessAborted(error: unknown): number {
  if (isAbort(error) || !(error instanceof Problem)) throw error;
  return interval.defaultMs;
}
