import { ask } from '../state/overlay.ts';
import { openQuestion, type Question } from '../state/question.ts';
import type { App } from './app.ts';

/** Asks the user something, over whatever is open. */
export const askUser = (app: App, question: Question): void =>
  app.update((ui) => ({ ...ui, overlay: ask(ui.overlay, openQuestion(question)) }));
