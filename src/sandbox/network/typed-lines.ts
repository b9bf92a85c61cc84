export interface TypedLinesOptions {
  readonly echo: (text: string) => void;
  readonly line: (text: string) => void;
  /** Ctrl+C. */
  readonly interrupted: () => void;
  /** Ctrl+D on an empty line. */
  readonly ended: () => void;
}

/** Lines that are typed on a terminal: edited as the kernel does it, with the keys that a person needs. */
export function typedLines({ echo, line, interrupted, ended }: TypedLinesOptions): (text: string) => void {
  let rest = '';
  const typed = (sign: string): void => {
    if (sign === '\r' || sign === '\n') {
      const text = rest;
      rest = '';
      echo('\n');
      line(text);
    } else if (sign === '\u0003') {
      rest = '';
      echo('^C\n');
      interrupted();
    } else if (sign === '\u0004') {
      if (rest === '') ended();
    } else if (sign === '\u007f' || sign === '\b') {
      if (rest !== '') echo('\b \b');
      rest = rest.slice(0, -1);
    } else if (sign >= ' ') {
      rest += sign;
      echo(sign);
    }
  };
  return (text) => {
    for (const sign of text) typed(sign);
  };
}
