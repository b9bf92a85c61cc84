import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * What libraries do when they are loaded, and need not do before the first frame: a segmenter of graphemes reads its tables (several
 * milliseconds for the first one), an expression of all emoji is as slow, and Yoga fetches its own WebAssembly from a `data:` address,
 * for which Node.js loads an HTTP client. Nothing of what they compute changes by it. The same HTTP client is loaded with `import 'node:http'`,
 * because an import reads all that a module exports, also what Node.js fills in when it is read; `require` does not.
 */

const root = join(import.meta.dirname, '..');

interface Change {
  /** Of a path with forward slashes. */
  readonly file: RegExp;
  readonly anchor: RegExp;
  readonly replacement: string;
}

const segmenter: Omit<Change, 'file'> = {
  anchor: /^const (\w+) = (new Intl\.Segmenter\([^\n]*\));$/m,
  replacement: 'let $1$made; const $1 = { segment: (text) => ($1$made ??= $2).segment(text) };',
};

const changes: readonly Change[] = [
  ...[/\/string-width\/index\.js$/, /\/wrap-ansi\/index\.js$/, /\/ink\/build\/line-update\.js$/, /\/@alcalzone\/ansi-tokenize\/build\/tokenize\.js$/, /\/slice-ansi\/tokenize-ansi\.js$/]
    .map((file) => ({ file, ...segmenter })),
  {
    file: /\/string-width\/index\.js$/,
    anchor: /^const emojiPrefixRegex = (\/[^\n]*\/v);$/m,
    replacement: 'let emojiPrefixRegex$made; const emojiPrefixRegex = { test: (text) => (emojiPrefixRegex$made ??= $1).test(text), exec: (text) => (emojiPrefixRegex$made ??= $1).exec(text) };',
  },
  // Without `fetch` it decodes what it holds.
  { file: /\/yoga-layout\/dist\/binaries\/yoga-wasm-base64-esm\.js$/, anchor: /^\s*var loadYoga = /, replacement: 'const fetch = undefined;\nvar loadYoga = ' },
];

/** `source` of the file at `path` without what can wait. Throws when it is not the file that this was written for. */
export function lean(path: string, source: string): string {
  const file = path.replaceAll('\\', '/');
  return changes.filter((change) => change.file.test(file)).reduce((text, { anchor, replacement }) => {
    if (!anchor.test(text)) throw new Error(`${file} is not the one that tools/lean-start.ts knows: ${String(anchor)} was not found`);
    return text.replace(anchor, replacement);
  }, source);
}

export function leanStart(): Plugin {
  return {
    name: 'lean-start',
    setup(build) {
      const seen = new Set<Change>();
      build.onStart(() => seen.clear());
      // One measure of texts for the whole program: several packages bring an older one.
      build.onResolve({ filter: /^string-width$/ }, () => ({ path: join(root, 'node_modules/string-width/index.js') }));
      build.onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) => (kind === 'require-call' ? undefined : { path: 'node:http', namespace: 'required' }));
      build.onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({ contents: `module.exports = require(${JSON.stringify(path)});`, loader: 'js' }));
      build.onLoad({ filter: /[\\/](?:string-width|wrap-ansi)[\\/]index\.js$|[\\/]line-update\.js$|[\\/]tokenize\.js$|[\\/]tokenize-ansi\.js$|[\\/]yoga-wasm-base64-esm\.js$/ }, async ({ path }) => {
        for (const change of changes) if (change.file.test(path.replaceAll('\\', '/'))) seen.add(change);
        return { contents: lean(path, await readFile(path, 'utf8')), loader: 'js' };
      });
      build.onEnd(() => ({ errors: changes.filter((change) => !seen.has(change)).map(({ file }) => ({ text: `${String(file)} was not part of the bundle` })) }));
    },
  };
}
