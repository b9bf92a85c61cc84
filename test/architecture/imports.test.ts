import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '../../src');

/** A room may import from itself and from rooms to its right; `null` rooms stand side by side. */
const order: readonly (readonly string[])[] = [
  ['main.ts'],
  ['cli'],
  ['tui', 'console'],
  ['commands'],
  ['session'],
  ['spool'],
  ['cluster'],
  ['causes'],
  ['inside'],
  ['native'],
  ['flink', 'kubernetes'],
  ['http'],
  ['config'],
  ['support'],
];
const rank = (room: string) => order.findIndex((rooms) => rooms.includes(room));

/** Packages that only some rooms may touch, also for their types. */
const keptTo: readonly { readonly name: RegExp; readonly rooms: readonly string[] }[] = [
  { name: /^(ink|react)(\/|$)/, rooms: ['tui', 'main.ts'] },
  { name: /^@kubernetes\/client-node/, rooms: ['kubernetes', 'native'] },
  { name: /^@aws-sdk\//, rooms: ['cluster'] },
  { name: /^zustand/, rooms: ['session', 'tui'] },
  { name: /^ws$/, rooms: ['kubernetes', 'sandbox'] },
  { name: /^commander$/, rooms: ['cli'] },
];

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
  readonly lazy: boolean;
}

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .toSorted();
const roomOf = (path: string) => path.split(sep)[0] ?? path;

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const found: Import[] = [];
  for (const match of text.matchAll(
    /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|\n)import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g,
  )) {
    // A file that a package does not export is named by its path.
    const target = (match[1] ?? match[2] ?? match[3])?.replace(/^.*\/node_modules\//, '');
    if (target !== undefined) found.push({ file, room: roomOf(file), target, lazy: match[3] !== undefined });
  }
  return found;
});

const inside = (found: Import) => relative(source, resolve(source, dirname(found.file), found.target));

test('there is something to guard', () => {
  expect(files.length).toBeGreaterThan(20);
  expect(imports.length).toBeGreaterThan(50);
});

test('every file stands in a room of the house', () => {
  expect(files.filter((file) => rank(roomOf(file)) < 0 && roomOf(file) !== 'sandbox')).toEqual([]);
});

test('a room imports only from rooms to its right', () => {
  const wrong = imports.filter((found) => {
    // The package's own description, for the version.
    if (!found.target.startsWith('.') || found.target.endsWith('/package.json')) return false;
    const target = roomOf(inside(found));
    if (target === found.room) return false;
    if (found.room === 'sandbox') return target !== 'support';
    // Who starts the sandbox is a command line; nobody else knows it.
    if (target === 'sandbox') return found.room !== 'cli' && found.room !== 'main.ts';
    return rank(target) <= rank(found.room);
  });
  expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});

/** The folders of a room, in the order of the rooms: each may import from those behind it. `.`: the files that lie in none. */
const folders: Readonly<Record<string, readonly string[]>> = {
  cli: ['.', 'completion', 'logs', 'one-shot', 'replay', 'attach', 'flink', 'deploy', 'wiring', 'command-line', 'process'],
  tui: ['.', 'input', 'actions', 'components', 'rows', 'settings', 'state', 'terminal', 'look', 'ink'],
  commands: ['.', 'catalogue', 'bundle', 'why', 'procedures', 'line', 'model'],
  session: ['recording', 'feeds', 'logs', 'tables', 'selectors', '.', 'inspections'],
  cluster: ['.', 'deploy', 'diff', 'doctor', 'configuration', 'endpoint', 'pods', 'artifacts', 'manifests', 'model'],
  kubernetes: ['.', 'channels', 'logs', 'watch', 'request', 'auth', 'config', 'connection', 'model'],
  config: ['.', 'memory', 'options', 'logging', 'yaml', 'java', 'secrets'],
  sandbox: ['.', 'still', 'control', 'scenario', 'network', 'rest', 'flink', 'pods', 'shell', 'api', 'base', 'zip'],
};

test('a folder imports only from folders behind it in its room', () => {
  const folderOf = (path: string): string => (path.split(sep).length > 2 ? (path.split(sep)[1] ?? '.') : '.');
  const rankOf = (room: string, path: string): number => (folders[room] ?? []).indexOf(folderOf(path));
  const ordered = files.filter((file) => folders[roomOf(file)] !== undefined);
  expect(ordered.filter((file) => rankOf(roomOf(file), file) < 0)).toEqual([]);
  const wrong = imports.filter(
    (found) =>
      folders[found.room] !== undefined &&
      found.target.startsWith('.') &&
      roomOf(inside(found)) === found.room &&
      rankOf(found.room, inside(found)) < rankOf(found.room, found.file),
  );
  expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});

