import { flinkDuration, formatMemorySize } from '../../src/config/options/amounts.ts';
import { keyPatterns, optionGroups } from '../../src/config/options/options.ts';
import type { Option } from '../../src/config/options/types.ts';
import { code, escaped, page, table } from './markdown.ts';

/** docs/options.md */
export function optionsPage(): string {
  return page(
    '# Options',
    "Keys of Flink's configuration that drey reads itself, from `config.yaml` (or `flink-conf.yaml`) and from `-Dkey=value`. Every other key is handed to the cluster as it is.",
    ...optionGroups.flatMap(({ title, options }) => [
      `## ${title}`,
      table(
        ['key', 'type', 'default', ''],
        options.map((option) => [code(option.key), escaped(option.type.name), defaultOf(option), meaning(option)]),
      ),
    ]),
    '## Families of keys',
    table(
      ['key', ''],
      keyPatterns.map(({ pattern, summary }) => [code(pattern), escaped(summary)]),
    ),
  );
}

function meaning({ summary, since, deprecated, fallback }: Option<unknown>): string {
  const others = [...fallback, ...deprecated];
  return [
    `${escaped(summary)}.`,
    since === undefined ? undefined : `Since Flink ${since}.`,
    others.length === 0 ? undefined : `Also read from ${others.map(code).join(', ')}.`,
  ]
    .filter((part) => part !== undefined)
    .join(' ');
}

function defaultOf({ type, default: value }: Option<unknown>): string {
  if (value === undefined) return '';
  if (type.name === 'duration' && typeof value === 'number') return code(flinkDuration(value));
  if (type.name === 'memory' && typeof value === 'number') return code(formatMemorySize(value));
  if (value instanceof Map) return code([...value].map(([key, part]) => `${String(key)}:${String(part)}`).join(','));
  if (Array.isArray(value)) return code(value.join(';'));
  return code(String(value));
}
