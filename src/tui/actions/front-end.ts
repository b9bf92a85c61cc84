import type { FrontEnd, View } from '../../commands/model/types.ts';
import type { App } from './app.ts';
import { askUser } from './ask.ts';
import { showCard } from './incident.ts';
import { lookAtLog } from './log.ts';
import { changeLog } from './log-lines.ts';
import { focusPanel, openText } from './panels.ts';
import { enterSubject } from './place.ts';
import { sortableColumns, sortShown } from './sort.ts';
import { logTime } from './log-time.ts';
import { shownLog } from './shown-log.ts';
import { doubtQuestion } from '../state/question.ts';
import { isView, viewTitles, type ViewName } from '../state/layout.ts';
import { newest } from '../rows/log-rows.ts';
import { isThemeName, themeNames } from '../look/theme.ts';
import { hereIn } from '../state/here.ts';
import { everyLine, fromItsEnd } from '../state/way-back.ts';
import type { Home } from '../state/places/home.ts';
import { focusOf, lookAt, showAtHome } from '../state/trail.ts';

/** How many lines of results to keep until the next key. */
const mostLines = 500;

/** The screen as commands see it. */
export function createFrontEnd(app: App): FrontEnd {
  const { chooseCluster } = app.options;
  return {
    ...(chooseCluster === undefined ? {} : { switchCluster: (scope) => switchCluster(app, () => chooseCluster(scope)) }),
    themes: themeNames,
    watch: app.watchers.watch,
    table: { columns: () => sortableColumns(app), sort: (column, direction) => sortShown(app, column, direction) },
    print(lines, tone = 'info') {
      // A running command reports step by step: its earlier output stays until a key is pressed.
      app.update((ui) => ({ ...ui, result: { lines: [...(ui.result?.lines ?? []), ...lines].slice(-mostLines), tone } }));
    },
    quit: () => app.end('quit'),
    clear() {
      changeLog(app, (log) => (log.window === undefined ? log : { ...log, ...fromItsEnd }));
      const view = app.frame().logView;
      changeLog(app, (log) => ({ ...log, anchor: undefined, from: view === undefined ? undefined : newest(view) + 1 }));
      app.set({ result: { lines: ['Cleared: g or PgUp in the log shows the lines before.'], tone: 'info' } });
    },
    show: (view) => show(app, view),
    shownLog: () => shownLog(app),
    logTime: logTime(app),
    here: () => hereIn(app.frame()),
    logEnd: () => changeLog(app, (log) => ({ ...log, ...fromItsEnd })),
    enter: (subject, view) => enterSubject(app, subject, view),
    lend: (work) => app.options.terminal.lend(work),
    letAsk: (work) => app.options.terminal.letAsk(work),
    streams: () => app.options.terminal.streams,
    agrees(doubt) {
      // An open question stays: another one in its place would get its answer.
      if (app.ui.overlay.kind === 'dialog') return Promise.resolve(false);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      askUser(app, doubtQuestion(doubt, resolve));
      return promise;
    },
    setTheme(name) {
      if (!isThemeName(name)) return;
      app.set({ theme: name });
      app.options.keepTheme?.(name);
      app.set({ result: { lines: [`Theme: ${name}.`], tone: 'info' } });
    },
    setMouse(on) {
      app.options.terminal.setMouse(on);
      app.set({
        mouse: on,
        result: {
          lines: [
            on
              ? 'The mouse is on: it scrolls and selects. Shift and drag selects text in most terminals.'
              : 'The mouse is off: the terminal selects text.',
          ],
          tone: 'info',
        },
      });
    },
  };
}

/** The session continues behind the choice: a user who leaves it finds everything unchanged. */
async function switchCluster(app: App, choose: () => Promise<boolean>): Promise<void> {
  let chosen = false;
  await app.options.terminal.lend(async () => {
    chosen = await choose();
  });
  if (chosen) app.end('switched');
}

/** Focuses a panel; a user who is typing commands can continue, and reads where the answer is. */
function showPanel(app: App, panel: Home['panel'], told: string): void {
  if (focusOf(app.ui.trail) !== 'command') return focusPanel(app, panel);
  app.update((ui) => ({
    ...ui,
    trail: showAtHome(isView(panel) ? lookAt(ui.trail, panel) : ui.trail, panel),
    result: { lines: [told], tone: 'info' },
  }));
}

function showTable(app: App, view: ViewName): void {
  const session = app.options.store.get();
  const counts: Readonly<Record<ViewName, number>> = {
    pods: session.pods.size,
    jobs: session.jobs.length,
    operations: session.operations.length,
    timeline: session.timeline.length,
  };
  const count = counts[view];
  showPanel(app, view, `${viewTitles[view]}: ${count === 0 ? 'none' : count}. Esc leads to the panels.`);
}

function showLog(app: App, pods: readonly string[] | 'all', container: string | undefined): void {
  const [only, ...more] = pods === 'all' ? [] : pods;
  if (only !== undefined && more.length === 0) {
    lookAtLog(app, only);
    return changeLog(app, (log) => ({ ...log, container }));
  }
  changeLog(app, (log) => ({ ...log, ...everyLine, scope: pods }));
}

function show(app: App, view: View): void {
  switch (view.kind) {
    case 'log':
      showLog(app, view.pods, view.container);
      return showPanel(
        app,
        'log',
        view.pods === 'all'
          ? 'The log shows all pods.'
          : `The log shows ${view.pods.map((pod) => app.options.store.get().pods.get(pod)?.shortName ?? pod).join(', ')}.`,
      );
    case 'pods':
    case 'jobs':
    case 'operations':
    case 'timeline':
      return showTable(app, view.kind);
    case 'pod':
      return openText(app, `Pod ${app.options.store.get().pods.get(view.name)?.shortName ?? view.name}`, view.text, {
        about: { kind: 'pod', name: view.name },
        asOf: app.options.clock.now(),
      });
    case 'job':
      return openText(app, `Job ${app.options.store.get().jobs.find(({ id }) => id === view.id)?.name ?? view.id}`, view.text, {
        about: { kind: 'job', id: view.id },
        asOf: app.options.clock.now(),
      });
    case 'why':
      return showCard(app, view);
    case 'facts':
      return openText(app, view.title, view.text, { about: view.about, asOf: app.options.clock.now() });
    case 'help':
      return openText(app, view.command === undefined ? 'Help' : `Help: ${view.command}`, view.text);
  }
}
