import { Problem } from '../../support/problem.ts';
import { isSensitiveKey } from '../secrets/redact.ts';
import { parseDuration, parseMemory } from './amounts.ts';
import { parseDouble, parseInteger, WholeDouble } from '../java/java-number.ts';
import { parseList, parseListOfMaps, parseMap } from './structured.ts';
import type { ConfigValue, OptionType, ValueSyntax } from './types.ts';
import { flowText } from '../yaml/yaml-text.ts';

/** The text of a value: a scalar as Java prints it, a list or map as YAML on one line. */
export function valueText(value: ConfigValue): string {
  return typeof value === 'string' ? value : flowText(value);
}

/** Wraps the error of a value's parser in a sentence that names the key; a secret is not repeated. */
function type<T>(name: OptionType<T>['name'], read: (value: ConfigValue, syntax: ValueSyntax) => T): OptionType<T> {
  return {
    name,
    parse(value, key, syntax = 'yaml') {
      try {
        return read(value, syntax);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        const secret = isSensitiveKey(key) || key.includes('secret');
        throw new Problem('invalid', `Could not parse value ${secret ? '' : `'${valueText(value)}' `}for key '${key}': ${error.message}`, {
          cause: error,
        });
      }
    },
  };
}

function integer(value: ConfigValue): number {
  const read = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : typeof value === 'bigint' ? value : undefined;
  const parsed = read ?? parseInteger(valueText(value));
  const limit = 1n << 31n;
  if (parsed === undefined || parsed >= limit || parsed < -limit)
    throw new Problem('invalid', `'${valueText(value)}' is not a whole number of 32 bits.`);
  return Number(parsed);
}

export const stringType: OptionType<string> = type('string', valueText);

export const booleanType: OptionType<boolean> = type('boolean', (value) => {
  const text = valueText(value).toLowerCase();
  if (text !== 'true' && text !== 'false')
    throw new Problem('invalid', `Unrecognized option for boolean: ${valueText(value)}. Expected either true or false (case insensitive).`);
  return text === 'true';
});

export const intType: OptionType<number> = type('int', integer);

export const doubleType: OptionType<number> = type('double', (value) => {
  const parsed = typeof value === 'number' ? value : value instanceof WholeDouble ? value.value : parseDouble(valueText(value));
  if (parsed === undefined) throw new Problem('invalid', `'${valueText(value)}' is not a number.`);
  return parsed;
});

/** Milliseconds. */
export const durationType: OptionType<number> = type('duration', (value) => parseDuration(valueText(value)));

/** Bytes. */
export const memoryType: OptionType<number> = type('memory', (value) => parseMemory(valueText(value)));

export const listType: OptionType<readonly string[]> = type('list', parseList);

export const mapType: OptionType<ReadonlyMap<string, string>> = type('map', parseMap);

export const mapListType: OptionType<readonly ReadonlyMap<string, string>[]> = type('list-of-maps', parseListOfMaps);

/** One of these words, ignoring case. */
export function enumType<T extends string>(...words: readonly T[]): OptionType<T> {
  return type(`enum ${words.join(' | ')}`, (value) => {
    const wanted = valueText(value).toUpperCase();
    const found = words.find((word) => word.toUpperCase() === wanted);
    if (found === undefined) throw new Problem('invalid', `Expected one of: ${words.join(', ')}.`);
    return found;
  });
}
