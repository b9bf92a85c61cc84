import { formatDouble } from '../../config/java/java-number.ts';
import { readYamlDocuments, severalDocuments, type Yaml } from '../../config/yaml/yaml-read.ts';
import { Problem } from '../../support/problem.ts';

/** A number in a template, with its form for a text field. */
export class TemplateNumber {
  readonly value: number;
  readonly text: string;
  /** Written without fraction and exponent. */
  readonly whole: boolean;

  constructor(value: number, text: string, whole: boolean) {
    this.value = value;
    this.text = text;
    this.whole = whole;
  }

  toString(): string {
    return this.text;
  }
}

export type TemplateScalar = string | boolean | null | TemplateNumber;
export type TemplateValue = Yaml<TemplateScalar>;

const integer = /^-?(?:0|[1-9]\d*)$/;
const float = /^-?(?:0|[1-9]\d*)(?:\.\d*)?(?:[eE][-+]?\d+)?$/;

/** Numbers are printed again in Java's way: `1.10` becomes the text `1.1`, and `1e3` becomes `1000.0`. */
const floating = (value: number): TemplateNumber => new TemplateNumber(value, formatDouble(value), false);

/**
 * The JSON schema of YAML 1.2: `~`, `True`, `012` and `+1` are texts. Source: `JsonScalarResolver`, snakeyaml-engine 2.6, in fabric8 7.3.1.
 */
function resolve(text: string): TemplateScalar {
  if (text === '' || text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  if (integer.test(text)) return new TemplateNumber(Number(text), String(BigInt(text)), true);
  if (float.test(text)) return floating(Number(text));
  if (text === '.inf' || text === '-.inf') return floating(text === '.inf' ? Infinity : -Infinity);
  return text === '.nan' ? floating(Number.NaN) : text;
}

type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** Numbers keep their text from the file. */
const revive: Reviver = (_key, value, { source }) => {
  if (typeof value === 'number') return new TemplateNumber(value, source ?? String(value), integer.test(source ?? ''));
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof TemplateNumber) return value;
  return new Map(Object.entries(value));
};

/**
 * The content of a template: JSON if it begins like a JSON object, otherwise YAML. Throws a `SyntaxError` or a `Problem` for broken text.
 * Source: `KubernetesSerialization.unmarshal`, fabric8 7.3.1.
 */
export function readTemplate(text: string): TemplateValue {
  if (!text.trimStart().startsWith('{')) {
    // Generated templates often have empty documents before and after.
    const [first = null, ...more] = readYamlDocuments(text, resolve).filter((document) => document !== null);
    if (more.length > 0) throw new Problem('invalid', `${severalDocuments}.`);
    return first;
  }
  return (JSON.parse as (text: string, reviver: Reviver) => TemplateValue)(text, revive);
}
