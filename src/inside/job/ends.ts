import type { JobEdge } from '../../flink/job-graph.ts';
import type { TaskIo } from '../../flink/vertex-types.ts';
import type { Rates } from './types.ts';

/**
 * Whether a vertex reads from another one, and whether it writes to one. Flink counts what vertices exchange: what a source reads and what a
 * sink writes is not known, and reported as 0.
 */
export interface Ends {
  readonly reads: boolean;
  readonly writes: boolean;
}

export const endsOf = (id: string, edges: readonly JobEdge[]): Ends => ({
  reads: edges.some(({ to }) => to === id),
  writes: edges.some(({ from }) => from === id),
});

/** What goes in and out, without what Flink does not count. */
export const exchangedRates = ({ recordsIn, recordsOut, bytesIn, bytesOut }: Rates, { reads, writes }: Ends): Rates => ({
  recordsIn: reads ? recordsIn : undefined,
  bytesIn: reads ? bytesIn : undefined,
  recordsOut: writes ? recordsOut : undefined,
  bytesOut: writes ? bytesOut : undefined,
});

export const exchangedIo = ({ readRecords, readBytes, writeRecords, writeBytes }: TaskIo, { reads, writes }: Ends): TaskIo => ({
  readRecords: reads ? readRecords : undefined,
  readBytes: reads ? readBytes : undefined,
  writeRecords: writes ? writeRecords : undefined,
  writeBytes: writes ? writeBytes : undefined,
});
