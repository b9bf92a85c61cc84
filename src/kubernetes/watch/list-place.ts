/** The position of a reader in the JSON text of a list. Brackets and keys move it; it knows what they begin and end. */
export interface ListPlace {
  /** The innermost open structure. */
  within: 'nothing' | 'list' | 'items';
  /** Open brackets of the value there: an item, or another field of the list. */
  nested: number;
  /** The last string directly in the list object: the key of the next value. */
  key: string;
}

export const beforeList = (): ListPlace => ({ within: 'nothing', nested: 0, key: '' });

/** A string that begins here may be a key of the list. */
export const isInList = ({ within, nested }: ListPlace): boolean => within === 'list' && nested === 0;

/** The next byte is a separator, or the start of an item. */
export const isBetweenItems = ({ within, nested }: ListPlace): boolean => within === 'items' && nested === 0;

/** An object or an array begins outside of a value. */
export function opened(place: ListPlace, array: boolean): 'items' | 'item' | 'other' {
  const { within, key } = place;
  if (within === 'nothing') {
    place.within = 'list';
    return 'other';
  }
  if (within === 'list' && array && key === 'items') {
    place.within = 'items';
    return 'items';
  }
  place.nested = 1;
  return within === 'items' ? 'item' : 'other';
}

/** A value, `items` or the list ends. */
export function closed(place: ListPlace): 'items' | 'item' | 'list' | 'other' {
  const { within, nested } = place;
  place.nested = 0;
  if (nested > 0) return within === 'items' ? 'item' : 'other';
  place.within = within === 'items' ? 'list' : 'nothing';
  return within === 'nothing' ? 'other' : within;
}
