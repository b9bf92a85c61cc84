import type { AttachRequest } from './attach-request.ts';
import type { CliIo } from '../process/io.ts';

/** Attaches with the screen on a terminal, otherwise in lines. Resolves with the exit code. */
export async function attach(request: AttachRequest, io: CliIo): Promise<number> {
  const onTerminal = io.isTty.stdin && io.isTty.stdout && !request.front.plain && io.env.TERM !== 'dumb';
  if (onTerminal) return (await import('./attach-screen.ts')).attachScreen(request, io);
  return (await import('./attach-lines.ts')).attachLines(request, io);
}
