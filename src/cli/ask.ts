import { createInterface } from 'node:readline';
import type { CliIo } from './io.ts';

/** Whether there is somebody who can be asked. */
export const canAsk = ({ isTty }: Pick<CliIo, 'isTty'>): boolean => isTty.stdin && isTty.stdout;

/** Prints a question on stderr; resolves with the next line of stdin, or undefined at its end. Rejects with an `AbortError` on Ctrl+C. */
export function ask(question: string, io: Pick<CliIo, 'stderr' | 'stdin' | 'signal'>): Promise<string | undefined> {
  io.stderr(question);
  const lines = createInterface({ input: io.stdin });
  return new Promise((resolve, reject) => {
    const interrupted = (): void => {
      lines.close();
      reject(new DOMException('interrupted', 'AbortError'));
    };
    io.signal.addEventListener('abort', interrupted, { once: true });
    lines.once('line', (line) => {
      io.signal.removeEventListener('abort', interrupted);
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
  });
}
