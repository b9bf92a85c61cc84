import { quit } from '../../commands/catalogue/quit.ts';
import { searchHistory } from '../../commands/line/history.ts';
import { isAbort, sentence, type Problem } from '../../support/problem.ts';
import { lifetime } from '../../support/waiting.ts';
import type { Completion } from '../../commands/line/completion.ts';
import type { Plan } from '../../commands/runner.ts';
import type { App } from './app.ts';
import { edits, insert, lineOf, replace, type Edit, type LineText } from '../state/line-text.ts';
import { questionOf } from '../state/question.ts';
import { emptyCommandLine, type CommandLineState } from '../state/ui.ts';
import { closeText, enterPanels, moveFocus } from './panels.ts';
import { rulesOf } from '../state/places.ts';
import { here, type } from '../state/trail.ts';
import { askUser } from './ask.ts';

const change = (app: App, part: Partial<CommandLineState>): void => app.update((ui) => ({ ...ui, command: { ...ui.command, ...part } }));

/** Edits the active field: the line, or the search in the history. */
export function editCommand(app: App, edit: (line: LineText) => LineText): void {
  const { search, line } = app.ui.command;
  if (search !== undefined) {
    const query = edit(search.query);
    const found = query.text === '' ? undefined : searchHistory(app.history?.lines() ?? [], query.text);
    return change(app, { search: { query, found } });
  }
  const next = edit(line);
  if (next === line) return;
  change(app, { line: next, recalled: undefined, candidate: undefined, errorAt: undefined });
  app.background(complete(app));
}

export const typeText = (app: App, text: string): void => editCommand(app, (line) => insert(line, text));

/** Moving right at the end of the line accepts the preview. */
export function moveOrAccept(app: App, edit: Edit): void {
  const { line, completion, search } = app.ui.command;
  const atEnd = line.cursor === line.text.length;
  if (
    search === undefined &&
    atEnd &&
    line.text !== '' &&
    (edit === 'right' || edit === 'line-end') &&
    completion?.for === line.text &&
    completion.ghost !== ''
  ) {
    return editCommand(app, (before) => insert(before, completion.ghost));
  }
  editCommand(app, edits[edit]);
}

/** Requests candidates for the cursor; an answer that comes after the next key is dropped. */
async function complete(app: App): Promise<void> {
  app.completing?.end();
  const { attached } = app;
  const { text, cursor } = app.ui.command.line;
  if (attached === undefined) return;
  const asking = lifetime();
  app.completing = asking;
  let completion: Completion;
  try {
    completion = await attached.runner.complete(text, cursor, asking.signal);
  } catch (error) {
    if (isAbort(error)) return;
    throw error;
  }
  const now = app.ui.command;
  if (asking.signal.aborted || now.line.text !== text || now.line.cursor !== cursor) return;
  change(app, { completion: { ...completion, for: text, cursor } });
  app.options.redraw.now();
}

/** Tab: inserts what all candidates share, then one after the other. */
export async function completeLine(app: App, step: 1 | -1): Promise<void> {
  const { line, completion, candidate } = app.ui.command;
  if (line.text.trim() === '') return step === 1 ? enterPanels(app) : moveFocus(app, -1);
  if (candidate !== undefined && completion !== undefined) {
    const count = completion.candidates.length;
    return insertCandidate(app, completion, (candidate + step + count) % count);
  }
  if (completion?.for !== line.text || completion.cursor !== line.cursor) await complete(app);
  const now = app.ui.command.completion;
  if (now === undefined || app.ui.command.line.text !== line.text || now.candidates.length === 0) return;
  const [only] = now.candidates;
  if (now.candidates.length === 1 && only !== undefined) {
    change(app, { line: replace(line, now.from, now.to, only.insert), completion: undefined });
    return app.background(complete(app));
  }
  if (now.common.length > now.to - now.from) {
    change(app, { line: replace(line, now.from, now.to, now.common), completion: undefined });
    return app.background(complete(app));
  }
  insertCandidate(app, now, step === 1 ? 0 : now.candidates.length - 1);
}

function insertCandidate(app: App, completion: NonNullable<CommandLineState['completion']>, index: number): void {
  const option = completion.candidates[index];
  if (option === undefined) return;
  change(app, { line: replace(lineOf(completion.for), completion.from, completion.to, option.insert), candidate: index });
}

/** Esc: first the candidate goes, then the search, then the open text, then the focus moves to the panels, where Esc leaves the text. */
export function leaveCommandLine(app: App): void {
  const { candidate, completion, search } = app.ui.command;
  if (search !== undefined) return change(app, { search: undefined });
  if (candidate !== undefined && completion !== undefined)
    return change(app, { line: { text: completion.for, cursor: completion.cursor }, candidate: undefined });
  if (leaveOnce(app)) return;
  if (rulesOf(here(app.ui.trail)).passing) return closeText(app);
  enterPanels(app);
}

export function recall(app: App, step: 1 | -1): void {
  const lines = app.history?.lines() ?? [];
  const { recalled, line } = app.ui.command;
  const index = (recalled?.index ?? lines.length) - step;
  if (index >= lines.length) {
    if (recalled !== undefined) change(app, { line: recalled.draft, recalled: undefined, candidate: undefined });
    return;
  }
  const text = lines[index];
  if (text === undefined) return;
  change(app, {
    line: lineOf(text),
    recalled: { index, draft: recalled?.draft ?? line },
    candidate: undefined,
    completion: undefined,
    errorAt: undefined,
  });
}

