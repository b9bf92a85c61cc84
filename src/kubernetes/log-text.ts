import { isUtf8 } from 'node:buffer';

const ESC = 0x1b;
const BEL = 0x07;
const TAB = 0x09;
const CR = 0x0d;
const TAB_WIDTH = 4;

/** True when a line can go to a terminal as it is: no control bytes, and UTF-8. The common case, so it must be quick. */
export function isHarmless(bytes: Uint8Array, start: number, end: number): boolean {
  let high = false;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < 0x20 || byte === 0x7f) return false;
    if (byte < 0x80) continue;
    high = true;
    // U+0080 to U+009F, the C1 controls: C2 80 to C2 9F.
    if (byte === 0xc2 && at + 1 < end && (bytes[at + 1] as number) < 0xa0) return false;
  }
  return !high || isUtf8(bytes.subarray(start, end));
}

/**
 * The line without what could move the cursor, change modes, set titles or reach the clipboard. Colours and other SGR sequences stay, and are
 * closed at the end; tabs become spaces; of text overwritten by a carriage return the last part stays; bytes that are not UTF-8 become U+FFFD.
 */
export function harmless(line: Uint8Array): Uint8Array {
  const input = isUtf8(line) ? line : Buffer.from(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8'));
  const source = lastOverwrite(input);
  const out = Buffer.allocUnsafe(source.length * TAB_WIDTH + 4);
  let length = 0;
  let coloured = false;
  for (let at = 0; at < source.length; ) {
    const byte = source[at] as number;
    if (byte === ESC || isC1(source, at)) {
      const end = endOfSequence(source, at);
      if (isColour(source, at, end)) {
        out.set(source.subarray(at, end), length);
        length += end - at;
        coloured = !isReset(source, at, end);
      }
      at = end;
    } else if (byte === TAB) {
      out.fill(0x20, length, length + TAB_WIDTH);
      length += TAB_WIDTH;
      at++;
    } else {
      if (byte >= 0x20 && byte !== 0x7f) out[length++] = byte;
      at++;
    }
  }
  if (coloured) length += out.write('\x1b[0m', length, 'latin1');
  return out.subarray(0, length);
}

/** What is left of a line in which carriage returns overwrote what was before: a progress bar's last state. */
function lastOverwrite(line: Uint8Array): Uint8Array {
  let end = line.length;
  while (end > 0 && line[end - 1] === CR) end--;
  return line.subarray(line.subarray(0, end).lastIndexOf(CR) + 1, end);
}

function isC1(bytes: Uint8Array, at: number): boolean {
  const next = bytes[at + 1];
  return bytes[at] === 0xc2 && next !== undefined && next >= 0x80 && next < 0xa0;
}

/** The second byte of an escape sequence, whether it was introduced by ESC or by a C1 control. */
function introducer(bytes: Uint8Array, at: number): number | undefined {
  const next = bytes[at + 1];
  return bytes[at] === ESC || next === undefined ? next : next - 0x40;
}

/** Where the sequence that begins at `at` ends. A string sequence without an end is only its introducer: the text after it stays readable. */
function endOfSequence(bytes: Uint8Array, at: number): number {
  const kind = introducer(bytes, at);
  if (kind === undefined) return at + 1;
  let end = at + 2;
  switch (kind) {
    case 0x5b: // CSI: parameters and intermediates, then one final byte.
      while (end < bytes.length && inRange(bytes[end], 0x20, 0x3f)) end++;
      return inRange(bytes[end], 0x40, 0x7e) ? end + 1 : end;
    case 0x50: // DCS
    case 0x58: // SOS
    case 0x5d: // OSC
    case 0x5e: // PM
    case 0x5f: // APC
      for (; end < bytes.length; end++) {
        if (bytes[end] === BEL) return end + 1;
        if (bytes[end] === ESC && bytes[end + 1] === 0x5c) return end + 2;
        if (bytes[end] === 0xc2 && bytes[end + 1] === 0x9c) return end + 2;
      }
      return at + 2;
    default:
      // A C1 control is complete; ESC takes intermediates and a final byte.
      if (bytes[at] !== ESC) return end;
      end = at + 1;
      while (end < bytes.length && inRange(bytes[end], 0x20, 0x2f)) end++;
      return inRange(bytes[end], 0x30, 0x7e) ? end + 1 : Math.max(end, at + 1);
  }
}

/** `ESC [ digits, semicolons and colons m`. */
function isColour(bytes: Uint8Array, at: number, end: number): boolean {
  if (bytes[at] !== ESC || bytes[at + 1] !== 0x5b || bytes[end - 1] !== 0x6d || end - at > 64) return false;
  for (let i = at + 2; i < end - 1; i++) if (!inRange(bytes[i], 0x30, 0x3b)) return false;
  return true;
}

function isReset(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at + 2; i < end - 1; i++) if (bytes[i] !== 0x30) return false;
  return true;
}

function inRange(byte: number | undefined, least: number, most: number): boolean {
  return byte !== undefined && byte >= least && byte <= most;
}

/** The longest prefix of `bytes` with at most `most` bytes that does not cut a UTF-8 character. */
export function cutAtCharacter(bytes: Uint8Array, most: number): Uint8Array {
  if (bytes.length <= most) return bytes;
  let end = most;
  while (end > most - 4 && end > 0 && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
