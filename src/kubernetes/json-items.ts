/**
 * Cuts the `items` of a list out of its JSON text while it arrives, so that a list of any size is parsed in small steps and its text
 * is never held as a whole. What is not an item stays as the envelope (`metadata` with resource version and continue token).
 */
export interface ItemSplitter {
  /** The complete items in what came so far, each as the bytes of one JSON value. Valid until the next call. */
  push(chunk: Buffer): readonly Buffer[];
  /** The list without its items, as JSON text; undefined when it is not complete. */
  envelope(): string | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

export function itemSplitter(): ItemSplitter {
  let depth = 0;
  let inString = false;
  let escaped = false;
  /** Depth inside of the `items` array, or 0 while outside of it. */
  let itemsDepth = 0;
  /** The last string at depth 1 was the key `items`, and no value followed yet. */
  let key = '';
  let keyStart = -1;
  let rest: Buffer = Buffer.alloc(0);
  let done = false;
  const envelope: Buffer[] = [];

  const push = (chunk: Buffer): readonly Buffer[] => {
    const items: Buffer[] = [];
    const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    /** Where the part begins that is not handed out yet: an item, or a piece of the envelope. */
    let start = 0;
    let at = rest.length;
    while (at < data.length) {
      if (inString) {
        at = endOfString(data, at);
        if (at >= data.length) break;
        continue;
      }
      const byte = data[at];
      switch (byte) {
        case QUOTE:
          inString = true;
          escaped = false;
          if (depth === 1) keyStart = at + 1;
          break;
        case OPEN_OBJECT:
        case OPEN_ARRAY:
          depth++;
          if (byte === OPEN_ARRAY && depth === 2 && key === 'items') {
            itemsDepth = depth;
            envelope.push(Buffer.from(data.subarray(start, at + 1)));
            start = at + 1;
          } else if (itemsDepth > 0 && depth === itemsDepth + 1) start = at;
          if (depth === 2) key = '';
          break;
        case CLOSE_OBJECT:
        case CLOSE_ARRAY:
          if (itemsDepth > 0 && depth === itemsDepth + 1) {
            items.push(data.subarray(start, at + 1));
            start = at + 1;
          } else if (depth === itemsDepth) {
            itemsDepth = 0;
            start = at;
          }
          depth--;
          if (depth === 0) {
            envelope.push(Buffer.from(data.subarray(start, at + 1)));
            start = at + 1;
            done = true;
          }
          break;
        case COMMA:
          if (itemsDepth > 0 && depth === itemsDepth) start = at + 1;
          break;
        default:
      }
      at++;
    }
    // An item or a piece of the envelope that goes on in the next chunk.
    if (keyStart >= 0) keyStart -= start;
    rest = start >= data.length ? Buffer.alloc(0) : start === 0 && data === chunk ? Buffer.from(data) : Buffer.from(data.subarray(start));
    return items;
  };

  /** The position after the string's closing quote, or the end of `data`. */
  const endOfString = (data: Buffer, from: number): number => {
    let at = from;
    while (at < data.length) {
      if (escaped) {
        escaped = false;
        at++;
        continue;
      }
      const byte = data[at];
      if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        inString = false;
        if (keyStart >= 0) {
          key = depth === 1 ? data.toString('latin1', keyStart, at) : '';
          keyStart = -1;
        }
        return at + 1;
      }
      at++;
    }
    return at;
  };

  return {
    push,
    envelope: () => (done ? Buffer.concat(envelope).toString('utf8') : undefined),
  };
}
