import { extentBefore } from '../../spool/extent.ts';
import type { LogBuffer } from '../logs/log-buffer.ts';
import type { EarlierLines } from '../types.ts';
import type { KeptLogs } from './kept-logs.ts';

export interface HeldLog {
  readonly name: string;
  /** Undefined: nothing is held of it. */
  readonly held: LogBuffer | undefined;
  readonly beganWith: number | undefined;
}

/** What lies before the held lines of logs. */
export async function earlierLines(logs: readonly HeldLog[], kept: KeptLogs | undefined, signal: AbortSignal): Promise<EarlierLines> {
  let [lines, from, isMost] = [0, Infinity, false];
  let fellOut = 0;
  let beganWith: number | undefined;
  for (const { name, held, beganWith: began } of logs) {
    const first = held === undefined || held.first === held.next ? Infinity : held.stamp(held.first);
    let found = 0;
    for (const log of kept?.logsOf(name) ?? []) {
      const extent = await extentBefore({ ...log, signal }, first);
      if (extent === undefined) continue;
      found += extent.lines;
      from = Math.min(from, extent.from);
      isMost ||= extent.isMost;
    }
    lines += found;
    if (found === 0) {
      fellOut += held?.first ?? 0;
      beganWith = Math.max(began ?? 0, beganWith ?? 0) || undefined;
    }
  }
  return { kept: lines === 0 ? undefined : { lines, from, isMost }, fellOut, beganWith };
}
