import { type Disk, DiskProblem, resolved } from './disk.ts';
import type { Running } from './input.ts';
import { leave } from './leave.ts';
import { print, type Streams } from './program.ts';
import type { ShellState } from './state.ts';
import { tested } from './test-expression.ts';

/** The shell as its own commands see it. */
export interface OwnShell {
  readonly state: ShellState;
  readonly disk: Disk;
  knows(name: string): boolean;
  start(words: readonly string[], streams: Streams): Running;
}

/** A command of the shell itself: it changes the shell, or reads its state. */
export type Builtin = (shell: OwnShell, args: readonly string[], streams: Streams) => Running | number;

const say = ({ stderr }: Streams, text: string): void => print(stderr, `sh: 1: ${text}\n`);
const numberOf = (text: string | undefined, otherwise: number): number => (/^\d+$/.test(text ?? '') ? Number(text) & 0xff : otherwise);

const cd: Builtin = (shell, args, streams) => {
  const [to = shell.state.variable('HOME') ?? '/'] = args.filter((arg) => arg !== '--');
  const path = resolved(shell.state.folder, to === '-' ? (shell.state.variable('OLDPWD') ?? '') : to);
  if (shell.disk.look(path)?.kind !== 'folder') {
    say(streams, `cd: can't cd to ${to}`);
    return 2;
  }
  shell.state.variables.set('OLDPWD', shell.state.folder);
  shell.state.enter(path);
  return 0;
};

const assign: Builtin = (shell, args) => {
  for (const arg of args) {
    const [, name, value] = /^([A-Za-z_]\w*)=([^]*)$/.exec(arg) ?? [];
    if (name !== undefined && value !== undefined) shell.state.variables.set(name, value);
  }
  return 0;
};

const read: Builtin = function* (shell, args, { stdin }) {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const line = yield* stdin.line();
  if (line === undefined) return 1;
  const [only = 'REPLY', ...others] = names;
  if (others.length === 0) {
    shell.state.variables.set(only, shell.state.variable('IFS') === '' ? line : line.trim());
    return 0;
  }
  const words = line.trim().split(/\s+/);
  names.forEach((name, index) =>
    shell.state.variables.set(name, index === others.length ? words.slice(index).join(' ') : (words[index] ?? '')),
  );
  return 0;
};

const test =
  (closes: boolean): Builtin =>
  (shell, args, streams) => {
    if (closes && args.at(-1) !== ']') {
      say(streams, '[: missing ]');
      return 2;
    }
    try {
      return tested(closes ? args.slice(0, -1) : args, shell.disk, shell.state.folder) ? 0 : 1;
    } catch (error) {
      if (!(error instanceof DiskProblem)) throw error;
      say(streams, `[: ${error.message}`);
      return 2;
    }
  };

const type: Builtin = (shell, args, { stdout, stderr }) => {
  let code = 0;
  for (const name of args.filter((arg) => arg !== '-v')) {
    if (builtins.has(name)) print(stdout, `${name}\n`);
    else if (shell.knows(name)) print(stdout, `/usr/bin/${name.split('/').at(-1)}\n`);
    else {
      if (args[0] !== '-v') print(stderr, `sh: 1: ${name}: not found\n`);
      code = 127;
    }
  }
  return code;
};

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['cd', cd],
  ['export', assign],
  ['local', assign],
  ['readonly', assign],
  ['read', read],
  ['test', test(false)],
  ['[', test(true)],
  ['command', type],
  ['type', type],
  [
    'unset',
    (shell, args) => {
      for (const name of args) shell.state.variables.delete(name);
      return 0;
    },
  ],
  [
    'set',
    (shell, args) => {
      if (args[0] === '--') shell.state.positional = args.slice(1);
      return 0;
    },
  ],
  [
    'shift',
    (shell, [count]) => {
      shell.state.positional = shell.state.positional.slice(numberOf(count, 1));
      return 0;
    },
  ],
  [
    'exec',
    function* (shell, args, streams) {
      if (args.length === 0) return 0;
      return leave('shell', yield* shell.start(args, streams));
    },
  ],
  [
    'exit',
    (shell, [code]) => {
      return leave('shell', numberOf(code, shell.state.status));
    },
  ],
  [
    'return',
    (shell, [code]) => {
      return leave('function', numberOf(code, shell.state.status));
    },
  ],
  [
    'break',
    () => {
      return leave('loop', 0);
    },
  ],
  [
    'continue',
    () => {
      return leave('round', 0);
    },
  ],
  [
    ':',
    () => {
      return 0;
    },
  ],
]);
