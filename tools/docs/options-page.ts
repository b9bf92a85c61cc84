import { keyPatterns, optionGroups } from '../../src/config/options.ts';
import type { Option } from '../../src/config/types.ts';
import { code, escaped, page, table } from './markdown.ts';

/** docs/options.md */
export function optionsPage(): string {
  return page(
    '# Options',
    'Keys of Flink\'s configuration that drey reads itself, from `config.yaml` (or `flink-conf.yaml`) and from `-Dkey=value`. Every other key is handed to the cluster as it is.',
    ...optionGroups.flatMap(({ title, options }) => [
      `## ${title}`,
      table(['key', 'type', 'default', ''], options.map((option) => [code(option.key), escaped(option.type.name), defaultOf(option), meaning(option)])),
    ]),
    '## Families of keys',
    table(['key', ''], keyPatterns.map(({ pattern, summary }) => [code(pattern), escaped(summary)])),
  );
}

function meaning({ summary, since, deprecated, fallback }: Option<unknown>): string {
  const others = [...fallback, ...deprecated];
  return [
    `${escaped(summary)}.`,
    since === undefined ? undefined : `Since Flink ${since}.`,
    others.length === 0 ? undefined : `Also read from ${others.map(code).join(', ')}.`,
  ].filter((part) => part !== undefined).join(' ');
}

function defaultOf({ type, default: value }: Option<unknown>): string {
  if (value === undefined) return '';
  if (type.name === 'duration' && typeof value === 'number') return code(duration(value));
  if (type.name === 'memory' && typeof value === 'number') return code(memory(value));
  if (value instanceof Map) return code([...value].map(([key, part]) => `${String(key)}:${String(part)}`).join(','));
  if (Array.isArray(value)) return code(value.join(';'));
  return code(String(value));
}

const largest = (value: number, units: readonly (readonly [number, string])[]): string => {
  const [size, name] = units.find(([each]) => value !== 0 && value % each === 0) ?? [1, units.at(-1)?.[1] ?? ''];
  return `${value / size} ${name}`;
};

/** As Flink writes them: the largest unit that leaves no rest. */
const duration = (ms: number): string => largest(ms, [[3_600_000, 'h'], [60_000, 'min'], [1_000, 's'], [1, 'ms']]);
const memory = (bytes: number): string => largest(bytes, [[2 ** 30, 'gb'], [2 ** 20, 'mb'], [2 ** 10, 'kb'], [1, 'bytes']]);
