import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** V8's counts for one function: its own range first, then the blocks in it that ran a different number of times. */
interface CountedFunction {
  readonly ranges: readonly { readonly startOffset: number; readonly endOffset: number; readonly count: number }[];
}

interface CountedScript {
  readonly url: string;
  readonly functions: readonly CountedFunction[];
}

/** For each character of a script: 1 if it ran. */
export type Ran = Uint8Array;

/** Adds a run of a script to its earlier ones. An inner range is more precise than the one around it, and follows it. */
export function addRun(before: Ran | undefined, { functions }: Pick<CountedScript, 'functions'>): Ran {
  const ranges = functions.flatMap(({ ranges }) => ranges);
  const size = Math.max(before?.length ?? 0, ...ranges.map(({ endOffset }) => endOffset));
  const run = new Uint8Array(size);
  const outerFirst = ranges.toSorted((a, b) => a.startOffset - b.startOffset || b.endOffset - a.endOffset);
  for (const { startOffset, endOffset, count } of outerFirst) run.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  before?.forEach((ran, at) => {
    if (ran === 1) run[at] = 1;
  });
  return run;
}

/** The counts of Node.js in a folder (`NODE_V8_COVERAGE`) by file, for the files below `root` that `wanted` accepts. */
export function readRuns(folder: string, wanted: (file: string) => boolean): ReadonlyMap<string, Ran> {
  const runs = new Map<string, Ran>();
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as { readonly result: readonly CountedScript[] };
    for (const script of result) {
      if (!script.url.startsWith('file:')) continue;
      const file = fileURLToPath(script.url.replace(/[?#].*$/, ''));
      if (wanted(file)) runs.set(file, addRun(runs.get(file), script));
    }
  }
  return runs;
}
