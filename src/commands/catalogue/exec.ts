import { type RunningContainer, runningContainer } from '../../cluster/pods/running-container.ts';
import { exitCodes } from '../../support/exit-codes.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { mayExec } from '../model/may-exec.ts';
import type { CommandContext } from '../model/types.ts';
import { enterPressed, type PodProgram, type ProgramEnd, runPodProgram } from '../procedures/pod-program.ts';

/** `bash`, else `sh`. */
const shell = ['sh', '-c', 'if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi'];

export const exec = command({
  name: 'exec',
  summary: 'Open a shell in a pod, or run a command there',
  details:
    'Without a command it is bash, else sh. On a terminal the program has a terminal of the same size; Enter ~ . leaves it if it hangs, as with ssh. ' +
    'In a pipe, bytes pass as they are in both directions. The exit code is that of the command; 1 if it could not be run, 130 if it was left.',
  group: 'pods',
  examples: ['exec tm1-3', 'exec jm -- df -h /tmp', 'exec tm1-3 -c sidecar'],
  args: {
    pod: arg.presentPod('Name of a pod; jm is the leading JobManager'),
    command: arg.afterDashes('The command, and its arguments'),
  },
  options: { container: option.container('CONTAINER', "Container of the pod; default: Flink's") },
  shell: { kind: 'run', reads: 'pods', prints: 'program' },
  danger: 'change',
  source: 'kubernetes',
  access: mayExec,
  async run(context, { pod, command: words, container: asked }) {
    const { front, kubernetes, store, signal } = context;
    const container = await runningContainer({ kubernetes, ...store.get().target }, pod, asked, signal);
    const program = programOf(container, words);
    const end = await onTheTerminal(context, program);
    if (end.kind === 'left') {
      front.exited?.(exitCodes.interrupted);
      return front.print([`${program.name} was left; it may go on in pod ${pod.shortName}.`], 'warn');
    }
    front.exited?.(end.code);
    if (context.mode !== 'one-shot') front.print([ended(program, end.code)], end.code === 0 ? 'good' : 'warn');
  },
});

function programOf(container: RunningContainer, words: readonly string[]): PodProgram {
  const { pod, name } = container;
  const [first] = words;
  if (first !== undefined) return { container, command: words, name: first, greeting: undefined };
  const greeting = `A shell in container ${name} of pod ${pod.shortName}. exit ends it; Enter ~ . leaves it if it hangs.`;
  return { container, command: shell, name: 'The shell', greeting };
}

const ended = ({ name, container: { pod } }: PodProgram, code: number): string =>
  code === 0 ? `${name} in pod ${pod.shortName} ended.` : `${name} in pod ${pod.shortName} ended with exit code ${code}.`;

/** Runs it while the terminal is lent, if a screen or lines use it. */
async function onTheTerminal(context: CommandContext, program: PodProgram): Promise<ProgramEnd> {
  const { front, mode, signal } = context;
  const streams = front.streams?.();
  if (streams === undefined) throw noTerminal();
  if (front.lend === undefined) return await runPodProgram(context, streams, program);
  let end: ProgramEnd | undefined;
  const lent = await front.lend(async () => {
    end = await runPodProgram(context, streams, program);
    if (mode === 'tui' && program.greeting === undefined && end.kind === 'ended')
      await enterPressed(streams, `\n[drey] ${ended(program, end.code)} Enter goes back.`, signal);
  });
  if (!lent || end === undefined) throw noTerminal();
  return end;
}

const noTerminal = (): Problem =>
  new Problem('conflict', 'There is no terminal here for a program in a pod.', {
    hint: 'drey exec CLUSTER POD works in a pipe as well.',
  });
