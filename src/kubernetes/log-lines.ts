import { cutAtCharacter, harmless, isHarmless } from './log-text.ts';
import type { ResumePoint } from './log-resume.ts';
import { stampMs, stampReader } from './log-stamp.ts';
import type { LogLine } from './types.ts';

/** Longer lines are cut here, in bytes of UTF-8. */
export const LINE_LIMIT = 64 << 10;
/** Room for the stamp before the text. */
const RAW_LIMIT = LINE_LIMIT + 64;

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

  const push = (chunk: Buffer): LogLine[] => {
    const lines: LogLine[] = [];
    let start = 0;
    // One allocation for all lines of the chunk: the chunk itself belongs to the socket. Text only grows where tabs do.
    let slab = new Uint8Array(0);
    let used = 0;

    const add = (bytes: Uint8Array, from: number, to: number, cut: boolean): void => {
      const stamp = stamps.read(bytes, from, to);
      if (stamp) lastAt = stampMs(stamp);
      else if (lastAt === undefined) onNote(Buffer.from(bytes.subarray(from, Math.min(to, from + 500))).toString('utf8'));
      if (!resume.accept(stamp) || lastAt === undefined || lastAt < since) return;
      const text = stamp ? stamps.end : from;
      let end = to;
      if (end > text && bytes[end - 1] === 0x0d) end--;
      let isCut = cut;
      if (end - text > LINE_LIMIT) {
        isCut = true;
        end = text + cutAtCharacter(bytes.subarray(text, end), LINE_LIMIT).length;
      }
      let kept: Uint8Array;
      if (isHarmless(bytes, text, end)) {
        if (slab.length - used < end - text) {
          slab = new Uint8Array(Math.max(chunk.length - start, end - text));
          used = 0;
        }
        kept = slab.subarray(used, used + (end - text));
        kept.set(bytes.subarray(text, end));
        used += end - text;
      } else {
        const cleaned = harmless(bytes.subarray(text, end));
        const fitting = cutAtCharacter(cleaned, LINE_LIMIT);
        isCut ||= fitting.length < cleaned.length;
        kept = fitting.slice();
      }
      lines.push(isCut ? { at: lastAt, text: kept, cut: true } : { at: lastAt, text: kept });
    };

    let feed = chunk.indexOf(0x0a);
    if (feed >= 0 && (pending.length > 0 || overlong)) {
      const whole = Buffer.concat([pending, chunk.subarray(0, Math.min(feed, RAW_LIMIT - pending.length))]);
      add(whole, 0, whole.length, overlong || pending.length + feed > RAW_LIMIT);
      pending = Buffer.alloc(0);
      overlong = false;
      start = feed + 1;
      feed = chunk.indexOf(0x0a, start);
    }
    for (; feed >= 0; feed = chunk.indexOf(0x0a, start)) {
      add(chunk, start, feed, false);
      start = feed + 1;
    }
    if (start < chunk.length) {
      const room = RAW_LIMIT - pending.length;
      overlong ||= chunk.length - start > room;
      if (room > 0) pending = Buffer.concat([pending, chunk.subarray(start, start + room)]);
    }
    return lines;
  };

  return {
    push,
    flush: () => (pending.length === 0 ? [] : push(Buffer.from('\n'))),
  };
}
