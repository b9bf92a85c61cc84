import type { TemplateRow } from '../../session/tables/templates.ts';
import { logPods } from '../rows/log.ts';
import { tableRows } from '../state/table-rows.ts';
import { here, nearest } from '../state/trail.ts';
import { everyLine } from '../state/way-back.ts';
import type { App } from './app.ts';
import { changeLog } from './log-lines.ts';
import { focusPanel, nothingSelected } from './panels.ts';
import { enterSubject } from './place.ts';

/** `T` in the log: the templates of the logs that it shows. */
export function enterTemplates(app: App): void {
  if (here(app.ui.trail).kind === 'templates') return focusPanel(app, 'templates');
  const pods = logPods(app.frame());
  enterSubject(app, { kind: 'templates', pods: pods?.length === 0 ? undefined : pods });
}

function selectedTemplate(app: App): TemplateRow | undefined {
  const list = app.ui.lists.templates;
  return tableRows(app.frame(), 'templates', list).shown.find(({ number }) => String(number) === list.selected);
}

/** Enter on a template: its lines in the log, those of traces as well. Esc there leads back to its row. */
export function showLinesOfTemplate(app: App): void {
  const row = selectedTemplate(app);
  if (row === undefined) return nothingSelected(app, 'templates');
  if (row.rest) {
    const sentence =
      'These are the messages for which there was no room among the templates: in the log, / finds one of them by its words.';
    return app.set({ result: { lines: [sentence], tone: 'info' } });
  }
  const { level, exception, words, text } = row;
  const pods = nearest(app.ui.trail, 'templates')?.pods ?? 'all';
  changeLog(app, (log) => ({
    ...log,
    ...everyLine,
    search: undefined,
    scope: pods,
    template: { pattern: { level, exception, words }, text, before: log.template?.before ?? log.scope },
  }));
  focusPanel(app, 'log');
}
