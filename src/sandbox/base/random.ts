/** A seeded source of randomness: the same seed gives the same sequence. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number in [low, high]. */
  between(low: number, high: number): number;
  pick<T>(of: readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  uuid(): string;
  /** The letters that Kubernetes puts at the end of generated names: no vowels, no look-alikes. Source: k8s.io/apimachinery util/rand. */
  suffix(length: number): string;
}

const NAME_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** mulberry32: 32 bits of state are plenty for a simulation. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const letters = (alphabet: string, length: number): string => {
    let word = '';
    for (let index = 0; index < length; index += 1) word += alphabet[Math.floor(next() * alphabet.length)];
    return word;
  };
  const hex = (digits: number): string => letters('0123456789abcdef', digits);
  return {
    next,
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: (of) => {
      const chosen = of[Math.floor(next() * of.length)];
      if (chosen === undefined) throw new RangeError('pick from nothing');
      return chosen;
    },
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    suffix: (length) => letters(NAME_LETTERS, length),
  };
}
