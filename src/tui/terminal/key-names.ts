/** A key as the key table calls it; `text` if it is something that can be typed. */
export interface KeyPress {
  readonly name: string;
  readonly text: string | undefined;
}

/** A sign that is typed. */
export const pressOf = (sign: string): KeyPress => ({ name: sign === ' ' ? 'space' : sign, text: sign });
