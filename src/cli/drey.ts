import { type CliIo, exitCodes } from './process/io.ts';
import { completionQuestion } from './command-line/completion-line.ts';
import { type Invocation, parseInvocation } from './command-line/invocation.ts';
import { version } from '../support/version.ts';

export { completionQuestion };

/** `drey …`: parses the command line and passes it to the module that runs it. Only what the command needs is loaded. */
export async function drey(words: readonly string[], io: CliIo): Promise<number> {
  // The words after this one are the user's command line, which is not finished.
  if (words[0] === completionQuestion) return (await import('./completion/complete.ts')).complete(words.slice(1), io);
  const invocation = await parseInvocation(words, version);
  switch (invocation.kind) {
    case 'text':
      io.stdout(invocation.text);
      return exitCodes.ok;
    case 'pick':
      return (await import('./attach/pick.ts')).pickAndAttach(invocation, io);
    case 'attach':
      return attachTo(invocation, io);
    case 'list':
      return (await import('./one-shot/look-ups.ts')).list(invocation, io);
    case 'operations':
      return (await import('./one-shot/operations-command.ts')).operations(invocation, io);
    case 'command':
      return (await import('./one-shot/one-shot.ts')).runCommand(invocation, io);
    case 'logs':
      return (await import('./logs/logs-command.ts')).logs(invocation, io);
    case 'web':
      return (await import('./one-shot/look-ups.ts')).web(invocation, io);
    case 'sandbox':
      return (await import('./one-shot/sandbox-command.ts')).runSandboxCommand({
        port: invocation.port,
        stdout: io.stdout,
        signal: io.signal,
      });
    case 'replay':
      return (await import('./replay/replay.ts')).replay(invocation, io);
    case 'completion':
      io.stdout((await import('./completion/scripts.ts')).scripts[invocation.shell]);
      return exitCodes.ok;
    case 'deploy':
    case 'kill':
    case 'diff':
    case 'doctor':
      return (await import('./deploy/deploy-commands.ts')).runDeployCommand(invocation, io);
  }
}

async function attachTo(invocation: Extract<Invocation, { kind: 'attach' }>, io: CliIo): Promise<number> {
  const { attach } = await import('./attach/attach.ts');
  return attach(
    {
      clusterId: invocation.clusterId,
      sandbox: invocation.sandbox,
      connection: invocation.connection,
      front: invocation.front,
      mustExist: true,
    },
    io,
  );
}
