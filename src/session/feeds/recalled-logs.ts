import { isAbort, toProblem } from '../../support/problem.ts';
import type { LogStore } from '../logs/log-store.ts';
import type { FeedContext } from './context.ts';
import type { KeptLogs } from './kept-logs.ts';
import { sourceReporter } from './source-status.ts';

/** The logs of pods that went in earlier sessions: each is read from disk once it is looked at. */
export interface RecalledLogs {
  recall(name: string): void;
  /** Resolves once nothing is being read. */
  idle(): Promise<void>;
}

export function recalledLogs(
  context: FeedContext,
  kept: KeptLogs | undefined,
  lines: LogStore,
  mostLines: number,
  changed: (name: string) => void,
): RecalledLogs {
  const asked = new Map<string, Promise<void>>();
  const read = async (from: KeptLogs, name: string): Promise<void> => {
    try {
      lines.append(name, await from.earlierLines(name, mostLines));
    } catch (error) {
      if (isAbort(error)) return;
      sourceReporter(`log:${name}`, context.queue, context.clock).failed(toProblem(error), undefined);
    }
    changed(name);
  };
  return {
    recall(name) {
      if (kept?.hasEarlier(name) !== true || asked.has(name) || lines.get(name) !== undefined) return;
      lines.open(name);
      asked.set(name, read(kept, name));
    },
    async idle() {
      await Promise.all(asked.values());
    },
  };
}
