import * as z from 'zod/mini';
import { operatorsOf } from '../flink/schemas/job-detail.ts';

/** A part of the state of a job: what must have a place in the job that is started from it. */
export interface StatePart {
  /** Of the operator, or of the vertex, which is that of its first operator. */
  readonly id: string;
  /** Undefined: unknown. */
  readonly name: string | undefined;
  readonly uid?: string | undefined;
  /** Undefined: unknown, so there may be some. */
  readonly sizeBytes: number | undefined;
  /** Its state can be divided among so many subtasks at most. */
  readonly maxParallelism: number | undefined;
}

/** A vertex of the plan that a jar gives. */
export interface PlannedVertex {
  /** That of its first operator. A plan does not have the ids of the others. */
  readonly id: string;
  readonly parallelism: number;
  /** The names of the others, as a text. */
  readonly behind: string;
}

const plan = z.object({ nodes: z.array(z.object({ id: z.string(), parallelism: z.number(), description: z.optional(z.string()) })) });

/** The vertices of a plan as Flink writes it; undefined if it has another form. */
export function plannedVertices(answer: unknown): readonly PlannedVertex[] | undefined {
  const read = z.safeParse(plan, answer);
  return read.success
    ? read.data.nodes.map(({ description, ...node }) => ({ ...node, behind: behindFirst(operatorsOf(description)) }))
    : undefined;
}

/** A tree has a line for each operator; with `pipeline.vertex-description-mode: CASCADING` all are in one line: `a -> (b, c -> d)`. */
const behindFirst = ([first = '', ...others]: readonly string[]): string => [...first.split(' -> ').slice(1), ...others].join('\n');

/** Whether the state of a job has a place in the plan of a jar. */
export type Mapping =
  | { readonly kind: 'fits' }
  /** No vertex has their ids, but an operator behind the first one of a vertex has their names. */
  | { readonly kind: 'unknown'; readonly parts: readonly StatePart[] }
  /**
   * There is no such operator either. One that was renamed, or that has its id from `setUidHash`, could still be the one: a plan shows neither.
   */
  | { readonly kind: 'absent'; readonly parts: readonly StatePart[] }
  /** The plan wants more subtasks than the state can be divided among: Flink refuses that. */
  | { readonly kind: 'too-wide'; readonly part: StatePart; readonly parallelism: number };

/** How the state of a job fits the plan of a jar. Parts without any state fit everywhere. Source: `StateAssignmentOperation`, Flink 2.3. */
export function mapState(parts: readonly StatePart[], vertices: readonly PlannedVertex[]): Mapping {
  const planned = new Map(vertices.map((vertex) => [vertex.id, vertex]));
  const stateful = parts.filter(({ sizeBytes }) => sizeBytes !== 0);
  for (const part of stateful) {
    const parallelism = planned.get(part.id)?.parallelism ?? 0;
    if (part.maxParallelism !== undefined && parallelism > part.maxParallelism) return { kind: 'too-wide', part, parallelism };
  }
  const unplaced = stateful.filter(({ id }) => !planned.has(id));
  const behind = vertices.map((vertex) => vertex.behind).join('\n');
  const absent = unplaced.filter(({ name }) => behind === '' || (name !== undefined && !behind.includes(name)));
  if (absent.length > 0) return { kind: 'absent', parts: absent };
  return unplaced.length === 0 ? { kind: 'fits' } : { kind: 'unknown', parts: unplaced };
}
