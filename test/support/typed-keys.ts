const named: Readonly<Record<string, string>> = {
  '⏎': '\r',
  '⇥': '\t',
  '⎋': '\u001b',
  '⌫': '\u007f',
  '↑': '\u001b[A',
  '↓': '\u001b[B',
  '→': '\u001b[C',
  '←': '\u001b[D',
};

/** What a terminal sends for these keys: text as it is, `⏎` Enter, `⇥` Tab, `⎋` Escape, `⌫`, `↑ ↓ ← →`, `⌃c` for Ctrl+C. */
export const typedKeys = (keys: string): string =>
  keys.replaceAll(/⌃(.)|[⏎⇥⎋⌫↑↓←→]/g, (key, control: string | undefined) =>
    control === undefined ? (named[key] ?? key) : String.fromCharCode(control.toUpperCase().charCodeAt(0) & 31),
  );
