import { createInterface } from 'node:readline';
import type { CliIo } from './io.ts';

/** Whether a person can be asked. */
export const canAsk = ({ isTty }: Pick<CliIo, 'isTty'>): boolean => isTty.stdin && isTty.stdout;

/** Prints a question on stderr; resolves with the next line of stdin, or undefined at its end or on Ctrl+C. */
export function ask(question: string, io: Pick<CliIo, 'stderr' | 'stdin' | 'signal'>): Promise<string | undefined> {
  io.stderr(question);
  const lines = createInterface({ input: io.stdin, signal: io.signal });
  return new Promise((resolve) => {
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
    lines.once('close', () => resolve(undefined));
  });
}
