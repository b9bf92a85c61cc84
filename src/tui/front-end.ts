import type { FrontEnd, View } from '../commands/types.ts';
import type { App } from './app.ts';
import { changeLog } from './actions/log.ts';
import { focusPanel, openText } from './actions/panels.ts';
import { newest } from './log-rows.ts';
import { isThemeName, themeNames } from './theme.ts';

/** Lines of results that are kept until the next key. */
const mostLines = 500;

/** What the commands see of the screen. */
export function createFrontEnd(app: App): FrontEnd {
  return {
    themes: themeNames,
    print(lines, tone = 'info') {
      // A command that goes on tells step by step: what it said before stays until a key is pressed.
      app.update((ui) => ({ ...ui, result: { lines: [...(ui.result?.lines ?? []), ...lines].slice(-mostLines), tone } }));
    },
    quit: () => app.end('quit'),
    clear() {
      const view = app.frame().logView;
      changeLog(app, (log) => ({ ...log, anchor: undefined, from: view === undefined ? 0 : newest(view) + 1 }));
      app.set({ result: undefined });
    },
    show: (view) => show(app, view),
    setTheme(name) {
      if (!isThemeName(name)) return;
      app.set({ theme: name });
      app.options.keepTheme?.(name);
    },
    setMouse(on) {
      app.options.terminal.setMouse(on);
      app.set({ mouse: on });
    },
  };
}

function show(app: App, view: View): void {
  switch (view.kind) {
    case 'log':
      changeLog(app, (log) => ({ ...log, scope: view.pods, anchor: undefined, found: undefined, sought: undefined, from: 0, filter: undefined }));
      return app.set({ text: undefined });
    case 'pods':
    case 'jobs':
    case 'operations':
    case 'story':
      // Who types commands goes on typing them.
      return app.ui.focus === 'command' ? app.set({ view: view.kind, text: undefined }) : focusPanel(app, view.kind);
    case 'pod':
      return openText(app, app.options.store.get().pods.get(view.name)?.shortName ?? view.name, view.text, { kind: 'pod', name: view.name });
    case 'job':
      return openText(app, app.options.store.get().jobs.find(({ id }) => id === view.id)?.name ?? view.id, view.text, { kind: 'job', id: view.id });
    case 'why':
      return openText(app, 'Why', view.text, view.about);
    case 'help':
      return openText(app, view.command === undefined ? 'Help' : `Help: ${view.command}`, view.text);
  }
}
