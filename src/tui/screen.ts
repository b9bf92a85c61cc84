import { sentence } from '../support/problem.ts';
import { pad, wrap } from '../support/text-width.ts';
import type { Area, PanelName, Size, ViewName } from './layout.ts';
import { onlyAscii } from './glyphs.ts';
import { words } from './look.ts';
import { drawCommand, drawHints, drawProblem } from './panels/bottom.ts';
import { drawHeader } from './panels/header.ts';
import { drawJobs } from './panels/jobs.ts';
import { drawLog } from './panels/log.ts';
import { drawOperations } from './panels/operations.ts';
import { drawOverlays } from './panels/overlays.ts';
import { drawPanel, emptyLines, type PanelDrawing } from './panels/panel.ts';
import { drawPods } from './panels/pods.ts';
import { drawStory } from './panels/story.ts';
import { drawTabs } from './panels/tabs.ts';
import { drawText } from './panels/text.ts';
import type { Frame } from './ui.ts';

/** A part of the screen: `lines` fill `area` exactly, each is as wide as the area. */
export interface Block {
  readonly id: string;
  readonly area: Area;
  readonly lines: readonly string[];
}

export interface Screen {
  readonly size: Size;
  /** In the order in which they are drawn: later ones lie over earlier ones. */
  readonly blocks: readonly Block[];
  /** Where the terminal's own cursor stands; undefined: hidden. */
  readonly cursor: { readonly x: number; readonly y: number } | undefined;
}

const panels: Readonly<Record<PanelName, (frame: Frame) => PanelDrawing>> = {
  pods: drawPods, jobs: drawJobs, operations: drawOperations, story: drawStory, log: drawLog, text: drawText,
};

/** The whole screen as text: pure, so that every size and state of it can be looked at and tested without a terminal. */
export function compose(frame: Frame): Screen {
  const { layout } = frame;
  if (layout.kind === 'tiny') return tooSmall(frame);
  const blocks: Block[] = [{ id: 'header', area: layout.header, lines: [drawHeader(frame, layout.header.width)] }];
  if (layout.tabs !== undefined) blocks.push({ id: 'tabs', area: layout.tabs, lines: [drawTabs(frame, layout.tabs.width)] });
  for (const { name, area } of layout.panels) blocks.push({ id: name, area, lines: drawPanel(frame, name, area, drawSafely(panels[name])) });
  const field = drawCommand(frame, layout.command.width);
  blocks.push(
    { id: 'problem', area: layout.problem, lines: [drawProblem(frame, layout.problem.width)] },
    { id: 'command', area: layout.command, lines: [field.row] },
    { id: 'hints', area: layout.hints, lines: [drawHints(frame, layout.hints.width)] },
  );
  let cursor = field.cursor === undefined ? undefined : { x: field.cursor, y: layout.command.y };
  for (const [index, overlay] of drawOverlays(frame).entries()) {
    blocks.push({ id: `overlay-${index}`, area: overlay.area, lines: overlay.lines });
    if (frame.ui.dialog !== undefined) cursor = overlay.cursor;
  }
  return { size: layout.size, blocks: frame.look.ascii ? blocks.map((block) => ({ ...block, lines: block.lines.map(onlyAscii) })) : blocks, cursor };
}

/** The column of a table whose title stands at this cell of the screen, by its name. */
export function titleAt(frame: Frame, view: ViewName, x: number, y: number): string | undefined {
  const area = frame.layout.panels.find(({ name }) => name === view)?.area;
  if (area === undefined || y !== area.y + 1) return undefined;
  return panels[view](frame).titleAt?.(x - area.x - 1, area.width - 2, area.height - 2);
}

/** A defect in one panel takes neither the others nor the session away: it is said where the panel stands. */
function drawSafely(draw: (frame: Frame) => PanelDrawing): (frame: Frame) => PanelDrawing {
  const broken = (error: unknown, { look }: Frame) => (width: number): string[] => emptyLines(`This panel cannot be drawn: ${sentence(error)}`, width, look);
  return (frame) => {
    try {
      const drawing = draw(frame);
      return {
        ...drawing,
        lines: (width, height, focused) => {
          try {
            return drawing.lines(width, height, focused);
          } catch (error) {
            return broken(error, frame)(width);
          }
        },
      };
    } catch (error) {
      return { title: 'Defect', facts: '', lines: broken(error, frame) };
    }
  };
}

/** Below the smallest size: one sentence; the session goes on. */
function tooSmall({ layout, look, session }: Frame): Screen {
  const { columns, rows } = layout.size;
  const sentence = words(look, `${session.target.clusterId}: drey needs 60x15 cells, this terminal has ${columns}x${rows}. The session keeps running. Ctrl+C detaches.`);
  const text = wrap(sentence, columns);
  const lines = Array.from({ length: rows }, (_, row) => pad(text[row] ?? '', columns, 'end', ''));
  return { size: layout.size, blocks: [{ id: 'small', area: { x: 0, y: 0, width: columns, height: rows }, lines }], cursor: undefined };
}
