import { double, type WholeDouble } from '../java/java-number.ts';

export type Scalar = string | number | bigint | boolean | WholeDouble | null;

const integer = /^[-+]?[0-9]+$/;
const prefixed = /^0(?:o[0-7]+|x[0-9a-fA-F]+)$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinity = /^[-+]?\.(?:inf|Inf|INF)$/;
const notANumber = /^\.(?:nan|NaN|NAN)$/;
const bool = /^(?:true|True|TRUE|false|False|FALSE)$/;
const nothing = /^(?:~|null|Null|NULL|)$/;

const whole = (value: bigint): number | bigint =>
  value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;

/**
 * The meaning of a plain scalar in the YAML 1.2 core schema: `yes`, `1_000`, `12:30` and `2024-01-01` are text, `012` is twelve. Source:
 * `CoreScalarResolver`, snakeyaml-engine 2.6.
 */
export function resolvePlain(text: string): Scalar {
  const first = text.charCodeAt(0);
  // Most scalars are words and paths: with any other first letter no expression is needed.
  if (first > 0x39 && first !== 0x7e && !'tTfFnN'.includes(text.charAt(0))) return text;
  if (nothing.test(text)) return null;
  if (bool.test(text)) return text.toLowerCase() === 'true';
  if (integer.test(text)) return whole(BigInt(text.replace(/^\+/, '')));
  if (prefixed.test(text)) return whole(BigInt(text));
  if (float.test(text)) return double(Number(text));
  if (infinity.test(text)) return double(text.startsWith('-') ? -Infinity : Infinity);
  if (notANumber.test(text)) return double(Number.NaN);
  return text;
}
