import { selectJobSummary } from '../../session/selectors/jobs.ts';
import { selectPodSummary } from '../../session/selectors/pods.ts';
import { pad, width as cells } from '../../support/text-width.ts';
import { views, type ViewName } from '../state/layout.ts';
import type { Frame } from '../state/ui.ts';
import { viewOf } from '../state/trail.ts';

/** ` [Pods 4]  Jobs 3 ✗1  Operations  Timeline`: the tables, if only one has room. */
export function drawTabs(frame: Frame, width: number): string {
  const {
    ui,
    look: { theme, glyphs },
  } = frame;
  let row = '';
  for (const view of views) {
    const text = label(frame, view);
    const tab = view === viewOf(ui.trail) ? theme.paint('accent', `[${text}]`) : ` ${text} `;
    if (cells(row) + cells(tab) + 1 > width) break;
    row += tab;
  }
  return pad(` ${row}`, width, 'end', glyphs.ellipsis);
}

/** The table whose tab is at a cell of the row. */
export function tabAt(frame: Frame, x: number): ViewName | undefined {
  let end = 1;
  return x < end ? undefined : views.find((view) => x < (end += cells(label(frame, view)) + 2));
}

/** Unknown rows are not shown as 0. */
const known = (isKnown: boolean, count: number): string => (isKnown ? ` ${count}` : '');

function label({ session, look }: Frame, view: ViewName): string {
  const { theme, glyphs } = look;
  const trouble = (count: number): string => (count === 0 ? '' : ` ${theme.paint('error', `${glyphs.failed}${count}`)}`);
  switch (view) {
    case 'pods':
      return `Pods${known(session.podsKnown && !session.unreadable.has('pods'), session.pods.size)}${trouble(selectPodSummary(session).problems)}`;
    case 'jobs': {
      const { total, failed } = selectJobSummary(session);
      return `Jobs${known(session.jobsKnown, total)}${trouble(failed)}`;
    }
    case 'operations': {
      const running = session.operations.filter(({ state }) => state === 'running').length;
      return running === 0 ? 'Operations' : `Operations ${theme.paint('busy', `${glyphs.busy}${running}`)}`;
    }
    case 'timeline':
      return 'Timeline';
  }
}
