import type { TextFilter } from './filter.ts';
import type { PanelName } from './layout.ts';
import type { LineText } from './line-text.ts';
import type { DialogState } from './question.ts';

/** A small field at the bottom for a filter or a search of one panel. */
export interface PromptState {
  readonly purpose: 'filter' | 'search';
  readonly panel: PanelName;
  readonly line: LineText;
  /** The text that was read last, and is in effect if there was no problem with it; undefined: none was. */
  readonly read: string | undefined;
  /** Why that text is not a pattern. */
  readonly problem: string | undefined;
  /** The panel's filter and search when the prompt was opened, to restore them. */
  readonly before: Readonly<Record<'filter' | 'search', TextFilter | undefined>>;
}

/** Nothing was typed since the text was read. */
export const isRead = ({ read, line }: PromptState): boolean => read === line.text;

/** Something that a key opens over a place. */
type Opened = { readonly kind: 'none' } | { readonly kind: 'keys' } | { readonly kind: 'prompt'; readonly prompt: PromptState };

/** Something that lies over the place and takes its keys. A question comes when a server has answered, and so over anything that is open. */
export type Overlay = Opened | { readonly kind: 'dialog'; readonly dialog: DialogState; readonly over: Opened };

export const nothingOpen = { kind: 'none' } as const satisfies Overlay;

/** The part that a key has opened. It is open again once the question is answered. */
export const belowQuestion = (overlay: Overlay): Opened => (overlay.kind === 'dialog' ? overlay.over : overlay);

export const dialogOf = (overlay: Overlay): DialogState | undefined => (overlay.kind === 'dialog' ? overlay.dialog : undefined);

/** The prompt that is open, also below a question. */
export function promptOf(overlay: Overlay): PromptState | undefined {
  const opened = belowQuestion(overlay);
  return opened.kind === 'prompt' ? opened.prompt : undefined;
}

/** The list of keys is open, also below a question. */
export const showsKeys = (overlay: Overlay): boolean => belowQuestion(overlay).kind === 'keys';

/** Opens something instead of what was open, or closes that; a question stays over it. */
export const open = (overlay: Overlay, opened: Opened): Overlay => (overlay.kind === 'dialog' ? { ...overlay, over: opened } : opened);

/** Asks a question, or asks it as it is now. */
export const ask = (overlay: Overlay, dialog: DialogState): Overlay => ({ kind: 'dialog', dialog, over: belowQuestion(overlay) });
