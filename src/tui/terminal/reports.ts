/** Reports of the terminal other than keys. */
export type Report =
  | { readonly kind: 'focus'; readonly focused: boolean }
  | { readonly kind: 'wheel'; readonly x: number; readonly y: number; readonly down: boolean }
  | { readonly kind: 'click'; readonly x: number; readonly y: number };
