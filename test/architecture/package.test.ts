import { execFileSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (name: string): unknown => JSON.parse(readFileSync(join(root, name), 'utf8'));

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const description = read('package.json') as { readonly bin: Readonly<Record<string, string>> };
const { packages } = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };

/** Where `name` is looked for from a package: beside it, then further up. */
function isLocked(from: string, name: string): boolean {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    if (Object.hasOwn(packages, `${at === '' ? '' : `${at}/`}node_modules/${name}`)) return true;
    if (!at.includes('node_modules/')) return Object.hasOwn(packages, `node_modules/${name}`);
  }
}

test('npm ci works: the lock file names every platform of every package, also those that the machine that wrote it cannot use', () => {
  const missing = Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).filter((name) => !isLocked(at, name)));
  expect(missing).toEqual([]);
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
  const [packed] = JSON.parse(execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' })) as readonly { readonly files: readonly { readonly path: string }[] }[];
  const files = packed?.files.map(({ path }) => path) ?? [];
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'bin/launch.sh', 'bin/launch.cjs', 'dist/main.js', 'dist/sandbox-worker.js', ...Object.values(description.bin), ...readdirSync(join(root, 'conf')).map((name) => `conf/${name}`)]));
  expect(files.filter((path) => /^(src|test|tools)\//.test(path))).toEqual([]);
});

test('the licences of all that is bundled are shipped, each with the packages that it is for', () => {
  const notices = readFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
  const packages = [...notices.matchAll(/^(@?[\w./-]+) \d+\.\d+\.\d+\S* \(.+\)$/gm)];
  for (const name of ['ink', 'react', 'zustand', 'ws', 'yaml', 'zod', 'commander', 're2js', 'string-width', 'yoga-layout', '@kubernetes/client-node', '@aws-sdk/client-s3']) expect(packages.map(([, found]) => found)).toContain(name);
  // What none of the program's own files imports comes with those that it imports.
  expect(packages.length).toBeGreaterThan(60);
  // Two versions of one package are two packages.
  expect(new Set(packages.map(([line]) => line)).size).toBe(packages.length);
  for (const section of notices.split(`\n${'-'.repeat(80)}\n`)) expect(section).toMatch(/Permission (?:is hereby granted|to use)|Apache License|Redistribution and use|unlicense/);
});

test('the program that is installed stays small: at most 5.5 MB', () => {
  const bytes = readdirSync(join(root, 'dist')).reduce((sum, name) => sum + statSync(join(root, 'dist', name)).size, 0);
  expect(bytes).toBeLessThan(5_500_000);
});
