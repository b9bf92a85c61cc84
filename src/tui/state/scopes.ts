import { scopesOf, type KeyScope } from './keys.ts';
import { smallest, type Size } from './layout.ts';
import { takesLetters, type DialogState } from './question.ts';
import { isInner } from './places.ts';
import { focusOf, here, type Trail } from './trail.ts';
import type { Ui } from './ui.ts';

/** The scopes in which to look for a key: those of the overlay, otherwise those of the command line or of the focused panel. */
export function scopesHere({ trail, overlay }: Ui, { columns, rows }: Size): readonly KeyScope[] {
  // Nothing of the screen is visible, so nothing on it may be changed.
  if (columns < smallest.columns || rows < smallest.rows) return ['everywhere'];
  switch (overlay.kind) {
    case 'dialog':
      return dialogScopes(overlay.dialog);
    case 'prompt':
      return ['prompt', 'edit', 'everywhere'];
    case 'keys':
    case 'none':
      return focusScopes(trail);
  }
}

function focusScopes(trail: Trail): readonly KeyScope[] {
  const focus = focusOf(trail);
  return focus === 'command' ? ['command', 'edit', 'everywhere'] : scopesOf(focus, isInner(here(trail)));
}

function dialogScopes(dialog: DialogState): readonly KeyScope[] {
  const letters: readonly KeyScope[] = takesLetters(dialog) ? ['decline'] : [];
  return dialog.question.phrase === undefined
    ? ['dialog', ...letters, 'agree', 'everywhere']
    : ['dialog', ...letters, 'edit', 'everywhere'];
}