/** Ctrl+R begins a search; again, it goes to the previous match. */
export function search(app: App): void {
  const { search: current } = app.ui.command;
  if (current === undefined) return change(app, { search: { query: lineOf(''), found: undefined }, candidate: undefined });
  if (current.found === undefined) return;
  const found = searchHistory(app.history?.lines() ?? [], current.query.text, current.found.index);
  if (found !== undefined) change(app, { search: { ...current, found } });
}

/** An answer about the line that was there does not come to the next one, not even if that is the same. */
export function clearLine(app: App): void {
  app.completing?.end();
  app.set({ command: emptyCommandLine });
}

/** Starts typing: for one command, after which the focus goes back, or for any number. */
export const enterLine = (app: App, typing: 'once' | 'on'): void => app.update((ui) => ({ ...ui, trail: type(ui.trail, typing) }));

/** Continues typing as it was started; if it was not, starts it for any number of commands. */
export function keepTyping(app: App): void {
  if (here(app.ui.trail).typing === 'off') enterLine(app, 'on');
}

/** Goes back to the panel in which typing was started for one command. */
function leaveOnce(app: App): boolean {
  const { trail } = app.ui;
  if (here(trail).typing !== 'once') return false;
  clearLine(app);
  app.set({ trail: type(trail, 'off') });
  return true;
}

/** Puts a command on the command line, for the user to read and run. */
export function propose(app: App, line: string): void {
  enterLine(app, 'once');
  editCommand(app, () => lineOf(line));
}

/** Enter: accepts the match of a search into the line, or runs the line. */
export async function runLine(app: App): Promise<void> {
  const { search: searching, line } = app.ui.command;
  if (searching !== undefined) {
    change(app, { search: undefined, ...(searching.found === undefined ? {} : { line: lineOf(searching.found.line) }) });
    return complete(app);
  }
  const text = line.text.trim();
  // Further typing belongs to the next line, even while this one is still being checked.
  clearLine(app);
  const once = leaveOnce(app);
  if (text !== '') await submit(app, text, { typed: true, mended: !once });
}

/** Leaves before there is anything to leave. */
const leaves = (line: string): boolean => [quit.name, ...quit.aliases].includes(line.replace(/^:/, ''));

export interface SubmitOptions {
  /** It was typed on the command line, and goes into the history. */
  readonly typed?: boolean;
  /** If it is not understood, it returns to the command line. */
  readonly mended?: boolean;
  /** The user has already agreed. */
  readonly confirmed?: boolean;
}

/** Runs a line. A line that is refused or not understood stays where it can be corrected. */
export async function submit(
  app: App,
  line: string,
  { typed = false, mended = false, confirmed = false }: SubmitOptions = {},
): Promise<void> {
  if (app.attached === undefined && leaves(line)) return app.end('quit');
  await whileBusy(app, line, async () => {
    if (app.attached === undefined) app.set({ result: { lines: [`${line}: runs when the connection is there.`], tone: 'info' } });
    const { runner } = await app.whenAttached();
    if (typed) app.history?.add(line);
    const plan = await runner.plan(line, { confirmed });
    if (app.ended) return;
    await follow(app, plan, mended);
  });
}

/** Shows the line as running while `work` lasts. */
export async function whileBusy(app: App, line: string, work: () => Promise<void>): Promise<void> {
  const busy = { line, since: app.options.clock.now() };
  app.update((ui) => ({ ...ui, busy: [...ui.busy, busy] }));
  try {
    await work();
  } finally {
    app.update((ui) => ({ ...ui, busy: ui.busy.filter((other) => other !== busy) }));
    app.options.redraw.soon();
  }
}

/** Puts a refused line back on the command line, to be corrected, unless another one is already being typed. */
function giveBack(app: App, line: string, errorAt: number | undefined): void {
  if (app.ui.command.line.text === '') change(app, { line: lineOf(line), errorAt });
}

async function follow(app: App, plan: Plan, mended: boolean): Promise<void> {
  switch (plan.kind) {
    case 'nothing':
      return;
    case 'refused':
      if (mended) giveBack(app, plan.line, undefined);
      return app.set({ result: { lines: [plan.reason], tone: 'warn' } });
    case 'error':
      if (mended) giveBack(app, plan.line, plan.at);
      return app.set({ result: { lines: [sentence(plan.problem)], tone: 'error' } });
    case 'confirm':
      // An open question stays: another one in its place would get its answer.
      if (app.ui.overlay.kind !== 'dialog') return askUser(app, questionOf(plan));
      if (mended) giveBack(app, plan.line, undefined);
      return app.set({ result: { lines: [`${plan.line}: not asked, because another question was open.`], tone: 'warn' } });
    case 'run':
      return execute(app, plan, mended);
  }
}

/** The line itself is wrong, so another one would work. If a server refuses, correcting the line does not help. */
const isMendable = ({ kind, status }: Problem): boolean =>
  status === undefined && (kind === 'usage' || kind === 'invalid' || kind === 'not-found');

/** Runs a plan, and reports the outcome. A typed line that asked for something wrong can be corrected, like a refused one. */
export async function execute(app: App, plan: Extract<Plan, { readonly kind: 'run' | 'confirm' }>, mended = false): Promise<void> {
  const { runner } = await app.whenAttached();
  const outcome = await runner.run(plan);
  if (app.ended) return;
  if (outcome.kind === 'failed') {
    if (mended && isMendable(outcome.problem)) giveBack(app, plan.line, undefined);
    return app.set({ result: { lines: [sentence(outcome.problem)], tone: 'error' } });
  }
  // The cluster is gone, as intended: nothing is left to look at.
  if (outcome.kind === 'done' && plan.command.ends) app.end('stopped');
}
