import { isUtf8 } from 'node:buffer';
import { harmlessColoured } from '../../support/foreign-text.ts';

const TAB = 0x09;

/**
 * True if a line can go to a terminal as it is: UTF-8 without control bytes other than tabs and without characters that may be harmful.
 * This is the common case, so it must be fast; false for some lines that are harmless.
 */
export function isHarmless(bytes: Uint8Array, start: number, end: number): boolean {
  let high = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if ((byte < 0x20 && byte !== TAB) || byte === 0x7f) return false;
    if (byte < 0x80) continue;
    high = true;
    if (mayBeHarmful(byte, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0)) return false;
  }
  return !high || isUtf8(bytes.subarray(start, end));
}

/**
 * The first bytes of what `harmless` removes: C2 80 to C2 9F and C2 AD, D8 9C, E1 A0 8E, U+200x to U+206F except dashes and quotes, EF B?,
 * F3 A0.
 */
function mayBeHarmful(byte: number, second: number, third: number): boolean {
  switch (byte) {
    case 0xc2:
      return second < 0xa0 || second === 0xad;
    case 0xd8:
      return second === 0x9c;
    case 0xe1:
      return second === 0xa0;
    case 0xe2:
      return (second === 0x80 && (third < 0x90 || third >= 0xa8) && third !== 0xb9 && third !== 0xba) || (second === 0x81 && third >= 0xa0);
    case 0xef:
      return second === 0xbb || second === 0xbf;
    case 0xf3:
      return second === 0xa0;
    default:
      return false;
  }
}

/**
 * The line without anything that could move the cursor, change modes, set titles or reach the clipboard. Colours remain and are reset at
 * the end. A carriage return between two texts becomes a visible character. Bytes that are not UTF-8 become U+FFFD.
 */
export function harmless(line: Uint8Array): Uint8Array {
  const text = Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8');
  const shown = harmlessColoured(text);
  return shown === text && isUtf8(line) ? line : Buffer.from(shown);
}

/** The longest prefix of `bytes` with at most `most` bytes that does not cut a UTF-8 character. */
export function cutAtCharacter(bytes: Uint8Array, most: number): Uint8Array {
  if (bytes.length <= most) return bytes;
  let end = most;
  while (end > most - 4 && end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
