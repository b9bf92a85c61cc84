import type { StoryLine } from '../../session/types.ts';
import { formatTime } from '../../support/format.ts';
import type { Look } from '../look.ts';
import { storyId, storyRows } from '../rows.ts';
import type { Token } from '../theme.ts';
import type { Frame } from '../ui.ts';
import { tableLines, type Column } from '../widgets/table.ts';
import { emptyLines, type PanelDrawing } from './panel.ts';

const tones: Readonly<Record<StoryLine['severity'], Token | undefined>> = { info: undefined, warn: 'warn', error: 'error' };

const columns = ({ theme }: Look): readonly Column<StoryLine>[] => [
  { title: 'TIME', min: 8, max: 8, drop: 1, cell: ({ at }) => theme.paint('muted', formatTime(at)) },
  { title: 'FROM', min: 5, max: 5, drop: 2, cell: ({ from }) => theme.paint(from, from) },
  { title: 'WHAT HAPPENED', min: 20, max: 400, drop: 0, cell: ({ text, severity }) => theme.paint(tones[severity], text) },
];

/** What happened to the cluster, newest first. */
export function drawStory({ session, ui, look }: Frame): PanelDrawing {
  const list = ui.lists.story;
  const rows = storyRows(session, list);
  return {
    title: list.filter === undefined ? 'Timeline' : `Timeline /${list.filter.text}`,
    facts: rows.length === 0 ? '' : String(rows.length),
    lines: (width, height, focused) => rows.length === 0
      ? emptyLines(list.filter === undefined ? 'Nothing happened yet.' : `Nothing matches ${list.filter.text}`, width, look)
      : tableLines({ width, height, rows, focused, top: list.top, columns: columns(look), selected: rows.findIndex((line) => storyId(line) === list.selected) }, look),
  };
}
