import { editDistance } from '../../support/edit-distance.ts';
import { otherFlinkKeys } from './known-keys.ts';
import { allOptions, keyPatterns } from './options.ts';
import type { FlinkConfig } from './types.ts';

const ownKeys: ReadonlySet<string> = new Set(allOptions.flatMap((option) => [option.key, ...option.fallback, ...option.deprecated]));

let known: ReadonlySet<string> | undefined;

/** Every key of Flink 2.3, including former names. Built for the first key that is not in the option table. */
function knownKeys(): ReadonlySet<string> {
  known ??= new Set([...ownKeys, ...otherFlinkKeys()]);
  return known;
}

/** One letter in eight may be wrong, at most three: beyond that it is another word. */
const tolerance = (key: string): number => Math.min(3, Math.max(1, Math.floor(key.length / 8)));

function nearest(key: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = tolerance(key) + 1;
  for (const candidate of candidates) {
    const found = editDistance(key, candidate, least - 1);
    if (found < least) [best, least] = [candidate, found];
  }
  return best;
}

/** Keys below a map option are its entries, and an option may be spread over them. */
function isEntryOfMap(key: string): boolean {
  return allOptions.some((option) => option.type.name === 'map' && key.startsWith(`${option.key}.`));
}

function isKnown(key: string): boolean {
  return (
    key.startsWith('$') ||
    ownKeys.has(key) ||
    keyPatterns.some(({ matches }) => matches.test(key)) ||
    isEntryOfMap(key) ||
    knownKeys().has(key)
  );
}

/**
 * A sentence for each key that is probably misspelt, and for each `kubernetes.*` key that Flink does not know. Other unknown keys are left
 * alone: they may belong to a connector, a file system or a metric reporter.
 */
export function misspelledKeys(config: FlinkConfig): readonly string[] {
  return config
    .keys()
    .filter((key) => !isKnown(key))
    .flatMap((key) => {
      const meant = nearest(key.toLowerCase(), knownKeys());
      if (meant !== undefined) return [`${key} is not an option of Flink; did you mean ${meant}?`];
      return key.startsWith('kubernetes.') ? [`${key} is not an option of Flink.`] : [];
    });
}
