import { cardMarkdown } from '../../commands/model/card-markdown.ts';
import type { Operation } from '../../session/types.ts';
import { formatBytes, formatDateTime, formatStamp } from '../../support/format.ts';
import { plain } from '../../support/text-width.ts';
import type { App } from './app.ts';
import { currentNumber } from './current-line.ts';
import { foldsIn } from '../rows/log-folds.ts';
import { timelineId } from '../state/table-sources.ts';
import { mostCopied } from '../terminal/clipboard.ts';
import { nothingSelected } from './panels.ts';
import { nearest, textOf } from '../state/trail.ts';

/** Copies to the terminal's clipboard; the result line says what was copied. */
function copy(app: App, what: string, text: string): void {
  const { cut } = app.options.terminal.copy(text);
  app.set({
    result: cut
      ? { lines: [`Copied the first ${formatBytes(mostCopied)} of ${what}: a terminal takes no more at once.`], tone: 'warn' }
      : { lines: [`Copied ${what}.`], tone: 'info' },
  });
}

const nothing = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'warn' } });

export function copyPodName(app: App): void {
  const name = app.ui.lists.pods.selected;
  if (name === undefined) nothingSelected(app, 'pods');
  else copy(app, `the pod name ${name}`, name);
}

export function copyJobId(app: App): void {
  const id = app.ui.lists.jobs.selected;
  if (id === undefined) nothingSelected(app, 'jobs');
  else copy(app, `the job id ${id}`, id);
}

function resultName({ state, kind }: Operation): string {
  if (state === 'failed') return 'the reason of the failure';
  switch (kind) {
    case 'savepoint':
    case 'stop-job':
    case 'dispose':
      return 'the savepoint path';
    case 'submit':
      return 'the job id';
    default:
      return 'the result';
  }
}

export function copyResult(app: App): void {
  const { selected } = app.ui.lists.operations;
  const operation = app.options.store.get().operations.find(({ id }) => id === selected);
  if (operation === undefined) return nothingSelected(app, 'operations');
  if (operation.result === undefined) return nothing(app, `${operation.title} has no result yet.`);
  copy(app, resultName(operation), operation.result);
}

export function copyTimelineEntry(app: App): void {
  const { selected } = app.ui.lists.timeline;
  const line = app.options.store.get().timeline.findLast((each) => timelineId(each) === selected);
  if (line === undefined) return nothingSelected(app, 'timeline');
  copy(app, `the line of ${formatStamp(line.at)}`, `${formatDateTime(line.at)} ${line.text}`);
}

/** All marked lines, in the order of time; otherwise the current one, and what is folded into it, as it was written. */
export function copyLogLines(app: App): void {
  const frame = app.frame();
  const {
    logView: view,
    ui: { log },
  } = frame;
  const { marked } = log;
  if (marked.length > 0) {
    const what = marked.length === 1 ? 'the marked line' : `${marked.length} marked lines`;
    return copy(app, what, marked.map(({ text }) => plain(text)).join('\n'));
  }
  const number = currentNumber(frame);
  if (view === undefined || number === undefined) return nothing(app, 'The log has no lines.');
  const members = foldsIn(view, log).foldOf(number)?.members ?? [number];
  const lines = members.map((each) => view.line(each - view.dropped)).filter((line) => line !== undefined);
  const last = lines.at(-1);
  if (last === undefined) return nothing(app, 'That line is not kept any more.');
  const what = lines.length === 1 ? `the line of ${formatStamp(last.at)}` : `${lines.length} lines, the last of ${formatStamp(last.at)}`;
  copy(app, what, plain(lines.map(({ text }) => text).join('\n')));
}

/** A card as the channel of an incident takes it. */
export function copyCard(app: App): void {
  const place = nearest(app.ui.trail, 'incident');
  if (place === undefined) return;
  const { target } = app.options.store.get();
  const count = place.card.findings.length;
  copy(
    app,
    count === 1 ? 'the incident as Markdown' : `${count} incidents as Markdown`,
    cardMarkdown(place.card, target, app.options.clock.now()).join('\n'),
  );
}

/** The line of the current match, otherwise the whole text. */
export function copyText(app: App): void {
  const text = textOf(app.ui.trail);
  if (text === undefined) return;
  if (text.found !== undefined) return copy(app, `line ${text.found + 1}`, plain(text.lines[text.found] ?? ''));
  copy(app, text.lines.length === 1 ? 'the line' : `all ${text.lines.length} lines`, plain(text.lines.join('\n')));
}
