import { answer } from '../actions/dialog.ts';
import { typeText } from '../actions/command-line.ts';
import { explainWorst } from '../actions/failure.ts';
import { perform } from '../actions/perform.ts';
import { editPrompt, openPrompt } from '../actions/prompt.ts';
import { openKeys } from '../actions/panels.ts';
import type { App } from '../actions/app.ts';
import { actionIds, actionOf, isTyped, placeOf, placesOf, type Place } from '../state/keys.ts';
import { smallest } from '../state/layout.ts';
import { takesLetters, type DialogState } from '../state/question.ts';
import { insert } from '../state/line-text.ts';
import type { Input } from '../terminal/input.ts';
import { pressOf, type KeyPress } from '../terminal/key-names.ts';
import { handleReport } from './mouse.ts';

/** The places in which to look for a key: a question comes before a prompt, a prompt before the focused panel. */
function places({ ui, options }: App): readonly Place[] {
  const { columns, rows } = options.size();
  // Nothing of the screen is visible, so nothing on it may be changed.
  if (columns < smallest.columns || rows < smallest.rows) return ['everywhere'];
  if (ui.dialog !== undefined) return dialogPlaces(ui.dialog);
  if (ui.prompt !== undefined) return ['prompt', 'edit', 'everywhere'];
  if (ui.focus === 'command') return ['command', 'edit', 'everywhere'];
  return placesOf(ui.focus);
}

/** Only what works everywhere is left. */
const isBlind = ([first]: readonly Place[]): boolean => first === 'everywhere';

function dialogPlaces(dialog: DialogState): readonly Place[] {
  const letters: readonly Place[] = takesLetters(dialog) ? ['decline'] : [];
  return dialog.question.phrase === undefined
    ? ['dialog', ...letters, 'agree', 'everywhere']
    : ['dialog', ...letters, 'edit', 'everywhere'];
}

/** Keys with a meaning on an empty command line, because no command begins with them. */
const onEmptyLine: Readonly<Record<string, (app: App) => void>> = {
  '?': openKeys,
  '/': (app) => (app.ui.text === undefined ? openPrompt(app, 'filter', 'log') : openPrompt(app, 'search', 'text')),
  '!': explainWorst,
  ':': () => {},
};

/** Passes a key to the first place that knows it. */
export function handleKey(app: App, press: KeyPress): void {
  if (app.ended) return;
  if (press.name === 'ctrl+c') app.typeAhead.drop();
  else if (app.typeAhead.holds(() => handleKey(app, press))) return;
  if (app.ui.keys && press.name !== 'ctrl+z') return app.set({ keys: false });
  // The user has read the answer of a command by the next key.
  if (app.ui.result !== undefined) app.set({ result: undefined });
  const { ui } = app;
  const here = places(app);
  const id = actionOf(app.options.keys, press.name, here);
  if (id !== undefined) return perform(app, id);
  if (press.text === undefined || isBlind(here)) return;
  const onLine = ui.dialog === undefined && ui.prompt === undefined;
  if (onLine && ui.focus !== 'command') return;
  const special = onLine && ui.command.line.text === '' && ui.command.search === undefined ? onEmptyLine[press.text] : undefined;
  if (special !== undefined) return special(app);
  typeInto(app, press.text);
}

/** Types into the open field. */
function typeInto(app: App, text: string): void {
  if (app.ui.dialog !== undefined) return answer(app, text);
  if (app.ui.prompt !== undefined) return editPrompt(app, (line) => insert(line, text));
  typeText(app, text);
}

/** Handles typed, pasted or reported input. */
export function handleInput(app: App, input: Input): void {
  switch (input.kind) {
    case 'key':
      return handleKey(app, { name: input.name, text: undefined });
    case 'text':
      return handleText(app, input.text);
    case 'paste':
      return handlePaste(app, input.text);
    case 'report':
      return handleReport(app, input.report);
  }
}

/**
 * Characters that came together: single keys, or one insertion as soon as a field accepts them. A thousand of them cost little more than
 * one.
 */
function handleText(app: App, text: string): void {
  let rest = text;
  while (rest !== '' && !app.ended) {
    const waiting = rest;
    if (app.typeAhead.holds(() => handleText(app, waiting))) return;
    if (takesText(app)) {
      if (app.ui.result !== undefined) app.set({ result: undefined });
      return typeInto(app, rest);
    }
    const sign = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    handleKey(app, pressOf(sign));
    rest = rest.slice(sign.length);
  }
}

/** A field is active in which no character has another meaning. */
function takesText(app: App): boolean {
  const { keys, dialog, prompt, focus, command } = app.ui;
  const here = places(app);
  if (keys || isBlind(here) || actionIds.some((id) => here.includes(placeOf(id)) && app.options.keys[id].keys.some(isTyped))) return false;
  if (dialog !== undefined || prompt !== undefined) return true;
  return focus === 'command' && (command.line.text !== '' || command.search !== undefined);
}

/** Pasted text is one insertion, and never a key: it does not run or confirm anything. */
export function handlePaste(app: App, text: string): void {
  if (app.ended || app.typeAhead.holds(() => handlePaste(app, text))) return;
  const { ui } = app;
  if (isBlind(places(app))) return;
  if (ui.keys || ui.result !== undefined) app.set({ keys: false, result: undefined });
  if (ui.dialog !== undefined || ui.prompt !== undefined) return typeInto(app, text);
  // Pasted text goes to the command line, wherever the focus is.
  if (ui.focus !== 'command') app.set({ focus: 'command' });
  typeText(app, text);
}
