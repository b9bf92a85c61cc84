import { Problem } from '../../support/problem.ts';
import { describeMemory } from './amounts.ts';
import type { FlinkConfig, Option } from './types.ts';

/** `bytes × factor`, computed in decimal and cut to whole bytes. Source: `MemorySize.multiply`, Flink 2.3. */
export function multiply(bytes: number, factor: number): number {
  const [digits = '0', exponent = '0'] = factor.toExponential().split('e');
  const [whole = '0', fraction = ''] = digits.split('.');
  const scale = fraction.length - Number(exponent);
  const product = BigInt(bytes) * BigInt(whole + fraction);
  return Number(scale >= 0 ? product / 10n ** BigInt(scale) : product * 10n ** BigInt(-scale));
}

/** A part with a smallest and a largest size. */
export interface Range {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** A Java `float`, widened: 0.1 is 0.10000000149011612. */
  readonly fraction: number;
}

/** Reads the three options of a range; throws a `Problem` if they contradict each other. Source: `ProcessMemoryUtils.getRangeFraction`, Flink 2.3. */
export function readRange(config: FlinkConfig, name: string, min: Option<number>, max: Option<number>, fraction: Option<number>): Range {
  const range = {
    name,
    min: config.get(min) ?? 0,
    max: config.get(max) ?? Number.MAX_SAFE_INTEGER,
    fraction: Math.fround(config.get(fraction) ?? 0),
  };
  const wrong =
    range.min > range.max
      ? 'the smallest size must not exceed the largest'
      : !(range.fraction >= 0 && range.fraction < 1)
        ? 'the fraction must be at least 0 and below 1'
        : undefined;
  if (wrong === undefined) return range;
  throw new Problem(
    'invalid',
    `Inconsistently configured ${fraction.key} (${range.fraction}) and its min (${describeMemory(range.min)}), max (${describeMemory(range.max)}) value: ${wrong}.`,
  );
}

const clamp = (bytes: number, range: Range): number => Math.max(range.min, Math.min(range.max, bytes));

/** The size of the part within a whole. */
export function partOf(whole: number, range: Range): number {
  return clamp(multiply(whole, range.fraction), range);
}

/** The size of the part if it is this fraction of itself plus the rest. */
export function partBeside(rest: number, range: Range): number {
  return clamp(multiply(rest, range.fraction / (1 - range.fraction)), range);
}

/** Throws a `Problem` if the part, derived as the remainder, is too small or too large. */
export function checkRest(bytes: number, range: Range): void {
  if (bytes >= range.min && bytes <= range.max) return;
  throw new Problem(
    'invalid',
    `Derived ${range.name} size (${describeMemory(bytes)}) is not in configured ${range.name} range [${describeMemory(range.min)}, ${describeMemory(range.max)}].`,
  );
}
