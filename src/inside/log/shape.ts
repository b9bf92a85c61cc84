const letter = 1;
const digit = 2;

/** What each character of ASCII is. */
const classes = Uint8Array.from({ length: 128 }, (_, code) => {
  const sign = String.fromCharCode(code);
  return /[a-z]/i.test(sign) ? letter : /\d/.test(sign) ? digit : 0;
});

/** FNV-1a, which is made for short texts. */
const start = 0x811c9dc5;
const prime = 0x01000193;

/**
 * A number that is the same for lines that differ in their numbers only: words with a digit, such as stamps, counts and ids, are left out.
 * It is made of each line of a busy log, and therefore without a copy of it.
 */
export function shapeOf(line: string): number {
  const { length } = line;
  let hash = start;
  for (let at = 0; at < length;) {
    let code = line.charCodeAt(at);
    let kind = code < 128 ? (classes[code] as number) : 0;
    if (kind === 0) {
      hash = Math.imul(hash ^ code, prime);
      at += 1;
      continue;
    }
    let word = hash;
    let kinds = 0;
    while (kind !== 0) {
      kinds |= kind;
      word = Math.imul(word ^ code, prime);
      at += 1;
      if (at >= length) break;
      code = line.charCodeAt(at);
      kind = code < 128 ? (classes[code] as number) : 0;
    }
    hash = kinds >= digit ? Math.imul(hash ^ digit, prime) : word;
  }
  return hash;
}
