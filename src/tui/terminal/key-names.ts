/** A key by its name in the key table; `text` if it can be typed. */
export interface KeyPress {
  readonly name: string;
  readonly text: string | undefined;
}

/** A typed character. */
export const pressOf = (sign: string): KeyPress => ({ name: sign === ' ' ? 'space' : sign, text: sign });
