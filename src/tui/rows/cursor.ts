import type { Cell } from '../terminal/screen-writer.ts';
import type { Frame } from '../state/ui.ts';
import { drawCommand } from './bottom.ts';
import { dialogBox } from './dialog.ts';
import { dialogOf } from '../state/overlay.ts';

/** The position of the terminal's own cursor: where text is typed. Undefined: hidden. */
export function cursorOf(frame: Frame): Cell | undefined {
  const {
    ui: { overlay },
    session,
    layout,
    size,
    now,
    look,
  } = frame;
  if (layout.kind === 'tiny') return undefined;
  const dialog = dialogOf(overlay);
  if (dialog !== undefined) return dialogBox(dialog, session.jobs, size, now, look).cursor;
  const { cursor } = drawCommand(frame, layout.command.width);
  return cursor === undefined ? undefined : { x: cursor, y: layout.command.y };
}
