import { expect, test } from 'vitest';
import type { LogLine } from '../../../src/kubernetes/model/types.ts';
import { apply } from '../../../src/session/apply.ts';
import { emptySession } from '../../../src/session/empty-session.ts';
import { LogStore } from '../../../src/session/logs/log-store.ts';
import { createLogView, type ViewRequest } from '../../../src/session/logs/log-view.ts';
import type { LogView, Session, TimelineEntry } from '../../../src/session/types.ts';
import { logLine } from '../../support/log-line.ts';
import { target } from '../build.ts';

const line = (at: number, text = `at ${at}`): LogLine => logLine(at, text);
const texts = (view: LogView): readonly (string | undefined)[] => Array.from({ length: view.count }, (_, n) => view.line(n)?.text);

/** Checking lines takes no time. */
const frozen = { monotonic: () => 0 };

function setUp(bounds = { maxLines: 50_000, maxBytes: 1 << 24 }) {
  const store = new LogStore({ bounds });
  let session: Session = emptySession(target);
  return {
    store,
    append: (pod: string, ...lines: ReturnType<typeof line>[]) => store.append(pod, lines),
    tell(at: number, text: string, given: Partial<TimelineEntry> = {}) {
      session = apply(session, { kind: 'timeline', at, line: { at, from: 'k8s', severity: 'info', subject: undefined, text, ...given } });
    },
    view: (pods: ViewRequest['pods'], given: Partial<ViewRequest> = {}) =>
      createLogView({ store, session: () => session, clock: frozen, pods, ...given }),
  };
}

test('the lines of several pods are one log in the order of time', () => {
  const { append, view } = setUp();
  append('jm', line(1), line(4), line(9));
  append('tm', line(2), line(4, 'second at 4'), line(5));
  const both = view(['jm', 'tm']);
  expect(texts(both)).toEqual(['at 1', 'at 2', 'at 4', 'second at 4', 'at 5', 'at 9']);
  expect(both.line(1)).toMatchObject({ pod: 'tm', at: 2, level: undefined, timeline: undefined });
  expect([both.line(-1), both.line(6), both.line(0.5)].map((each) => each?.text)).toEqual([undefined, undefined, undefined]);
});

test('a line that arrives late takes its place, and a log that is new joins', () => {
  const { append, store, view } = setUp();
  append('jm', line(1), line(9));
  const all = view(() => store.names);
  expect(texts(all)).toEqual(['at 1', 'at 9']);
  const { version } = all;
  append('tm', line(5));
  append('jm', line(10));
  expect(texts(all)).toEqual(['at 1', 'at 5', 'at 9', 'at 10']);
  expect(all.version).toBeGreaterThan(version);
  expect(all.version).toBe(all.version);
});

test('a view of one pod does not show another, and takes up its pod when that begins to write', () => {
  const { append, view } = setUp();
  append('jm', line(1));
  const one = view(['tm']);
  expect(one.count).toBe(0);
  append('tm', line(2));
  expect(texts(one)).toEqual(['at 2']);
});

test('only what is wanted is taken in', () => {
  const { append, view } = setUp();
  append('jm', line(1, 'job failed now'), line(2, 'fine'));
  const matching = view(['jm'], { wanted: ({ text }) => text.includes('job failed') });
  const others = view(['jm'], { wanted: ({ text }) => !text.includes('job failed') });
  expect([texts(matching).length, texts(others)]).toEqual([1, ['fine']]);
  append('jm', line(3, 'job failed again'), line(4, 'fine too'));
  expect([texts(matching).at(-1), texts(others)]).toEqual(['job failed again', ['fine', 'fine too']]);
});

test('lines of the same moment keep their order although the newest are looked at first', () => {
  const { append, view } = setUp();
  for (const pod of ['jm', 'tm'])
    append(pod, ...Array.from({ length: 2_000 }, (_, index) => line(Math.floor(index / 700), `${pod} ${index}`)));
  const all = view(['jm', 'tm'], { wanted: () => true });
  while (all.pending > 0) all.advance();
  for (const pod of ['jm', 'tm'])
    expect(texts(all).filter((text) => text?.startsWith(pod))).toEqual(Array.from({ length: 2_000 }, (_, index) => `${pod} ${index}`));
});

