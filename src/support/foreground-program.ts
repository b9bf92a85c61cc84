import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Problem } from './problem.ts';

export interface ForegroundProgram {
  /** As people write it into an environment variable: a command line for their shell, such as `code --wait`. */
  readonly command: string;
  /** Further words, passed on as they are. */
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What a shell returns for a program that it cannot run, and for one that it does not find. */
const cannotRun = 126;
const notFound = 127;

/** A shell returns the number of a signal that ended a program added to this. */
const signalled = 128;

/**
 * Runs a program of the user on the terminal, and resolves when it ends well. The terminal must be lent to it. Throws a `Problem` if it
 * cannot be started, fails or is ended by a signal; if `signal` aborts, the program is told that its terminal closes.
 */
export async function runInForeground(program: ForegroundProgram, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  using _ = keysAreForIt();
  const { promise, resolve, reject } = Promise.withResolvers<number | NodeJS.Signals>();
  const child = start(program);
  child.once('error', reject);
  child.once('close', (code, killedBy) => resolve(code ?? killedBy ?? 0));
  const hangUp = (): void => void child.kill('SIGHUP');
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    const end = await promise.catch((error: unknown) => {
      throw new Problem('failed', `${program.command} cannot be started: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      });
    });
    signal.throwIfAborted();
    if (end !== 0) throw failure(program, end);
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
}

function start({ command, args, env }: ForegroundProgram): ReturnType<typeof spawn> {
  if (process.platform === 'win32')
    return spawn([command, ...args.map((word) => `"${word}"`)].join(' '), { env, stdio: 'inherit', shell: true });
  // A shell that Ctrl+C reached as well would end by it once the program has ended, however well that did.
  return spawn('sh', ['-c', `trap : INT QUIT; ${command} "$@"`, 'sh', ...args], { env, stdio: 'inherit' });
}

function failure({ command }: ForegroundProgram, end: number | NodeJS.Signals): Problem {
  const [name = command] = command.split(' ');
  if (end === notFound) return new Problem('not-found', `There is no program ${name} on PATH.`);
  if (end === cannotRun) return new Problem('failed', `${name} may not be run.`, { hint: 'Look at its mode: it has to be executable.' });
  const ended = typeof end === 'string' ? end : signalNames.get(end - signalled);
  return new Problem('failed', ended === undefined ? `${name} failed with exit code ${end}.` : `${name} was ended by ${ended}.`);
}

const signalNames: ReadonlyMap<number, string> = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** The signals that keys send to all programs on the terminal: while one of the user runs, they are meant for that one. */
function keysAreForIt(): Disposable {
  const held = (['SIGINT', 'SIGQUIT'] as const).map((name) => {
    const listeners = process.listeners(name);
    const ignore = (): void => undefined;
    process.on(name, ignore);
    for (const listener of listeners) process.off(name, listener);
    return () => {
      for (const listener of listeners) process.on(name, listener);
      process.off(name, ignore);
    };
  });
  // The program stops itself; the shell continues both.
  const stop = (): void => void process.kill(process.pid, 'SIGSTOP');
  if (process.platform !== 'win32') process.on('SIGTSTP', stop);
  return {
    [Symbol.dispose]() {
      process.off('SIGTSTP', stop);
      for (const giveBack of held) giveBack();
    },
  };
}
