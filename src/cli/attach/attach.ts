import type { AttachRequest } from './attach-request.ts';
import { type CliIo, takesScreen } from '../process/io.ts';

/** Attaches with the screen on a terminal, otherwise in lines. Resolves with the exit code. */
export async function attach(request: AttachRequest, io: CliIo): Promise<number> {
  if (takesScreen(io, request.front.plain)) return (await import('./attach-screen.ts')).attachScreen(request, io);
  return (await import('./attach-lines.ts')).attachLines(request, io);
}
