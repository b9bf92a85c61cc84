import type { EntryHead } from '../../inside/log/layout.ts';
import { escaped } from '../../support/foreign-text.ts';
import { isoTime } from '../../support/machine-text.ts';
import { withoutSgr } from '../../support/sgr.ts';
import type { KeptLine } from './kept-lines.ts';

/** A line with where it is from. */
export interface PodLine extends KeptLine {
  readonly pod: PodName;
}

export interface PodName {
  readonly name: string;
  /** `tm1-3`: how it is written before its lines. */
  readonly brief: string;
}

export type LineFormat = (line: PodLine) => string;

/** Colours of pods: those that are read well on light and on dark, red and yellow left out, which mean trouble. */
const podColours: readonly number[] = [36, 32, 35, 34, 96, 92, 95, 94];

/** The same pod has the same colour in every run, whatever other pods there are. */
function colourOf({ name }: PodName): number {
  let hash = 0;
  for (const letter of name) hash = (Math.imul(hash, 31) + (letter.codePointAt(0) ?? 0)) >>> 0;
  return podColours[hash % podColours.length] ?? 36;
}

/** Cells of the shortest column of pods: `tm1-10`. */
const podWidth = 6;

/** Lines as they were written; `named`: behind the name of their pod. */
export const textFormat =
  ({ named, coloured }: { readonly named: boolean; readonly coloured: boolean }): LineFormat =>
  ({ pod, text }) => {
    const line = coloured ? text : withoutSgr(text);
    if (!named) return line;
    const name = pod.brief.padEnd(podWidth);
    return coloured ? `\u001b[${colourOf(pod)}m${name}\u001b[0m ${line}` : `${name} ${line}`;
  };

/** One object for each line, in the documented form. What the layout does not write is null. */
export const jsonFormat =
  (read: (line: string) => EntryHead | undefined): LineFormat =>
  ({ at, pod, text, level, begins }) => {
    const bare = withoutSgr(text);
    const entry = read(bare);
    const orNull = (part: string | undefined): string | null => (part === undefined || part === '' ? null : part);
    const data = {
      time: isoTime(at),
      pod: pod.name,
      level: level ?? null,
      logger: orNull(entry?.logger),
      thread: orNull(entry?.thread),
      message: entry?.message ?? bare,
      begins,
    };
    return escaped(JSON.stringify(data), 'json');
  };
