import { compareStamps, type Stamp, stampMs } from './log-stamp.ts';

/**
 * The position in a log, which tells which lines of a resumed stream are old.
 *
 * The API can only start at a whole second, so a resumed stream repeats lines. A log is append-only and is sent in the order of its file:
 * everything up to the last line read is old, and everything after it is new, whatever the stamps say, because those of stdout and stderr
 * may be slightly out of order. The last line is recognised by its stamp; among several lines with the same stamp, by how many of them were
 * read; and if reading began in the middle of such lines (`tailLines`), by its length as well.
 */
export interface ResumePoint {
  /** The second to ask the server for; undefined if no line has come yet. */
  readonly second: number | undefined;
  /** A stream begins that repeats lines from `second` on. */
  restart(): void;
  /** Another log begins (a container was restarted): none of its lines are old. */
  forget(): void;
  /** True for a new line of `length` bytes. `stamp` undefined: a continuation without its own stamp. */
  accept(stamp: Stamp | undefined, length: number): boolean;
}

/** How much earlier than a preceding line of stdout a line of stderr may be stamped. */
const DISORDER_NANOS = 100_000_000;

/** `onMissing`: a resumed stream does not hold the last line that was read. It gets the moments of that line and of the next one that came. */
export function resumePoint(onMissing: (from: number, to: number) => void = () => {}): ResumePoint {
  /** The latest stamp of all lines. */
  let latest: Stamp | undefined;
  /** Stamp of the last line in the order of the file. */
  let last: Stamp | undefined;
  /** Lines read with exactly the stamp `last`. */
  let had = 0;
  let lastLength = 0;
  /** Lines with that stamp seen again since `restart`; undefined if no lines are being skipped. */
  let again: number | undefined;

  const take = (stamp: Stamp, length: number): void => {
    lastLength = length;
    if (last && compareStamps(last, stamp) === 0) had++;
    else {
      last = stamp;
      had = 1;
    }
    if (!latest || compareStamps(stamp, latest) > 0) latest = stamp;
  };

  return {
    get second() {
      if (latest === undefined || last === undefined) return undefined;
      return Math.min(latest.nanos < DISORDER_NANOS ? latest.second - 1 : latest.second, last.second);
    },
    restart() {
      again = last === undefined ? undefined : 0;
    },
    forget() {
      latest = undefined;
      last = undefined;
      had = 0;
      again = undefined;
    },
    accept(stamp, length) {
      if (again === undefined || !last || !latest) {
        if (stamp) take(stamp, length);
        return true;
      }
      if (!stamp) return false;
      if (compareStamps(stamp, latest) > 0) {
        // The last line is no longer in the file (it was rotated): everything later than the lines read so far is new.
        again = undefined;
        onMissing(stampMs(last), stampMs(stamp));
        take(stamp, length);
        return true;
      }
      if (compareStamps(stamp, last) === 0 && ++again >= had && length === lastLength) again = undefined;
      return false;
    },
  };
}
