import type { Disk } from './disk.ts';
import type { Input, Running } from './input.ts';

export type Write = (bytes: Buffer) => void;

export interface Streams {
  readonly stdin: Input;
  readonly stdout: Write;
  readonly stderr: Write;
}

/** The machine that a shell runs on. */
export interface Machine {
  readonly disk: Disk;
  readonly environment: ReadonlyMap<string, string>;
  readonly now: () => number;
  /** Rows and columns of its terminal; undefined: it has none. */
  readonly size: () => readonly [rows: number, columns: number] | undefined;
  /** What a shell on its terminal prints before a line, in a folder; undefined: it has no terminal. */
  readonly prompt: ((folder: string) => string) | undefined;
}

/** What a program is given. */
export interface Process extends Streams {
  readonly machine: Machine;
  /** Its name, as it was called. */
  readonly name: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly variables: ReadonlyMap<string, string>;
  /** Runs another program, as `find -exec` does. */
  readonly start: (words: readonly string[], streams: Streams) => Running;
}

/** One that waits for nothing ends at once. */
export type Program = (process: Process) => Running | number;

export const print = (write: Write, text: string): void => {
  if (text !== '') write(Buffer.from(text));
};

/** `cat: f: No such file or directory`. */
export function complain({ name, stderr }: Pick<Process, 'name' | 'stderr'>, text: string): void {
  print(stderr, `${name}: ${text}\n`);
}

/** The options of one sign each, with the arguments of those that take one, and the other words. */
export interface Options {
  readonly given: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly rest: readonly string[];
}

/** `taking`: the signs of the options that take an argument. */
export function optionsOf(args: readonly string[], taking = ''): Options {
  const given = new Set<string>();
  const values = new Map<string, string>();
  const rest: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      rest.push(...args.slice(at + 1));
      break;
    }
    if (!/^-[^-]/.test(arg)) {
      rest.push(arg);
      continue;
    }
    for (let sign = 1; sign < arg.length; sign += 1) {
      const option = arg.charAt(sign);
      given.add(option);
      if (!taking.includes(option)) continue;
      const attached = arg.slice(sign + 1);
      values.set(option, attached === '' ? (args[(at += 1)] ?? '') : attached);
      break;
    }
  }
  return { given, values, rest };
}
