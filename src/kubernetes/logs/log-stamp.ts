/** The kubelet's stamp of a line, with nanoseconds. */
export interface Stamp {
  /** Seconds since the epoch. */
  readonly second: number;
  readonly nanos: number;
}

export function compareStamps(a: Stamp, b: Stamp): number {
  return a.second - b.second || a.nanos - b.nanos;
}

/** Milliseconds since the epoch. */
export function stampMs({ second, nanos }: Stamp): number {
  return second * 1_000 + Math.floor(nanos / 1_000_000);
}

/** RFC 3339 in whole seconds, the precision of `sinceTime`. */
export function sinceTime(second: number): string {
  return new Date(second * 1_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

const DATE_LENGTH = 19;

/**
 * Reads the stamps at the start of the lines of a log with `timestamps=true`. Remembers the last second: the next line nearly always has
 * the same one.
 */
export interface StampReader {
  /** The stamp at `start`, or undefined. `end` is then where the text of the line begins. */
  read(bytes: Uint8Array, start: number, end: number): Stamp | undefined;
  readonly end: number;
}

/** RFC 3339 with up to nine fractional digits and `Z` or an offset (kubelet: `RFC3339NanoFixed` in the node's zone). */
export function stampReader(): StampReader {
  const last = new Uint8Array(DATE_LENGTH);
  let lastSecond = Number.NaN;
  let textStart = 0;

  const dateSecond = (bytes: Uint8Array, start: number): number => {
    let same = true;
    for (let i = 0; i < DATE_LENGTH && same; i++) same = bytes[start + i] === last[i];
    if (same) return lastSecond;
    const date = Buffer.from(bytes.buffer, bytes.byteOffset + start, DATE_LENGTH).toString('latin1');
    if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date)) return Number.NaN;
    last.set(bytes.subarray(start, start + DATE_LENGTH));
    lastSecond = Date.parse(`${date}Z`) / 1_000;
    return lastSecond;
  };

  return {
    read(bytes, start, end) {
      if (end - start < DATE_LENGTH + 1) return undefined;
      const second = dateSecond(bytes, start);
      if (Number.isNaN(second)) return undefined;
      let at = start + DATE_LENGTH;
      let nanos = 0;
      if (bytes[at] === 0x2e) {
        let digits = 0;
        for (at++; at < end && isDigit(bytes[at] as number); at++) {
          if (digits++ < 9) nanos = nanos * 10 + ((bytes[at] as number) - 0x30);
        }
        for (; digits < 9; digits++) nanos *= 10;
      }
      let offset = 0;
      const zone = bytes[at];
      if (zone === 0x5a) at++;
      else if (zone === 0x2b || zone === 0x2d) {
        const digit = (i: number): number => (bytes[at + i] ?? 0) - 0x30;
        offset = (zone === 0x2b ? 1 : -1) * ((digit(1) * 10 + digit(2)) * 3_600 + (digit(4) * 10 + digit(5)) * 60);
        at += 6;
      } else return undefined;
      // An empty line may come without the space.
      if (at < end && bytes[at] !== 0x20) return undefined;
      textStart = Math.min(at + 1, end);
      return { second: second - offset, nanos };
    },
    get end() {
      return textStart;
    },
  };
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
