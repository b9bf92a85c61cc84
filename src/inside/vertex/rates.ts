import type { TaskIo } from '../../flink/vertex-types.ts';

/** Records and bytes a second. */
export interface Rates {
  readonly recordsIn: number | undefined;
  readonly recordsOut: number | undefined;
  readonly bytesIn: number | undefined;
  readonly bytesOut: number | undefined;
}

export const noRates: Rates = { recordsIn: undefined, recordsOut: undefined, bytesIn: undefined, bytesOut: undefined };

/** Flink's own meters, averages of the last 60 s. */
export const rateMetrics = ['numRecordsInPerSecond', 'numRecordsOutPerSecond', 'numBytesInPerSecond', 'numBytesOutPerSecond'] as const;

export type ByName = ReadonlyMap<string, ReadonlyMap<number, number>>;

/** The meters of one subtask. */
export const meteredRates = (meters: ByName, subtask: number): Rates => ({
  recordsIn: meters.get(rateMetrics[0])?.get(subtask),
  recordsOut: meters.get(rateMetrics[1])?.get(subtask),
  bytesIn: meters.get(rateMetrics[2])?.get(subtask),
  bytesOut: meters.get(rateMetrics[3])?.get(subtask),
});

/** Totals when they last changed, and the rates that followed from it. */
export interface Counted {
  readonly attempt: number;
  readonly io: TaskIo;
  /** On the clock of the JobManager. */
  readonly changedAt: number;
  readonly rates: Rates;
}

/**
 * Flink asks TaskManagers for their metrics every 10 s (`metrics.fetcher.update-interval`), so totals stand still between. Three times as long
 * without a change means that nothing comes.
 */
const stillMs = 30_000;

const sameIo = (a: TaskIo, b: TaskIo): boolean =>
  a.readRecords === b.readRecords && a.writeRecords === b.writeRecords && a.readBytes === b.readBytes && a.writeBytes === b.writeBytes;

function rate(before: number | undefined, value: number | undefined, ms: number): number | undefined {
  if (before === undefined || value === undefined || ms <= 0 || value < before) return undefined;
  return ((value - before) / ms) * 1000;
}

/** Rates from the totals of two answers; unknown until they have changed once. Another attempt counts from 0 again. */
export function countedRates(before: Counted | undefined, attempt: number, io: TaskIo, now: number): Counted {
  if (before === undefined || before.attempt !== attempt) return { attempt, io, changedAt: now, rates: noRates };
  if (sameIo(before.io, io)) {
    const still = now - before.changedAt > stillMs;
    return still ? { ...before, rates: { recordsIn: 0, recordsOut: 0, bytesIn: 0, bytesOut: 0 } } : before;
  }
  const ms = now - before.changedAt;
  return {
    attempt,
    io,
    changedAt: now,
    rates: {
      recordsIn: rate(before.io.readRecords, io.readRecords, ms),
      recordsOut: rate(before.io.writeRecords, io.writeRecords, ms),
      bytesIn: rate(before.io.readBytes, io.readBytes, ms),
      bytesOut: rate(before.io.writeBytes, io.writeBytes, ms),
    },
  };
}
