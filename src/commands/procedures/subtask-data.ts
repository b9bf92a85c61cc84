import type { SubtaskFacts } from '../../inside/vertex/vertex-facts.ts';
import { isoTime } from '../../support/machine-text.ts';

/** A subtask for programs, in the documented form. */
export const subtaskData = (one: SubtaskFacts): object => ({
  subtask: one.subtask,
  state: one.state,
  stateMs: one.stateMs ?? null,
  taskManager: one.taskManagerId ?? null,
  attempt: one.attempt,
  otherAttempts: one.otherAttempts.map(({ attempt }) => attempt),
  startTime: isoTime(one.startTime) ?? null,
  busy: one.shares.busy ?? null,
  backPressured: one.shares.backPressured ?? null,
  idle: one.shares.idle ?? null,
  recordsIn: one.io.readRecords ?? null,
  recordsOut: one.io.writeRecords ?? null,
  bytesIn: one.io.readBytes ?? null,
  bytesOut: one.io.writeBytes ?? null,
  recordsInPerSecond: one.rates.recordsIn ?? null,
  recordsOutPerSecond: one.rates.recordsOut ?? null,
  bytesInPerSecond: one.rates.bytesIn ?? null,
  bytesOutPerSecond: one.rates.bytesOut ?? null,
  watermark: typeof one.watermark === 'number' ? (isoTime(one.watermark) ?? null) : (one.watermark ?? null),
  watermarkLagMs: one.lagMs ?? null,
  timesAverage: one.timesAverage ?? null,
});