test('of many lines the newest are looked at first, a slice at a time, and what was found keeps its number', () => {
  const { append, view } = setUp();
  for (const pod of ['jm', 'tm'])
    append(pod, ...Array.from({ length: 5_000 }, (_, index) => line(index * 2 + (pod === 'tm' ? 1 : 0), `${pod} ${index}`)));
  let asked = 0;
  // A hundred lines take a millisecond.
  const clock = { monotonic: () => asked / 100 };
  const found = view(['jm', 'tm'], { clock, wanted: ({ text }) => ++asked > 0 && text.endsWith('00') });
  expect(texts(found)).toEqual(['jm 4900', 'tm 4900']);
  const first = asked;
  expect(found.pending).toBe(10_000 - first);
  // Reading does not look further by itself.
  expect([found.count, found.pending, asked]).toEqual([2, 10_000 - first, first]);
  const newest = found.dropped + found.count - 1;
  const last = found.line(found.count - 1)?.text;
  append('jm', line(20_000, 'jm 99900'));
  expect(found.line(newest - found.dropped)?.text).toBe(last);
  while (found.pending > 0) {
    found.advance();
    expect(texts(found).at(-1)).toBe('jm 99900');
  }
  expect([found.count, asked]).toEqual([99, 10_001]);
  const stamps = Array.from({ length: found.count }, (_, n) => found.line(n)?.at ?? 0);
  expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
});

test.for([
  { what: 'a word', linesAMs: 500, most: 1_600 },
  { what: 'a slow expression', linesAMs: 20, most: 100 },
])('while all lines are searched for $what, a key waits for a slice of them only, and none is left out', ({ linesAMs, most }) => {
  const { append, view } = setUp();
  const pods = ['jm', 'tm1', 'tm2'];
  for (const pod of pods) append(pod, ...Array.from({ length: 4_000 }, (_, index) => line(index, `${pod} ${index}`)));
  let asked = 0;
  const found = view(pods, { clock: { monotonic: () => asked / linesAMs }, wanted: () => ++asked > 0 });
  const slices: number[] = [];
  const look = (step: () => unknown): void => {
    const before = asked;
    step();
    slices.push(asked - before);
  };
  look(() => found.count);
  while (found.pending > 0) {
    // Lines that arrive meanwhile are checked within the same slice.
    if (slices.length === 2) append('jm', ...Array.from({ length: 1_000 }, (_, index) => line(5_000 + index, `jm ${4_000 + index}`)));
    look(() => found.advance());
  }
  expect(Math.max(...slices)).toBeLessThanOrEqual(most);
  expect([found.count, asked]).toEqual([13_000, 13_000]);
  for (const pod of pods)
    expect(texts(found).filter((text) => text?.startsWith(`${pod} `))).toEqual(
      Array.from({ length: pod === 'jm' ? 5_000 : 4_000 }, (_, index) => `${pod} ${index}`),
    );
});

test('the timeline stands between the lines of its moment, also what is reported late', () => {
  const { append, tell, view } = setUp();
  append('jm', line(1), line(10));
  tell(5, 'pod created');
  const shown = view(['jm']);
  expect(texts(shown)).toEqual(['at 1', 'pod created', 'at 10']);
  expect(shown.line(1)).toMatchObject({ pod: undefined, timeline: { from: 'k8s' } });
  tell(3, 'earlier');
  append('jm', line(12));
  expect(texts(shown)).toEqual(['at 1', 'earlier', 'pod created', 'at 10', 'at 12']);
  expect(texts(view(['jm'], { timeline: false }))).toEqual(['at 1', 'at 10', 'at 12']);
});

test('the log of one pod does not show what happened to the others', () => {
  const { append, tell, view } = setUp();
  append('jm', line(1));
  tell(2, 'about tm', { subject: 'tm' });
  tell(3, 'about jm', { subject: 'jm' });
  tell(4, 'about a job', { from: 'flink', subject: 'a1' });
  expect(texts(view(['jm']))).toEqual(['at 1', 'about jm', 'about a job']);
  expect(texts(view(() => ['jm']))).toHaveLength(4);
});

