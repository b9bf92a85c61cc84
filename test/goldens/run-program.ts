import { Readable } from 'node:stream';
import { runFlink } from '../../src/cli/flink/run-flink.ts';
import { flinkServices } from '../../src/cli/flink/flink-services.ts';
import type { CliIo } from '../../src/cli/process/io.ts';
import { drey } from '../../src/cli/drey.ts';
import type { DeployInvocation } from '../../src/cli/command-line/deploy-invocation.ts';
import { runSessionScript } from '../../src/cli/deploy/session-script.ts';
import { type Clock, systemClock } from '../../src/support/clock.ts';
import { isAbort, Problem, sentence } from '../../src/support/problem.ts';

/** Commands of `drey` that deploy, delete or look before it. */
export type DeployCommandName = DeployInvocation['kind'];

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly home: string;
  /** All that is typed, or where it comes from. */
  readonly stdin?: string | Readable;
  readonly isTty?: boolean;
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
  /** Told of what is printed, as it is. */
  readonly onOutput?: (text: string) => void;
}

/** One of the programs in this process; nothing of it is left when it ends. */
export async function runProgram(
  program: 'kubernetes-session.sh' | 'flink' | 'drey' | DeployCommandName,
  args: readonly string[],
  around: Surroundings,
): Promise<Ended> {
  const printed = { stdout: '', stderr: '' };
  const keep = (stream: 'stdout' | 'stderr') => (text: string) => {
    printed[stream] += text;
    around.onOutput?.(text);
  };
  const io: CliIo = {
    stdout: keep('stdout'),
    stderr: keep('stderr'),
    stdin: around.stdin instanceof Readable ? around.stdin : Readable.from(around.stdin === undefined ? [] : [around.stdin]),
    env: around.env,
    cwd: around.cwd,
    home: around.home,
    log: async (text) => keep('stdout')(text),
    streams: noTerminal(keep, around),
    isTty: { stdin: around.isTty === true, stdout: around.isTty === true },
    signal: around.signal ?? new AbortController().signal,
    clock: around.clock ?? systemClock,
  };
  const code = await ending(program, args, io);
  return { code, ...printed };
}

/** Its streams as those of a pipe. */
const noTerminal = (keep: (stream: 'stdout' | 'stderr') => (text: string) => void, { stdin }: Surroundings): CliIo['streams'] => ({
  stdin: stdin instanceof Readable ? stdin : Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]),
  stdout: (bytes) => keep('stdout')(Buffer.from(bytes).toString('latin1')),
  stderr: (bytes) => keep('stderr')(Buffer.from(bytes).toString()),
  terminal: undefined,
});

async function ending(program: Parameters<typeof runProgram>[0], args: readonly string[], io: CliIo): Promise<number> {
  try {
    switch (program) {
      case 'kubernetes-session.sh':
        return await runSessionScript(args, io, { attach: async () => 0 });
      case 'flink':
        return await runFlink(args, io, flinkServices(io));
      case 'drey':
        return await drey(args, io);
      default:
        return await drey([program, ...args], io);
    }
  } catch (error) {
    if (isAbort(error) && io.signal.aborted) return 130;
    if (!(error instanceof Problem)) throw error;
    io.stderr(`${sentence(error)}\n`);
    return error.kind === 'usage' ? 2 : 1;
  }
}
