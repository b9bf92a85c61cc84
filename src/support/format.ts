import type { Instant } from './clock.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** The last moment of the ECMAScript calendar, in milliseconds. */
const lastMoment = 8.64e15;

/** Whether this is a moment of the calendar: a server may send any number. */
export const isMoment = (at: number | undefined): at is Instant => at !== undefined && at >= 0 && at <= lastMoment;

/** Whether two moments can be that far apart; false if it is not a number. */
const isSpan = (ms: number): boolean => Math.abs(ms) <= lastMoment;

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/**
 * One unit, rounded down, at most four characters up to 27 years: `40s`, `12m`, `2h`, `5d`. Negative spans are `0s`, those beyond the
 * calendar `-`.
 */
export function formatAge(ms: number | undefined): string {
  if (ms === undefined || !isSpan(ms)) return '-';
  if (ms < second) return '0s';
  if (ms < minute) return `${Math.floor(ms / second)}s`;
  if (ms < hour) return `${Math.floor(ms / minute)}m`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)}h`;
  return `${Math.floor(ms / day)}d`;
}

/** The two largest units: `350ms`, `4.2s`, `41s`, `3m 20s`, `2h 14m`, `5d 3h`. */
export function formatDuration(ms: number): string {
  if (!isSpan(ms)) return '-';
  if (ms <= 0) return '0s';
  if (ms < second) return `${Math.floor(ms)}ms`;
  if (ms < 10 * second) return `${(Math.floor(ms / 100) / 10).toString()}s`;
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(ms / day), 'd'],
    [Math.floor((ms % day) / hour), 'h'],
    [Math.floor((ms % hour) / minute), 'm'],
    [Math.floor((ms % minute) / second), 's'],
  ];
  const from = parts.findIndex(([value]) => value > 0);
  return parts
    .slice(from, from + 2)
    .filter(([value]) => value > 0)
    .map(([value, unit]) => `${value}${unit}`)
    .join(' ');
}

/** The same in words for a sentence: `40 s`, `3 min`, `2 h`, `5 d`. */
export function formatSpan(ms: number): string {
  if (!isSpan(ms)) return '-';
  if (ms < second) return '0 s';
  if (ms < 2 * minute) return `${Math.floor(ms / second)} s`;
  if (ms < 2 * hour) return `${Math.floor(ms / minute)} min`;
  if (ms < 2 * day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let amount = Math.abs(value);
  let unit = 0;
  while (unit + 1 < units.length && Number(amount.toPrecision(3)) >= step) {
    amount /= step;
    unit += 1;
  }
  const digits = unit === 0 ? String(Math.round(amount)) : amount < 9.95 ? String(Number(amount.toFixed(1))) : String(Math.round(amount));
  return `${value < 0 ? '-' : ''}${digits}${units[unit] ?? ''}`;
}

/** Powers of 1024, as in Kubernetes: `512B`, `1.5Ki`, `1728Mi`, `20Gi`. */
export function formatMemory(bytes: number): string {
  const units = ['B', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
  let unit = 0;
  let amount = bytes;
  // Four digits of one unit are more precise than two of the next, and limits are written that way (1728Mi).
  while (unit + 1 < units.length && amount >= 9999.5) {
    amount /= 1024;
    unit += 1;
  }
  if (unit === 0 && amount >= 1024) {
    amount /= 1024;
    unit = 1;
  }
  return `${amount < 9.95 && unit > 0 ? String(Number(amount.toFixed(1))) : String(Math.round(amount))}${units[unit] ?? ''}`;
}

/** Sizes of files and streams, powers of 1000: `999 B`, `12 kB`, `12.4 MB`, `3.1 GB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`;
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let amount = bytes / 1000;
  let unit = 0;
  while (unit + 1 < units.length && amount >= 999.95) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount < 99.95 && unit > 0 ? amount.toFixed(1) : Math.round(amount)} ${units[unit] ?? ''}`;
}

/** With a comma between thousands, whatever the locale: `18,204`. */
export function formatCount(value: number): string {
  const digits = String(Math.trunc(Math.abs(value)));
  let text = '';
  for (let end = digits.length; end > 0; end -= 3) text = digits.slice(Math.max(0, end - 3), end) + (text === '' ? '' : `,${text}`);
  return value <= -1 ? `-${text}` : text;
}

/** At most three digits with a power of 1000, for rates: `940`, `1.2k`, `18k`, `3.4M`. */
export function formatRate(value: number): string {
  return scaled(value, 1000, ['', 'k', 'M', 'G', 'T']);
}

/** Cores, with small numbers as in Kubernetes: `0`, `250m`, `1.5`, `12`. */
export function formatCpu(cores: number): string {
  if (cores <= 0) return '0';
  if (cores < 1) {
    const milli = Math.round(cores * 1000);
    return milli === 1000 ? '1' : `${milli}m`;
  }
  return cores < 10 ? String(Number(cores.toFixed(1))) : String(Math.round(cores));
}

/** A share of 0..1 as whole percent: `97%`. */
export function formatPercent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Which time of day is shown: that of this machine, or that of all. */
export type Zone = 'local' | 'utc';

/** Time of day: `11:34:16`; `-` if there is no such moment. */
export function formatTime(at: Instant, zone: Zone = 'local'): string {
  if (!isMoment(at)) return '-';
  const date = new Date(at);
  const parts =
    zone === 'utc'
      ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
      : [date.getHours(), date.getMinutes(), date.getSeconds()];
  return parts.map(two).join(':');
}

// Lines of one log often share a second, so the last text is kept.
let lastSecond = Number.NaN;
let lastZone: Zone = 'local';
let lastText = '';

/** Time of day with milliseconds: `11:34:16.221`. */
export function formatStamp(at: Instant, zone: Zone = 'local'): string {
  const whole = Math.floor(at / second);
  if (whole !== lastSecond || zone !== lastZone) {
    lastText = formatTime(whole * second, zone);
    lastSecond = whole;
    lastZone = zone;
  }
  return `${lastText}.${String(Math.floor(at - whole * second)).padStart(3, '0')}`;
}

/** How much later or earlier something is: `+0.221`, `-3:12`, `+1:03:12.221`; with milliseconds if it is to be `exact`. */
export function formatLapse(ms: number, exact: boolean): string {
  if (!isSpan(ms)) return '-';
  const all = Math.floor(Math.abs(ms));
  const hours = Math.floor(all / hour);
  const minutes = Math.floor((all % hour) / minute);
  const seconds = Math.floor((all % minute) / second);
  const clock = hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : minutes > 0 ? `${minutes}:${two(seconds)}` : String(seconds);
  return `${ms < 0 ? '-' : '+'}${clock}${exact ? `.${String(all % second).padStart(3, '0')}` : ''}`;
}

/** Local date and time with the zone: `2026-11-22 11:34:16 +01:00`; `-` if there is no such moment. */
export function formatDateTime(at: Instant): string {
  if (!isMoment(at)) return '-';
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${formatTime(at)} ${zone}`;
}
