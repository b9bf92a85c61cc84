import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../..');

/** A folder with a copy of the built program, which a new build does not disturb, and a separate home. */
export interface Workshop extends Disposable {
  readonly folder: string;
  /** The copy, with the layout of the checkout. */
  readonly checkout: string;
  /** Path of a program of `bin/`. */
  bin(name: string): string;
  /** Without the user's settings and caches; compiled code is kept from run to run, as for any user. */
  readonly env: Readonly<Record<string, string>>;
  /** Path of the bundled reference program. */
  minimal(): Promise<string>;
}

/** `settings`: what stands in the settings file of the measured program; undefined: there is none. */
export function openWorkshop(settings?: string): Workshop {
  const folder = mkdtempSync(join(tmpdir(), 'drey-bench-'));
  const checkout = join(folder, 'checkout');
  mkdirSync(checkout);
  for (const part of ['bin', 'conf', 'dist', 'package.json']) cpSync(join(root, part), join(checkout, part), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
  if (settings !== undefined) {
    mkdirSync(join(folder, 'config/drey'), { recursive: true });
    writeFileSync(join(folder, 'config/drey/settings.json'), settings);
  }
  return {
    folder,
    checkout,
    bin: (name) => join(checkout, 'bin', name),
    env: {
      HOME: folder,
      XDG_CACHE_HOME: join(folder, 'cache'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      XDG_STATE_HOME: join(folder, 'state'),
      npm_config_update_notifier: 'false',
    },
    async minimal() {
      const outfile = join(folder, 'minimal.mjs');
      await build({
        entryPoints: [join(import.meta.dirname, 'minimal.tsx')],
        outfile,
        bundle: true,
        format: 'esm',
        platform: 'node',
        jsx: 'automatic',
        logLevel: 'error',
        define: { 'process.env.NODE_ENV': '"production"' },
        banner: {
          js: "import { createRequire, enableCompileCache } from 'node:module'; enableCompileCache(); const require = createRequire(import.meta.url);",
        },
        plugins: [
          {
            name: 'no-devtools',
            setup(hooks) {
              hooks.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'react-devtools-core', namespace: 'empty' }));
              hooks.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'export default undefined' }));
            },
          },
        ],
      });
      return outfile;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
