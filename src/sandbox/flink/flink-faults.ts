import type { Faults } from '../base/faults.ts';

/** The faults that happen inside Flink's processes. */
export type FlinkFaults = Pick<Faults, 'jobManagerDies' | 'workersRefused' | 'checkpointsStuck' | 'checkpointsFail' | 'adaptive'>;
