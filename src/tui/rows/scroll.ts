/** The visible part of something longer. */
export interface Scroll {
  readonly top: number;
  readonly visible: number;
  readonly count: number;
  /** The first line of the panel that scrolls. */
  readonly from: number;
}

/** The lines of the panel next to the thumb; undefined: everything is visible. */
export function thumbOf(scroll: Scroll | undefined, height: number): { readonly from: number; readonly to: number } | undefined {
  if (scroll === undefined || scroll.count <= scroll.visible || scroll.visible < 2) return undefined;
  const track = height - scroll.from;
  const size = Math.max(1, Math.round((track * scroll.visible) / scroll.count));
  const last = scroll.count - scroll.visible;
  // The thumb touches an end only if the content does.
  const middle = Math.max(1, Math.min(track - size - 1, Math.round(((track - size) * scroll.top) / last)));
  const place = scroll.top <= 0 ? 0 : scroll.top >= last ? track - size : middle;
  const from = scroll.from + Math.max(0, place);
  return from < height ? { from, to: Math.min(height, from + size) } : undefined;
}
