import { join } from 'node:path';
import type { BuildOptions, Plugin } from 'esbuild';
import type { StandIn } from './stand-ins.ts';

/**
 * Postpones work that libraries do when they are loaded until after the first frame. A segmenter of graphemes reads its tables, which takes
 * several milliseconds for the first one; the expression for all emoji in `string-width` is as slow; Yoga fetches its own WebAssembly from
 * a `data:` address, for which Node.js loads an HTTP client. `import 'node:http'` loads the same client, because an import reads all
 * exports of a module, even those that Node.js creates on first read; `require` does not. No result changes.
 */

const root = join(import.meta.dirname, '..');

/** Replaces `new Intl.Segmenter()` by one that reads its tables on first use. */
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
      // One `string-width` for the whole program (several packages bring an older one), loaded when a text needs it.
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
