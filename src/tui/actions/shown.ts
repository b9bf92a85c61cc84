import type { Shown, ShownPanel, Watch } from '../../commands/model/shown.ts';
import { plain, slice } from '../../support/text-width.ts';
import type { Frame } from '../state/ui.ts';
import { focusOf, textOf } from '../state/trail.ts';

/** Lines below the current line of the log: the message of an exception follows the line that announces it. */
const BELOW = 4;

/** What the user sees in this frame; `screen`: its painted rows. They are made plain only when they are read. */
export function shownIn(frame: Frame, screen: readonly string[], keys: number): Shown {
  const { ui, layout, logView: view } = frame;
  const rows = (panel: ShownPanel): readonly string[] => {
    const area = layout.panels.find(({ name }) => name === panel)?.area;
    if (area === undefined) return [];
    return screen.slice(area.y, area.y + area.height).map((row) => slice(plain(row), area.x, area.x + area.width));
  };
  return { keys, focus: focusOf(ui.trail), about: textOf(ui.trail)?.about, rows, logPlace: logPlace() };

  function logPlace(): Shown['logPlace'] {
    if (view === undefined || ui.log.found === undefined || rows('log').length === 0) return undefined;
    const from = ui.log.found - view.dropped;
    const lines = Array.from({ length: 1 + BELOW }, (_, below) => view.line(from + below)).filter((line) => line !== undefined);
    return { pod: lines[0]?.pod, lines: lines.map(({ text }) => text) };
  }
}

/** Watchers of what is shown. */
export interface Watchers {
  readonly watch: Watch;
  /** Called when a frame is on the screen. */
  drawn(frame: Frame, screen: readonly string[], keys: number): void;
}

export function createWatchers(): Watchers {
  const looks = new Set<(shown: Shown) => void>();
  return {
    watch(look) {
      looks.add(look);
      return () => looks.delete(look);
    },
    drawn(frame, screen, keys) {
      if (looks.size === 0) return;
      const shown = shownIn(frame, screen, keys);
      for (const look of [...looks]) look(shown);
    },
  };
}
