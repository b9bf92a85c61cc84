import { once } from 'node:events';
import { Transform, type Readable } from 'node:stream';
import { endOf, type RunningContainer } from '../../cluster/pods/running-container.ts';
import { isAbort, Problem, sentence } from '../../support/problem.ts';
import type { UserStreams } from '../../support/user-streams.ts';
import { late, type Lifetime, lifetime, within } from '../../support/waiting.ts';
import type { CommandContext } from '../model/types.ts';
import { escape } from './escape.ts';

/** A program to run in a container for the user. */
export interface PodProgram {
  readonly container: RunningContainer;
  readonly command: readonly string[];
  /** What people call it. */
  readonly name: string;
  /** Said when it begins on a terminal. */
  readonly greeting: string | undefined;
}

/** How it ended. `left`: the user went away from it, and it may still run. */
export type ProgramEnd = { readonly kind: 'ended'; readonly code: number } | { readonly kind: 'left' };

/** How long to look for the reason after a connection broke, in milliseconds. */
const reasonMs = 5_000;
/** The exit code of a process that was killed by SIGKILL. */
const killed = 137;

/**
 * Runs it with the streams of the user: on a terminal if they have one, otherwise bytes pass as they are. Rejects with a `Problem` if it
 * cannot be run, or if the connection or the container ended before it did.
 */
export async function runPodProgram(context: CommandContext, streams: UserStreams, program: PodProgram): Promise<ProgramEnd> {
  const { kubernetes, store, signal } = context;
  const { container, command } = program;
  const { namespace } = store.get().target;
  const { terminal, stdout, stderr } = streams;
  const told = notices(streams);
  using leaving = lifetime(signal);
  const keys = terminal === undefined ? undefined : escapable(streams.stdin, leaving);
  const request = { namespace, pod: container.pod.name, container: container.name, command, signal: leaving.signal };
  try {
    if (program.greeting !== undefined && terminal !== undefined) told.say(program.greeting);
    terminal?.setRaw(true);
    const code = await kubernetes.exec({
      ...request,
      stdin: keys ?? streams.stdin,
      terminal,
      onStdout: stdout,
      onStderr: stderr,
      onSilence: terminal === undefined ? undefined : told.silence,
    });
    if (code === killed) await refuseIfEnded(context, program);
    return { kind: 'ended', code };
  } catch (error) {
    if (isAbort(error) && !signal.aborted) return { kind: 'left' };
    throw await explained(context, program, error);
  } finally {
    terminal?.setRaw(false);
    if (keys !== undefined) streams.stdin.unpipe(keys);
    streams.stdin.pause();
  }
}

/** What is typed, until the keys that leave. */
function escapable(stdin: Readable, leaving: Lifetime): Transform {
  const watch = escape();
  const keys = new Transform({
    transform(typed: Buffer, _encoding, done) {
      const { passed, left } = watch.read(typed);
      if (left) leaving.end();
      done(null, passed);
    },
  });
  return stdin.pipe(keys);
}

interface Notices {
  say(text: string): void;
  /** The API server does not answer, or does so again. */
  silence(problem: Problem | undefined): void;
}

/** Lines of drey between those of the program. In raw mode a line feed alone does not begin a line. */
function notices({ stderr }: UserStreams): Notices {
  let silent = false;
  const say = (text: string): void => void stderr(Buffer.from(`${text}\r\n`));
  return {
    say,
    silence(problem) {
      if (problem !== undefined && silent) return;
      silent = problem !== undefined;
      say(`\r\n[drey] ${problem === undefined ? 'The API server answers again.' : `${sentence(problem)} Enter ~ . leaves.`}`);
    },
  };
}

/** A process that was killed may have gone with its container. */
async function refuseIfEnded(context: CommandContext, { container, name }: PodProgram): Promise<void> {
  const end = await endedMeanwhile(context, container);
  if (end !== undefined) throw new Problem('failed', `${name} was killed (${killed}). ${end}`);
}

async function explained(context: CommandContext, program: PodProgram, error: unknown): Promise<unknown> {
  const { container, command } = program;
  if (isAbort(error) || !(error instanceof Problem)) return error;
  const [executable = ''] = command;
  if (/executable file not found|no such file or directory/.test(error.message)) {
    const where = `in container ${container.name} of pod ${container.pod.shortName}`;
    return program.greeting === undefined
      ? new Problem('not-found', `There is no program ${executable} ${where}.`, { cause: error })
      : new Problem('not-found', `There is no shell ${where}: its image ${container.image} has neither bash nor sh.`, {
          hint: `debug ${container.pod.shortName} prints a command that brings one.`,
          cause: error,
        });
  }
  if (error.kind !== 'unreachable' && error.kind !== 'unavailable' && error.kind !== 'not-found') return error;
  const end = await endedMeanwhile(context, container);
  return end === undefined ? error : new Problem('failed', `${program.name} ended with its container. ${end}`, { cause: error });
}

async function endedMeanwhile(
  { kubernetes, store, clock, signal }: CommandContext,
  container: RunningContainer,
): Promise<string | undefined> {
  const { clusterId, namespace } = store.get().target;
  const end = await within(reasonMs, { clock, signal }, (limit) => endOf({ kubernetes, namespace, clusterId }, container, limit));
  return end === late ? undefined : end;
}

/** Waits for Enter, so that what the program wrote can be read before a screen comes back. */
export async function enterPressed({ stdin, stderr }: UserStreams, text: string, signal: AbortSignal): Promise<void> {
  await stderr(Buffer.from(text));
  stdin.resume();
  try {
    await once(stdin, 'data', { signal });
  } finally {
    stdin.pause();
  }
}
