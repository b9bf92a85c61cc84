import { isBetweenItems, isInList, type ListPlace } from './list-place.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** How many brackets a byte opens. */
const turns = new Int8Array(256);
for (const bracket of '{[') turns[bracket.charCodeAt(0)] = 1;
for (const bracket of '}]') turns[bracket.charCodeAt(0)] = -1;

/** Finds the bytes in the JSON text of a list that change the place of its reader. Reads every byte of every list. */
export interface JsonMarks {
  /** Like `next`, for the beginning of a chunk: first reads the string that the previous chunk left open to its end. */
  first(data: Buffer, from: number): number;
  /**
   * Where a value, `items` or the list begins or ends, at `from` or after it; between items, the next byte outside strings. The length of
   * `data` if there is none.
   */
  next(data: Buffer, from: number): number;
  /** To be called if the next chunk will follow `data` without its first `bytes`. */
  dropped(bytes: number): void;
}

/** A string that is incomplete at the end of a chunk. */
interface OpenString {
  /** Where its text begins. */
  readonly from: number;
  /** Where to continue; after the end of the chunk if it cuts an escape. */
  readonly at: number;
}

/** The end of the string around `from`; the length of `data` or more if the string is incomplete. */
function endOfString(data: Buffer, from: number): number {
  const { length } = data;
  let at = from;
  let byte = 0;
  while (at < length && (byte = data[at] as number) !== QUOTE) at += byte === BACKSLASH ? 2 : 1;
  return at;
}

/** Keeps the key and the nesting of `place`. */
export function jsonMarks(place: ListPlace): JsonMarks {
  let open: OpenString | undefined;

  const end = (data: Buffer, from: number, at: number): void => {
    if (at >= data.length) open = { from, at };
    else if (isInList(place)) place.key = data.toString('latin1', from, at);
  };

  const next = (data: Buffer, from: number): number => {
    const { length } = data;
    const inList = isInList(place);
    const betweenItems = isBetweenItems(place);
    let { nested } = place;
    let at = from;
    while (at < length) {
      const byte = data[at] as number;
      const turn = turns[byte] as number;
      if (byte === QUOTE) {
        const text = at + 1;
        at = endOfString(data, text);
        if (inList || at >= length) end(data, text, at);
      } else if (nested === 0) {
        if (betweenItems || turn !== 0) return at;
      } else if (nested + turn === 0) break;
      else nested += turn;
      at++;
    }
    place.nested = nested;
    return Math.min(at, length);
  };

  return {
    first(data, from) {
      if (open === undefined) return next(data, from);
      const string = open;
      open = undefined;
      const at = endOfString(data, string.at);
      end(data, string.from, at);
      return next(data, at + 1);
    },
    next,
    dropped(bytes) {
      if (open !== undefined) open = { from: open.from - bytes, at: open.at - bytes };
    },
  };
}
