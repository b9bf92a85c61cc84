import type { StoryLine } from '../../session/types.ts';
import { truncateMiddle } from '../../support/text-width.ts';
import type { Token } from '../theme.ts';
import type { Frame } from '../ui.ts';
import type { PanelDrawing } from './panel.ts';
import { drawTable } from './table.ts';

const tones: Readonly<Record<StoryLine['severity'], Token | undefined>> = { info: undefined, warn: 'warn', error: 'error' };

/** What happened to the cluster, newest first. */
export function drawStory(frame: Frame): PanelDrawing {
  const { theme, glyphs } = frame.look;
  return drawTable(frame, 'story', {
    title: 'Timeline',
    trouble: '',
    empty: 'Nothing happened yet.',
    noMatch: (filter) => `Nothing matches ${filter}`,
    paint: {
      TIME: (_, text) => theme.paint('muted', text),
      FROM: ({ from }, text) => theme.paint(from, text),
      // What failed stands at the beginning, and why at the end.
      'WHAT HAPPENED': ({ severity }, text, room) => theme.paint(tones[severity], truncateMiddle(text, room, glyphs.ellipsis)),
    },
  }, true);
}
