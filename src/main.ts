import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { endOnDefect, writeDefect } from './cli/defects.ts';
import { type CliIo, exitCodes } from './cli/io.ts';
import { systemClock } from './support/clock.ts';
import { isAbort, Problem, sentence } from './support/problem.ts';

/** The entry of the bundle: `program` is the launcher's name, `words` what stood behind it. Ends the process. */
export async function run(program: string, words: readonly string[]): Promise<void> {
  const io = processIo();
  endOnDefect(io);
  const code = await guarded(program, words, io);
  await drained();
  // Nothing that is still open may keep a command line from ending.
  process.exit(code);
}

async function guarded(program: string, words: readonly string[], io: CliIo): Promise<number> {
  try {
    return await dispatch(program, words, io);
  } catch (error) {
    if (isAbort(error) && io.signal.aborted) return exitCodes.interrupted;
    io.stderr(`${sentence(error)}\n`);
    // What is no Problem is a defect of ours: it is not shown, but it must be findable.
    if (!(error instanceof Problem)) io.stderr(writeDefect(error, io));
    return error instanceof Problem && error.kind === 'usage' ? exitCodes.usage : exitCodes.failed;
  }
}

async function dispatch(program: string, words: readonly string[], io: CliIo): Promise<number> {
  if (program === 'kubernetes-session') return (await import('./cli/programs.ts')).sessionScript(words, io);
  if (program === 'flink') return (await import('./cli/programs.ts')).flink(words, io);
  return (await import('./cli/drey.ts')).drey(words, io);
}

function processIo(): CliIo {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      // Who asks twice does not want to wait for an orderly end.
      if (interrupted.signal.aborted) process.exit(exitCodes.interrupted);
      interrupted.abort();
    });
  }
  // Whoever read us has enough: `drey pods | head -n 1` is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok);
    throw error;
  });
  return {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: process.cwd(),
    home: homeFolder(),
    isTty: { stdin: process.stdin.isTTY === true, stdout: process.stdout.isTTY === true },
    signal: interrupted.signal,
    clock: systemClock,
  };
}

/** The user's home; a process without one (an empty HOME, a container's random user) keeps its things in the temporary folder, not where it stands. */
function homeFolder(): string {
  const home = homedir();
  return isAbsolute(home) ? home : join(tmpdir(), 'drey-home');
}

/** Until what was printed has left: a pipe takes its time. */
function drained(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => process.stderr.write('', () => resolve()));
  });
}
