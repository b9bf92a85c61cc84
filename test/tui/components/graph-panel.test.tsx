import { expect, test } from 'vitest';
import type { JobEdge } from '../../../src/flink/job-graph.ts';
import type { JobInside, VertexInside } from '../../../src/inside/job/types.ts';
import { keyOf } from '../../../src/session/inspections/inspections.ts';
import { GraphPanel } from '../../../src/tui/components/graph-panel.tsx';
import { createLook } from '../../../src/tui/look/look.ts';
import { shownGraph } from '../../../src/tui/state/graph.ts';
import { wholeGraph } from '../../../src/tui/state/graph-zoom.ts';
import type { Area } from '../../../src/tui/state/layout.ts';
import { jobPlace } from '../../../src/tui/state/places/job.ts';
import { enter } from '../../../src/tui/state/trail.ts';
import type { Frame, Ui } from '../../../src/tui/state/ui.ts';
import { insideOf } from '../../inside/job/build.ts';
import { jobDetail, vertex } from '../../support/job-detail.ts';
import { now, richSession } from '../fixtures.ts';
import { frame, show } from './show.tsx';

const edge = (from: string, to: string): JobEdge => ({ from, to, shipStrategy: 'HASH', exchange: 'pipelined_bounded' });

function jobOf(edges: readonly JobEdge[], loads: Readonly<Record<string, Partial<VertexInside>>>): JobInside {
  const ids = Object.keys(loads);
  const vertices = ids.map((id) => vertex({ id, name: id, parallelism: 4, tasks: { RUNNING: 4 } }));
  const inside = insideOf(jobDetail({ edges, vertices }));
  return {
    ...inside,
    vertices: inside.vertices.map((each) => ({ ...each, ...loads[each.vertex.id] })),
    bottleneck: { kind: 'found', id: 'Enrich', busy: 0.97, waiting: [{ id: 'Orders', share: 0.81 }] },
  };
}

const load = (busy: number, backPressured: number, recordsOut?: number): Partial<VertexInside> => ({
  load: { busy, backPressured, idle: 1 - busy - backPressured },
  rates: { recordsIn: undefined, recordsOut, bytesIn: undefined, bytesOut: undefined },
  past: [0.2, busy].map((share, at) => ({
    at,
    load: { busy: share, backPressured, idle: 0 },
    recordsIn: undefined,
    recordsOut: undefined,
  })),
});
const chain = jobOf([edge('Orders', 'Enrich'), edge('Enrich', 'Sink')], {
  Orders: load(0.12, 0.81, 1_200),
  Enrich: load(0.97, 0, 940),
  Sink: {},
});

/** A frame in the place of a job whose graph has this room. */
function frameOf(inside: JobInside | undefined, area: Area, ui: Partial<Ui> = {}, over: Partial<Frame> = {}): Frame {
  const subject = { kind: 'job', job: 'j' } as const;
  const first = frame();
  const inspection = { subject, facts: inside, readAt: now, problem: undefined };
  return {
    ...first,
    ...over,
    session: { ...richSession(), inspections: new Map([[keyOf(subject), inspection]]) },
    layout: { ...first.layout, panels: [{ name: 'graph', area }] },
    ui: { ...first.ui, ...ui, trail: enter(first.ui.trail, jobPlace('j', { panel: 'jobs', zoomed: false, typing: 'off' })) },
  };
}

function inGraph(inside: JobInside | undefined, width: number, height: number, ui: Partial<Ui> = {}, over: Partial<Frame> = {}) {
  const area = { x: 0, y: 0, width, height };
  const view = show(<GraphPanel area={area} />, frameOf(inside, area, ui, over), area);
  /** Below its title. */
  return { ...view, body: (): string => view.text().split('\n').slice(1).join('\n') };
}

const selected = (id: string): Partial<Ui> => {
  const { lists } = frame().ui;
  return { lists: { ...lists, vertices: { ...lists.vertices, selected: id } } };
};

test('the graph has each vertex with its load, what flows between them, and the bottleneck', () => {
  expect(inGraph(chain, 90, 10, selected('Orders')).body()).toMatchInlineSnapshot(`
    "│                                                                                        │
    │ ╭─────────────────────╮        ╭─────────────────────╮        ╭─────────────────────╮  │
    │ │▸Orders              │1.2k/s  │◆Enrich              │940/s   │ Sink                │  │
    │ │ ▶ Running 4/4       │───────▶│ ▶ Running 4/4       │───────▶│ ▶ Running 4/4       │  │
    │ │ busy  12% █░░░░  ▂▁ │        │ busy  97% ████░  ▂█ │        │ busy    -           │  │
    │ │ back  81% ████░  ▇▇ │        │ back   0% ░░░░░  ▁▁ │        │ back    -           │  │
    │ ╰─────────────────────╯        ╰─ bottleneck ────────╯        ╰─────────────────────╯  │
    │                                                                                        │
    ╰────────────────────────────────────────────────────────────────────────────────────────╯"
  `);
});

