const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLetter = (code: number): boolean => (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;

/** FNV-1a, which is made for short texts. */
const start = 0x811c9dc5;
const mix = (hash: number, code: number): number => Math.imul(hash ^ code, 0x01000193);

/**
 * A number that is the same for lines that differ in their numbers only: words with a digit, such as stamps, counts and ids, are left out.
 * It is made of each line of a busy log, and therefore without a copy of it.
 */
export function shapeOf(line: string): number {
  let hash = start;
  let atWord = hash;
  let inWord = false;
  let hasDigit = false;
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if (isDigit(code) || isLetter(code)) {
      if (!inWord) atWord = hash;
      hasDigit = (inWord && hasDigit) || isDigit(code);
      inWord = true;
      hash = hasDigit ? mix(atWord, 0x30) : mix(hash, code);
      continue;
    }
    inWord = false;
    hash = mix(hash, code);
  }
  return hash;
}
