import { subjectKey } from '../../causes/finding.ts';
import type { CardLine, CardPlace } from '../../commands/model/card.ts';
import type { View } from '../../commands/model/types.ts';
import { failureIdOf } from '../../inside/exceptions/failures.ts';
import { selectWorst } from '../../session/selectors/worst.ts';
import { quoteWord } from '../../commands/line/line-parser.ts';
import type { CardRow } from '../state/incident-rows.ts';
import { incidentPlace } from '../state/places/incident.ts';
import { tableRows } from '../state/table-rows.ts';
import { enter, here } from '../state/trail.ts';
import { everyLine } from '../state/way-back.ts';
import type { App } from './app.ts';
import { submit } from './command-line.ts';
import { openLog, showFailure, showLogOfFailure } from './failure.ts';
import { findRow } from './find-row.ts';
import { changeLog } from './log-lines.ts';
import { changeList, focusPanel, nothingSelected, select } from './panels.ts';
import { arrived, enterSubject } from './place.ts';

/** Shows a card; the incident that `!` is about is selected, if the card has it. */
export function showCard(app: App, view: Extract<View, { kind: 'why' }>): void {
  const worst = view.about === undefined ? selectWorst(app.options.store.get(), app.options.clock.now())?.about : undefined;
  const wanted = view.card.findings.find(({ subject }) => subjectKey(subject) === worst);
  const place = here(app.ui.trail);
  app.update((ui) => arrived(ui, enter(ui.trail, incidentPlace(view, place))));
  if (wanted === undefined) return;
  const row = rowsHere(app).findIndex(({ id }) => id === `${subjectKey(wanted.subject)} what/0`);
  if (row >= 0) goToIncident(app, row);
}

const rowsHere = (app: App): readonly CardRow[] => tableRows(app.frame(), 'incident', app.ui.lists.incident).shown;

/** What is said of an incident stands below its first row, which therefore goes to the top. */
function goToIncident(app: App, row: number): void {
  select(app, 'incident', row);
  changeList(app, 'incident', (list) => ({ ...list, top: row }));
}

const say = (app: App, sentence: string): void => app.set({ result: { lines: [sentence], tone: 'info' } });

/** To the next or the previous incident, after the last one to the first; of a search, to the next or the previous match. */
export function stepIncident(app: App, step: 1 | -1): void {
  const { search, filter, index } = app.ui.lists.incident;
  if (search !== undefined || filter !== undefined) return findRow(app, step > 0 ? 'on' : 'back');
  const starts = rowsHere(app).flatMap(({ line, begins }, row) => (begins && line.part === 'what' ? [row] : []));
  if (starts.length === 0) return say(app, 'Nothing is wrong: there is no incident.');
  const next = step > 0 ? (starts.find((row) => row > index) ?? starts[0]) : (starts.findLast((row) => row < index) ?? starts.at(-1));
  if (next === index) return say(app, 'This is the only incident.');
  if (next !== undefined) goToIncident(app, next);
}

function aboutLine(app: App, act: (line: CardLine) => void): void {
  const row = rowsHere(app).find(({ id }) => id === app.ui.lists.incident.selected);
  if (row === undefined) nothingSelected(app, 'incident');
  else act(row.line);
}

/** Enter on a line: what it is about. */
export const openCardLine = (app: App): void =>
  aboutLine(app, ({ place }) => {
    if (place === undefined) say(app, 'This line leads nowhere: it is not about one thing.');
    else openPlace(app, place);
  });

function openPlace(app: App, place: CardPlace): void {
  switch (place.kind) {
    case 'log':
      return showLogAt(app, place.pod, place.at);
    case 'pod':
      return app.background(submit(app, `describe ${quoteWord(place.pod)}`));
    case 'job':
      return enterSubject(app, { kind: 'job', job: place.job });
    case 'failure':
      return enterSubject(app, { kind: 'exception', job: place.job, id: place.id });
    case 'checkpoint':
      return enterSubject(app, { kind: 'checkpoint', job: place.job, id: place.id, vertex: undefined });
    case 'checkpoints':
      return enterSubject(app, { kind: 'checkpoints', job: place.job });
  }
}

function showLogAt(app: App, pod: string | undefined, at: number | undefined): void {
  const sought = at === undefined ? undefined : ({ at, what: 'failure' } as const);
  if (pod !== undefined) return openLog(app, pod, sought);
  changeLog(app, (log) => ({ ...log, ...everyLine, scope: 'all', sought }));
  focusPanel(app, 'log');
}

/** `l` on a line: the log of what it is about, at that moment. */
export const showCardLog = (app: App): void =>
  aboutLine(app, ({ place, at }) => {
    switch (place?.kind) {
      case undefined:
        return showLogAt(app, undefined, at);
      case 'log':
        return showLogAt(app, place.pod, place.at);
      case 'pod':
        return showLogAt(app, place.pod, at);
      case 'job':
        return showFailure(app, place.job);
      case 'failure': {
        const job = app.options.store.get().jobs.find(({ id }) => id === place.job);
        const failure = job?.exceptions.find((each) => failureIdOf(each) === place.id);
        return failure === undefined ? showFailure(app, place.job) : showLogOfFailure(app, failure);
      }
      case 'checkpoint':
      case 'checkpoints':
        return showLogAt(app, app.options.store.get().leader, at);
    }
  });
