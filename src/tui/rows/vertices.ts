import type { Vertex } from '../../flink/types.ts';
import type { Look } from '../look/look.ts';
import { jobState } from './jobs.ts';
import type { PaintCells } from './table-lines.ts';

export const vertexCells = (look: Look): PaintCells<Vertex> => ({ STATE: ({ state }) => jobState(state, 'ok', look) });
