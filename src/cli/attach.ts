import type { ConnectionOptions, FrontOptions } from './connection-options.ts';
import type { CliIo } from './io.ts';

export interface AttachRequest {
  /** Undefined only with the sandbox, which has one cluster. */
  readonly clusterId: string | undefined;
  readonly sandbox: boolean;
  readonly connection: ConnectionOptions;
  readonly front: FrontOptions;
  /** Reject when there is no such cluster; else it may still be on its way. */
  readonly mustExist: boolean;
}

/** Attaches with the screen on a terminal, else line by line. Resolves with the exit code. */
export async function attach(request: AttachRequest, io: CliIo): Promise<number> {
  const onTerminal = io.isTty.stdin && io.isTty.stdout && !request.front.plain && io.env['TERM'] !== 'dumb';
  if (onTerminal) return (await import('./attach-screen.ts')).attachScreen(request, io);
  return (await import('./attach-lines.ts')).attachLines(request, io);
}