test('no file imports itself by way of others, not even for a type', () => {
  const targets = Map.groupBy(
    imports.filter(({ target }) => target.startsWith('.')),
    ({ file }) => file,
  );
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, way: readonly string[]): void => {
    const begin = way.indexOf(file);
    if (begin >= 0) circles.push([...way.slice(begin), file].join(' -> '));
    if (begin >= 0 || done.has(file)) return;
    for (const found of targets.get(file) ?? []) visit(inside(found), [...way, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  expect(circles).toEqual([]);
});

test('each package is touched only by the rooms that own it', () => {
  const wrong = imports.filter(({ room, target }) => keptTo.some(({ name, rooms }) => name.test(target) && !rooms.includes(room)));
  expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});

test('text reaches the screen through one component, which makes it harmless', () => {
  const drawing = files.filter((file) =>
    /import\s*\{[^}]*\b(?:Text|Static|Transform)\b[^}]*\}\s*from 'ink'|\bimport \* as \w+ from 'ink'/.test(
      readFileSync(join(source, file), 'utf8'),
    ),
  );
  expect(drawing).toEqual([join('tui', 'components', 'base', 'row.tsx')]);
  expect(readFileSync(join(source, 'tui/components/base/row.tsx'), 'utf8').match(/<Text\b.*/g)).toEqual([
    '<Text wrap="truncate">{harmlessScreenRow(row)}</Text>;',
  ]);
});

test('the names and labels that Flink gives its objects are written in one room', () => {
  const code = (file: string): string => readFileSync(join(source, file), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const words = /flink-native-kubernetes|flink-main-container|org\.apache\.flink\.k8s|\}-rest\b|['"`]flink-config-\$/;
  // The sandbox is a stranger: it shares nothing with those that are tested against it.
  const rooms = new Set(files.filter((file) => words.test(code(file))).map(roomOf));
  expect([...rooms].filter((room) => room !== 'sandbox')).toEqual(['native']);
});

test('what costs much to load is loaded only when it is needed', () => {
  const heavy = /^(@aws-sdk\/|@kubernetes\/client-node|.*\/client-node\.ts$)/;
  // It names what is used of the package, and is itself loaded lazily.
  const eager = imports.filter(
    ({ file, target, lazy }) =>
      heavy.test(target) && !lazy && !isTypeImport(file, target) && file !== join('kubernetes', 'auth', 'client-node.ts'),
  );
  expect(eager.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
});

test('what a style of a terminal looks like is written once, in support/sgr.ts', () => {
  // Bounded, and of resets alone: the gate for text from outside is stricter.
  const apart = new Set([join('support', 'sgr.ts'), join('support', 'foreign-text.ts')]);
  const again = files.filter((file) => !apart.has(file) && readFileSync(join(source, file), 'utf8').includes(String.raw`u001b\[[\d;:]*m`));
  expect(again).toEqual([]);
});

test('the first frame waits neither for a client nor for the configuration', () => {
  const needed = new Set([
    'main.ts',
    join('cli', 'drey.ts'),
    join('cli', 'attach', 'attach.ts'),
    join('cli', 'attach', 'attach-screen.ts'),
  ]);
  expect([...needed].filter((file) => !files.includes(file))).toEqual([]);
  const packages = new Set<string>();
  for (const file of needed) {
    for (const found of imports) {
      if (found.file !== file || found.lazy || isTypeImport(file, found.target)) continue;
      if (found.target.startsWith('.')) needed.add(inside(found));
      else packages.add(found.target);
    }
  }
  expect([...needed].filter((file) => ['cluster', 'kubernetes', 'sandbox'].includes(roomOf(file)))).toEqual([]);
  expect([...packages].filter((name) => ['yaml', 'zod', 'ws', 're2js', 'strip-json-comments'].includes(name))).toEqual([]);
});

test('own files are named with their ending, and no file gathers others', () => {
  const wrong = imports.filter(({ target }) => target.startsWith('.') && !/\.(tsx?|json)$/.test(target));
  expect(wrong.map(({ file, target }) => `${file} -> ${target}`)).toEqual([]);
  expect(files.filter((file) => /(^|\/)index\.tsx?$/.test(file))).toEqual([]);
});

/** Who may set a timer or end a signal without `support/waiting.ts`, and why. */
const ownTime: Readonly<Record<string, string>> = {
  'support/clock.ts': 'the clock itself',
  'support/waiting.ts': 'the page on which all waiting is written',
  'kubernetes/channels/port-forward.ts': 'stands in for a socket, whose idle time node:http sets',
  'tui/loop.ts': 'frames are drawn in real time, whatever the clock of the session says',
  'support/typed-ahead.ts': 'the kernel hands over in real time what was typed',
  'tui/terminal/keyboard.ts': 'a terminal sends the rest of a key in real time',
  'sandbox/base/clock.ts': 'the clock of the sandbox',
  'sandbox/network/listener.ts': 'an outage lasts in real time',
  'sandbox/rest/disturbed-rest.ts': 'a slow answer is slow in real time',
};

test('waiting is written once: timers and signals are those of support/waiting.ts, on a clock that is handed in', () => {
  const waits = files.filter((file) =>
    /(?<![.\w'])setTimeout\(|\bsetTimeout\b.* from 'node:timers|\bnew AbortController\b|\bAbortSignal\.timeout\b/.test(
      readFileSync(join(source, file), 'utf8'),
    ),
  );
  expect(waits).toEqual(
    Object.keys(ownTime)
      .map((file) => file.split('/').join(sep))
      .toSorted(),
  );
});

test('a file has one job: at most 350 lines', () => {
  const long = files
    .map((file) => ({ file, lines: readFileSync(join(source, file), 'utf8').split('\n').length }))
    .filter(({ lines }) => lines > 350);
  expect(long).toEqual([]);
});

function isTypeImport(file: string, target: string): boolean {
  const text = readFileSync(join(source, file), 'utf8');
  return new RegExp(`import type [^;]*from ['"]${target.replaceAll(/[/.]/g, '\\$&')}['"]`).test(text);
}
