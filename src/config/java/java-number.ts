/**
 * A Java `double` that happens to be whole. JavaScript cannot tell 1000.0 from 1000; Flink and YAML can.
 */
export class WholeDouble {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  toString(): string {
    return formatDouble(this.value);
  }
}

/** Keeps a number floating-point even if it is whole. */
export function double(value: number): number | WholeDouble {
  return Number.isFinite(value) && !Number.isInteger(value) ? value : new WholeDouble(value);
}

/**
 * A number as Java's `Double.toString` prints it: always with a fraction, with an exponent outside [1e-3, 1e7). The digits are the shortest
 * that read back as the same number, as in Java 19 and later; before, some numbers get one digit more.
 */
export function formatDouble(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const size = Math.abs(value);
  if (size === 0) return `${sign}0.0`;
  if (size >= 1e-3 && size < 1e7) {
    const text = String(size);
    return sign + (text.includes('.') ? text : `${text}.0`);
  }
  const [digits = '', exponent = ''] = size.toExponential().split('e');
  return `${sign}${digits.includes('.') ? digits : `${digits}.0`}E${exponent.replace('+', '')}`;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fFdD]?$/;

/**
 * The number that `Double.parseDouble` reads; undefined for text that it refuses. Ignores white space around it; does not read hexadecimal
 * fractions.
 */
export function parseDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (/^[+-]?NaN$/.test(trimmed)) return Number.NaN;
  if (/^[+-]?Infinity$/.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  return decimal.test(trimmed) ? Number(trimmed.replace(/[fFdD]$/, '')) : undefined;
}

/** An integer in the form that `Integer.parseInt` accepts, of any size; undefined for other text. */
export function parseInteger(text: string): bigint | undefined {
  return /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
}
