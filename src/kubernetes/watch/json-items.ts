import { heldBytes } from './held-bytes.ts';
import { jsonMarks } from './json-marks.ts';
import { beforeList, closed, opened } from './list-place.ts';

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

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const SPACE = 0x20;
/** Replaces an item that is not an object or an array. */
const NOTHING = Buffer.from('null');

export function itemSplitter(): ItemSplitter {
  const place = beforeList();
  const marks = jsonMarks(place);
  /** Bytes not returned yet: the start of an item, or a piece of the envelope. */
  const held = heldBytes();
  /** Within an item that `NOTHING` replaces. */
  let scalar = false;
  let done = false;
  let items: Buffer[] = [];
  /** Start of the bytes not returned yet. */
  let start = 0;
  const envelope: Buffer[] = [];
  let enveloped = 0;

  const envelop = (piece: Buffer): void => {
    envelope.push(Buffer.from(piece));
    enveloped += piece.length;
  };

  const begin = (data: Buffer, at: number, array: boolean): void => {
    const begun = opened(place, array);
    if (begun === 'item') start = at;
    if (begun !== 'items') return;
    envelop(data.subarray(start, at + 1));
    start = at + 1;
  };

  const end = (data: Buffer, at: number): void => {
    const ended = closed(place);
    if (ended === 'other') return;
    if (ended === 'items') {
      start = at;
      scalar = false;
      return;
    }
    const whole = data.subarray(start, at + 1);
    start = at + 1;
    if (ended === 'item') items.push(whole);
    else {
      envelop(whole);
      done = true;
    }
  };

  const between = (byte: number, at: number): void => {
    if (byte === COMMA) {
      start = at + 1;
      scalar = false;
    } else if (byte > SPACE && !scalar) {
      items.push(NOTHING);
      scalar = true;
    }
  };

  return {
    push(chunk) {
      const data = held.with(chunk);
      const { length } = data;
      items = [];
      start = 0;
      for (let at = marks.first(data, length - chunk.length); at < length; at = marks.next(data, at + 1)) {
        const byte = data[at] as number;
        if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) begin(data, at, byte === OPEN_ARRAY);
        else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) end(data, at);
        else between(byte, at);
      }
      marks.dropped(start);
      held.keep(data, start);
      return items;
    },
    get pending() {
      return held.length + enveloped;
    },
    envelope: () => (done ? Buffer.concat(envelope).toString('utf8') : undefined),
  };
}
