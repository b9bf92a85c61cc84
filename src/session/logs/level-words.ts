/** A level as a small number, for typed arrays; 0 is none. */
export type LevelCode = 0 | 1 | 2 | 3 | 4 | 5;

/** What loggers of all kinds call their levels. The abbreviations are those of logfmt writers. */
const words: readonly (readonly [LevelCode, string])[] = [
  [3, 'info'],
  [4, 'warn'],
  [2, 'debug'],
  [5, 'error'],
  [4, 'warning'],
  [1, 'trace'],
  [5, 'fatal'],
  [5, 'severe'],
  [5, 'critical'],
  [3, 'notice'],
  [2, 'fine'],
  [1, 'finer'],
  [1, 'finest'],
  [2, 'config'],
  [5, 'err'],
  [5, 'eror'],
  [5, 'crit'],
  [5, 'alert'],
  [5, 'emerg'],
  [5, 'emergency'],
  [5, 'panic'],
  [5, 'dpanic'],
  [2, 'dbug'],
  [1, 'verbose'],
];

/** By length, so that a word is compared with its likes only. */
const byLength = new Map<number, readonly (readonly [LevelCode, Uint8Array])[]>();
for (const [code, word] of words)
  byLength.set(word.length, [...(byLength.get(word.length) ?? []), [code, Uint8Array.from(word, (letter) => letter.charCodeAt(0))]]);

const lowerCase = 0x20;

/** The level that these bytes spell, in whichever case; 0: none. */
export function levelWord(text: Uint8Array, from: number, to: number): LevelCode {
  next: for (const [code, letters] of byLength.get(to - from) ?? []) {
    for (let index = 0; index < letters.length; index += 1)
      if (((text[from + index] as number) | lowerCase) !== letters[index]) continue next;
    return code;
  }
  return 0;
}

/** True for a word whose first letters are capitals: `INFO` is a level where `info` may be prose. */
export function isUpperCase(text: Uint8Array, from: number): boolean {
  return (text[from] as number) < 0x60 && (text[from + 1] as number) < 0x60;
}

/** Levels that are numbers: those of Bunyan and Pino go by tens, those of syslog from 0 to 7. */
export function levelNumber(level: number): LevelCode {
  if (level >= 10) return level >= 50 ? 5 : level >= 40 ? 4 : level >= 30 ? 3 : level >= 20 ? 2 : 1;
  return level <= 3 ? 5 : level === 4 ? 4 : level <= 6 ? 3 : 2;
}
