import { filledIn, valuesOf } from '../../config/logging/properties.ts';
import { type Layout, layoutOf } from './layout.ts';

/** The patterns by which Flink's processes write to their consoles, as the logging files in a ConfigMap name them. */
export function consolePatterns(files: Readonly<Record<string, string>>): readonly string[] {
  const found = [log4jPattern(files['log4j-console.properties'] ?? ''), logbackPattern(files['logback-console.xml'] ?? '')];
  return found.filter((pattern) => pattern !== undefined);
}

/** `appender.console.type = CONSOLE` and its `layout.pattern`, or the older `log4j.appender.console=…ConsoleAppender` and its `ConversionPattern`. */
function log4jPattern(text: string): string | undefined {
  const entries = valuesOf(text);
  for (const [key, value] of entries) {
    const appender = /^(appender\.[^.]+)\.type$/.exec(key)?.[1];
    if (appender !== undefined && /^console$/i.test(value)) return filledIn(entries.get(`${appender}.layout.pattern`), entries);
    if (/^log4j\.appender\.[^.]+$/.test(key) && value.endsWith('ConsoleAppender'))
      return filledIn(entries.get(`${key}.layout.ConversionPattern`), entries);
  }
  return undefined;
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

/** The `<pattern>` of the first `ConsoleAppender`. */
function logbackPattern(text: string): string | undefined {
  const bare = text.replaceAll(/<!--[\s\S]*?-->/g, '');
  const start = bare.search(/<appender\b[^>]*ConsoleAppender/);
  if (start < 0) return undefined;
  const end = bare.indexOf('</appender>', start);
  const body = bare.slice(start, end < 0 ? undefined : end);
  const from = body.indexOf('<pattern>');
  const to = body.indexOf('</pattern>', from);
  if (from < 0 || to < 0) return undefined;
  const pattern = body.slice(from + '<pattern>'.length, to).trim();
  return filledIn(
    pattern.replaceAll(/&(?:lt|gt|quot|apos|amp);/g, (entity) => entities[entity] ?? entity),
    new Map(),
  );
}

/** The layouts of these patterns; one that cannot be read is left out, and its lines are read like those of an unknown cluster. */
export function layoutsOf(patterns: readonly string[]): readonly Layout[] {
  return patterns.map(layoutOf).filter((layout) => layout !== undefined);
}
