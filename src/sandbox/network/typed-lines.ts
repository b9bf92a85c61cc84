/** Lines of a shell's input. On a terminal they are edited as the kernel does it, with the keys that a person needs. */
export interface TypedLines {
  typed(text: string): void;
  /** No more input comes. */
  end(): void;
}

export interface TypedLinesOptions {
  readonly tty: boolean;
  readonly echo: (text: string) => void;
  readonly line: (text: string) => void;
  /** Ctrl+C. */
  readonly interrupted: () => void;
  /** The end of the input, or Ctrl+D on an empty line. */
  readonly ended: () => void;
}

export function typedLines({ tty, echo, line, interrupted, ended }: TypedLinesOptions): TypedLines {
  let rest = '';
  const finish = (): void => {
    const text = rest;
    rest = '';
    line(text);
  };
  const onTerminal = (sign: string): void => {
    if (sign === '\r' || sign === '\n') {
      echo('\n');
      finish();
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
  const inPipe = (sign: string): void => {
    if (sign === '\n') finish();
    else rest += sign;
  };
  return {
    typed(text) {
      for (const sign of text) (tty ? onTerminal : inPipe)(sign);
    },
    end() {
      if (rest !== '') finish();
      ended();
    },
  };
}
