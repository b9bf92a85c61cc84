import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/**
 * Modules of drey that replace modules of libraries: the bundle and the tests resolve to them. No library is patched. The reason for each
 * is in docs/ink-proposals.md (for Ink) or next to it.
 */
export interface StandIn {
  readonly name: string;
  /** The import to replace, and the files of the library in which it occurs (paths with forward slashes). */
  readonly specifier: RegExp;
  readonly importer: RegExp;
  /** The source of a module with the same exports as the replaced one. */
  readonly source: string;
}

const root = join(import.meta.dirname, '..');
const pathOf = (path: string): string => JSON.stringify(join(root, path));

const inkModule = (file: string, path: string, name: string): StandIn => ({
  name: `ink/build/${file}`,
  specifier: new RegExp(`^\\./${file.replace('.', '\\.')}$`),
  importer: /\/ink\/build\/[^/]+$/,
  source: `export { ${name} as default } from ${pathOf(path)};`,
});

export const standIns: readonly StandIn[] = [
  inkModule('output.js', 'src/tui/ink/output.ts', 'Output'),
  inkModule('sanitize-ansi.js', 'src/tui/ink/sanitize-ansi.ts', 'sanitizeAnsi'),
  inkModule('measure-text.js', 'src/tui/ink/measure-text.ts', 'measureText'),
  {
    name: 'string-width of Ink',
    specifier: /^string-width$/,
    importer: /\/node_modules\/(?:ink\/build|widest-line)\/[^/]+$/,
    // The characters that the screen is made of are measured without splitting a text.
    source: `import stringWidth from 'string-width';
import { width } from ${pathOf('src/support/text-width.ts')};
export default (text, options) => (options === undefined && typeof text === 'string' ? width(text) : stringWidth(text, options));`,
  },
];

const forward = (path: string): string => path.replaceAll('\\', '/');

export function standInFor(specifier: string, importer: string, among: readonly StandIn[] = standIns): StandIn | undefined {
  return among.find((standIn) => standIn.specifier.test(specifier) && standIn.importer.test(forward(importer)));
}

/** For esbuild. An unused stand-in stops the build: then the library has changed. */
export function bundledStandIns(among: readonly StandIn[] = standIns): Plugin {
  return {
    name: 'stand-ins',
    setup(build) {
      const seen = new Set<StandIn>();
      build.onStart(() => seen.clear());
      build.onResolve({ filter: /.*/, namespace: 'file' }, ({ path, importer }) => {
        const standIn = standInFor(path, importer, among);
        if (standIn === undefined) return undefined;
        seen.add(standIn);
        return { path: standIn.name, namespace: 'stand-in' };
      });
      build.onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => ({
        contents: among.find(({ name }) => name === path)?.source ?? '',
        loader: 'js',
        resolveDir: root,
      }));
      build.onEnd(() => ({
        errors: among
          .filter((standIn) => !seen.has(standIn))
          .map(({ name }) => ({ text: `Nothing in the bundle imports ${name} as tools/stand-ins.ts expects` })),
      }));
    },
  };
}

/** For Vite, and so for vitest, which must inline the libraries with stand-ins. */
export function testedStandIns(): {
  readonly name: string;
  readonly enforce: 'pre';
  resolveId(specifier: string, importer: string | undefined): string | undefined;
  load(id: string): string | undefined;
} {
  const prefix = '\0stand-in:';
  return {
    name: 'stand-ins',
    enforce: 'pre',
    resolveId: (specifier, importer) => {
      const standIn = importer === undefined ? undefined : standInFor(specifier, importer);
      return standIn === undefined ? undefined : prefix + standIn.name;
    },
    load: (id) => (id.startsWith(prefix) ? standIns.find(({ name }) => name === id.slice(prefix.length))?.source : undefined),
  };
}
