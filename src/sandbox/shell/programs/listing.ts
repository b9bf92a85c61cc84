import { type Disk, type DiskEntry, nameOf, parentOf, resolved } from '../disk.ts';
import type { Running } from '../input.ts';
import { matches } from '../pattern.ts';
import { complain, optionsOf, print, type Process, type Program } from '../program.ts';

/** Programs that say what there is. */

const missing = 'No such file or directory';

const bytesOf = (entry: DiskEntry): number => (entry.kind === 'file' ? entry.content.bytes : 4_096);

/** `-rw-r--r--`. */
function modeText({ kind, mode }: DiskEntry): string {
  const bits = [...mode.toString(8).padStart(3, '0').slice(-3)].map((digit) => {
    const number = Number(digit);
    return `${number & 4 ? 'r' : '-'}${number & 2 ? 'w' : '-'}${number & 1 ? 'x' : '-'}`;
  });
  return `${kind === 'folder' ? 'd' : '-'}${bits.join('')}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
function timeText(at: number): string {
  const time = new Date(at);
  return `${months[time.getUTCMonth()]} ${String(time.getUTCDate()).padStart(2)} ${time.toISOString().slice(11, 16)}`;
}

const ownerOf = ({ fixed }: DiskEntry): string => (fixed ? 'root' : 'flink');

const ls: Program = (process) => {
  const { given, rest } = optionsOf(process.args);
  const { disk } = process.machine;
  const found = (rest.length === 0 ? ['.'] : rest).map((name) => ({ name, path: resolved(process.folder, name) }));
  let code = 0;
  const shown = found.flatMap(({ name, path }) => {
    const entry = disk.look(path);
    if (entry !== undefined) return [{ name, path, entry }];
    complain(process, `cannot access '${name}': ${missing}`);
    code = 2;
    return [];
  });
  const folders = given.has('d') ? [] : shown.filter(({ entry }) => entry.kind === 'folder');
  const lines = linesOf(
    shown.filter(({ name, entry }) => !folders.some((folder) => folder.name === name && folder.entry === entry)),
    given,
  );
  for (const { name, path } of folders) {
    if (shown.length > 1) lines.push(...(lines.length > 0 ? [''] : []), `${name}:`);
    const inside = disk.list(path).filter((each) => !each.startsWith('.') || given.has('a') || given.has('A'));
    const dots = given.has('a') ? ['.', '..'] : [];
    const entries = [...dots, ...inside].flatMap((each) => {
      const at = resolved(path, each);
      const entry = disk.look(at);
      return entry === undefined ? [] : [{ name: each, path: at, entry }];
    });
    if (given.has('l')) lines.push(`total ${entries.reduce((sum, { entry }) => sum + Math.ceil(bytesOf(entry) / 1_024), 0)}`);
    lines.push(...linesOf(entries, given));
  }
  print(process.stdout, lines.map((line) => `${line}\n`).join(''));
  return code;
};

interface Listed {
  readonly name: string;
  readonly entry: DiskEntry;
}

function linesOf(entries: readonly Listed[], given: ReadonlySet<string>): string[] {
  const byTime = given.has('t') ? entries.toSorted((a, b) => b.entry.at - a.entry.at) : entries;
  const ordered = given.has('r') ? byTime.toReversed() : byTime;
  if (!given.has('l')) return ordered.map(({ name }) => name);
  const sizes = ordered.map(({ entry }) => (given.has('h') ? roundedBytes(bytesOf(entry)) : String(bytesOf(entry))));
  const width = Math.max(0, ...sizes.map((size) => size.length));
  return ordered.map(({ name, entry }, index) => {
    const owner = ownerOf(entry).padEnd(5);
    return `${modeText(entry)} 1 ${owner} ${owner} ${(sizes[index] ?? '').padStart(width)} ${timeText(entry.at)} ${name}`;
  });
}

function roundedBytes(bytes: number): string {
  const power = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return power === 0 ? String(bytes) : `${(bytes / 1_024 ** power).toFixed(bytes / 1_024 ** power < 10 ? 1 : 0)}${'KMG'.charAt(power - 1)}`;
}

/** What `stat -c` prints of a file. */
function formatted(format: string, name: string, entry: DiskEntry): string {
  const values: Readonly<Record<string, string>> = {
    s: String(bytesOf(entry)),
    a: entry.mode.toString(8),
    A: modeText(entry),
    Y: String(Math.floor(entry.at / 1_000)),
    n: name,
    F: entry.kind === 'folder' ? 'directory' : 'regular file',
    U: ownerOf(entry),
    y: `${new Date(entry.at).toISOString().replace('T', ' ').replace('Z', '')}000000 +0000`,
    '%': '%',
  };
  return format.replace(/%([a-zA-Z%])/g, (whole, sign: string) => values[sign] ?? whole);
}

const stat: Program = (process) => {
  const { values, rest } = optionsOf(process.args, 'c');
  let code = 0;
  for (const name of rest) {
    const entry = process.machine.disk.look(resolved(process.folder, name));
    if (entry === undefined) {
      complain(process, `cannot statx '${name}': ${missing}`);
      code = 1;
    } else
      print(
        process.stdout,
        `${formatted(values.get('c') ?? '  File: %n\n  Size: %s\t%F\nAccess: (0%a/%A)  Uid: %U\nModify: %y', name, entry)}\n`,
      );
  }
  return code;
};

/** All paths in a folder, itself first. */
function* walk(disk: Disk, path: string, depth: number): Generator<string> {
  yield path;
  if (depth <= 0 || disk.look(path)?.kind !== 'folder') return;
  for (const name of disk.list(path)) yield* walk(disk, `${path === '/' ? '' : path}/${name}`, depth - 1);
}

const find: Program = function* (process) {
  const { args, folder, machine } = process;
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const roots = first < 0 ? args : args.slice(0, first);
  const after = (option: string): string | undefined => (args.includes(option) ? args[args.indexOf(option) + 1] : undefined);
  const [depth, type, name] = [Number(after('-maxdepth') ?? 100), after('-type'), after('-name')];
  const found: string[] = [];
  let code = 0;
  for (const root of roots.length === 0 ? ['.'] : roots) {
    const top = resolved(folder, root);
    if (machine.disk.look(top) === undefined) {
      complain(process, `'${root}': ${missing}`);
      code = 1;
      continue;
    }
    for (const path of walk(machine.disk, top, depth)) {
      const kind = machine.disk.look(path)?.kind;
      const isWanted =
        (type === undefined || kind === (type === 'd' ? 'folder' : 'file')) && (name === undefined || matches(name, nameOf(path)));
      if (isWanted) found.push(`${root.replace(/(.)\/$/, '$1')}${path.slice(top === '/' ? 0 : top.length)}`);
    }
  }
  const program = args.includes('-exec') ? args.slice(args.indexOf('-exec') + 1) : undefined;
  if (program === undefined) print(process.stdout, found.map((path) => `${path}\n`).join(''));
  else yield* runFor(process, program, found);
  return code;
};

/** `-exec stat {} +` runs it once for all, `-exec stat {} ;` for each. */
function* runFor({ start, ...process }: Process, program: readonly string[], found: readonly string[]): Running<void> {
  const end = program.findIndex((word) => word === ';' || word === '+');
  const words = program.slice(0, end < 0 ? program.length : end);
  const groups = program[end] === '+' ? (found.length === 0 ? [] : [found]) : found.map((path) => [path]);
  for (const paths of groups)
    yield* start(
      words.flatMap((word) => (word === '{}' ? paths : [word])),
      process,
    );
}

const readLink: Program = (process) => {
  const { given, rest } = optionsOf(process.args);
  for (const name of rest) {
    const path = resolved(process.folder, name);
    const { disk } = process.machine;
    if (!given.has('f') || disk.look(parentOf(path)) === undefined) return 1;
    print(process.stdout, `${path}\n`);
  }
  return 0;
};

const baseName: Program = ({ args: [path = '', end = ''], stdout }) => {
  const name = nameOf(path.replace(/(.)\/+$/, '$1')) || '/';
  print(stdout, `${name !== end && name.endsWith(end) ? name.slice(0, name.length - end.length) : name}\n`);
  return 0;
};

const dirName: Program = ({ args: [path = ''], stdout }) => {
  print(stdout, `${path.includes('/') ? parentOf(path.replace(/(.)\/+$/, '$1')) : '.'}\n`);
  return 0;
};

const diskUse: Program = (process) => {
  const { given, rest } = optionsOf(process.args);
  for (const name of rest.length === 0 ? ['.'] : rest) {
    let bytes = 0;
    for (const path of walk(process.machine.disk, resolved(process.folder, name), 100)) {
      const entry = process.machine.disk.look(path);
      bytes += entry === undefined ? 0 : bytesOf(entry);
    }
    print(process.stdout, `${given.has('h') ? roundedBytes(bytes) : Math.ceil(bytes / 1_024)}\t${name}\n`);
  }
  return 0;
};

export const listing: readonly (readonly [name: string, program: Program])[] = [
  ['ls', ls],
  ['stat', stat],
  ['find', find],
  ['readlink', readLink],
  ['basename', baseName],
  ['dirname', dirName],
  ['du', diskUse],
];
