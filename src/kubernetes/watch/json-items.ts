/**
 * Cuts the `items` of a list out of its JSON text as it arrives, so that a list of any size is parsed in small steps and its text is never
 * held as a whole. Everything but the items remains as the envelope (`metadata` with resource version and continue token).
 */
export interface ItemSplitter {
  /** The complete items so far, each as the bytes of one JSON value. Valid until the next call. */
  push(chunk: Buffer): readonly Buffer[];
  /** Bytes that are held: the incomplete item, and the envelope. */
  readonly pending: number;
  /** The list without its items, as JSON text; undefined if it is incomplete. */
  envelope(): string | undefined;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;
const NOTHING = Buffer.from('null');
/** No `items` array is open. */
const NOWHERE = -1;

export function itemSplitter(): ItemSplitter {
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** Depth of the values directly in the `items` array. */
  let itemsDepth = NOWHERE;
  /** The last string directly in the list object: the key of the next value. */
  let key = '';
  /** Where that string begins, while it is incomplete. */
  let keyStart = NOWHERE;
  /**
   * Bytes not returned yet, at the start of `held`: the start of an item, or a piece of the envelope. Grows by doubling: an item may come
   * in thousands of chunks.
   */
  let held: Buffer = Buffer.alloc(0);
  let kept = 0;
  let done = false;
  /** Within an item that is not an object: it is returned as `null`. */
  let scalar = false;
  const envelope: Buffer[] = [];
  let enveloped = 0;

  const joined = (chunk: Buffer): Buffer => {
    const length = kept + chunk.length;
    if (length > held.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, held.length * 2));
      held.copy(larger, 0, 0, kept);
      held = larger;
    }
    chunk.copy(held, kept);
    return held.subarray(0, length);
  };

  /** Keeps the bytes after `start`. The items before it are valid until the next call, so their memory is not overwritten. */
  const keep = (data: Buffer, start: number): void => {
    kept = data.length - start;
    if (start === 0 && data.buffer === held.buffer && data.byteOffset === held.byteOffset) return;
    held = Buffer.from(data.subarray(start));
  };

  const envelop = (piece: Buffer): void => {
    envelope.push(Buffer.from(piece));
    enveloped += piece.length;
  };

  const push = (chunk: Buffer): readonly Buffer[] => {
    const items: Buffer[] = [];
    const data = kept === 0 ? chunk : joined(chunk);
    const length = data.length;
    let start = 0;
    let at = kept;
    // A local variable: this loop sees every byte of every list.
    let level = depth;
    let string = inString;
    while (at < length) {
      if (string) {
        let byte = 0;
        if (escaped) {
          escaped = false;
          at++;
        }
        while (at < length && (byte = data[at] as number) !== QUOTE) at += byte === BACKSLASH ? 2 : 1;
        if (at >= length) {
          escaped = at > length;
          break;
        }
        string = false;
        if (keyStart !== NOWHERE) {
          key = data.toString('latin1', keyStart, at);
          keyStart = NOWHERE;
        }
        at++;
        continue;
      }
      const byte = data[at] as number;
      if (byte === QUOTE) {
        string = true;
        if (level === 1) keyStart = at + 1;
      } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (level === itemsDepth) start = at;
        level++;
        if (level === 2) {
          if (byte === OPEN_ARRAY && key === 'items') {
            itemsDepth = level;
            envelop(data.subarray(start, at + 1));
            start = at + 1;
          }
          key = '';
        }
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
        if (level === itemsDepth) {
          itemsDepth = NOWHERE;
          start = at;
          scalar = false;
        }
        level--;
        if (level === itemsDepth) {
          items.push(data.subarray(start, at + 1));
          start = at + 1;
        } else if (level === 0) {
          envelop(data.subarray(start, at + 1));
          start = at + 1;
          done = true;
        }
      } else if (level === itemsDepth) {
        if (byte === COMMA) {
          start = at + 1;
          scalar = false;
        } else if (byte > SPACE && !scalar) {
          items.push(NOTHING);
          scalar = true;
        }
      }
      at++;
    }
    depth = level;
    inString = string;
    if (keyStart !== NOWHERE) keyStart -= start;
    keep(data, start);
    return items;
  };

  return {
    push,
    get pending() {
      return kept + enveloped;
    },
    envelope: () => (done ? Buffer.concat(envelope).toString('utf8') : undefined),
  };
}
