import { setImmediate as nextTurn } from 'node:timers/promises';
import type { App } from './app.ts';
import { loadPatterns } from '../../support/pattern.ts';
import { readFilter, type TextFilter } from '../state/filter.ts';
import { lineOf, type LineText } from '../state/line-text.ts';
import { isTable, type PanelName } from '../state/layout.ts';
import type { Ui } from '../state/ui.ts';
import { filterOf } from '../state/way-back.ts';
import { findRow, setRowSearch } from './find-row.ts';
import { changeFlame, findFrame } from './flame.ts';
import { flamePlaceHere } from '../state/flame.ts';
import { findNext } from './log.ts';
import { changeLog } from './log-lines.ts';
import { setFilter } from './panels.ts';
import { changeText, findInText } from './text.ts';
import { isRead, nothingOpen, open, promptOf, type PromptState } from '../state/overlay.ts';
import { textOf } from '../state/trail.ts';

function searchOf(ui: Ui, panel: PanelName): TextFilter | undefined {
  const { trail, log, lists } = ui;
  if (panel === 'text') return textOf(trail)?.search;
  if (panel === 'flame') return flamePlaceHere({ ui })?.graph.search;
  return isTable(panel) ? lists[panel].search : log.search;
}

const show = (app: App, prompt: PromptState): void =>
  app.update((ui) => ({ ...ui, overlay: open(ui.overlay, { kind: 'prompt', prompt }) }));
const close = (app: App): void => app.update((ui) => ({ ...ui, overlay: open(ui.overlay, nothingOpen) }));

export function openPrompt(app: App, purpose: PromptState['purpose'], panel: PanelName): void {
  if (!isTable(panel) && panel !== 'log' && panel !== 'text' && !(panel === 'flame' && purpose === 'search'))
    return app.set({ result: { lines: ['There is nothing to filter or to search in this panel.'], tone: 'info' } });
  const before = { filter: filterOf(app.ui, panel), search: searchOf(app.ui, panel) };
  const text = before[purpose]?.text ?? '';
  show(app, { purpose, panel, line: lineOf(text), read: text, problem: undefined, before });
  app.background(loadPatterns().then(() => readTyped(app)));
}

/** What is typed is shown at once, and takes effect in the turn after: to look through all lines with a new pattern takes longer than a key may. */
export function editPrompt(app: App, edit: (line: LineText) => LineText): void {
  const prompt = promptOf(app.ui.overlay);
  if (prompt === undefined) return;
  const line = edit(prompt.line);
  if (line === prompt.line) return;
  show(app, { ...prompt, line });
  app.background(nextTurn().then(() => readTyped(app)));
}

/** Lets the text of the open prompt take effect, as far as it can be read. Nothing happens if it has, or if the engine is being loaded. */
function readTyped(app: App): void {
  const prompt = promptOf(app.ui.overlay);
  if (prompt === undefined || isRead(prompt)) return;
  const { text } = prompt.line;
  const reading = readFilter(text);
  if (reading.kind === 'loading') return;
  const problem = reading.kind === 'wrong' ? reading.problem : undefined;
  show(app, { ...prompt, read: text, problem });
  if (reading.kind === 'filter') apply(app, prompt, reading.filter);
}

function apply(app: App, { purpose, panel }: PromptState, filter: TextFilter | undefined): void {
  if (purpose === 'filter') setFilter(app, panel, filter);
  else if (panel === 'text') changeText(app, (text) => ({ ...text, search: filter, found: undefined }));
  else if (isTable(panel)) setRowSearch(app, panel, filter);
  else if (panel === 'flame') changeFlame(app, (graph) => ({ ...graph, search: filter }));
  else changeLog(app, (log) => ({ ...log, search: filter, searching: 'up', found: undefined, hit: undefined }));
}

export function acceptPrompt(app: App): void {
  readTyped(app);
  const prompt = promptOf(app.ui.overlay);
  if (prompt === undefined) return;
  if (!isRead(prompt)) return app.background(app.typeAhead.during(acceptOnceLoaded(app, prompt)));
  if (prompt.problem !== undefined) return;
  close(app);
  if (prompt.purpose === 'filter') return;
  if (prompt.panel === 'text') findInText(app, 'on');
  else if (isTable(prompt.panel)) findRow(app, 'on');
  else if (prompt.panel === 'flame') findFrame(app, 'on');
  else findNext(app, 'on');
}

/** The keys behind Enter wait as well: they mean what they mean without the prompt. */
async function acceptOnceLoaded(app: App, { before }: PromptState): Promise<void> {
  await loadPatterns();
  // Only the same one, not one that was opened since.
  if (promptOf(app.ui.overlay)?.before === before) acceptPrompt(app);
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
  // A flame graph has all its frames at all times.
  if (prompt === undefined || prompt.panel === 'flame') return;
  apply(app, prompt, prompt.before[prompt.purpose]);
  show(app, { ...prompt, purpose: prompt.purpose === 'filter' ? 'search' : 'filter', read: undefined });
  readTyped(app);
}
