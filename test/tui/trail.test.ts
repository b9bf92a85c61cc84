import { describe, expect, test } from 'vitest';
import type { FlinkProcess } from '../../src/flink/process-types.ts';
import { isView, layout, type PanelName } from '../../src/tui/state/layout.ts';
import type { Standing } from '../../src/tui/state/place.ts';
import { foundAgain, placeOf, subjectsIn } from '../../src/tui/state/places.ts';
import { atStart, homeRules } from '../../src/tui/state/places/home.ts';
import { flamePlace } from '../../src/tui/state/places/flame.ts';
import { jobPlace } from '../../src/tui/state/places/job.ts';
import { processSubject } from '../../src/tui/state/places/process.ts';
import { textPlace } from '../../src/tui/state/places/text.ts';
import {
  enter,
  focusOf,
  goTo,
  goToSeen,
  layoutWish,
  here,
  leave,
  lookAt,
  lookWithin,
  showAtHome,
  standAt,
  standingIn,
  textOf,
  turnTo,
  type,
  viewOf,
  zoom,
  zoomedOf,
  type Trail,
} from '../../src/tui/state/trail.ts';
import { textOfLines } from './where.ts';

/** Steps as a user does them, by a word each. */
type Step = (trail: Trail) => Trail;
const at =
  (panel: PanelName): Step =>
  (trail) =>
    goTo(trail, panel);
const typing: Step = (trail) => type(trail, 'on');
const typingOnce: Step = (trail) => type(trail, 'once');
const typed: Step = (trail) => type(trail, 'off');
const zoomed: Step = (trail) => zoom(trail, true);
const small: Step = (trail) => zoom(trail, false);
const read =
  (title: string): Step =>
  (trail) =>
    enter(trail, textPlace(textOfLines(['one'], { title }), here(trail)));
const text = read('Help');
const back: Step = leave;

const after = (...steps: readonly Step[]): Trail => steps.reduce<Trail>((trail, step) => step(trail), [atStart]);

/** What is seen of it: the place, the focus, the panel that has all the room, and the text. */
const seen = (trail: Trail): string =>
  [here(trail).kind, focusOf(trail), zoomedOf(trail) === undefined ? '' : `zoomed ${zoomedOf(trail)}`, textOf(trail)?.title ?? '']
    .filter((word) => word !== '')
    .join(' ');

describe('a text gives back what was left for it', () => {
  test.each<readonly [string, readonly Step[], string]>([
    ['opened from a panel it has the focus', [at('jobs'), text], 'text text Help'],
    ['and the panel has it again', [at('jobs'), text, back], 'home jobs'],
    ['opened while commands are typed it leaves them the focus', [typing, text], 'text command Help'],
    ['and typing continues', [typing, text, back], 'home command'],
    ['even if it had the focus meanwhile', [typing, text, at('text'), back], 'home command'],
    ['opened from a panel, and typed over: the panel has the focus again', [at('jobs'), text, typing, back], 'home jobs'],
    ['opened from a zoomed panel it is zoomed', [at('pods'), zoomed, text], 'text text zoomed text Help'],
    ['and the panel is zoomed again', [at('pods'), zoomed, text, back], 'home pods zoomed pods'],
    ['a zoom that was ended in the text stays ended', [at('pods'), zoomed, text, small, back], 'home pods'],
    ['a zoom of the text goes with it', [at('pods'), text, zoomed, back], 'home pods'],
    ['a second text takes the place of the first', [at('jobs'), read('One'), read('Two')], 'text text Two'],
    ['and leads back to where the first was opened', [at('jobs'), read('One'), read('Two'), back], 'home jobs'],
    ['from a table beside it the focus stays in the table', [at('log'), text, at('jobs'), back], 'home jobs'],
    ['going to the log closes it', [at('jobs'), text, at('log')], 'home log'],
    ['zoomed as it was', [at('jobs'), zoomed, text, at('log')], 'home log zoomed log'],
    ['home there is nothing to go back to', [at('jobs'), back], 'home jobs'],
  ])('%s', (_, steps, wanted) => {
    expect(seen(after(...steps))).toBe(wanted);
  });
});

test('a place that is more than looked into leaves the one before as it was', () => {
  const before = { ...atStart, panel: 'jobs', zoomed: true, typing: 'off' } as const;
  expect(foundAgain(before, { panel: 'log', zoomed: false, typing: 'on' }, homeRules)).toBe(before);
});

const job =
  (id: string): Step =>
  (trail) =>
    enter(trail, jobPlace(id, here(trail)));