test('with little room the boxes have names, then a row, then they are a tree or left to the table', () => {
  expect(inGraph(chain, 70, 7).body()).toMatchInlineSnapshot(`
    "│                                                                    │
    │ ╭─────────────────╮    ╭─────────────────╮    ╭─────────────────╮  │
    │ │ Orders          │───▶│◆Enrich          │───▶│ Sink            │  │
    │ ╰─────────────────╯    ╰─ bottleneck ────╯    ╰─────────────────╯  │
    │                                                                    │
    ╰────────────────────────────────────────────────────────────────────╯"
  `);
  expect(inGraph(chain, 60, 4, selected('Enrich')).body()).toMatchInlineSnapshot(`
    "│ [ Orders       ]──▶[▸Enrich       ]──▶[ Sink         ]   │
    │                                                          │
    ╰──────────────────────────────────────────────────────────╯"
  `);
  expect(inGraph(chain, 36, 6).body()).toMatchInlineSnapshot(`
    "│  Orders   ▶ Running 4/4  busy 12%│
    │ └ ◆Enrich   ▶ Running 4/4  busy …│
    │   └  Sink     ▶ Running 4/4  bus…│
    │                                  │
    ╰──────────────────────────────────╯"
  `);
  expect(inGraph(chain, 36, 4).text()).toContain('The graph has no room here');
});

test('zoomed in it shows the part around the selected vertex', () => {
  const text = inGraph(chain, 50, 8, { ...selected('Sink'), graph: { ...wholeGraph, detail: 'lines' } }).text();
  expect(text).toContain('▸Sink');
  expect(text).not.toContain('Orders');
});

test('it is drawn without colours and without anything but ASCII', () => {
  const look = createLook({ theme: 'dark', depth: 'none', ascii: true, motion: false });
  const text = inGraph(chain, 90, 10, selected('Orders'), { look }).text();
  expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  expect(text).toContain('-->');
});

test('names from outside break no box', () => {
  const hostile = 'a\u001b[2Jb\n\u202ec 注文 '.repeat(5);
  const inside = { ...chain, vertices: chain.vertices.map((each) => ({ ...each, vertex: { ...each.vertex, name: hostile } })) };
  const rows = inGraph(inside, 90, 10).text().split('\n');
  expect(new Set(rows.map((row) => [...row].length > 0)).size).toBe(1);
  expect(rows.every((row) => row.endsWith('│') || row.endsWith('╯') || row.endsWith('╮'))).toBe(true);
});

test('before anything is known it says so, and the same figures are not drawn again', async () => {
  expect(inGraph(undefined, 60, 8).text()).toContain('Reading the job.');
  const view = inGraph(chain, 90, 10);
  view.drawnSince();
  await view.next(({ session }) => ({ session: { ...session, jobs: [] } }));
  expect(view.drawnSince()).toBe(0);
});

test('states, figures and parallelism move nothing in the graph, and a stage that is planned later only adds to it', () => {
  const area = { x: 0, y: 0, width: 118, height: 30 };
  const layoutOf = (inside: JobInside) => {
    const view = shownGraph(frameOf(inside, area))?.view;
    if (view?.kind !== 'graph') throw new Error('no graph');
    return view.drawn.layout;
  };
  const edges = [edge('Orders', 'Join'), edge('Users', 'Join'), edge('Join', 'Count')];
  const vertices = ['Orders', 'Users', 'Join', 'Count'];
  const before = layoutOf(jobOf(edges, Object.fromEntries(vertices.map((id) => [id, load(0.1, 0)]))));
  const busy = jobOf(edges, Object.fromEntries(vertices.map((id) => [id, load(0.9, 0.05, 1_200)])));
  const rescaled = busy.vertices.map((each) => ({ ...each, vertex: { ...each.vertex, parallelism: 64, state: 'FAILED' } }));
  expect(layoutOf({ ...busy, vertices: rescaled })).toBe(before);
  const later = jobOf([...edges, edge('Users', 'Audit')], Object.fromEntries([...vertices, 'Audit'].map((id) => [id, {}])));
  expect(layoutOf(later).layers).toEqual([['Orders', 'Users'], ['Join', 'Audit'], ['Count']]);
});
