import { isDeepStrictEqual } from 'node:util';
import { allOptions } from '../../config/options/options.ts';
import type { Option } from '../../config/options/types.ts';
import { maskValue, maskWords } from '../../config/secrets/redact.ts';
import type { JvmEnvironment } from '../../flink/process-types.ts';
import { Problem } from '../../support/problem.ts';

/** How a value stands to the default of its option; `unknown`: drey does not know the option's default. */
export type Standing = 'default' | 'differs' | 'unknown';

/** One key of a configuration; secrets are masked. */
export interface ConfigurationRow {
  readonly key: string;
  readonly value: string;
  readonly standing: Standing;
  /** What the option is for, if drey knows it. */
  readonly summary: string | undefined;
}

const options = new Map(allOptions.flatMap((option) => [option.key, ...option.deprecated, ...option.fallback].map((key) => [key, option])));

/** The keys of a configuration in their order. */
export const configurationRows = (configuration: ReadonlyMap<string, string>): readonly ConfigurationRow[] =>
  [...configuration]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => {
      const option = options.get(key);
      return { key, value: maskValue(key, value), standing: standingOf(option, key, value), summary: option?.summary };
    });

function standingOf(option: Option<unknown> | undefined, key: string, value: string): Standing {
  if (option === undefined) return 'unknown';
  // An option without a default is set on purpose.
  if (option.default === undefined) return 'differs';
  try {
    return isDeepStrictEqual(option.type.parse(value, key), option.default) ? 'default' : 'differs';
  } catch (error) {
    // A value that Flink took and this table does not read is not the default.
    if (error instanceof Problem) return 'differs';
    throw error;
  }
}

/** The JVM of a process with the secrets among its options masked. */
export const maskedEnvironment = (environment: JvmEnvironment): JvmEnvironment => ({
  ...environment,
  options: maskWords(environment.options),
});
