import type { App } from './app.ts';
import { insert, lineOf, type LineText } from '../state/line-text.ts';
import type { DialogState, Way } from '../state/question.ts';
import { execute, submit, whileBusy } from './command-line.ts';
import { ask, belowQuestion, dialogOf } from '../state/overlay.ts';

/** The question as it is now. */
const change = (app: App, dialog: DialogState): void => app.update((ui) => ({ ...ui, overlay: ask(ui.overlay, dialog) }));

export function editPhrase(app: App, edit: (line: LineText) => LineText): void {
  const dialog = dialogOf(app.ui.overlay);
  if (dialog?.question.phrase === undefined) return;
  change(app, { ...dialog, typed: edit(dialog.typed), problem: undefined });
}

/** Text that is not a key of the dialog goes to its field; without a field, it was not meant for a question. */
export function answer(app: App, text: string): void {
  const dialog = dialogOf(app.ui.overlay);
  if (dialog === undefined) return;
  if (dialog.question.phrase === undefined) return cancelDialog(app);
  editPhrase(app, (line) => insert(line, text));
}

export function moveChoice(app: App, by: 1 | -1): void {
  const dialog = dialogOf(app.ui.overlay);
  if (dialog === undefined) return;
  choose(app, (dialog.chosen + by + dialog.question.ways.length) % dialog.question.ways.length);
}

export function choose(app: App, index: number): void {
  const dialog = dialogOf(app.ui.overlay);
  if (dialog?.question.ways[index] !== undefined) change(app, { ...dialog, chosen: index, problem: undefined });
}

/** Words that people type to leave a question. */
const refusals: ReadonlySet<string> = new Set(['n', 'no', 'q', 'quit']);

/** Enter runs the selected choice, once the field contains the exact phrase. */
export function acceptDialog(app: App): void {
  const dialog = dialogOf(app.ui.overlay);
  if (dialog === undefined) return;
  const {
    question: { phrase, ways },
    chosen,
  } = dialog;
  const typed = dialog.typed.text.trim();
  if (phrase !== undefined && typed !== phrase) {
    if (refusals.has(typed)) return cancelDialog(app);
    const problem = typed === '' ? `Nothing was done: type ${phrase} first.` : `That is not ${phrase}: nothing was done.`;
    return change(app, { ...dialog, typed: lineOf(''), problem });
  }
  const way = ways[chosen];
  app.update((ui) => ({ ...ui, overlay: belowQuestion(ui.overlay) }));
  dialog.question.answered?.(true);
  if (way !== undefined) take(app, way);
}

function take(app: App, way: Way): void {
  switch (way.kind) {
    case 'agree':
      return;
    case 'detach':
      return app.end('quit');
    case 'line':
      return app.background(submit(app, way.commandLine, { confirmed: true }));
    case 'plan':
      return app.background(whileBusy(app, way.plan.line, () => execute(app, way.plan)));
  }
}

export function cancelDialog(app: App): void {
  const dialog = dialogOf(app.ui.overlay);
  if (dialog === undefined) return;
  dialog.question.answered?.(false);
  app.set({ overlay: belowQuestion(app.ui.overlay), result: { lines: [`${dialog.question.name}: nothing was changed.`], tone: 'info' } });
}
