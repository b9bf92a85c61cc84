import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Ink composes every frame from nothing: it measures, cleans and takes apart each text again, also where it stands on the screen for
 * minutes. In the bundle it remembers what it found. Nothing that is drawn changes by it; `test/tui/ink-output-cache.test.ts` compares.
 */

/** Texts that are remembered from frame to frame: a screen has about a hundred, and most of them stay. */
const bound = 1_000;

const textWidth = join(import.meta.dirname, '../src/support/text-width.ts');

/** Text that must be in a file of Ink exactly once, and what comes in its place. */
type Replacement = readonly [anchor: string, replacement: string];

const keep = `
const keep = (map, key, value) => {
    if (map.size >= ${bound}) map.delete(map.keys().next().value);
    map.set(key, value);
    return value;
};`;

const outputFile: readonly Replacement[] = [
  // One set of caches for all frames: widths and styled characters of a text never change.
  ['    caches = new OutputCaches();', '    caches = keptCaches;'],
  [`            cached = styledCharsFromTokens(tokenize(line)).filter(`, `            cached = simpleCharacters(line) ?? styledCharsFromTokens(tokenize(line)).filter(`],
  ["import stringWidth from 'string-width';", `import stringWidth from 'string-width';
import { reduceAnsiCodesIncremental } from '@alcalzone/ansi-tokenize';
import { isSimple } from ${JSON.stringify(textWidth)};`],
  // A line of which every sign takes one cell needs no search for graphemes, and the characters of one style share it.
  ['export default class Output {', `const simpleCharacters = (line) => {
    if (!isSimple(line)) return undefined;
    const characters = [];
    let styles = [];
    for (const part of line.split(/(\\u001b\\[[\\d;]*m)/)) {
        if (part.startsWith('\\u001b')) styles = reduceAnsiCodesIncremental(styles, tokenize(part));
        else for (const value of part) characters.push({ type: 'char', value, fullWidth: false, styles });
    }
    return characters;
};
const keptCaches = new OutputCaches();${keep}
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

const sanitizeFile: readonly Replacement[] = [
  ['const sanitizeAnsi = (text) => {', `${keep}
const sanitized = new Map();
const sanitizeAnsi = (text) => sanitized.get(text) ?? keep(sanitized, text, sanitizeText(text));
const sanitizeText = (text) => {`],
];

function patch(file: string, source: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((text, [anchor, replacement]) => {
    if (text.split(anchor).length !== 2) throw new Error(`ink/build/${file} is not the one that tools/ink-output-cache.ts knows: "${anchor.trim().split('\n')[0] ?? ''}" was not found exactly once`);
    return text.replace(anchor, () => replacement);
  }, source);
}

/** Ink's `output.js` with its caches kept from frame to frame. Throws when the file is not the one that this was written for. */
export const keepCaches = (source: string): string => patch('output.js', source, outputFile);

/** Ink's `sanitize-ansi.js`, which cleans each text once. Throws likewise. */
export const keepSanitized = (source: string): string => patch('sanitize-ansi.js', source, sanitizeFile);

/** What Ink measures with: our own measure, which knows the signs of the screen without taking a text apart. */
const width = `
import stringWidth from 'string-width';
import { width } from ${JSON.stringify(textWidth)};
export default (text, options) => (options === undefined && typeof text === 'string' ? width(text) : stringWidth(text, options));`;

export function inkOutputCache(): Plugin {
  return {
    name: 'ink-output-cache',
    setup(build) {
      const seen = new Set<string>();
      build.onStart(() => seen.clear());
      const rewrite = (file: string, change: (source: string) => string): void => {
        build.onLoad({ filter: new RegExp(`[\\\\/]ink[\\\\/]build[\\\\/]${file.replace('.', '\\.')}$`) }, async ({ path }) => {
          seen.add(file);
          return { contents: change(await readFile(path, 'utf8')), loader: 'js' };
        });
      };
      rewrite('output.js', keepCaches);
      rewrite('sanitize-ansi.js', keepSanitized);
      build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
        (/[\\/]node_modules[\\/](?:ink[\\/]build|widest-line)[\\/][^\\/]+$/.test(importer) ? { path: 'width', namespace: 'ink-output-cache' } : undefined));
      build.onLoad({ filter: /.*/, namespace: 'ink-output-cache' }, () => {
        seen.add('string-width');
        return { contents: width, loader: 'js', resolveDir: import.meta.dirname };
      });
      build.onEnd(() => (seen.size === 3 ? {} : { errors: [{ text: `Ink is not what it was: of output.js, sanitize-ansi.js and string-width only ${[...seen].join(', ')} were part of the bundle` }] }));
    },
  };
}
