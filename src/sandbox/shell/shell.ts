import { builtins, type OwnShell } from './builtins.ts';
import { ArithmeticProblem } from './arithmetic.ts';
import { DiskProblem } from './disk.ts';
import { fieldsOf, patternOf, textOf, type Values } from './expand.ts';
import { Input, Interrupted, type Running } from './input.ts';
import { Leave } from './leave.ts';
import { matches } from './pattern.ts';
import { print, type Machine, type Program, type Streams } from './program.ts';
import { programs } from './programs.ts';
import { readScript } from './read-script.ts';
import { redirected } from './redirect.ts';
import { ShellState } from './state.ts';
import { type Chain, type Command, type Script, type Simple, SyntaxProblem } from './syntax.ts';

/** Exit codes of a shell: for what it does not find, for what it cannot read, and after Ctrl+C. */
export const [notFound, misread, interruptedCode] = [127, 2, 130];
/** Functions that call each other, at most: beyond that, something is wrong. */
const deepest = 100;
/** Rounds of one loop, at most: a demonstration must not stand still. */
const mostRounds = 100_000;

/** A POSIX shell: what the scripts of a terminal for Flink need, and what a person tries first. */
export class Shell implements Values, OwnShell {
  readonly machine: Machine;
  readonly state: ShellState;
  #depth = 0;
  /** Where complaints of a script within a word go. */
  #complaints: Streams['stderr'] = () => undefined;

  constructor(machine: Machine, state: ShellState) {
    this.machine = machine;
    this.state = state;
  }

  get disk(): Values['disk'] {
    return this.machine.disk;
  }

  get folder(): string {
    return this.state.folder;
  }

  get positional(): readonly string[] {
    return this.state.positional;
  }

  variable(name: string): string | undefined {
    return this.state.variable(name);
  }

  set(name: string, value: string): void {
    this.state.variables.set(name, value);
  }

