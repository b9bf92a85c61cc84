import { Problem } from '../../support/problem.ts';

const nanosOf: Readonly<Record<string, bigint>> = {
  d: 86_400_000_000_000n,
  h: 3_600_000_000_000n,
  min: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  µs: 1_000n,
  ns: 1n,
};

const timeLabels: ReadonlyMap<string, string> = new Map([
  ['d', 'd'],
  ['day', 'd'],
  ['days', 'd'],
  ['h', 'h'],
  ['hour', 'h'],
  ['hours', 'h'],
  ['min', 'min'],
  ['m', 'min'],
  ['minute', 'min'],
  ['minutes', 'min'],
  ['s', 's'],
  ['sec', 's'],
  ['secs', 's'],
  ['second', 's'],
  ['seconds', 's'],
  ['ms', 'ms'],
  ['milli', 'ms'],
  ['millis', 'ms'],
  ['millisecond', 'ms'],
  ['milliseconds', 'ms'],
  ['µs', 'µs'],
  ['micro', 'µs'],
  ['micros', 'µs'],
  ['microsecond', 'µs'],
  ['microseconds', 'µs'],
  ['ns', 'ns'],
  ['nano', 'ns'],
  ['nanos', 'ns'],
  ['nanosecond', 'ns'],
  ['nanoseconds', 'ns'],
]);

const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,9}))?S)?)?$/i;
const longest = (1n << 63n) - 1n;

function isoNanos(text: string): bigint | undefined {
  const match = iso.exec(text);
  if (match === null || /^PT?$/i.test(text)) return undefined;
  const [, days = '0', hours = '0', minutes = '0', seconds = '0', fraction = ''] = match;
  return (
    BigInt(days) * 86_400_000_000_000n +
    BigInt(hours) * 3_600_000_000_000n +
    BigInt(minutes) * 60_000_000_000n +
    BigInt(seconds) * 1_000_000_000n +
    BigInt(fraction.padEnd(9, '0'))
  );
}

/**
 * A duration in milliseconds (with a fraction below one): a whole number and a unit (default `ms`), or ISO-8601.
 * Throws a `Problem` of kind `invalid`. Source: `TimeUtils.parseDuration`, Flink 2.3.
 */
export function parseDuration(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') throw new Problem('invalid', 'A duration is empty; it needs a number and a unit, like 30 s.');
  const fromIso = isoNanos(trimmed);
  if (fromIso !== undefined) return Number(fromIso) / 1e6;
  const [, digits = '', rest = ''] = /^(\d*)(.*)$/s.exec(trimmed) ?? [];
  if (digits === '') throw new Problem('invalid', `${trimmed} does not start with a number, and is not a valid ISO-8601 duration.`);
  const label = rest.trim().toLowerCase();
  const unit = label === '' ? 'ms' : timeLabels.get(label);
  if (unit === undefined) {
    throw new Problem(
      'invalid',
      `Time interval unit label '${label}' does not match any of the recognized units: d, h, min (or m), s, ms, µs, ns and their long names.`,
    );
  }
  const nanos = BigInt(digits) * (nanosOf[unit] ?? 1n);
  if (nanos / 1_000_000_000n > longest) throw new Problem('invalid', `${digits} ${unit} is too long for a duration.`);
  return Number(nanos) / 1e6;
}

/** A duration as Flink writes it into a configuration: the largest unit that leaves a whole number. Source: `TimeUtils.formatWithHighestUnit`, Flink 2.3. */
export function flinkDuration(ms: number): string {
  const nanos = BigInt(Math.round(ms * 1e6));
  if (nanos === 0n) return '0 ms';
  const unit = Object.keys(nanosOf).find((name) => nanos % (nanosOf[name] ?? 1n) === 0n) ?? 'ns';
  return `${nanos / (nanosOf[unit] ?? 1n)} ${unit}`;
}

const memoryUnits: readonly (readonly [string, number, readonly string[]])[] = [
  ['bytes', 1, ['b', 'bytes']],
  ['kb', 2 ** 10, ['k', 'kb', 'kibibytes']],
  ['mb', 2 ** 20, ['m', 'mb', 'mebibytes']],
  ['gb', 2 ** 30, ['g', 'gb', 'gibibytes']],
  ['tb', 2 ** 40, ['t', 'tb', 'tebibytes']],
];

/**
 * A memory size in bytes: a whole number and a unit of base 1024 (default: bytes). Throws a `Problem` of kind `invalid`. Source:
 * `MemorySize.parse`, Flink 2.3; refuses sizes from 8 PiB on, which a `number` cannot hold exactly.
 */
export function parseMemory(text: string): number {
  const trimmed = text.trim();
  if (trimmed === '') throw new Problem('invalid', 'A memory size is empty; it needs a number and a unit, like 1600m.');
  const [, digits = '', rest = ''] = /^(\d*)(.*)$/s.exec(trimmed) ?? [];
  if (digits === '') throw new Problem('invalid', `${trimmed} does not start with a number.`);
  const label = rest.trim().toLowerCase();
  const unit = label === '' ? memoryUnits[0] : memoryUnits.find(([, , labels]) => labels.includes(label));
  if (unit === undefined) {
    const known = memoryUnits.map(([, , labels]) => `(${labels.join(' | ')})`).join(' / ');
    throw new Problem('invalid', `Memory size unit '${label}' does not match any of the recognized units: ${known}.`);
  }
  const bytes = Number(digits) * unit[1];
  if (!Number.isSafeInteger(bytes)) throw new Problem('invalid', `${trimmed} is more memory than can be counted.`);
  return bytes;
}

/** A memory size as Flink writes it into a configuration: `1600 mb`, `1 gb`. Source: `MemorySize.toString`, Flink 2.3. */
export function formatMemorySize(bytes: number): string {
  if (bytes === 0) return '0 bytes';
  const unit = memoryUnits.findLast(([, size]) => bytes % size === 0) ?? ['bytes', 1];
  return `${bytes / unit[1]} ${unit[0]}`;
}

/**
 * A memory size for a person, as in Flink's messages: `1.563gb (1677721600 bytes)`. Source: `MemorySize.toHumanReadableString`, Flink 2.3.
 */
export function describeMemory(bytes: number): string {
  const unit = memoryUnits.findLast(([, size]) => bytes > size);
  if (unit === undefined || unit[1] === 1) return `${bytes} bytes`;
  return `${(bytes / unit[1]).toFixed(3)}${unit[0]} (${bytes} bytes)`;
}
