import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import { noticesOf } from '../../tools/notices.ts';

const root = join(import.meta.dirname, '../..');
const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const description = read('package.json') as { readonly bin: Readonly<Record<string, string>> };
const { packages } = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };

/** Where `name` is found from a package: beside it, then further up. */
function placeOf(from: string, name: string): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (Object.hasOwn(packages, place)) return place;
    if (!at.includes('node_modules/')) return Object.hasOwn(packages, `node_modules/${name}`) ? `node_modules/${name}` : undefined;
  }
}

test('npm ci works: the lock file names every platform of every package, also those that the machine that wrote it cannot use', () => {
  const missing = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => placeOf(at, name) === undefined),
  );
  expect(missing).toEqual([]);
});

test('npm ci takes no package whose contents the lock file does not name', () => {
  expect(
    Object.entries(packages)
      .filter(([at, { integrity }]) => at !== '' && integrity === undefined)
      .map(([at]) => at),
  ).toEqual([]);
});

test('npm install -g puts every launcher on the PATH, and it can be run', () => {
  const launchers = readdirSync(join(root, 'bin')).filter((name) => /^(?!launch)[^.]+(\.sh)?$/.test(name));
  expect(Object.values(description.bin).toSorted()).toEqual(launchers.map((name) => `bin/${name}`).toSorted());
  for (const [name, file] of Object.entries(description.bin)) {
    expect(file).toBe(`bin/${name}`);
    accessSync(join(root, file), constants.X_OK);
  }
});

test('the package holds all that the launchers read, and nothing of the workshop', () => {
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' }),
  ) as readonly { readonly files: readonly { readonly path: string }[] }[];
  const files = packed?.files.map(({ path }) => path) ?? [];
  expect(files).toEqual(
    expect.arrayContaining([
      'LICENSE',
      'README.md',
      'bin/launch.sh',
      'bin/launch.cjs',
      'dist/main.js',
      'dist/sandbox-worker.js',
      ...Object.values(description.bin),
      ...readdirSync(join(root, 'conf')).map((name) => `conf/${name}`),
    ]),
  );
  expect(files.filter((path) => /^(src|test|tools)\//.test(path))).toEqual([]);
});

test('the licences of all that is bundled are shipped, each with the packages that it is for', () => {
  const notices = readFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  const packages = [...notices.matchAll(/^(@?[\w./-]+) \d+\.\d+\.\d+\S* \(.+\)$/gm)];
  for (const name of [
    'ink',
    'react',
    'zustand',
    'ws',
    'yaml',
    'zod',
    'commander',
    're2js',
    'string-width',
    'yoga-layout',
    '@kubernetes/client-node',
    '@aws-sdk/client-s3',
  ])
    expect(packages.map(([, found]) => found)).toContain(name);
  // What none of the program's own files imports comes with those that it imports.
  expect(packages.length).toBeGreaterThan(60);
  // Two versions of one package are two packages.
  expect(new Set(packages.map(([line]) => line)).size).toBe(packages.length);
  for (const section of notices.split(`\n${'-'.repeat(80)}\n`))
    expect(section).toMatch(/Permission (?:is hereby granted|to use)|Apache License|Redistribution and use|unlicense/);
});

/** What the build tells of a program that holds something of each of these packages. */
const holding = (paths: readonly string[]): Metafile => ({
  inputs: {},
  outputs: {
    'main.js': {
      bytes: 1,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(paths.map((at) => [`${at}/index.js`, { bytesInOutput: 1 }])),
    },
  },
});

test('each package that may be bundled one day has a notice: its own text, or one that says where its words are from', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(root, 'src', name), 'utf8'))
    .join('\n');
  const runtime = new Set<string>();
  const take = (from: string, name: string): void => {
    const at = placeOf(from, name);
    if (at === undefined || runtime.has(at)) return;
    runtime.add(at);
    for (const other of Object.keys(packages[at]?.dependencies ?? {})) take(at, other);
  };
  for (const [, name = ''] of sources.matchAll(/(?:from|import\() ?'((?:@[\w-]+\/)?[\w-][\w.-]*)/g)) take('', name);
  expect(runtime.size).toBeGreaterThan(60);
  const notices = noticesOf(holding([...runtime]), root);
  for (const at of runtime)
    expect(notices).toContain(`\n${at.slice(at.lastIndexOf('node_modules/') + 'node_modules/'.length)} ${packages[at]?.version ?? ''} (`);
  expect(notices).toMatch(
    /^yoga-layout \S+ \(MIT\)\n\nThe package holds no text of its licence\..*\n\nMIT License\n\nCopyright \(c\) Meta Platforms, Inc\. and affiliates\.\n\nPermission is hereby granted/m,
  );
});

test('a package without the text of its licence is not bundled before somebody looked who holds the rights', () => {
  const folder = mkdtempSync(join(tmpdir(), 'drey-notices-'));
  const at = join(folder, 'node_modules/forgetful');
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, 'package.json'), '{"name":"forgetful","version":"1.0.0","license":"MIT"}');
  expect(() => noticesOf(holding(['node_modules/forgetful']), folder)).toThrow(
    'forgetful holds no text of its licence, MIT: name the file that says who holds the rights in tools/notices.ts',
  );
  rmSync(folder, { recursive: true });
});

test('the program that is installed stays small: at most 5 MB', () => {
  const bytes = readdirSync(join(root, 'dist')).reduce((sum, name) => sum + statSync(join(root, 'dist', name)).size, 0);
  expect(bytes).toBeLessThan(5_000_000);
});
