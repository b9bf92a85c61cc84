import type { Detail } from '../../inside/graph/fit.ts';

/** How the graph is looked at: by how much and from where, if not as it fits best. */
export interface GraphState {
  /** Undefined: as much in each box as fits. */
  readonly detail: Detail | undefined;
  /** The cell of the graph in the top left corner. */
  readonly x: number;
  readonly y: number;
}

export const wholeGraph: GraphState = { detail: undefined, x: 0, y: 0 };
