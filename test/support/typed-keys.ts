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

/** The bytes that a terminal sends for these keys: text unchanged, `⏎` Enter, `⇥` Tab, `⎋` Escape, `⌫`, `↑ ↓ ← →`, `⌃c` for Ctrl+C. */
export const typedKeys = (keys: string): string =>
  keys.replaceAll(/⌃(.)|[⏎⇥⎋⌫↑↓←→]/g, (key, control: string | undefined) =>
    control === undefined ? (named[key] ?? key) : String.fromCharCode(control.toUpperCase().charCodeAt(0) & 31),
  );
