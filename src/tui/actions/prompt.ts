import type { App } from './app.ts';
import { loadPatterns } from '../../support/pattern.ts';
import { readFilter, type TextFilter } from '../state/filter.ts';
import { lineOf, type LineText } from '../state/line-text.ts';
import { isView, type PanelName } from '../state/layout.ts';
import type { PromptState, Ui } from '../state/ui.ts';
import { filterOf } from '../state/way-back.ts';
import { findRow, setRowSearch } from './find-row.ts';
import { findNext } from './log.ts';
import { changeLog } from './log-lines.ts';
import { setFilter } from './panels.ts';
import { findInText } from './text.ts';

function searchOf({ text, log, lists }: Ui, panel: PanelName): TextFilter | undefined {
  if (panel === 'text') return text?.search;
  return isView(panel) ? lists[panel].search : log.search;
}

export function openPrompt(app: App, purpose: PromptState['purpose'], panel: PanelName): void {
  const before = { filter: filterOf(app.ui, panel), search: searchOf(app.ui, panel) };
  app.set({ prompt: { purpose, panel, line: lineOf(before[purpose]?.text ?? ''), problem: undefined, before } });
  // Usually it has been loaded since the first frame.
  app.background(loadPatterns().then(() => readAgain(app)));
}

/** Reads again what could not be read before the engine was loaded. */
function readAgain(app: App): void {
  const { prompt } = app.ui;
  if (prompt?.problem !== undefined) take(app, prompt, prompt.line);
}

/** Typing takes effect immediately, as far as the pattern can be read. */
export function editPrompt(app: App, edit: (line: LineText) => LineText): void {
  const { prompt } = app.ui;
  if (prompt === undefined) return;
  const line = edit(prompt.line);
  if (line !== prompt.line) take(app, prompt, line);
}

function take(app: App, prompt: PromptState, line: LineText): void {
  const filter = readFilter(line.text);
  if (filter !== undefined && 'problem' in filter) return app.set({ prompt: { ...prompt, line, problem: filter.problem } });
  app.set({ prompt: { ...prompt, line, problem: undefined } });
  if (line.text !== prompt.line.text || prompt.problem !== undefined) apply(app, prompt, filter);
}

function apply(app: App, { purpose, panel }: PromptState, filter: TextFilter | undefined): void {
  if (purpose === 'filter') setFilter(app, panel, filter);
  else if (panel === 'text')
    app.update((ui) => (ui.text === undefined ? ui : { ...ui, text: { ...ui.text, search: filter, found: undefined } }));
  else if (isView(panel)) setRowSearch(app, panel, filter);
  else changeLog(app, (log) => ({ ...log, search: filter, searching: 'up', found: undefined, hit: undefined }));
}

export function acceptPrompt(app: App): void {
  const { prompt } = app.ui;
  if (prompt === undefined || prompt.problem !== undefined) return;
  app.set({ prompt: undefined });
  if (prompt.purpose === 'filter') return;
  if (prompt.panel === 'text') findInText(app, 'on');
  else if (isView(prompt.panel)) findRow(app, 'on');
  else findNext(app, 'on');
}

export function cancelPrompt(app: App): void {
  const { prompt } = app.ui;
  if (prompt === undefined) return;
  app.set({ prompt: undefined });
  apply(app, prompt, prompt.before[prompt.purpose]);
}

/** The same words can be a filter or a search. */
export function switchPrompt(app: App): void {
  const { prompt } = app.ui;
  if (prompt === undefined) return;
  apply(app, prompt, prompt.before[prompt.purpose]);
  const next: PromptState = { ...prompt, purpose: prompt.purpose === 'filter' ? 'search' : 'filter' };
  app.set({ prompt: next });
  const filter = readFilter(prompt.line.text);
  if (filter !== undefined && !('problem' in filter)) apply(app, next, filter);
}