test('lines that fall out go from the front; dropped and count together number every line there was', () => {
  const { append, view } = setUp({ maxLines: 100, maxBytes: 1 << 24 });
  const one = view(['jm']);
  for (let n = 0; n < 1_000; n += 7) {
    append('jm', ...Array.from({ length: 7 }, (_, m) => line(n + m)));
    expect(one.line(one.count - 1)?.text).toBe(`at ${n + 6}`);
    expect(one.dropped + one.count).toBe(n + 7);
  }
  expect([one.count, one.line(0)?.text]).toEqual([100, `at ${one.dropped}`]);
});

test('more lines than the ring holds between two looks are counted as dropped', () => {
  const { append, view } = setUp({ maxLines: 10, maxBytes: 1 << 24 });
  const one = view(['jm']);
  append('jm', line(0));
  expect(one.count).toBe(1);
  for (let n = 1; n < 50; n += 1) append('jm', line(n));
  expect([one.count, one.dropped, one.line(0)?.text]).toEqual([10, 40, 'at 40']);
});

test('a log that is forgotten leaves the view', () => {
  const { append, store, tell, view } = setUp();
  append('jm', line(1));
  append('tm', line(2));
  tell(3, 'timeline');
  const all = view(() => store.names);
  expect(all.count).toBe(3);
  store.forget('tm');
  expect(texts(all)).toEqual(['at 1', 'timeline']);
});

test('whatever arrives in whatever order, a view that was read all along shows what a new one shows', () => {
  let seed = 11;
  const random = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
  for (let round = 0; round < 15; round += 1) {
    const { append, store, tell, view } = setUp({ maxLines: 60 + random(100), maxBytes: 1 << 24 });
    const watched = view(() => store.names);
    const filtered = view(() => store.names, { wanted: ({ text }) => /[02468]$/.test(text) });
    const clocks = [0, 0, 0, 0];
    for (let step = 0; step < 120; step += 1) {
      const pod = random(4);
      clocks[pod] = (clocks[pod] ?? 0) + random(20);
      append(
        `p${pod}`,
        ...Array.from({ length: random(6) }, (_, n) => line((clocks[pod] ?? 0) + n * 3, `p${pod} ${step}.${n} ${random(10)}`)),
      );
      if (random(5) === 0) tell(random(step * 5 + 1), `timeline ${step} ${random(10)}`);
      if (random(3) === 0) void watched.count;
    }
    const again = view(() => store.names);
    const stamps = Array.from({ length: watched.count }, (_, n) => watched.line(n)?.at).filter((at) => at !== undefined);
    expect(stamps).toEqual(stamps.toSorted((a, b) => a - b));
    const sorted = (shown: LogView): readonly string[] =>
      texts(shown)
        .filter((text) => text !== undefined)
        .toSorted();
    expect(sorted(watched)).toEqual(sorted(again));
    expect(sorted(filtered)).toEqual(sorted(again).filter((text) => /[02468]$/.test(text)));
  }
});

test('the fingerprint of lines changes if one comes between them, not if older ones fall out, or newer ones come', () => {
  const { append, store, view } = setUp({ maxLines: 6, maxBytes: 1 << 24 });
  append('jm', line(1), line(2), line(3), line(5));
  append('tm', line(4));
  const all = view(() => store.names);
  expect(texts(all)).toHaveLength(5);
  const before = all.fingerprint(2, 5);
  append('jm', line(6), line(7), line(8));
  expect([all.dropped, all.line(1)?.at]).toEqual([1, 3]);
  expect(all.fingerprint(1, 4)).toBe(before);
  append('late', line(3.5));
  expect(texts(all)[2]).toBe('at 3.5');
  expect(all.fingerprint(1, 4)).not.toBe(before);
  // Logs that are removed and read again have the same numbers as before.
  const third = all.fingerprint(0, 1);
  store.forget('late');
  expect(texts(all)).toHaveLength(7);
  expect(all.fingerprint(0, 1)).not.toBe(third);
});
