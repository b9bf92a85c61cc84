import { cutAtCharacter, harmless, isHarmless } from './log-text.ts';
import type { ResumePoint } from './log-resume.ts';
import { stampMs, stampReader } from './log-stamp.ts';
import type { LogLine } from './types.ts';

/** Longer lines are cut here, in bytes of UTF-8. */
export const LINE_LIMIT = 64 << 10;
/** Room for the stamp before the text. */
const RAW_LIMIT = LINE_LIMIT + 64;
/** Of what the kubelet says, in bytes. */
const NOTE_LENGTH = 500;
const FEED = 0x0a;

/** Makes lines of the bytes of one log stream (`timestamps=true`). */
export interface LogCutter {
  /** The new lines that are complete now. They share one buffer of their own and can be kept. */
  push(chunk: Buffer): LogLine[];
  /** The line at the end of the log that has no line feed; only when the log has ended for good. */
  flush(): LogLine[];
}

/**
 * `resume` decides which lines are new; lines before `since` (epoch milliseconds) are left out. A line without a stamp before the first one with a
 * stamp is not of the container: the kubelet says there why it has no log (`unable to retrieve container logs for …`), and `onNote` is told.
 */
export function logCutter(resume: ResumePoint, since = 0, onNote: (text: string) => void = () => {}): LogCutter {
  const stamps = stampReader();
  /** The beginning of a line whose end has not come, at most `RAW_LIMIT` bytes. */
  let pending = Buffer.alloc(0);
  let overlong = false;
  let lastAt: number | undefined;

  /** The line in `bytes` from `from` to `to`. `plain`: it is known to be printable ASCII. The line keeps a view of `bytes`. */
  const add = (lines: LogLine[], bytes: Uint8Array, from: number, to: number, plain: boolean, cut: boolean): void => {
    const stamp = stamps.read(bytes, from, to);
    if (stamp) lastAt = stampMs(stamp);
    else if (lastAt === undefined) onNote(Buffer.from(bytes.subarray(from, Math.min(to, from + NOTE_LENGTH))).toString('utf8'));
    if (!resume.accept(stamp, to - from) || lastAt === undefined || lastAt < since) return;
    const start = stamp ? stamps.end : from;
    const end = to > start && bytes[to - 1] === 0x0d ? to - 1 : to;
    let isCut = cut;
    let text = bytes.subarray(start, end);
    if (text.length > LINE_LIMIT) {
      isCut = true;
      text = cutAtCharacter(text, LINE_LIMIT);
    }
    if (!plain && !isHarmless(text, 0, text.length)) {
      const cleaned = harmless(text);
      // Tabs make a line longer.
      text = cutAtCharacter(cleaned, LINE_LIMIT).slice();
      isCut ||= text.length < cleaned.length;
    }
    lines.push(isCut ? { at: lastAt, text, cut: true } : { at: lastAt, text });
  };

  const push = (chunk: Buffer): LogLine[] => {
    const lines: LogLine[] = [];
    let start = 0;
    // Most chunks begin in the middle of a line.
    if (pending.length > 0 || overlong) {
      const feed = chunk.indexOf(FEED);
      if (feed >= 0) {
        const whole = Buffer.concat([pending, chunk.subarray(0, Math.min(feed, RAW_LIMIT - pending.length))]);
        add(lines, whole, 0, whole.length, false, overlong || pending.length + feed > RAW_LIMIT);
        pending = Buffer.alloc(0);
        overlong = false;
        start = feed + 1;
      }
    }
    // One copy for all lines of the chunk, which itself belongs to the socket.
    const bytes = new Uint8Array(chunk.subarray(start));
    const length = bytes.length;
    start = 0;
    let plain = true;
    for (let at = 0; at < length; at++) {
      const byte = bytes[at] as number;
      if (byte >= 0x20 && byte < 0x7f) continue;
      if (byte !== FEED) {
        plain = false;
        continue;
      }
      add(lines, bytes, start, at, plain, false);
      start = at + 1;
      plain = true;
    }
    if (start < length) {
      const room = RAW_LIMIT - pending.length;
      overlong ||= length - start > room;
      if (room > 0) pending = Buffer.concat([pending, bytes.subarray(start, start + room)]);
    }
    return lines;
  };

  return {
    push,
    flush: () => (pending.length === 0 ? [] : push(Buffer.from('\n'))),
  };
}
