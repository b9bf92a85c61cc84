import { answer } from '../actions/dialog.ts';
import { keepTyping, typeText } from '../actions/command-line.ts';
import { explainWorst } from '../actions/failure.ts';
import { perform } from '../actions/perform.ts';
import { editPrompt, openPrompt } from '../actions/prompt.ts';
import { closeKeys, openKeys } from '../actions/panels.ts';
import type { App } from '../actions/app.ts';
import { actionIds, actionOf, isTyped, scopeOf, type KeyScope } from '../state/keys.ts';
import { showsKeys } from '../state/overlay.ts';
import { rulesOf } from '../state/places.ts';
import { scopesHere } from '../state/scopes.ts';
import { focusOf, here } from '../state/trail.ts';
import { insert } from '../state/line-text.ts';
import type { Input } from '../terminal/input.ts';
import { pressOf, type KeyPress } from '../terminal/key-names.ts';
import { handleReport } from './mouse.ts';

const scopesNow = ({ ui, options }: App): readonly KeyScope[] => scopesHere(ui, options.size());

/** Only what works everywhere is left. */
const isBlind = ([first]: readonly KeyScope[]): boolean => first === 'everywhere';

/** Keys with a meaning on an empty command line, because no command begins with them. */
const onEmptyLine: Readonly<Record<string, (app: App) => void>> = {
  '?': openKeys,
  '/': (app) => (rulesOf(here(app.ui.trail)).main === 'log' ? openPrompt(app, 'filter', 'log') : openPrompt(app, 'search', 'text')),
  '!': explainWorst,
  ':': () => {},
};

/** Passes a key to the first place that knows it. */
export function handleKey(app: App, press: KeyPress): void {
  if (app.ended) return;
  if (press.name === 'ctrl+c') app.typeAhead.drop();
  else if (app.typeAhead.holds(() => handleKey(app, press))) return;
  if (showsKeys(app.ui.overlay) && press.name !== 'ctrl+z') return closeKeys(app);
  // The user has read the answer of a command by the next key.
  if (app.ui.result !== undefined) app.set({ result: undefined });
  const { ui } = app;
  const scopes = scopesNow(app);
  const id = actionOf(app.options.keys, press.name, scopes);
  if (id !== undefined) return perform(app, id);
  if (press.text === undefined || isBlind(scopes)) return;
  const onLine = ui.overlay.kind !== 'dialog' && ui.overlay.kind !== 'prompt';
  if (onLine && focusOf(ui.trail) !== 'command') return;
  const special = onLine && ui.command.line.text === '' && ui.command.search === undefined ? onEmptyLine[press.text] : undefined;
  if (special !== undefined) return special(app);
  typeInto(app, press.text);
}

/** Types into the open field. */
function typeInto(app: App, text: string): void {
  switch (app.ui.overlay.kind) {
    case 'dialog':
      return answer(app, text);
    case 'prompt':
      return editPrompt(app, (line) => insert(line, text));
    case 'keys':
    case 'none':
      return typeText(app, text);
  }
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
  const { overlay, trail, command } = app.ui;
  const scopes = scopesNow(app);
  if (
    showsKeys(overlay) ||
    isBlind(scopes) ||
    actionIds.some((id) => scopes.includes(scopeOf(id)) && app.options.keys[id].keys.some(isTyped))
  )
    return false;
  if (overlay.kind === 'dialog' || overlay.kind === 'prompt') return true;
  return focusOf(trail) === 'command' && (command.line.text !== '' || command.search !== undefined);
}

/** Pasted text is one insertion, and never a key: it does not run or confirm anything. */
export function handlePaste(app: App, text: string): void {
  if (app.ended || app.typeAhead.holds(() => handlePaste(app, text))) return;
  if (isBlind(scopesNow(app))) return;
  if (showsKeys(app.ui.overlay)) closeKeys(app);
  if (app.ui.result !== undefined) app.set({ result: undefined });
  // Pasted text goes to the command line, wherever the focus is.
  if (app.ui.overlay.kind === 'none') keepTyping(app);
  typeInto(app, text);
}
