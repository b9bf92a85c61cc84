/** A level as a small number, for typed arrays; 0 means none. */
export type LevelCode = 0 | 1 | 2 | 3 | 4 | 5;

/** The names of levels in all kinds of loggers. The abbreviations are those of logfmt writers. */
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

/** By length, so that a word is compared only with words of its length. */
const byLength = new Map<number, readonly (readonly [LevelCode, Uint8Array])[]>();
for (const [code, word] of words)
  byLength.set(word.length, [...(byLength.get(word.length) ?? []), [code, Uint8Array.from(word, (letter) => letter.charCodeAt(0))]]);

const lowerCase = 0x20;

/** The level that these bytes spell, in upper or lower case; 0: none. */
export function levelWord(text: Uint8Array, from: number, to: number): LevelCode {
  next: for (const [code, letters] of byLength.get(to - from) ?? []) {
    for (let index = 0; index < letters.length; index += 1)
      if (((text[from + index] as number) | lowerCase) !== letters[index]) continue next;
    return code;
  }
  return 0;
}

/** True for a word that begins with capitals: `INFO` is a level where `info` may be prose. */
export function isUpperCase(text: Uint8Array, from: number): boolean {
  return (text[from] as number) < 0x60 && (text[from + 1] as number) < 0x60;
}

/** Numeric levels: Bunyan and Pino count in tens, syslog from 0 to 7. */
export function levelNumber(level: number): LevelCode {
  if (level >= 10) return level >= 50 ? 5 : level >= 40 ? 4 : level >= 30 ? 3 : level >= 20 ? 2 : 1;
  return level <= 3 ? 5 : level === 4 ? 4 : level <= 6 ? 3 : 2;
}
