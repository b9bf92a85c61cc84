/** `none`: no watermark has come yet. `ended`: the input has ended, no record will come. Otherwise a moment in event time. */
export type Watermark = number | 'none' | 'ended';

/**
 * Flink writes `Long.MIN_VALUE` and `Long.MAX_VALUE`, of which a number keeps the first 53 bits. An operator may subtract a little of the
 * first, so anything near it is no moment either.
 */
const beyond = 9.2e18;

export const watermarkOf = (value: number): Watermark => (value <= -beyond ? 'none' : value >= beyond ? 'ended' : value);

/** How far event time is behind the clock of the JobManager; undefined if there is no watermark to compare. */
export const watermarkLag = (watermark: Watermark | undefined, now: number): number | undefined =>
  typeof watermark === 'number' ? now - watermark : undefined;
