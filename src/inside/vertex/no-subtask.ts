import { Problem } from '../../support/problem.ts';
import { vertexName } from '../find-vertex.ts';

/** From 0, as everywhere in Flink's REST API. */
export const noSubtask = (vertex: { readonly name: string; readonly parallelism: number }, subtask: number): Problem =>
  new Problem('not-found', `${vertexName(vertex)} has no subtask ${subtask}: it has ${vertex.parallelism}, and the first one is 0.`);
