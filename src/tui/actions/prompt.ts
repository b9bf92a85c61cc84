import type { App } from './app.ts';
import { loadPatterns } from '../../support/pattern.ts';
import { readFilter, type TextFilter } from '../state/filter.ts';
import { lineOf, type LineText } from '../state/line-text.ts';
import { isView, type PanelName } from '../state/layout.ts';
import type { Ui } from '../state/ui.ts';
import { filterOf } from '../state/way-back.ts';
import { findRow, setRowSearch } from './find-row.ts';
import { findNext } from './log.ts';
import { changeLog } from './log-lines.ts';
import { setFilter } from './panels.ts';
import { changeText, findInText } from './text.ts';
import { nothingOpen, open, promptOf, type PromptState } from '../state/overlay.ts';
import { textOf } from '../state/trail.ts';

function searchOf({ trail, log, lists }: Ui, panel: PanelName): TextFilter | undefined {
  if (panel === 'text') return textOf(trail)?.search;
  return isView(panel) ? lists[panel].search : log.search;
}

const show = (app: App, prompt: PromptState): void =>
  app.update((ui) => ({ ...ui, overlay: open(ui.overlay, { kind: 'prompt', prompt }) }));
const close = (app: App): void => app.update((ui) => ({ ...ui, overlay: open(ui.overlay, nothingOpen) }));

export function openPrompt(app: App, purpose: PromptState['purpose'], panel: PanelName): void {
  const before = { filter: filterOf(app.ui, panel), search: searchOf(app.ui, panel) };
  show(app, { purpose, panel, line: lineOf(before[purpose]?.text ?? ''), problem: undefined, before });
  // Usually it has been loaded since the first frame.
  app.background(loadPatterns().then(() => readAgain(app)));
}

/** Reads again what could not be read before the engine was loaded. */
function readAgain(app: App): void {
  const prompt = promptOf(app.ui.overlay);
  if (prompt?.problem !== undefined) take(app, prompt, prompt.line);
}

/** Typing takes effect immediately, as far as the pattern can be read. */
export function editPrompt(app: App, edit: (line: LineText) => LineText): void {
  const prompt = promptOf(app.ui.overlay);
  if (prompt === undefined) return;
  const line = edit(prompt.line);
  if (line !== prompt.line) take(app, prompt, line);
}

function take(app: App, prompt: PromptState, line: LineText): void {
  const filter = readFilter(line.text);
  if (filter !== undefined && 'problem' in filter) return show(app, { ...prompt, line, problem: filter.problem });
  show(app, { ...prompt, line, problem: undefined });
  if (line.text !== prompt.line.text || prompt.problem !== undefined) apply(app, prompt, filter);
}

function apply(app: App, { purpose, panel }: PromptState, filter: TextFilter | undefined): void {
  if (purpose === 'filter') setFilter(app, panel, filter);
  else if (panel === 'text') changeText(app, (text) => ({ ...text, search: filter, found: undefined }));
  else if (isView(panel)) setRowSearch(app, panel, filter);
  else changeLog(app, (log) => ({ ...log, search: filter, searching: 'up', found: undefined, hit: undefined }));
}

export function acceptPrompt(app: App): void {
  const prompt = promptOf(app.ui.overlay);
  if (prompt === undefined || prompt.problem !== undefined) return;
  close(app);
  if (prompt.purpose === 'filter') return;
  if (prompt.panel === 'text') findInText(app, 'on');
  else if (isView(prompt.panel)) findRow(app, 'on');
  else findNext(app, 'on');
}

export function cancelPrompt(app: App): void {
  const prompt = promptOf(app.ui.overlay);
  if (prompt === undefined) return;
  close(app);
  apply(app, prompt, prompt.before[prompt.purpose]);
}

/** The same words can be a filter or a search. */
export function switchPrompt(app: App): void {
  const prompt = promptOf(app.ui.overlay);
  if (prompt === undefined) return;
  apply(app, prompt, prompt.before[prompt.purpose]);
  const next: PromptState = { ...prompt, purpose: prompt.purpose === 'filter' ? 'search' : 'filter' };
  show(app, next);
  const filter = readFilter(prompt.line.text);
  if (filter !== undefined && !('problem' in filter)) apply(app, next, filter);
}
