import { parseDuration } from '../../config/options/amounts.ts';
import type { Instant } from '../../support/clock.ts';
import { isMoment, type Zone } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';

const day = 24 * 60 * 60_000;

/**
 * A moment as it is typed: how long ago (`-5m`, `5m`), a time of day (the latest one that has been), or a date and time, which is of the
 * zone if it does not name one.
 */
export function momentOf(word: string, now: Instant, zone: Zone): Instant {
  const time = /^(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,3}))?)?$/.exec(word);
  if (time !== null) return timeOfDay(time.slice(1), now, zone) ?? wrong(word);
  if (/^\d{4}-\d\d-\d\d/.test(word)) {
    const full = word.replace(' ', 'T').replace(/^([\d-]{10})$/, '$1T00:00');
    const at = Date.parse(zone === 'utc' && !/(?:Z|[+-]\d\d:?\d\d)$/i.test(full) ? `${full}Z` : full);
    return isMoment(at) ? at : wrong(word);
  }
  const ago = /^-?(\d+\s*[a-z]+)$/i.exec(word)?.[1];
  if (ago === undefined) return wrong(word);
  try {
    return now - parseDuration(ago);
  } catch (error) {
    return wrong(word, error);
  }
}

function timeOfDay(parts: readonly (string | undefined)[], now: Instant, zone: Zone): Instant | undefined {
  const [hour = 0, minute = 0, second = 0] = parts.slice(0, 3).map((part) => Number(part ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const ms = Number((parts[3] ?? '0').padEnd(3, '0'));
  if (zone === 'utc') {
    const at = new Date(now).setUTCHours(hour, minute, second, ms);
    return at > now ? at - day : at;
  }
  const date = new Date(now);
  date.setHours(hour, minute, second, ms);
  // A day before, whatever the clocks did in between.
  if (date.getTime() > now) date.setDate(date.getDate() - 1);
  return date.getTime();
}

function wrong(word: string, cause?: unknown): never {
  throw new Problem('usage', `"${word}" is not a time.`, { hint: 'Write 03:12, 03:12:07.5, -5m or 2026-11-22T03:12.', cause });
}
