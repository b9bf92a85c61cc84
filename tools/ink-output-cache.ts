import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Texts that are remembered from frame to frame: a screen has about a hundred, and most of them stay. */
const bound = 1_000;

/** What is replaced in Ink's `output.js`: text that must be there exactly once, and what comes in its place. */
const replacements: readonly (readonly [anchor: string, replacement: string])[] = [
  // One set of caches for all frames: widths and styled characters of a text never change.
  ['    caches = new OutputCaches();', '    caches = keptCaches;'],
  ['export default class Output {', `const keptCaches = new OutputCaches();
const keep = (map, key, value) => {
    if (map.size >= ${bound}) map.delete(map.keys().next().value);
    map.set(key, value);
};
const blank = Object.freeze({ type: 'char', value: ' ', fullWidth: false, styles: Object.freeze([]) });
export default class Output {`],
  ['            this.styledChars.set(line, cached);', '            keep(this.styledChars, line, cached);'],
  ['            this.widths.set(text, cached);', '            keep(this.widths, text, cached);'],
  ['            this.blockWidths.set(text, cached);', '            keep(this.blockWidths, text, cached);'],
  // One blank for all cells: Ink replaces cells and never writes into one.
  [`                row.push({
                    type: 'char',
                    value: ' ',
                    fullWidth: false,
                    styles: [],
                });`, '                row.push(blank);'],
];

/** Ink's `output.js` with its caches kept from frame to frame. Throws when the file is not the one that this was written for. */
export function keepCaches(source: string): string {
  return replacements.reduce((text, [anchor, replacement]) => {
    if (text.split(anchor).length !== 2) throw new Error(`ink/build/output.js is not the one that tools/ink-output-cache.ts knows: "${anchor.trim().split('\n')[0] ?? ''}" was not found exactly once`);
    return text.replace(anchor, () => replacement);
  }, source);
}

/** Ink measures and takes apart every text of every frame anew; in the bundle it remembers what it found. */
export function inkOutputCache(): Plugin {
  return {
    name: 'ink-output-cache',
    setup(build) {
      let seen = false;
      build.onStart(() => {
        seen = false;
      });
      build.onLoad({ filter: /[\\/]ink[\\/]build[\\/]output\.js$/ }, async ({ path }) => {
        seen = true;
        return { contents: keepCaches(await readFile(path, 'utf8')), loader: 'js' };
      });
      build.onEnd(() => (seen ? {} : { errors: [{ text: 'ink/build/output.js was not part of the bundle: its caches are not kept' }] }));
    },
  };
}
