import * as z from 'zod/mini';

/** A part of the state of a job: what must have a place in the job that is started from it. */
export interface StatePart {
  /** Of the operator, or of the vertex, which is that of its first operator. */
  readonly id: string;
  readonly name: string;
  /** Undefined: unknown, so there may be some. */
  readonly sizeBytes: number | undefined;
  /** Its state can be divided among so many subtasks at most. */
  readonly maxParallelism: number | undefined;
}

/** A vertex of the plan that a jar gives. */
export interface PlannedVertex {
  readonly id: string;
  readonly parallelism: number;
}

const plan = z.object({ nodes: z.array(z.object({ id: z.string(), parallelism: z.number() })) });

/** The vertices of a plan as Flink writes it; undefined if it has another form. */
export function plannedVertices(answer: unknown): readonly PlannedVertex[] | undefined {
  const read = z.safeParse(plan, answer);
  return read.success ? read.data.nodes : undefined;
}

export interface Mapping {
  /** No vertex of the plan has its id. It may still be an operator inside a vertex: a plan names only the first one of each. */
  readonly unplaced: readonly StatePart[];
  /** The plan wants more subtasks than the state can be divided among: Flink refuses that. */
  readonly tooWide: readonly { readonly part: StatePart; readonly parallelism: number }[];
}

/** How the state of a job fits the plan of a jar. Parts without any state fit everywhere. Source: `StateAssignmentOperation`, Flink 2.3. */
export function mapState(parts: readonly StatePart[], vertices: readonly PlannedVertex[]): Mapping {
  const planned = new Map(vertices.map((vertex) => [vertex.id, vertex]));
  const stateful = parts.filter(({ sizeBytes }) => sizeBytes !== 0);
  return {
    unplaced: stateful.filter(({ id }) => !planned.has(id)),
    tooWide: stateful.flatMap((part) => {
      const parallelism = planned.get(part.id)?.parallelism ?? 0;
      return part.maxParallelism !== undefined && parallelism > part.maxParallelism ? [{ part, parallelism }] : [];
    }),
  };
}
