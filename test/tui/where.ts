import { ask, nothingOpen } from '../../src/tui/state/overlay.ts';
import { atStart } from '../../src/tui/state/places/home.ts';
import { textPlace, type TextState } from '../../src/tui/state/places/text.ts';
import type { DialogState } from '../../src/tui/state/question.ts';
import { isView, type PanelName } from '../../src/tui/state/layout.ts';
import { enter, goTo, here, lookAt } from '../../src/tui/state/trail.ts';
import type { Ui } from '../../src/tui/state/ui.ts';

/** The screen with the focus on a panel. */
export function inPanel(panel: PanelName): Pick<Ui, 'trail'> {
  const trail = goTo([atStart], panel);
  return { trail: isView(panel) ? lookAt(trail, panel) : trail };
}

export const textOfLines = (all: readonly string[], over: Partial<TextState> = {}): TextState => ({
  title: 'Text',
  all,
  filter: undefined,
  lines: all,
  top: 0,
  about: undefined,
  search: undefined,
  found: undefined,
  ...over,
});

/** The screen with a text that was opened from the pods, and has the focus. */
export function reading(all: readonly string[], over: Partial<TextState> = {}): Pick<Ui, 'trail'> {
  const { trail } = inPanel('pods');
  return { trail: enter(trail, textPlace(textOfLines(all, over), here(trail))) };
}

/** The screen with a question over it. */
export const asked = (dialog: DialogState): Pick<Ui, 'overlay'> => ({ overlay: ask(nothingOpen, dialog) });

/** The screen with the list of keys over it. */
export const withKeys: Pick<Ui, 'overlay'> = { overlay: { kind: 'keys' } };