const another =
  (id: string): Step =>
  (trail) =>
    turnTo(trail, { kind: 'job', job: id });

describe('a job from the inside', () => {
  test.each<readonly [string, readonly Step[], string]>([
    ['entered from the table of jobs it has the focus', [at('jobs'), job('a')], 'job vertices'],
    ['and the table has it again', [at('jobs'), job('a'), back], 'home jobs'],
    ['entered by a command it lets one type on', [typing, job('a')], 'job command'],
    ['its log is its own panel', [at('jobs'), job('a'), at('log')], 'job log'],
    ['a text over it leads back into it', [at('jobs'), job('a'), at('log'), text, back], 'job log'],
    ['another job is shown with the same panel', [at('jobs'), job('a'), at('log'), zoomed, another('b')], 'job log zoomed log'],
    ['and leads back to where the first was entered', [at('jobs'), job('a'), another('b'), back], 'home jobs'],
    ['a table of home leads out of it', [at('jobs'), job('a'), at('pods')], 'home pods'],
  ])('%s', (_, steps, wanted) => {
    expect(seen(after(...steps))).toBe(wanted);
  });

  test('is what is read, also below a text, and nothing is read at home', () => {
    const read = (...steps: readonly Step[]) => subjectsIn(standingIn(after(...steps)));
    expect(read(at('jobs'))).toEqual([]);
    expect(read(job('a'), text)).toMatchObject([{ kind: 'job', job: 'a' }]);
    expect(read(job('a'), another('b'))).toMatchObject([{ kind: 'job', job: 'b' }]);
    expect(read(job('a'), back)).toEqual([]);
  });
});

const process =
  (process: FlinkProcess): Step =>
  (trail) =>
    enter(trail, placeOf(processSubject(process), here(trail)));
const other =
  (process: FlinkProcess): Step =>
  (trail) =>
    turnTo(trail, processSubject(process));
const jm: FlinkProcess = { kind: 'jobmanager' };
const tm: FlinkProcess = { kind: 'taskmanager', id: 'tm' };
const view =
  (index: number): Step =>
  (trail) =>
    lookWithin(trail, index);

describe('a process from the inside', () => {
  test.each<readonly [string, readonly Step[], string]>([
    ['entered from the table of pods it has the focus', [at('pods'), process(tm)], 'process figures'],
    ['and the table has it again', [at('pods'), process(tm), back], 'home pods'],
    ['another process is shown with the same view', [at('pods'), process(jm), view(1), other(tm)], 'process threads'],
    ['zoomed as it was', [at('pods'), process(jm), view(1), zoomed, other(tm)], 'process threads zoomed threads'],
    ['a view that it does not have becomes the first one', [at('pods'), process(jm), at('settings'), other(tm)], 'process figures'],
    ['beside the log as well', [at('pods'), process(jm), at('settings'), at('log'), other(tm)], 'process log'],
    ['and leads back to where the first was entered', [at('pods'), process(jm), other(tm), back], 'home pods'],
  ])('%s', (_, steps, wanted) => {
    expect(seen(after(...steps))).toBe(wanted);
  });

  test('of each view only its part is read, also beside the log', () => {
    const read = (...steps: readonly Step[]) => subjectsIn(standingIn(after(...steps))).map((subject) => 'part' in subject && subject.part);
    expect(read(process(tm))).toEqual(['figures']);
    expect(read(process(tm), at('slots'))).toEqual(['figures']);
    expect(read(process(tm), view(1))).toEqual(['threads']);
    expect(read(process(jm), view(3))).toEqual(['settings']);
    expect(read(process(jm), view(3), other(tm))).toEqual(['figures']);
    expect(read(process(jm), view(3), at('log'), other(tm))).toEqual(['figures']);
  });
});

describe('a flame graph', () => {
  const flame: Step = (trail) =>
    enter(trail, flamePlace({ kind: 'flame', job: 'a', vertex: 'v', subtask: undefined, type: 'off_cpu' }, here(trail)));
  const view =
    (index: number): Step =>
    (trail) =>
      lookWithin(trail, index);

  test.each<readonly [string, readonly Step[], string]>([
    ['entered from a job has the focus', [at('jobs'), job('a'), flame], 'flame flame'],
    ['and leads back into the job', [at('jobs'), job('a'), flame, back], 'job vertices'],
    ['shows another view with the same panel', [job('a'), flame, at('methods'), view(2)], 'flame methods'],
    ['and from its log with the graph', [job('a'), flame, at('log'), view(2)], 'flame flame'],
  ])('%s', (_, steps, wanted) => {
    expect(seen(after(...steps))).toBe(wanted);
  });

  test('counts the threads of its view, also below its log', () => {
    const read = (...steps: readonly Step[]) => subjectsIn(standingIn(after(job('a'), flame, ...steps)));
    expect(read()).toMatchObject([{ kind: 'flame', type: 'off_cpu' }]);
    expect(read(view(2), at('methods'), at('log'))).toMatchObject([{ kind: 'flame', type: 'full' }]);
    expect(read(view(2), at('flame'))).toMatchObject([{ type: 'full' }]);
  });
});

