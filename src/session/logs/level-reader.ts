import { type Layout, readHead } from '../../inside/log/layout.ts';
import type { Step } from '../../inside/log/pattern.ts';
import { levelWord, type LevelCode } from './level-words.ts';
import { detectLevel, isContinuation } from './log4j.ts';

/** The level of the line in these bytes if it begins an entry; otherwise 0. */
export type LevelReader = (bytes: Uint8Array, from: number, end: number) => LevelCode;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The head of an entry is within this many bytes. */
const longestHead = 2_048;

/**
 * The level of lines that are written in these layouts. Nearly all of them have it where any reader finds it: a line is decoded only if its
 * level is not there, and it does not look like a part of the entry before it.
 */
export function levelReader(all: readonly Layout[]): LevelReader {
  const layouts = all.filter((layout) => !isFoundAnyway(layout));
  if (layouts.length === 0) return detectLevel;
  return (bytes, from, end) => {
    const level = detectLevel(bytes, from, end);
    if (level !== 0 || end === from || isContinuation(bytes, from, end)) return level;
    const line = decoder.decode(bytes.subarray(from, Math.min(end, from + longestHead)));
    for (const layout of layouts) {
      const word = encoder.encode(readHead(line, layout)?.level ?? '');
      const found = word.length === 1 ? letterLevel(word[0] ?? 0) : levelWord(word, 0, word.length);
      if (found !== 0) return found;
    }
    return 0;
  };
}

/** Whether the level of such lines is found without knowing how they are written. */
function isFoundAnyway({ steps }: Layout): boolean {
  const line = encoder.encode(steps.map(exampleOf).join(''));
  return detectLevel(line, 0, line.length) !== 0;
}

const examples = { level: 'INFO', logger: 'org.apache.flink.Foo', thread: 'main', message: 'text', number: '1', other: '' } as const;

function exampleOf(step: Step): string {
  if (step.kind === 'text') return step.text;
  return step.kind === 'date' ? '2026-11-22 11:27:32,618' : examples[step.name].padEnd(step.width.least);
}

/** `%p{length=1}` writes the first letter only. */
function letterLevel(letter: number): LevelCode {
  const place = 'TDIWE'.indexOf(String.fromCharCode(letter).toUpperCase().replace('F', 'E'));
  return (place + 1) as LevelCode;
}
