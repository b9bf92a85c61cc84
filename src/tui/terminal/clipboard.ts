/** The outcome of copying a text. */
export interface Copied {
  /** Bytes sent to the terminal. */
  readonly bytes: number;
  /** The text is longer than that. */
  readonly cut: boolean;
}

/** xterm and compatible terminals accept a sequence of at most 100,000 bytes; Base64 turns three bytes into four. */
export const mostCopied = 74_000;

/** GNU screen accepts strings of at most 768 bytes. Source: MAXSTR in screen 4. */
const screenChunk = 700;

/**
 * The sequence that puts `text` on the clipboard of the terminal, even through ssh: OSC 52. Within tmux and screen it is also passed on to
 * the outer terminal, if they allow that.
 */
export function clipboardSequence(text: string, env: NodeJS.ProcessEnv): Copied & { readonly sequence: string } {
  const all = Buffer.from(text, 'utf8');
  let bytes = Math.min(all.length, mostCopied);
  // Never cut a character in half.
  while (bytes < all.length && ((all[bytes] ?? 0) & 0xc0) === 0x80) bytes -= 1;
  const copy = `\u001b]52;c;${all.toString('base64', 0, bytes)}\u0007`;
  return { sequence: handedThrough(copy, env), bytes, cut: bytes < all.length };
}

function handedThrough(sequence: string, env: NodeJS.ProcessEnv): string {
  // tmux handles the first one itself (set-clipboard on); the second goes to the outer terminal (allow-passthrough on).
  if (env.TMUX !== undefined && env.TMUX !== '') return `${sequence}\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  if (env.STY === undefined || env.STY === '') return sequence;
  let parts = '';
  for (let from = 0; from < sequence.length; from += screenChunk) parts += `\u001bP${sequence.slice(from, from + screenChunk)}\u001b\\`;
  return parts;
}
