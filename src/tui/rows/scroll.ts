/** Which part of something longer is seen. */
export interface Scroll {
  readonly top: number;
  readonly visible: number;
  readonly count: number;
  /** The first line of the panel that scrolls. */
  readonly from: number;
}

/** The lines of the panel beside which the thumb stands; undefined: all is seen. */
export function thumbOf(scroll: Scroll | undefined, height: number): { readonly from: number; readonly to: number } | undefined {
  if (scroll === undefined || scroll.count <= scroll.visible || scroll.visible < 2) return undefined;
  const track = height - scroll.from;
  const size = Math.max(1, Math.round((track * scroll.visible) / scroll.count));
  const last = scroll.count - scroll.visible;
  // Only at the very ends the thumb stands at an end.
  const middle = Math.max(1, Math.min(track - size - 1, Math.round(((track - size) * scroll.top) / last)));
  const place = scroll.top <= 0 ? 0 : scroll.top >= last ? track - size : middle;
  const from = scroll.from + Math.max(0, place);
  return from < height ? { from, to: Math.min(height, from + size) } : undefined;
}
