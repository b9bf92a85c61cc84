import { expect, test } from 'vitest';
import type { SampledFrame } from '../../../src/flink/flame-types.ts';
import { keyOf } from '../../../src/session/inspections/inspections.ts';
import { FlamePanel } from '../../../src/tui/components/flame-panels.tsx';
import { createLook } from '../../../src/tui/look/look.ts';
import { flameLines } from '../../../src/tui/rows/flame.ts';
import { shownFlame } from '../../../src/tui/state/flame.ts';
import { flamePlace } from '../../../src/tui/state/places/flame.ts';
import { readFilter } from '../../../src/tui/state/filter.ts';
import { enter, withFlame } from '../../../src/tui/state/trail.ts';
import type { Frame } from '../../../src/tui/state/ui.ts';
import { enrichFrames, flameInside } from '../../support/flame-inside.ts';
import { now, richSession } from '../fixtures.ts';
import { frame, show } from './show.tsx';

const subject = { kind: 'flame', job: 'j', vertex: 'v1', subtask: undefined, type: 'on_cpu' } as const;

/** A frame at a flame graph of these samples. */
function frameAt(frames: readonly SampledFrame[], width: number, height: number, over: Partial<Frame> = {}): Frame {
  const first = frame();
  const inspection = flameInside({ job: 'j', vertex: 'v1' }, now, { samples: { at: now, frames } });
  return {
    ...first,
    session: { ...richSession(), inspections: new Map([[keyOf(subject), inspection]]) },
    layout: { ...first.layout, panels: [{ name: 'flame', area: { x: 0, y: 0, width, height } }] },
    ui: { ...first.ui, trail: enter(first.ui.trail, flamePlace(subject, { panel: 'jobs', zoomed: false, typing: 'off' })) },
    ...over,
  };
}

const inFlame = (frames: readonly SampledFrame[], width: number, height: number, over: Partial<Frame> = {}) =>
  show(<FlamePanel area={{ x: 0, y: 0, width, height }} />, frameAt(frames, width, height, over), { width, height });

const body = (text: string): string => text.split('\n').slice(1, -1).join('\n');

/** Each frame calls four others, down to this depth: 4^n frames in the n-th row. */
function wide(depth: number, level = 0, samples = 4 ** depth): readonly SampledFrame[] {
  const own = { level, name: `org.example.A.m${level}`, samples };
  return level === depth ? [own] : [own, ...Array.from({ length: 4 }, () => wide(depth, level + 1, samples / 4)).flat()];
}

test('each frame is as wide as its share, below the one that called it, and the selected one is named in full', () => {
  expect(body(inFlame(enrichFrames, 62, 8).text())).toMatchInlineSnapshot(`
    "││root                                                       │
    │▸Thread.run                                                 │
    ││Enrich.map                                     │Sink.write │
    ││Http.call                    │Json.parse                   │
    │                                                            │
    │ 100%, own 0%  java.lang.Thread.run:840                     │"
  `);
});

test('frames that are too narrow are counted together', () => {
  expect(body(inFlame(wide(3), 34, 7).text())).toMatchInlineSnapshot(`
    "│▸A.m0                           │
    ││A.m1   │A.m1   │A.m1   │A.m1   │
    ││A│A│A│A│A│A│A│A│A│A│A│A│A│A│A│A│
    ││×64                            │
    │ 100%, own 0%  org.example.A.m0 │"
  `);
});

test('it is drawn without colours and without anything but ASCII', () => {
  const look = createLook({ theme: 'dark', depth: 'none', ascii: true, motion: false });
  const text = inFlame(wide(4), 60, 9, { look }).text();
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  expect(text).toContain('>A.m0');
});

test('names from outside break no row', () => {
  const hostile = 'a\u001b[2Jb\n\u202ec 注文 '.repeat(9);
  const rows = inFlame(
    enrichFrames.map((each) => ({ ...each, name: hostile })),
    60,
    9,
  )
    .text()
    .split('\n');
  expect(rows.length).toBe(9);
  expect(rows.slice(1, -1).every((row) => row.startsWith('│') && row.endsWith('│'))).toBe(true);
});

test('a search marks the frames that match, also one that has no cell of its own', () => {
  const names = [
    ['root', 0, 100],
    ['Wide', 1, 98],
    ['Narrow', 1, 1],
    ['Rare', 1, 1],
  ] as const;
  const frames = names.map(([name, level, samples]) => ({ level, name: `org.example.${name}.run`, samples }));
  const reading = readFilter('Rare');
  const search = reading.kind === 'filter' ? reading.filter : undefined;
  const first = frameAt(frames, 34, 7);
  const trail = withFlame(first.ui.trail, (graph) => ({ ...graph, search }));
  const at = { ...first, look: createLook({ theme: 'dark', depth: 'true', ascii: false, motion: false }), ui: { ...first.ui, trail } };
  const shown = shownFlame(at);
  const lines = shown && flameLines(shown, 32, at.look);
  expect(lines?.map((line) => line.includes(at.look.theme.around('match')[0]))).toEqual([false, true, false, false, false]);
});

test('of 20,000 frames only those in view are drawn, and they are laid out once', () => {
  const frames = wide(7);
  expect(frames.length).toBeGreaterThan(20_000);
  const at = frameAt(frames, 80, 6);
  const shown = shownFlame(at);
  if (shown === undefined) throw new Error('nothing is shown');
  expect(flameLines(shown, 78, at.look).length).toBe(4);
  expect(shown.rows.every((row) => row.length <= 78)).toBe(true);
  const later = shownFlame({ ...at, session: { ...at.session, jobs: [] } });
  expect(later?.rows).toBe(shown.rows);
  expect(later?.flame).toBe(shown.flame);
});

test('the same samples are not drawn again', async () => {
  const view = inFlame(enrichFrames, 60, 9);
  view.drawnSince();
  await view.next(({ session }) => ({ session: { ...session, jobs: [] }, now: now + 2_000 }));
  expect(view.drawnSince()).toBe(0);
});
