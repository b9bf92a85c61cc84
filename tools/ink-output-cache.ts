import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Ink composes every frame from nothing: it measures, cleans and takes apart each text again, also where it stands on the screen for
 * minutes. In the bundle it remembers what it found. Nothing that is drawn changes by it; `test/tui/ink-output-cache.test.ts` compares.
 */

const source = (path: string): string => JSON.stringify(join(import.meta.dirname, '../src', path));
const textWidth = source('support/text-width.ts');
const importFrameCache = `import { FrameCache, nextFrame } from ${source('tui/terminal/frame-cache.ts')};`;

/** Text that must be in a file of Ink exactly once, and what comes in its place. */
type Replacement = readonly [anchor: string, replacement: string];

const outputFile: readonly Replacement[] = [
  // One set of caches for all frames: widths and styled characters of a text never change.
  ['    caches = new OutputCaches();', '    caches = keptCaches;'],
  [`            cached = styledCharsFromTokens(tokenize(line)).filter(`, `            cached = simpleCharacters(line) ?? styledCharsFromTokens(tokenize(line)).filter(`],
  ["import stringWidth from 'string-width';", `import stringWidth from 'string-width';
import { reduceAnsiCodesIncremental } from '@alcalzone/ansi-tokenize';
import { isSimple } from ${textWidth};
${importFrameCache}`],
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
// A text by itself: its signs, its cells, and the styles that it leaves on switched off. Undefined: it has several lines.
const alone = (text) => {
    if (!isSimple(text)) {
        const characters = keptCaches.getStyledChars(text);
        if (characters.some(({ value }) => value === '\\n')) return undefined;
        return { text: styledCharsToString(characters), cells: characters.reduce((sum, { value }) => sum + Math.max(1, keptCaches.getStringWidth(value)), 0) };
    }
    return { text: text.includes('\\u001b') ? text + '\\u001b[0m' : text, cells: keptCaches.getStringWidth(text) };
};
const alones = new FrameCache();
// The whole frame where each text stands beside the others; undefined where something lies over something else or is clipped.
const besideEachOther = ({ operations, width, height }) => {
    const rows = Array(height).fill('');
    const ends = Array(height).fill(0);
    for (const { type, x, y, text, transformers } of operations) {
        if (type !== 'write' || !(y >= 0 && y < height && x >= ends[y])) return undefined;
        const line = transformers.reduce((line, transform) => transform(line, 0), text);
        const written = alones.get(line) ?? alones.set(line, alone(line));
        if (written === undefined || x + written.cells > width) return undefined;
        rows[y] += ' '.repeat(x - ends[y]) + written.text;
        ends[y] = x + written.cells;
    }
    return { output: rows.map((row) => row.trimEnd()).join('\\n'), height };
};
const keptCaches = new OutputCaches();
const blank = Object.freeze({ type: 'char', value: ' ', fullWidth: false, styles: Object.freeze([]) });
export default class Output {`],
  ['    styledChars = new Map();', '    styledChars = new FrameCache();'],
  ['    widths = new Map();', '    widths = new FrameCache();'],
  ['    blockWidths = new Map();', '    blockWidths = new FrameCache();'],
  // A frame whose texts stand beside each other is put together from texts.
  [`    get() {
        // Initialize output array`, `    get() {
        nextFrame();
        const beside = besideEachOther(this);
        if (beside !== undefined) return beside;
        // Initialize output array`],
  // One blank for all cells: Ink replaces cells and never writes into one.
  [`                row.push({
                    type: 'char',
                    value: ' ',
                    fullWidth: false,
                    styles: [],
                });`, '                row.push(blank);'],
];

const sanitizeFile: readonly Replacement[] = [
  ["import { hasAnsiControlCharacters, tokenizeAnsi } from './ansi-tokenizer.js';", `import { hasAnsiControlCharacters, tokenizeAnsi } from './ansi-tokenizer.js';
${importFrameCache}`],
  ['const sanitizeAnsi = (text) => {', `const sanitized = new FrameCache();
const sanitizeAnsi = (text) => sanitized.get(text) ?? sanitized.set(text, sanitizeText(text));
const sanitizeText = (text) => {`],
];

const measureFile: readonly Replacement[] = [
  ["import QuickLRU from 'quick-lru';", importFrameCache],
  ['new QuickLRU({ maxSize: 4096 })', 'new FrameCache()'],
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

/** Ink's `measure-text.js`, which keeps thousands of texts. Throws likewise. */
export const keepMeasured = (source: string): string => patch('measure-text.js', source, measureFile);

/** What Ink measures with: our own measure, which knows the signs of the screen without taking a text apart. */
const width = `
import stringWidth from 'string-width';
import { width } from ${textWidth};
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
      rewrite('measure-text.js', keepMeasured);
      build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
        (/[\\/]node_modules[\\/](?:ink[\\/]build|widest-line)[\\/][^\\/]+$/.test(importer) ? { path: 'width', namespace: 'ink-output-cache' } : undefined));
      build.onLoad({ filter: /.*/, namespace: 'ink-output-cache' }, () => {
        seen.add('string-width');
        return { contents: width, loader: 'js', resolveDir: import.meta.dirname };
      });
      build.onEnd(() => (seen.size === 4 ? {} : { errors: [{ text: `Ink is not what it was: of output.js, sanitize-ansi.js, measure-text.js and string-width only ${[...seen].join(', ')} were part of the bundle` }] }));
    },
  };
}
