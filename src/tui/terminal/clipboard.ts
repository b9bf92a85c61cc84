/** What became of a text that was copied. */
export interface Copied {
  /** Bytes that the terminal was given. */
  readonly bytes: number;
  /** The text is longer than that. */
  readonly cut: boolean;
}

/** xterm and those that follow it take a sequence of 100,000 bytes at most; Base64 makes four bytes of three. */
export const mostCopied = 74_000;

/** GNU screen takes strings of 768 bytes at most. Source: MAXSTR in screen 4. */
const screenChunk = 700;

/**
 * The sequence that puts `text` on the clipboard of the terminal, wherever that runs: OSC 52 travels through ssh. Within tmux and screen
 * it is also handed through to the terminal outside, where they allow it.
 */
export function clipboardSequence(text: string, env: NodeJS.ProcessEnv): Copied & { readonly sequence: string } {
  const all = Buffer.from(text, 'utf8');
  let bytes = Math.min(all.length, mostCopied);
  // Never half a character.
  while (bytes < all.length && ((all[bytes] ?? 0) & 0xc0) === 0x80) bytes -= 1;
  const copy = `\u001b]52;c;${all.toString('base64', 0, bytes)}\u0007`;
  return { sequence: handedThrough(copy, env), bytes, cut: bytes < all.length };
}

function handedThrough(sequence: string, env: NodeJS.ProcessEnv): string {
  // tmux takes the first itself (set-clipboard on), the second goes to the terminal outside (allow-passthrough on).
  if (env.TMUX !== undefined && env.TMUX !== '') return `${sequence}\u001bPtmux;${sequence.replaceAll('\u001b', '\u001b\u001b')}\u001b\\`;
  if (env.STY === undefined || env.STY === '') return sequence;
  let parts = '';
  for (let from = 0; from < sequence.length; from += screenChunk) parts += `\u001bP${sequence.slice(from, from + screenChunk)}\u001b\\`;
  return parts;
}
