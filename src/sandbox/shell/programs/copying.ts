import { DiskProblem, nameOf, parentOf, resolved } from '../disk.ts';
import { complain, optionsOf, type Process, type Program } from '../program.ts';

/** Programs that make, move and remove files. */

/** Does it for each name; a problem is said, and the others are done all the same. */
export function each(process: Process, names: readonly string[], does: (path: string, name: string) => void, what = ''): number {
  let code = 0;
  for (const name of names) {
    try {
      does(resolved(process.folder, name), name);
    } catch (error) {
      if (!(error instanceof DiskProblem)) throw error;
      complain(process, `${what === '' ? name : `${what} '${name}'`}: ${error.message}`);
      code = 1;
    }
  }
  return code;
}

/** Without enough names it says so. */
function lacksOperand(process: Process, names: readonly string[], least: number): boolean {
  const lacks = names.length < least;
  if (lacks) complain(process, names.length === 0 ? 'missing file operand' : `missing destination file operand after '${names[0]}'`);
  return lacks;
}

const remove: Program = (process) => {
  const { given, rest } = optionsOf(process.args);
  const { disk } = process.machine;
  const force = given.has('f');
  const recursive = given.has('r') || given.has('R');
  if (!force && lacksOperand(process, rest, 1)) return 1;
  const removeAll = (path: string): void => {
    for (const name of disk.list(path)) removeAll(`${path === '/' ? '' : path}/${name}`);
    disk.remove(path);
  };
  return each(
    process,
    rest,
    (path) => {
      const entry = disk.look(path);
      if (entry === undefined && force) return;
      if (entry?.kind === 'folder' && !recursive) throw new DiskProblem('Is a directory');
      removeAll(path);
    },
    'cannot remove',
  );
};

const removeFolder: Program = (process) => {
  const { disk } = process.machine;
  const failed = each(
    process,
    optionsOf(process.args).rest,
    (path) => {
      if (disk.look(path)?.kind === 'file') throw new DiskProblem('Not a directory');
      disk.remove(path);
    },
    'failed to remove',
  );
  return failed;
};

const makeFolder: Program = (process) => {
  const { given, rest } = optionsOf(process.args, 'm');
  const { disk } = process.machine;
  if (lacksOperand(process, rest, 1)) return 1;
  const make = (path: string): void => {
    if (given.has('p')) {
      if (disk.look(path)?.kind === 'folder') return;
      make(parentOf(path));
    }
    disk.makeFolder(path);
  };
  return each(process, rest, make, 'cannot create directory');
};

const touch: Program = (process) => {
  const { disk } = process.machine;
  const { rest } = optionsOf(process.args);
  if (lacksOperand(process, rest, 1)) return 1;
  return each(
    process,
    rest,
    (path) => {
      if (disk.look(path) === undefined) disk.create(path);
      else if (disk.look(path)?.kind === 'file') disk.append(path, Buffer.alloc(0));
    },
    'cannot touch',
  );
};

/** Where a file goes to: into a folder under its own name. */
const placeIn = ({ machine: { disk }, folder }: Process, to: string, from: string): string => {
  const path = resolved(folder, to);
  return disk.look(path)?.kind === 'folder' ? `${path === '/' ? '' : path}/${nameOf(resolved(folder, from))}` : path;
};

const move: Program = (process) => {
  const { rest } = optionsOf(process.args);
  if (lacksOperand(process, rest, 2)) return 1;
  const to = rest.at(-1) ?? '';
  return each(process, rest.slice(0, -1), (path, name) => process.machine.disk.move(path, placeIn(process, to, name)), 'cannot move');
};

const copy: Program = (process) => {
  const { given, rest } = optionsOf(process.args);
  const { disk } = process.machine;
  if (lacksOperand(process, rest, 2)) return 1;
  const recursive = given.has('r') || given.has('R') || given.has('a');
  const copyTo = (from: string, to: string): void => {
    if (disk.look(from)?.kind !== 'folder') {
      const content = disk.read(from);
      disk.create(to);
      return disk.append(to, content);
    }
    if (!recursive) throw new DiskProblem('-r not specified; omitting directory');
    if (`${to}/`.startsWith(`${from}/`)) throw new DiskProblem('cannot copy a directory into itself');
    if (disk.look(to) === undefined) disk.makeFolder(to);
    for (const name of disk.list(from)) copyTo(`${from}/${name}`, `${to}/${name}`);
  };
  const to = rest.at(-1) ?? '';
  return each(process, rest.slice(0, -1), (path, name) => copyTo(path, placeIn(process, to, name)), 'cannot copy');
};

const changeMode: Program = (process) => {
  const [mode = '', ...names] = process.args.filter((arg) => arg !== '-R');
  const { disk } = process.machine;
  const change = (path: string): void => {
    const before = disk.look(path)?.mode ?? 0;
    const [, sign, bits] = /^[ugoa]*([-+])([rwx]+)$/.exec(mode) ?? [];
    const mask = [...(bits ?? '')].reduce((sum, bit) => sum | ({ r: 0o444, w: 0o222, x: 0o111 }[bit] ?? 0), 0);
    if (sign === undefined && !/^[0-7]{3,4}$/.test(mode)) throw new DiskProblem(`invalid mode: '${mode}'`);
    disk.changeMode(path, sign === undefined ? Number.parseInt(mode, 8) : sign === '+' ? before | mask : before & ~mask);
  };
  return each(process, names, change, 'changing permissions of');
};

export const copying: readonly (readonly [name: string, program: Program])[] = [
  ['rm', remove],
  ['rmdir', removeFolder],
  ['mkdir', makeFolder],
  ['touch', touch],
  ['mv', move],
  ['cp', copy],
  ['chmod', changeMode],
];
