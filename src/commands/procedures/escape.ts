/**
 * Looks for the keys that leave a program on a terminal, as `ssh` has them: `~.` after Enter or at the beginning. `~~` is a `~`; any other
 * character behind the `~` means that both were typed for the program.
 */
export interface Escape {
  /** What is for the program; `left`: the rest is not. */
  read(typed: Buffer): { readonly passed: Buffer; readonly left: boolean };
}

const TILDE = 0x7e;
const DOT = 0x2e;
const LINE_ENDS: ReadonlySet<number> = new Set([0x0d, 0x0a]);

export function escape(): Escape {
  let state: 'line-start' | 'tilde' | 'within' = 'line-start';
  return {
    read(typed) {
      const passed: number[] = [];
      for (const byte of typed) {
        if (state === 'tilde') {
          if (byte === DOT) return { passed: Buffer.from(passed), left: true };
          if (byte !== TILDE) passed.push(TILDE);
        } else if (state === 'line-start' && byte === TILDE) {
          state = 'tilde';
          continue;
        }
        passed.push(byte);
        state = LINE_ENDS.has(byte) ? 'line-start' : 'within';
      }
      return { passed: Buffer.from(passed), left: false };
    },
  };
}
