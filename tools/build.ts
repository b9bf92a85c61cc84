// build [--maps FOLDER]: bundles the program into dist/: one entry, one worker, and chunks that are loaded when they are needed. Writes
// source maps only if a folder for them is given: they are not shipped.
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { lazySegmenter, leanModules, leanStart } from './lean-start.ts';
import { noticesOf } from './notices.ts';
import { bundledStandIns, type StandIn, standIns } from './stand-ins.ts';

const { maps } = parseArgs({ options: { maps: { type: 'string' } } }).values;
const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

/**
 * Packages of packages that no path of drey reaches. Ink imports its devtools bridge only on request; a bundle would import it at every
 * start. The client library sends its requests with undici (960 kB); drey only lets it sign in (`src/kubernetes/auth/client-node.ts`).
 */
const unreached: Readonly<Record<string, string>> = {
  'react-devtools-core': 'export default undefined;',
  undici: 'export const fetch = undefined, Agent = undefined, ProxyAgent = undefined;',
};
/** The same for modules of the client library: to sign in, the clients of all APIs (600 kB) are not needed. */
const signInAlone: readonly StandIn[] = [
  {
    name: 'sign-in of the client library',
    specifier: /^@kubernetes\/client-node$/,
    importer: /\/src\/kubernetes\/auth\/client-node\.ts$/,
    source: `export { KubeConfig } from ${JSON.stringify(join(root, 'node_modules/@kubernetes/client-node/dist/config.js'))};`,
  },
  {
    name: 'clients of all APIs',
    specifier: /^\.\/gen\/index\.js$/,
    importer: /\/@kubernetes\/client-node\/dist\/config\.js$/,
    source: 'export const createConfiguration = undefined, ServerConfiguration = undefined;',
  },
];
const withoutUnreached: Plugin = {
  name: 'without-unreached',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(${Object.keys(unreached).join('|')})$`) }, ({ path }) => ({ path, namespace: 'unreached' }));
    build.onLoad({ filter: /.*/, namespace: 'unreached' }, ({ path }) => ({ contents: unreached[path] ?? '' }));
  },
};

// Built next to the old one and then swapped: a program that starts meanwhile finds all its parts.
const fresh = `${dist}.${process.pid}`;
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/main.ts', out: 'main' },
    { in: 'src/sandbox/worker.ts', out: 'sandbox-worker' },
  ],
  outdir: fresh,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.12',
  // Prefer ECMAScript modules: a lazily imported CommonJS module would have no named exports.
  mainFields: ['module', 'main'],
  alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
  chunkNames: '[name]-[hash]',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'linked',
  sourcemap: maps === undefined ? false : 'external',
  define: { ...lazySegmenter.define, 'process.env.NODE_ENV': '"production"' },
  inject: lazySegmenter.inject ?? [],
  banner: { js: "import { createRequire as drey$createRequire } from 'node:module'; const require = drey$createRequire(import.meta.url);" },
  plugins: [withoutUnreached, bundledStandIns([...standIns, ...leanModules, ...signInAlone]), leanStart()],
  logLevel: 'warning',
  metafile: true,
});
if (maps !== undefined) {
  await mkdir(maps, { recursive: true });
  for (const name of await readdir(fresh)) if (name.endsWith('.map')) await rename(join(fresh, name), join(maps, name));
}
await writeFile(join(fresh, 'THIRD-PARTY-NOTICES.txt'), noticesOf(metafile, root));
await rm(dist, { recursive: true, force: true });
await rename(fresh, dist);
