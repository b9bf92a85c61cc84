import { expect, test } from 'vitest';
import { keyOf, type Inspection, type Subject } from '../../src/session/inspections/inspections.ts';
import { formatTime } from '../../src/support/format.ts';
import { plain } from '../../src/support/text-width.ts';
import { placeOf, rulesOf } from '../../src/tui/state/places.ts';
import { atStart } from '../../src/tui/state/places/home.ts';
import { enter } from '../../src/tui/state/trail.ts';
import type { Frame } from '../../src/tui/state/ui.ts';
import { insideOf } from '../inside/job/build.ts';
import { jobDetail } from '../support/job-detail.ts';
import { drawWhereabouts } from '../../src/tui/rows/whereabouts.ts';
import { Problem } from '../../src/support/problem.ts';
import { screenOf } from './draw.tsx';
import { colourless, frameOf, live, now, richSession, viewOf } from './fixtures.ts';

const size = { columns: 140, rows: 40 };
const job = 'a'.repeat(32);
const vertex = 'b'.repeat(32);
const process = { kind: 'taskmanager', id: 'my-first-flink-cluster-taskmanager-1-1' } as const;

const subjects: readonly Subject[] = [
  { kind: 'job', job },
  { kind: 'checkpoint', job, id: 7, vertex: undefined },
  { kind: 'exception', job, id: 'one' },
  { kind: 'vertex', job, vertex },
  { kind: 'subtask', job, vertex, subtask: 0 },
  { kind: 'top', job },
  { kind: 'process', process, part: 'figures' },
  { kind: 'process', process: { kind: 'jobmanager' }, part: 'figures' },
  { kind: 'flame', job, vertex, subtask: undefined, type: 'on_cpu' },
  { kind: 'profile', process, mode: 'cpu' },
  { kind: 'log-file', process, name: 'flink.log' },
  { kind: 'templates', pods: [process.id] },
];

/** In a place of the past of which nothing was read, at each of its views. */
const views = subjects.flatMap((subject) => {
  const place = placeOf(subject, atStart);
  const titles = rulesOf(place).views?.map(({ title }) => title) ?? [''];
  return titles.map((title, view) => ({ title: `${subject.kind} ${title}`, place: { ...place, view } }));
});

test.each(views)('in the past a place that nobody looked at is not being read: $title', ({ place }) => {
  const frame = frameOf(size, { look: colourless }, { trail: enter([atStart], place) });
  const screen = plain(screenOf({ ...frame, session: { ...richSession(), inspections: new Map(), past: now } }));
  expect(screen).not.toMatch(/Reading/);
  expect(screen).toContain('Not recorded: nobody looked at this then.');
});

test.each([
  [90_000, true],
  [5_000, false],
])('in the past a place that was read %i ms before it says when: %s', (before, says) => {
  const subject = { kind: 'job', job } as const;
  const read: Inspection = { subject, facts: insideOf(jobDetail({ id: job }), []), readAt: now - before, problem: undefined };
  const session = { ...richSession(), inspections: new Map([[keyOf(subject), read]]), past: now };
  const frame = { ...frameOf(size, { look: colourless }, { trail: enter([atStart], placeOf(subject, atStart)) }), session };
  expect(drawWhereabouts(frame, 140).includes(`read at ${formatTime(now - before)}`)).toBe(says);
  expect(drawWhereabouts({ ...frame, session: richSession() }, 140)).not.toContain('read at');
});

test('in the past nothing is tried again', () => {
  const problem = new Problem('unreachable', 'The API server does not answer.');
  const lost = { ...live(now - 60_000), state: 'lost', nextTryAt: now + 8_000, problem } as const;
  const session = { ...richSession(), sources: new Map([['pods' as const, lost]]), past: now };
  const screen = (frame: Frame): string => plain(screenOf(frame));
  const frame = frameOf(size, { look: colourless, session });
  expect(screen(frame)).toContain('The API server does not answer.');
  expect(screen(frame)).not.toMatch(/retr/);
  expect(screen({ ...frame, session: { ...session, past: undefined } as never })).toContain('drey keeps retrying');
});

test('in the past a log of which nothing was kept says so, and one that is being read says that', () => {
  const session = { ...richSession(), past: now };
  const screen = (reading: boolean): string =>
    plain(screenOf(frameOf(size, { look: colourless, session, logView: { ...viewOf([]), reading } })));
  expect(screen(false)).toContain(`No line from before ${formatTime(now)} was kept`);
  expect(screen(true)).toContain('Reading the lines of that time');
  expect(screen(false)).not.toContain('following');
});
