import { withoutSgr } from '../../support/sgr.ts';
import type { LogReader } from '../types.ts';

/** What a line says, without its head and its colours. */
export const messageBy =
  ({ head }: Pick<LogReader, 'head'>) =>
  (line: string): string =>
    withoutSgr(head(line)?.message ?? line);