describe('a command is typed from a panel', () => {
  test.each<readonly [string, readonly Step[], string]>([
    ['after one command the panel has the focus again', [at('jobs'), typingOnce, typed], 'home jobs'],
    ['a zoomed panel stays zoomed meanwhile', [at('jobs'), zoomed, typingOnce], 'home command zoomed jobs'],
    ['a text that comes meanwhile does not take the focus from the panel', [at('jobs'), typingOnce, text, typed], 'text jobs Help'],
    [
      'unless it is zoomed, and so is the only one that is seen',
      [at('jobs'), zoomed, typingOnce, text, typed],
      'text text zoomed text Help',
    ],
    ['in the log, whose room the text takes, the text has it then', [at('log'), typingOnce, text, typed], 'text text Help'],
  ])('%s', (_, steps, wanted) => {
    expect(seen(after(...steps))).toBe(wanted);
  });
});

test('what a command shows is shown at home, and who types goes on typing', () => {
  expect(seen(showAtHome(after(typing, text), 'log'))).toBe('home command');
  expect(seen(showAtHome(after(at('jobs'), zoomed, typing, text), 'log'))).toBe('home command zoomed log');
});

test('a panel that the place does not have gets no focus there', () => {
  expect(seen(standAt(after(at('jobs')), 'text'))).toBe('home jobs');
  expect(seen(standAt(after(text, at('text')), 'log'))).toBe('text text Help');
});

test('the table that is looked at stays the one when a text is closed', () => {
  const trail = lookAt(after(at('pods'), text), 'operations');
  expect(viewOf(trail)).toBe('operations');
  expect(viewOf(leave(trail))).toBe('operations');
});

const everyStep: readonly Step[] = [
  at('pods'),
  at('jobs'),
  at('log'),
  at('text'),
  typing,
  typingOnce,
  typed,
  zoomed,
  small,
  text,
  back,
  (trail) => showAtHome(trail, 'log'),
];

describe('a panel that is gone to can be seen', () => {
  const panels: readonly PanelName[] = ['pods', 'jobs', 'operations', 'timeline', 'log'];
  const from: Readonly<Record<string, Trail>> = {
    home: after(at('pods')),
    'a zoomed panel': after(at('pods'), zoomed),
    'a text': after(at('pods'), text),
    'a zoomed text': after(at('pods'), text, zoomed),
    'a job': after(job('a')),
    'a text over a job': after(job('a'), text),
  };
  test.each(Object.entries(from))('from %s', (_, trail) => {
    for (const size of [
      { columns: 80, rows: 24 },
      { columns: 120, rows: 40 },
      { columns: 200, rows: 50 },
    ])
      for (const panel of panels) {
        // The table next to the pods is the one that is looked at.
        const next = goToSeen(isView(panel) ? lookAt(trail, panel) : trail, panel, size);
        expect(focusOf(next)).toBe(panel);
        expect(layout(size, layoutWish(next)).panels.map(({ name }) => name)).toContain(panel);
      }
  });

  test('and a text beside which it has room stays open', () => {
    expect(seen(goToSeen(after(at('pods'), text), 'pods', { columns: 120, rows: 40 }))).toBe('text pods Help');
  });
});

test('wherever one goes, the focus and the zoom are on one panel that the place has', () => {
  const panelsOf: Readonly<Record<string, readonly PanelName[]>> = {
    home: ['pods', 'jobs', 'operations', 'timeline', 'log'],
    text: ['pods', 'jobs', 'operations', 'timeline', 'text'],
  };
  let trails: readonly Trail[] = [[atStart]];
  for (let depth = 0; depth < 4; depth += 1) trails = trails.flatMap((trail) => everyStep.map((step) => step(trail)));
  const lost = trails.filter((trail) => {
    const { kind, panel }: Standing & { readonly kind: string } = here(trail);
    return panelsOf[kind]?.includes(panel) !== true || trail.length > 2 || ![undefined, panel].includes(zoomedOf(trail));
  });
  expect(lost).toEqual([]);
});
