import type { Faults } from '../base/faults.ts';

/** The switches that Flink's processes feel from within. */
export type FlinkFaults = Pick<Faults, 'jobManagerDies' | 'workersRefused' | 'checkpointsStuck'>;
