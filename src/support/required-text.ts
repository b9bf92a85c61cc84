/** Escapes of a class or a boundary: they are no text, and nothing of what follows belongs to them. */
const plainEscapes = 'dDwWsSbBntrfv';

/** What stands at `at` and ends with `end`, escapes passed over: the place after it; the length of the source if it does not end. */
function after(source: string, at: number, end: string): number {
  for (let next = at; next < source.length; next += 1) {
    if (source[next] === '\\') next += 1;
    else if (source[next] === end) return next + 1;
  }
  return source.length;
}

/** The place after the class whose signs begin at `at`; a bracket that is the first of them does not end it. */
function afterClass(source: string, at: number): number {
  const first = source[at] === '^' ? at + 1 : at;
  return after(source, source[first] === ']' ? first + 1 : first, ']');
}

/** The place after the group that begins at `at`. */
function afterGroup(source: string, at: number): number {
  let depth = 0;
  for (let next = at; next < source.length;) {
    const sign = source[next];
    if (sign === '\\') next += 2;
    else if (sign === '[') next = afterClass(source, next + 1);
    else {
      next += 1;
      if (sign === '(') depth += 1;
      else if (sign === ')' && (depth -= 1) === 0) return next;
    }
  }
  return source.length;
}

/**
 * The longest text that each match of an expression contains, in this or another case, as far as that is seen without reading all of the
 * expression; empty if none is seen. Most expressions of a user have one (`step \d+ failed`), and a text is found far sooner than a match.
 */
export function requiredText(source: string): string {
  // Flags may change what a letter means, and classes stand in classes.
  if (/\(\?(?!:)|\[:/.test(source)) return '';
  let longest = '';
  let run = '';
  const over = (): void => {
    if (run.length > longest.length) longest = run;
    run = '';
  };
  for (let at = 0; at < source.length;) {
    const sign = source[at] ?? '';
    const next = source[at + 1] ?? '';
    at += 1;
    if (sign === '|') return '';
    if (sign === '\\') {
      at += 1;
      if (!/[A-Za-z0-9]/.test(next)) run += next;
      else if (plainEscapes.includes(next)) over();
      else return '';
    } else if (sign === '(' || sign === '[') {
      over();
      at = sign === '(' ? afterGroup(source, at - 1) : afterClass(source, at);
    } else if ('*?{'.includes(sign)) {
      // What stands before it may be missing.
      run = run.slice(0, -1);
      over();
      if (sign === '{') at = after(source, at, '}');
    } else if ('+.^$'.includes(sign)) over();
    else run += sign;
  }
  over();
  return longest;
}
