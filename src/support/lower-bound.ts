/** The first of the numbers from `from` up to, but not including, `to` for which `isBefore` is false, or `to`; it is true for all before that one. */
export function lowerBound(from: number, to: number, isBefore: (number: number) => boolean): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
