import { compareStamps, type Stamp } from './log-stamp.ts';

/**
 * Where in a log we are, and which lines of a stream that begins again are old.
 *
 * The API can only begin at a whole second, so a resumed stream repeats lines. A log is append-only and is sent in the order of its file, so
 * everything up to the last line that we had is old, and all after it is new, whatever the stamps say: those of stdout and stderr may be
 * slightly out of order. The last line is known by its stamp; of several lines with that very stamp, by how many of them we had; and where we
 * began in the middle of such lines (`tailLines`), by its length, too.
 */
export interface ResumePoint {
  /** The second to ask the server for; undefined when no line came yet. */
  readonly second: number | undefined;
  /** A stream begins that repeats lines from `second` on. */
  restart(): void;
  /** Another log begins (a container was started anew): nothing of it is old. */
  forget(): void;
  /** True for a line of `length` bytes that was not had before. `stamp` undefined: a continuation without a stamp of its own. */
  accept(stamp: Stamp | undefined, length: number): boolean;
}

/** How far behind a line of stderr may be stamped that comes after one of stdout. */
const DISORDER_NANOS = 100_000_000;

export function resumePoint(): ResumePoint {
  /** The latest stamp of all lines. */
  let latest: Stamp | undefined;
  /** Stamp of the last line in the order of the file. */
  let last: Stamp | undefined;
  /** Lines we had with exactly the stamp `last`. */
  let had = 0;
  let lastLength = 0;
  /** Lines with that stamp seen again since `restart`; undefined when nothing is skipped. */
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
        // The last line is no longer in the file (it was rotated): what is later than all we had is new.
        again = undefined;
        take(stamp, length);
        return true;
      }
      if (compareStamps(stamp, last) === 0 && ++again >= had && length === lastLength) again = undefined;
      return false;
    },
  };
}
