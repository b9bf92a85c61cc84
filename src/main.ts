import { endOnDefect, writeDefect } from './cli/process/defects.ts';
import { type CliIo, exitCodes } from './cli/process/io.ts';
import { type ProcessOutput, watchOutput } from './cli/process/process-output.ts';
import { currentFolder, homeFolder } from './cli/process/surroundings.ts';
import { systemClock } from './support/clock.ts';
import { harmless, harmlessColoured } from './support/foreign-text.ts';
import { patience } from './support/patience.ts';
import { isAbort, Problem, sentence } from './support/problem.ts';
import { userStreams, written } from './support/user-streams.ts';
import { lifetime } from './support/waiting.ts';

/** The entry of the bundle: `program` is the name of the launcher, `words` are its arguments. Ends the process. */
export async function run(program: string, words: readonly string[]): Promise<void> {
  const { io, output } = processIo();
  endOnDefect(io);
  const warnings = heldWarnings();
  const code = await guarded(program, words, io);
  for (const warning of warnings) io.stderr(`Warning: ${warning}\n`);
  await Promise.race([drained(), patience(io.signal, io.clock)]);
  // An open handle must not keep the process alive.
  process.exit(output.exitCode(code));
}

/** Holds back the warnings of Node.js until the end: they would be written over the screen. */
function heldWarnings(): ReadonlySet<string> {
  const held = new Set<string>();
  process.removeAllListeners('warning');
  process.on('warning', ({ name, message }) => {
    // Deprecation and experimental warnings are meant for the author of a program, not for its user.
    if (name !== 'DeprecationWarning' && name !== 'ExperimentalWarning') held.add(message);
  });
  return held;
}

async function guarded(program: string, words: readonly string[], io: CliIo): Promise<number> {
  try {
    return await dispatch(program, words, io);
  } catch (error) {
    if (isAbort(error) && io.signal.aborted) return exitCodes.interrupted;
    io.stderr(`${sentence(error)}\n`);
    // Anything but a Problem is a defect of drey: keep it off the screen, but write it where it can be found.
    if (!(error instanceof Problem)) io.stderr(writeDefect(error, io));
    return error instanceof Problem && error.kind === 'usage' ? exitCodes.usage : exitCodes.failed;
  }
}

async function dispatch(program: string, words: readonly string[], io: CliIo): Promise<number> {
  if (program === 'kubernetes-session') return (await import('./cli/programs.ts')).sessionScript(words, io);
  if (program === 'flink') return (await import('./cli/programs.ts')).flink(words, io);
  const { completionQuestion, drey } = await import('./cli/drey.ts');
  // kubectl runs a program of this name to complete `kubectl flink`.
  return drey(program === 'kubectl_complete-flink' ? [completionQuestion, ...words] : words, io);
}

/** Each of them ends a screen as `quit` does, or a wait; operations that were started in the cluster continue. */
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGABRT'] as const;

function processIo(): { readonly io: CliIo; readonly output: ProcessOutput } {
  const interrupted = lifetime();
  for (const name of endings) {
    process.on(name, () => {
      // A second signal skips the orderly shutdown, if an impatient user sent it. SIGHUP comes from a closed terminal, and one SIGABRT has
      // been seen to arrive twice within 30 ms.
      if (interrupted.signal.aborted && name !== 'SIGHUP' && name !== 'SIGABRT') process.exit(exitCodes.interrupted);
      interrupted.end();
    });
  }
  const output = watchOutput(process, interrupted.end);
  const io: CliIo = {
    // The output may contain names and sentences from outside, which must not drive the terminal.
    stdout: (text) => void process.stdout.write(harmless(text)),
    stderr: (text) => void process.stderr.write(harmless(text)),
    log: async (text) => written(process.stdout, harmlessColoured(text), interrupted.signal),
    get stdin() {
      return process.stdin;
    },
    get streams() {
      return userStreams(process, interrupted.signal);
    },
    env: process.env,
    cwd: currentFolder(process.env),
    home: homeFolder(),
    isTty: { stdin: process.stdin.isTTY === true, stdout: process.stdout.isTTY === true },
    signal: interrupted.signal,
    clock: systemClock,
  };
  return { io, output };
}

/** Resolves once all output has left the process: a pipe may be slow. */
function drained(): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write('', () => process.stderr.write('', () => resolve()));
  });
}
