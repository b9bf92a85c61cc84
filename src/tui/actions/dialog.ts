import type { App } from '../app.ts';
import { insert, lineOf, type LineText } from '../input/line-text.ts';
import { execute, submit } from './command-line.ts';

export function editPhrase(app: App, edit: (line: LineText) => LineText): void {
  app.update((ui) => (ui.dialog?.typed === undefined ? ui : { ...ui, dialog: { ...ui.dialog, typed: edit(ui.dialog.typed) } }));
}

/** A key that is no key of the table: a choice of the dialog, or a sign of the phrase. */
export function answer(app: App, text: string): void {
  const { dialog } = app.ui;
  if (dialog === undefined) return;
  if (dialog.typed !== undefined) return editPhrase(app, (line) => insert(line, text));
  const { confirmation, plan } = dialog;
  const alternative = confirmation.alternatives?.find(({ key }) => key === text);
  if (alternative !== undefined) {
    app.set({ dialog: undefined });
    app.background(submit(app, alternative.commandLine, { confirmed: true }));
    return;
  }
  if (confirmation.phrase === undefined && text === 'y') {
    app.set({ dialog: undefined });
    app.background(run(app, plan));
  } else if (confirmation.phrase !== undefined && text === 'x') {
    app.set({ dialog: { ...dialog, typed: lineOf('') } });
  }
}

/** Enter confirms only what is typed letter by letter. */
export function acceptPhrase(app: App): void {
  const { dialog } = app.ui;
  if (dialog?.typed === undefined || dialog.confirmation.phrase === undefined) return;
  if (dialog.typed.text.trim() !== dialog.confirmation.phrase) {
    app.set({ result: { lines: [`That is not ${dialog.confirmation.phrase}; nothing was done.`], tone: 'warn' } });
    return;
  }
  app.set({ dialog: undefined });
  app.background(run(app, dialog.plan));
}

async function run(app: App, plan: Parameters<typeof execute>[1]): Promise<void> {
  const busy = { line: plan.line, since: app.options.clock.now() };
  app.update((ui) => ({ ...ui, busy: [...ui.busy, busy] }));
  try {
    await execute(app, plan);
  } finally {
    app.update((ui) => ({ ...ui, busy: ui.busy.filter((other) => other !== busy) }));
  }
}

export function cancelDialog(app: App): void {
  const { dialog } = app.ui;
  if (dialog === undefined) return;
  app.set({ dialog: undefined, result: { lines: [`${dialog.plan.command.name}: everything stays as it is.`], tone: 'info' } });
}
