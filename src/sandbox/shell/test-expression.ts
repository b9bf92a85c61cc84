import { type Disk, DiskProblem, resolved } from './disk.ts';

/** What `test` says of its words. Throws a `DiskProblem` if they are not a condition. */
export function tested(words: readonly string[], disk: Disk, folder: string): boolean {
  const or = words.indexOf('-o');
  if (or > 0) return tested(words.slice(0, or), disk, folder) || tested(words.slice(or + 1), disk, folder);
  const and = words.indexOf('-a');
  if (and > 0) return tested(words.slice(0, and), disk, folder) && tested(words.slice(and + 1), disk, folder);
  const [first = '', second = '', third = ''] = words;
  switch (words.length) {
    case 0:
      return false;
    case 1:
      return first !== '';
    case 2:
      return first === '!' ? second === '' : single(first, second, disk, folder);
    case 3:
      return first === '!' ? !tested(words.slice(1), disk, folder) : compared(first, second, third);
    default:
      if (first === '!') return !tested(words.slice(1), disk, folder);
      throw new DiskProblem('too many arguments');
  }
}

function single(sign: string, word: string, disk: Disk, folder: string): boolean {
  const entry = word === '' ? undefined : disk.look(resolved(folder, word));
  switch (sign) {
    case '-n':
      return word !== '';
    case '-z':
      return word === '';
    case '-e':
    case '-r':
      return entry !== undefined || word === '/dev/null';
    case '-f':
      return entry?.kind === 'file';
    case '-d':
      return entry?.kind === 'folder';
    case '-s':
      return entry?.kind === 'file' && entry.content.bytes > 0;
    case '-w':
      return entry !== undefined && !entry.fixed;
    case '-x':
      return entry !== undefined && (entry.mode & 0o111) !== 0;
    // There are no links here.
    case '-L':
    case '-h':
      return false;
    default:
      throw new DiskProblem(`${sign}: unexpected operator`);
  }
}

function compared(left: string, sign: string, right: string): boolean {
  if (sign === '=' || sign === '==') return left === right;
  if (sign === '!=') return left !== right;
  const [a, b] = [left, right].map((word) => {
    if (!/^\s*[-+]?\d+\s*$/.test(word)) throw new DiskProblem(`Illegal number: ${word}`);
    return Number(word);
  }) as [number, number];
  const results: Readonly<Record<string, boolean>> = {
    '-eq': a === b,
    '-ne': a !== b,
    '-lt': a < b,
    '-le': a <= b,
    '-gt': a > b,
    '-ge': a >= b,
  };
  const result = results[sign];
  if (result === undefined) throw new DiskProblem(`${sign}: unexpected operator`);
  return result;
}
