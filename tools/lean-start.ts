import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import type { StandIn } from './stand-ins.ts';

/**
 * Work that libraries do when they are loaded, and that can wait until after the first frame. A segmenter of graphemes reads its tables, which takes
 * several milliseconds for the first one; the expression of all emoji in `string-width` is as slow; Yoga fetches its own WebAssembly from a
 * `data:` address, for which Node.js loads an HTTP client. The same client is loaded by `import 'node:http'`, because an import reads all
 * that a module exports, even what Node.js fills in when it is read; `require` does not. Nothing that is computed changes.
 */

const root = join(import.meta.dirname, '..');

/** `new Intl.Segmenter()` makes one that reads its tables on first use. */
export const lazySegmenter: Pick<BuildOptions, 'define' | 'inject'> = {
  define: { 'Intl.Segmenter': 'LazySegmenter' },
  inject: [join(root, 'src/support/lazy-segmenter.ts')],
};

export const leanModules: readonly StandIn[] = [
  {
    name: 'yoga-layout',
    specifier: /^yoga-layout$/,
    importer: /\/ink\/build\/[^/]+(?:\/[^/]+)?$/,
    source: `export * from ${JSON.stringify(join(root, 'src/tui/ink/yoga-layout.ts'))}; export { Yoga as default } from ${JSON.stringify(join(root, 'src/tui/ink/yoga-layout.ts'))};`,
  },
];

export function leanStart(): Plugin {
  return {
    name: 'lean-start',
    setup(build) {
      // One measure of texts for the whole program (several packages bring an older one), loaded when a text needs it.
      build.onResolve({ filter: /^string-width$/ }, () => ({ path: 'string-width', namespace: 'lazy' }));
      build.onLoad({ filter: /.*/, namespace: 'lazy' }, () => ({
        contents: `let measure;
export default (text, options) => (measure ??= require(${JSON.stringify(join(root, 'node_modules/string-width/index.js'))}).default)(text, options);`,
        loader: 'js',
        resolveDir: root,
      }));
      build.onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) =>
        kind === 'require-call' ? undefined : { path: 'node:http', namespace: 'required' },
      );
      build.onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
        contents: `module.exports = require(${JSON.stringify(path)});`,
        loader: 'js',
      }));
    },
  };
}
