import { readFileSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';
import { allGeneratedPositionsFor, GREATEST_LOWER_BOUND, LEAST_UPPER_BOUND, TraceMap } from '@jridgewell/trace-mapping';
import type { Ran } from './ran.ts';

/** A file in vitest's report, in Istanbul's form: lines from 1, columns from 0. */
interface ReportedFile {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number; readonly column: number } }>>;
  readonly s: Readonly<Record<string, number>>;
}

/** How much of one file ran, in the tests themselves or in processes that they started. */
export interface FileCoverage {
  /** Relative to the root, with forward slashes. */
  readonly file: string;
  readonly statements: number;
  readonly covered: number;
}

/** Whether a process started by the tests ran the code at a position (line from 1, column from 0). */
export type WasRun = (file: string, line: number, column: number) => boolean;

/** `report`: vitest's `coverage-final.json`. */
export function coverageOf(report: Readonly<Record<string, ReportedFile>>, wasRun: WasRun, root: string): readonly FileCoverage[] {
  return Object.entries(report).map(([path, { statementMap, s }]) => {
    const file = relative(root, path).split(sep).join('/');
    const statements = Object.entries(statementMap);
    const covered = statements.filter(([id, { start }]) => (s[id] ?? 0) > 0 || wasRun(file, start.line, start.column));
    return { file, statements: statements.length, covered: covered.length };
  });
}

/** For sources that Node.js runs directly, with the types blanked out. */
export function runAsSource(runs: ReadonlyMap<string, Ran>, root: string): WasRun {
  const files = new Map<string, { readonly starts: readonly number[]; readonly ran: Ran }>();
  for (const [path, ran] of runs)
    files.set(relative(root, path).split(sep).join('/'), { ran, starts: lineStarts(readFileSync(path, 'utf8')) });
  return (file, line, column) => {
    const found = files.get(file);
    return found !== undefined && found.ran[(found.starts[line - 1] ?? 0) + column] === 1;
  };
}

/** For chunks in `dist/`, whose source maps are in `maps`. */
export function runAsBundle(runs: ReadonlyMap<string, Ran>, maps: string): WasRun {
  const chunks = [...runs].map(([path, ran]) => {
    const map = new TraceMap(readFileSync(join(maps, `${basename(path)}.map`), 'utf8'));
    // Each name is the path from a folder next to the sources.
    const sources = new Map(map.sources.flatMap((name) => (name === null ? [] : [[name.replace(/^(?:\.\.\/)+/, ''), name] as const])));
    return { ran, map, sources, starts: lineStarts(readFileSync(path, 'utf8')) };
  });
  return (file, line, column) =>
    chunks.some(({ ran, map, sources, starts }) => {
      const source = sources.get(file);
      return source !== undefined && placesOf(map, source, line, column).some((at) => ran[(starts[at.line - 1] ?? 0) + at.column] === 1);
    });
}

/**
 * Where a bundle has a statement. A minifier joins statements, so only `value` of `return value` may be left: use the next position in the
 * line.
 */
function placesOf(map: TraceMap, source: string, line: number, column: number) {
  const places = (bias: typeof GREATEST_LOWER_BOUND | typeof LEAST_UPPER_BOUND) =>
    allGeneratedPositionsFor(map, { source, line, column, bias }).filter((at) => at.line !== null);
  const before = places(GREATEST_LOWER_BOUND);
  return before.length > 0 ? before : places(LEAST_UPPER_BOUND);
}

/** Where each line of a text begins. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
