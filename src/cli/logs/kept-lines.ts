import type { LogLine } from '../../kubernetes/model/types.ts';
import { levelOf } from '../../session/level-of.ts';
import { isContinuation } from '../../session/logs/log4j.ts';
import { isAtLeast, type LevelName } from '../../session/logs/level-names.ts';
import type { LevelReader } from '../../session/logs/level-reader.ts';
import type { ViewLine } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import { withoutSgr } from '../../support/sgr.ts';

/** A line to print. */
export interface KeptLine {
  readonly at: Instant;
  readonly text: string;
  readonly level: ViewLine['level'];
  /** It begins an entry. */
  readonly begins: boolean;
}

export interface Wish {
  readonly level: LevelName | undefined;
  /** What a line of the entry must match; undefined: nothing. */
  readonly matches: ((text: string) => boolean) | undefined;
  /** What the first line of the entry must match as well; undefined: nothing. */
  readonly firstMatches: ((text: string) => boolean) | undefined;
}

/** Lines of one entry that are remembered until one of them matches: more than any stack trace has. */
const mostHeld = 2_000;

const decoder = new TextDecoder();

/**
 * Chooses lines of one log: an entry is its first line with its stack trace, and comes with all of its lines or not at all. A line is held
 * back only while none of its entry has matched, so that nothing waits for an entry to end.
 */
export function lineChooser(levels: LevelReader, { level: least, matches, firstMatches }: Wish): (line: LogLine) => readonly KeptLine[] {
  let level: ViewLine['level'];
  let state: 'shown' | 'open' | 'left-out' = 'open';
  let held: KeptLine[] = [];
  return ({ at, bytes, from, to, cut }) => {
    const code = levels(bytes, from, to);
    const begins = code !== 0;
    const isFirst = begins || !isContinuation(bytes, from, to);
    if (isFirst) {
      level = levelOf(code);
      state = least !== undefined && !isAtLeast(level, least) ? 'left-out' : matches === undefined ? 'shown' : 'open';
      held = [];
    }
    if (state === 'left-out') return [];
    const text = decoder.decode(bytes.subarray(from, to)) + (cut ? '… [line cut]' : '');
    if (isFirst && firstMatches?.(withoutSgr(text)) === false) {
      state = 'left-out';
      return [];
    }
    const line: KeptLine = { at, text, level, begins };
    if (state === 'shown') return [line];
    if (matches?.(withoutSgr(text)) === true) {
      const before = held;
      held = [];
      state = 'shown';
      return [...before, line];
    }
    if (held.length < mostHeld) held.push(line);
    return [];
  };
}
