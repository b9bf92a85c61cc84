import type { ControlAnswer, ControlCommand } from './control/command.ts';

export type ToWorker = { readonly kind: 'close' } | { readonly kind: 'control'; readonly id: number; readonly command: ControlCommand };

export type FromWorker =
  | { readonly kind: 'ready'; readonly url: string; readonly controlUrl: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: ControlAnswer }
  | { readonly kind: 'refusal'; readonly id: number; readonly message: string };