  *output(script: Script): Running<string> {
    const pieces: Buffer[] = [];
    const inner = this.#copy();
    this.state.status = yield* inner.#toItsEnd(script, {
      stdin: new Input({ content: Buffer.alloc(0) }),
      stdout: (piece) => void pieces.push(Buffer.from(piece)),
      stderr: this.#complaints,
    });
    return Buffer.concat(pieces).toString('utf8').replace(/\n+$/, '');
  }

  /** Runs a script; gives its exit code. `goesOn`: the shell goes on afterwards, unless the script leaves it. */
  *run(text: string, streams: Streams): Running<{ readonly code: number; readonly goesOn: boolean }> {
    this.#complaints = streams.stderr;
    try {
      yield* this.#script(readScript(text), streams);
      return { code: this.state.status, goesOn: true };
    } catch (error) {
      if (error instanceof Leave) {
        this.state.status = error.code;
        return { code: error.code, goesOn: error.what !== 'shell' };
      }
      if (!(error instanceof SyntaxProblem)) throw error;
      this.#say(streams, `Syntax error: ${error.message}`);
      this.state.status = misread;
      return { code: misread, goesOn: true };
    }
  }

  /** Runs a program, a command of the shell or a function. */
  *start(words: readonly string[], streams: Streams): Running {
    const [name = '', ...args] = words;
    const body = this.state.functions.get(name);
    if (body !== undefined) return yield* this.#call(body, args, streams);
    if (isShell(name)) return yield* this.#another(name, args, streams);
    const builtin = builtins.get(name);
    if (builtin !== undefined) return yield* finished(builtin(this, args, streams));
    const program = this.find(name);
    if (program === undefined) {
      this.#say(streams, `${name}: not found`);
      return notFound;
    }
    const start = (more: readonly string[], given: Streams): Running => this.start(more, given);
    return yield* finished(
      program({ ...streams, machine: this.machine, name, args, folder: this.folder, variables: this.state.variables, start }),
    );
  }

  /** Runs one command, as a container does, to its end. */
  *whole(words: readonly string[], streams: Streams): Running {
    try {
      return yield* this.start(words, streams);
    } catch (error) {
      if (error instanceof Leave) return error.code;
      if (error instanceof Interrupted) return interruptedCode;
      if (!(error instanceof DiskProblem)) throw error;
      this.#say(streams, error.message);
      return 1;
    }
  }

  /** Runs lines as they come: typed after a prompt on a terminal, or from a pipe. Ctrl+C ends what runs, and not the shell. */
  *session(streams: Streams): Running {
    const { prompt } = this.machine;
    for (;;) {
      try {
        if (prompt !== undefined) print(streams.stdout, prompt(this.folder));
        const text = yield* this.#read(streams);
        if (text === undefined) return this.state.status;
        const { code, goesOn } = yield* this.run(text, streams);
        if (!goesOn) return code;
      } catch (error) {
        if (!(error instanceof Interrupted) || prompt === undefined) throw error;
        this.state.status = interruptedCode;
      }
    }
  }

  /** Lines until they are a whole script. */
  *#read({ stdin, stdout }: Streams): Running<string | undefined> {
    let text = yield* stdin.line();
    while (text !== undefined && isUnfinished(text)) {
      if (this.machine.prompt !== undefined) print(stdout, '> ');
      const more = yield* stdin.line();
      if (more === undefined) return text;
      text += `\n${more}`;
    }
    return text;
  }

  /** `sh -c SCRIPT [NAME ARG …]`, `sh`. */
  *#another(called: string, args: readonly string[], streams: Streams): Running {
    const [script, name = called, ...positional] = /^-\w*c/.test(args[0] ?? '') ? args.slice(1) : [];
    const { folder, variables } = this.state;
    const shell = new Shell(this.machine, new ShellState({ name, positional, folder, variables, functions: new Map() }));
    return script === undefined ? yield* shell.session(streams) : (yield* shell.run(script, streams)).code;
  }

  /** There is such a program, or it is part of the shell. */
  knows(name: string): boolean {
    return isShell(name) || builtins.has(name) || this.find(name) !== undefined;
  }

  /** A program of this name, or of this path in a folder of programs. */
  find(name: string): Program | undefined {
    const [, base] = /^(?:\/(?:usr\/)?(?:local\/)?s?bin\/)?([^/]+)$/.exec(name) ?? [];
    return base === undefined ? undefined : programs.get(base);
  }

  #copy(): Shell {
    const copy = new Shell(this.machine, this.state.copy());
    copy.#complaints = this.#complaints;
    copy.#depth = this.#depth;
    return copy;
  }

  #say({ stderr }: Pick<Streams, 'stderr'>, text: string): void {
    print(stderr, `${this.state.name}: 1: ${text}\n`);
  }

  *#toItsEnd(script: Script, streams: Streams): Running {
    try {
      yield* this.#script(script, streams);
      return this.state.status;
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      return error.code;
    }
  }

  *#script(script: Script, streams: Streams): Running<void> {
    for (const chain of script) yield* this.#chain(chain, streams);
  }

  *#chain({ pipelines }: Chain, streams: Streams): Running<void> {
    for (const { after, pipeline } of pipelines) {
      const { status } = this.state;
      if ((after === '&&' && status !== 0) || (after === '||' && status === 0)) continue;
      const code = yield* this.#pipeline(pipeline.commands, streams);
      this.state.status = pipeline.not ? Number(code === 0) : code;
    }
  }

  /** One after the other: what a program prints is kept until it has ended. */
  *#pipeline(commands: readonly Command[], streams: Streams): Running {
    const [first, ...others] = commands;
    if (first === undefined) return 0;
    if (others.length === 0) return yield* this.#command(first, streams);
    const pieces: Buffer[] = [];
    yield* this.#copy().#apart(first, { ...streams, stdout: (piece) => void pieces.push(Buffer.from(piece)) });
    const rest = { ...streams, stdin: new Input({ content: Buffer.concat(pieces) }) };
    const [second, ...more] = others;
    return more.length === 0 && second !== undefined ? yield* this.#copy().#apart(second, rest) : yield* this.#pipeline(others, rest);
  }

  /** In a shell of its own: leaving it leaves nothing else. */
  *#apart(command: Command, streams: Streams): Running {
    try {
      return yield* this.#command(command, streams);
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      return error.code;
    }
  }

  *#command(command: Command, given: Streams): Running {
    if (command.kind === 'define') {
      this.state.functions.set(command.name, command.body);
      return 0;
    }
    try {
      const streams = yield* redirected(command.redirections, given, this);
      return command.kind === 'simple' ? yield* this.#simple(command, streams) : yield* this.#compound(command, streams);
    } catch (error) {
      if (!(error instanceof DiskProblem || error instanceof ArithmeticProblem)) throw error;
      this.#say(given, error.message);
      return misread;
    }
  }

  *#simple({ variables, words }: Simple, streams: Streams): Running {
    const fields = yield* fieldsOf(words, this);
    if (fields.length === 0) this.state.status = 0;
    const before = new Map<string, string | undefined>();
    for (const { name, value } of variables) {
      before.set(name, this.state.variables.get(name));
      this.set(name, yield* textOf(value, this));
    }
    if (fields.length === 0) return this.state.status;
    const code = yield* this.start(fields, streams);
    // Variables before a command are set for it alone.
    for (const [name, value] of before) {
      if (value === undefined) this.state.variables.delete(name);
      else this.set(name, value);
    }
    return code;
  }

  *#compound(command: Exclude<Command, { kind: 'simple' | 'define' }>, streams: Streams): Running {
    switch (command.kind) {
      case 'if':
        for (const { condition, body } of command.clauses) {
          if ((yield* this.#code(condition, streams)) === 0) return yield* this.#code(body, streams);
        }
        return command.otherwise === undefined ? 0 : yield* this.#code(command.otherwise, streams);
      case 'loop': {
        let code = 0;
        for (let round = 0; round < mostRounds; round += 1) {
          if (((yield* this.#code(command.clause.condition, streams)) === 0) === command.until) return code;
          const ended = yield* this.#round(command.clause.body, streams);
          if (ended) return 0;
          code = this.state.status;
        }
        this.#say(streams, `a loop ends after ${mostRounds} rounds here`);
        return 1;
      }
      case 'for':
        for (const value of command.words === undefined ? this.positional : yield* fieldsOf(command.words, this)) {
          this.set(command.name, value);
          if (yield* this.#round(command.body, streams)) return 0;
        }
        return this.state.status;
      case 'case': {
        const subject = yield* textOf(command.subject, this);
        for (const { patterns, body } of command.cases) {
          for (const each of patterns) if (matches(yield* patternOf(each, this), subject)) return yield* this.#code(body, streams);
        }
        return 0;
      }
      case 'group':
        return command.apart ? yield* this.#copy().#toItsEnd(command.body, streams) : yield* this.#code(command.body, streams);
    }
  }

  *#code(script: Script, streams: Streams): Running {
    this.state.status = 0;
    yield* this.#script(script, streams);
    return this.state.status;
  }

  /** The body of a loop, once. True: the loop was left. */
  *#round(body: Script, streams: Streams): Running<boolean> {
    try {
      yield* this.#script(body, streams);
      return false;
    } catch (error) {
      if (!(error instanceof Leave) || error.what === 'function' || error.what === 'shell') throw error;
      return error.what === 'loop';
    }
  }

  *#call(body: Command, args: readonly string[], streams: Streams): Running {
    if (this.#depth >= deepest) {
      this.#say(streams, 'functions call each other without end');
      return 1;
    }
    const before = this.positional;
    this.#depth += 1;
    this.state.positional = args;
    try {
      return yield* this.#command(body, streams);
    } catch (error) {
      if (!(error instanceof Leave) || error.what !== 'function') throw error;
      return error.code;
    } finally {
      this.state.positional = before;
      this.#depth -= 1;
    }
  }
}

const isShell = (program: string): boolean => /(^|\/)(ba|da)?sh$/.test(program);

/** The text is the beginning of a script. */
function isUnfinished(text: string): boolean {
  try {
    readScript(text);
    return false;
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return error.unfinished;
  }
}

function* finished(result: Running | number): Running {
  return typeof result === 'number' ? result : yield* result;
}
