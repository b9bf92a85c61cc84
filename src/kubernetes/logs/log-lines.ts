import { cutAtCharacter, harmless, isHarmless } from './log-text.ts';
import type { ResumePoint } from './log-resume.ts';
import { stampMs, stampReader } from './log-stamp.ts';
import type { LogLine } from '../model/types.ts';

/** Longer lines are cut here, in bytes of UTF-8. */
export const LINE_LIMIT = 64 << 10;
/** Leaves room for the stamp before the text. */
const RAW_LIMIT = LINE_LIMIT + 64;
/** Limit for a message of the kubelet, in bytes. */
const NOTE_LENGTH = 500;
const FEED = 0x0a;
const WORD = 4;

/** Cuts the bytes of one log stream (`timestamps=true`) into lines. */
export interface LogCutter {
  /** The new complete lines. They and their bytes are valid until the next call. */
  push(chunk: Buffer): LogLine[];
  /** The last line of the log if it has no line feed; to be called only after the log has ended for good. */
  flush(): LogLine[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Changes a line that may be too long or harmful. */
function tame(line: Writable<LogLine>): void {
  const text = line.bytes.subarray(line.from, line.to);
  const short = cutAtCharacter(text, LINE_LIMIT);
  line.cut ||= short.length < text.length;
  line.to = line.from + short.length;
  if (isHarmless(short, 0, short.length)) return;
  const cleaned = harmless(short);
  // Bytes that are not UTF-8 make a line longer.
  const kept = cutAtCharacter(cleaned, LINE_LIMIT);
  line.cut ||= kept.length < cleaned.length;
  line.bytes = kept;
  line.from = 0;
  line.to = kept.length;
}

/** Bytes that can be read in words, with a zero after them. */
interface WordCopy {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  take(source: Uint8Array): void;
}

/** In reused memory: at 100,000 lines a second there would be much to collect. */
function wordCopy(): WordCopy {
  let bytes = new Uint8Array(0);
  let words = new Int32Array(0);
  return {
    get bytes() {
      return bytes;
    },
    get words() {
      return words;
    },
    take(source) {
      if (bytes.length <= source.length) {
        bytes = new Uint8Array(2 ** Math.ceil(Math.log2(source.length + WORD)));
        words = new Int32Array(bytes.buffer);
      }
      bytes.set(source);
      bytes[source.length] = 0;
    },
  };
}

/**
 * `resume` decides which lines are new; lines before `since` (epoch milliseconds) are left out. A line without a stamp before the first
 * stamped one is not the container's: it is the kubelet's reason for having no log (`unable to retrieve container logs for …`), and goes to
 * `onNote`.
 */
export function logCutter(resume: ResumePoint, since = 0, onNote: (text: string) => void = () => {}): LogCutter {
  const stamps = stampReader();
  /** The beginning of an incomplete line, at most `RAW_LIMIT` bytes. */
  let pending = Buffer.alloc(0);
  let overlong = false;
  const copy = wordCopy();
  /** Reused: lines allocated at this rate are promoted to the old generation, which is rarely collected. */
  const pool: Writable<LogLine>[] = [];
  const lines: LogLine[] = [];
  let lastAt: number | undefined;

  /** Adds the line in `bytes` from `from` to `to`. `plain`: it is known to be printable ASCII. */
  const add = (bytes: Uint8Array, from: number, to: number, plain: boolean, cut: boolean): void => {
    const stamp = stamps.read(bytes, from, to);
    if (stamp) lastAt = stampMs(stamp);
    else if (lastAt === undefined) onNote(Buffer.from(bytes.subarray(from, Math.min(to, from + NOTE_LENGTH))).toString('utf8'));
    if (!resume.accept(stamp, to - from) || lastAt === undefined || lastAt < since) return;
    const start = stamp ? stamps.end : from;
    const end = to > start && bytes[to - 1] === 0x0d ? to - 1 : to;
    let line = pool[lines.length];
    if (line === undefined) pool.push((line = { at: lastAt, bytes, from: start, to: end, cut }));
    else {
      line.at = lastAt;
      line.bytes = bytes;
      line.from = start;
      line.to = end;
      line.cut = cut;
    }
    if (end - start > LINE_LIMIT || !plain) tame(line);
    lines.push(line);
  };

  const push = (chunk: Buffer): LogLine[] => {
    lines.length = 0;
    let start = 0;
    // Most chunks begin in the middle of a line.
    if (pending.length > 0 || overlong) {
      const feed = chunk.indexOf(FEED);
      if (feed >= 0) {
        const whole = Buffer.concat([pending, chunk.subarray(0, Math.min(feed, RAW_LIMIT - pending.length))]);
        add(whole, 0, whole.length, false, overlong || pending.length + feed > RAW_LIMIT);
        pending = Buffer.alloc(0);
        overlong = false;
        start = feed + 1;
      }
    }
    const length = chunk.length - start;
    copy.take(start === 0 ? chunk : chunk.subarray(start));
    const { bytes: scratch, words } = copy;
    start = 0;
    let plain = true;
    for (let at = 0; at < length; at++) {
      // Four bytes at a time while all are printable ASCII: no borrow below 0x20, no carry above 0x7e, no high bit. The zero ends the loop.
      if ((at & 3) === 0) {
        let word = words[at >> 2] as number;
        while ((((word - 0x20202020) | word | (word + 0x01010101)) & 0x80808080) === 0) {
          at += WORD;
          word = words[at >> 2] as number;
        }
        if (at >= length) break;
      }
      const byte = scratch[at] as number;
      if (byte >= 0x20 && byte < 0x7f) continue;
      if (byte !== FEED) {
        plain = false;
        continue;
      }
      add(scratch, start, at, plain, false);
      start = at + 1;
      plain = true;
    }
    if (start < length) {
      const room = RAW_LIMIT - pending.length;
      overlong ||= length - start > room;
      if (room > 0) pending = Buffer.concat([pending, scratch.subarray(start, Math.min(length, start + room))]);
    }
    return lines;
  };

  return {
    push,
    flush: () => (pending.length === 0 ? [] : push(Buffer.from('\n'))),
  };
}
