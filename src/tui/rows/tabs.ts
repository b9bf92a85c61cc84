import { selectJobSummary } from '../../session/selectors/jobs.ts';
import { selectPodSummary } from '../../session/selectors/pods.ts';
import { pad, width as cells } from '../../support/text-width.ts';
import { views, type PanelName, type ViewName } from '../state/layout.ts';
import { rulesOf, viewIn } from '../state/places.ts';
import type { Frame } from '../state/ui.ts';
import { standingIn, viewOf } from '../state/trail.ts';

/** Where a tab leads: to a table of home, or to a view of the place by its index. */
type TabTarget = { readonly kind: 'panel'; readonly panel: PanelName } | { readonly kind: 'view'; readonly view: number };

interface Tab {
  readonly text: string;
  readonly target: TabTarget;
  readonly shown: boolean;
}

/** At home the tables, if only one has room; in a place within its views, each with the key that leads to it. */
function tabsOf(frame: Frame): readonly Tab[] {
  const { trail } = frame.ui;
  const within = standingIn(trail);
  const { views: own } = rulesOf(within);
  if (own === undefined)
    return views.map((view) => ({ text: label(frame, view), target: { kind: 'panel', panel: view }, shown: view === viewOf(trail) }));
  const shown = viewIn(within);
  return own.map((view, index) => ({ text: `${index + 1} ${view.title}`, target: { kind: 'view', view: index }, shown: view === shown }));
}

/** ` [Pods 4]  Jobs 3 ✗1  Operations  Timeline`, ` [1 Overview]  2 Checkpoints`. */
export function drawTabs(frame: Frame, width: number): string {
  const { theme, glyphs } = frame.look;
  let row = '';
  for (const { text, shown } of tabsOf(frame)) {
    const tab = shown ? theme.paint('accent', `[${text}]`) : ` ${text} `;
    if (cells(row) + cells(tab) + 1 > width) break;
    row += tab;
  }
  return pad(` ${row}`, width, 'end', glyphs.ellipsis);
}

/** Where the tab at a cell of the row leads. */
export function tabAt(frame: Frame, x: number): TabTarget | undefined {
  let end = 1;
  return x < end ? undefined : tabsOf(frame).find(({ text }) => x < (end += cells(text) + 2))?.target;
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
