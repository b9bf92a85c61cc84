import { describe, expect, test } from 'vitest';
import { type Arrangement, arranged } from '../../../src/inside/graph/arrangement.ts';
import {
  asciiDrawing,
  boxDrawing,
  type Drawing,
  drawing,
  piecesOf,
  stepsOf,
  vertexAt,
  type WireGlyphs,
} from '../../../src/inside/graph/drawing.ts';
import { drawnIn, fitted, neighbourOf, panTo } from '../../../src/inside/graph/fit.ts';
import { acyclic, type Graph } from '../../../src/inside/graph/graph.ts';
import { layered } from '../../../src/inside/graph/layers.ts';
import { type Area, type GraphLayout, type GraphShape, layoutGraph, type Point } from '../../../src/inside/graph/layout.ts';
import { crossingsOf, ordered } from '../../../src/inside/graph/order.ts';
import { treeOf } from '../../../src/inside/graph/tree.ts';
import { random } from '../random.ts';

/** `a>b b>c d`: edges, and vertices without any. */
function graphOf(text: string): Graph {
  const words = text.split(' ').map((word) => word.split('>'));
  return {
    vertices: [...new Set(words.flat())].map((id) => ({ id })),
    edges: words.flatMap(([from, to]) => (from === undefined || to === undefined ? [] : [{ from, to }])),
  };
}

const framed: GraphShape = { width: 6, height: 3, ports: 1, gap: 4 };
const tall: GraphShape = { width: 8, height: 6, ports: 4, gap: 8 };
const bare: GraphShape = { width: 8, height: 1, ports: 1, gap: 3 };

function layoutOf(arrangement: Arrangement | undefined, shape: GraphShape): GraphLayout {
  const layout = arrangement === undefined ? undefined : layoutGraph(arrangement, shape);
  if (layout === undefined) throw new Error('too large');
  return layout;
}

const laidOut = (graph: Graph, shape: GraphShape): GraphLayout => layoutOf(arranged(graph), shape);

function pictureOf(
  graph: Graph,
  shape: GraphShape,
  glyphs: WireGlyphs = boxDrawing,
  labels: readonly { from: string; text: string }[] = [],
): string {
  const drawn = drawing(laidOut(graph, shape));
  return Array.from({ length: drawn.layout.height }, (_, y) =>
    piecesOf(drawn, y, glyphs, labels)
      .reduce((line, piece) => {
        const text =
          piece.kind === 'box' ? `[${(piece.row === (shape.height - 1) >> 1 ? piece.id : '').padEnd(shape.width - 2)}]` : piece.text;
        return line.padEnd(piece.x) + text;
      }, '')
      .trimEnd(),
  ).join('\n');
}

/** Any graph without circles: up to 40 vertices, with edges that skip layers. */
function anyGraph(seed: number): Graph {
  const next = random(seed);
  const count = 1 + Math.floor(next() * 40);
  const ids = Array.from({ length: count }, (_, index) => `v${index}`);
  const edges = ids.flatMap((to, index) =>
    Array.from({ length: index === 0 ? 0 : Math.floor(next() * 3) }, () => ({ from: ids[Math.floor(next() * index)] ?? to, to })),
  );
  return { vertices: ids.map((id) => ({ id })), edges };
}
const seeds = Array.from({ length: 30 }, (_, seed) => seed);
const shapes = [bare, framed, tall];

const keyOf = ({ x, y }: Point): string => `${x} ${y}`;
const cellsOf = (area: Area): readonly Point[] =>
  Array.from({ length: area.width * area.height }, (_, index) => ({
    x: area.x + (index % area.width),
    y: area.y + Math.floor(index / area.width),
  }));
const cellAt = ({ layout, cells }: Drawing, { x, y }: Point): number => cells[y * layout.width + x] ?? 0;

/** Cells of boxes that lie over another box or outside, and cells of lines that lie on a box. */
function misplaced(layout: GraphLayout): readonly string[] {
  const cells = [...layout.boxes.values()].flatMap((area) => cellsOf(area));
  const keys = cells.map(keyOf);
  const boxes = new Set(keys);
  const lines = layout.wires.flatMap((wire) => [...stepsOf(wire)].flatMap(({ from, to }) => [keyOf(from), keyOf(to)]));
  return [
    ...keys.filter((key, index) => keys.indexOf(key) !== index),
    ...cells.filter(({ x, y }) => x < 0 || x >= layout.width || y < 0 || y >= layout.height).map(keyOf),
    ...lines.filter((key) => boxes.has(key)),
  ];
}

describe('a graph', () => {
  test('is drawn from left to right, with an arrow at each box that reads', () => {
    expect(pictureOf(graphOf('a>b b>c'), framed)).toBe(
      ['[    ]    [    ]    [    ]', '[a   ]───▶[b   ]───▶[c   ]', '[    ]    [    ]    [    ]'].join('\n'),
    );
  });

  test('forks and joins with lines that belong to one vertex each', () => {
    const diamond = graphOf('a>b a>c b>d c>d');
    expect(pictureOf(diamond, bare).split('\n')).toEqual(['         ┌▶[b     ]─┬▶[d     ]', '[a     ]─┴▶[c     ]─┘']);
    expect(pictureOf(diamond, { ...framed, height: 4, ports: 2 }).split('\n')).toEqual([
      '          [    ]',
      '        ┌▶[b   ]──┐',
      '        │ [    ]  │ [    ]',
      '[    ]  │ [    ]  └▶[d   ]',
      '[a   ]──┤         ┌▶[    ]',
      '[    ]  │ [    ]  │ [    ]',
      '[    ]  └▶[c   ]──┘',
      '          [    ]',
      '          [    ]',
    ]);
  });

  test('is drawn in ASCII as well', () => {
    const rows = pictureOf(graphOf('a>b a>c b>d c>d'), bare, asciiDrawing).split('\n');
    expect(rows).toEqual(['         +>[b     ]-+>[d     ]', '[a     ]-+>[c     ]-+']);
  });

  test('has what flows along an edge above it, if there is room', () => {
    expect(
      pictureOf(graphOf('a>b'), { ...framed, gap: 8 }, boxDrawing, [{ from: 'a', text: '1.2k/s' }])
        .split('\n')
        .slice(0, 2),
    ).toEqual(['[    ]1.2k/s  [    ]', '[a   ]───────▶[b   ]']);
    expect(pictureOf(graphOf('a>b'), framed, boxDrawing, [{ from: 'a', text: '1.2k/s' }])).not.toContain('1.2k');
  });

  test('keeps a source next to what reads from it', () => {
    expect(laidOut(graphOf('a>b b>c c>d x>d'), framed).layers).toEqual([['a'], ['b'], ['c', 'x'], ['d']]);
  });

  test('with a circle has an arrow that leads back', () => {
    const layout = laidOut(graphOf('a>b b>c c>a'), framed);
    expect(layout.layers).toEqual([['a'], ['b'], ['c']]);
    expect(pictureOf(graphOf('a>b b>c c>a'), framed)).toContain('[a   ]◀');
  });

  test('without vertices is empty, and edges of vertices that are not there are left out', () => {
    expect(laidOut({ vertices: [], edges: [{ from: 'a', to: 'b' }] }, framed)).toMatchObject({ width: 0, wires: [] });
    expect(
      laidOut(
        {
          vertices: [{ id: 'a' }, { id: 'a' }],
          edges: [
            { from: 'a', to: 'a' },
            { from: 'a', to: 'zz' },
          ],
        },
        framed,
      ),
    ).toMatchObject({
      width: 6,
      height: 3,
      wires: [],
    });
  });

  test('that is too large is not drawn', () => {
    expect(
      layoutGraph(arranged({ vertices: Array.from({ length: 201 }, (_, id) => ({ id: String(id) })), edges: [] }), bare),
    ).toBeUndefined();
  });

  test('whose lines pass too many layers is not drawn: it would hold up the screen for seconds', () => {
    const ids = Array.from({ length: 60 }, (_, id) => String(id));
    const chain = ids.slice(1).map((to, from) => ({ from: String(from), to }));
    const across = ids.slice(0, 40).map((from) => ({ from, to: '59' }));
    expect(layoutGraph(arranged({ vertices: ids.map((id) => ({ id })), edges: chain }), bare)).toBeDefined();
    expect(layoutGraph(arranged({ vertices: ids.map((id) => ({ id })), edges: [...chain, ...across] }), bare)).toBeUndefined();
  });

  test.each(seeds)('has no two boxes over each other, and lines keep off boxes (%s)', (seed) => {
    expect(shapes.flatMap((shape) => misplaced(laidOut(anyGraph(seed), shape)))).toEqual([]);
  });

  test.each(seeds)('loses no edge: each is a line from its box to the other one (%s)', (seed) => {
    const graph = anyGraph(seed);
    const wanted = new Set(graph.edges.map(({ from, to }) => `${from} ${to}`));
    for (const shape of shapes) {
      const drawn = drawing(laidOut(graph, shape));
      expect(new Set(drawn.layout.wires.map(({ from, to }) => `${from} ${to}`))).toEqual(wanted);
      for (const wire of drawn.layout.wires) {
        const [start, end] = [wire.points[0] ?? { x: 0, y: 0 }, wire.points.at(-1) ?? { x: 0, y: 0 }];
        expect(vertexAt(drawn, start.x - 1, start.y)).toBe(wire.from);
        expect(vertexAt(drawn, end.x + 1, end.y)).toBe(wire.to);
        const steps = [...stepsOf(wire)];
        expect(steps.filter(({ from, to }) => Math.abs(from.x - to.x) + Math.abs(from.y - to.y) !== 1)).toEqual([]);
        const drawnTo = ({ from, to, leaves, arrives }: (typeof steps)[number]) =>
          (cellAt(drawn, from) & leaves) === leaves && (cellAt(drawn, to) & arrives) === arrives;
        expect(steps.filter((step) => !drawnTo(step))).toEqual([]);
      }
    }
  });

  test.each(seeds)(
    'has lines that cross, but never run along the line of another vertex, except into the box that both lead to (%s)',
    (seed) => {
      for (const shape of shapes) {
        const layout = laidOut(anyGraph(seed), shape);
        const along = new Map<string, { from: string; to: string }[]>();
        for (const wire of layout.wires) {
          for (const { from, to } of stepsOf(wire)) {
            const key = `${keyOf(from)} ${keyOf(to)}`;
            along.set(key, [...(along.get(key) ?? []), wire]);
          }
        }
        for (const wires of along.values()) {
          const oneStart = new Set(wires.map(({ from }) => from)).size === 1;
          const oneEnd = new Set(wires.map(({ to }) => to)).size === 1;
          expect(oneStart || oneEnd).toBe(true);
        }
      }
    },
  );

  test.each(seeds)('is the same each time, and has the same layers whatever the order of its edges (%s)', (seed) => {
    const graph = anyGraph(seed);
    expect(laidOut(graph, tall)).toEqual(laidOut(structuredClone(graph), tall));
    const sets = (layout: GraphLayout) => layout.layers.map((layer) => layer.toSorted());
    expect(sets(laidOut({ ...graph, edges: graph.edges.toReversed() }, tall))).toEqual(sets(laidOut(graph, tall)));
  });

  test.each(seeds)('crosses no more lines than in the order of the answer (%s)', (seed) => {
    const graph = layered(acyclic(anyGraph(seed)));
    expect(crossingsOf(ordered(graph).layers, graph.links)).toBeLessThanOrEqual(crossingsOf(graph.layers, graph.links));
  });

  describe.each(seeds)('that grows (%s)', (seed) => {
    /** It as it was seen after each vertex that came at its end, with the edges to it. */
    const whole = anyGraph(seed);
    const grown: Arrangement[] = [];
    for (const [index] of whole.vertices.entries()) {
      const vertices = whole.vertices.slice(0, index + 1);
      const edges = whole.edges.filter(({ to }) => vertices.some(({ id }) => id === to));
      grown.push(arranged({ vertices, edges }, grown.at(-1)));
    }

    test('keeps every vertex in its layer, and the order of each layer', () => {
      for (const [index, after] of grown.slice(1).entries()) {
        const before = layoutOf(grown[index], framed);
        const { layers } = layoutOf(after, framed);
        const old = layers.map((layer) => layer.filter((id) => before.boxes.has(id)));
        expect(old.filter((layer, place) => layer.length > 0 || place < before.layers.length)).toEqual(before.layers);
      }
    });

    test('is as sound as one that came at once: no box over another one, no line lost or through a box', () => {
      for (const shape of shapes) {
        const layout = layoutOf(grown.at(-1), shape);
        expect(layout.wires.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual(
          laidOut(whole, shape)
            .wires.map(({ from, to }) => `${from} ${to}`)
            .toSorted(),
        );
        expect(misplaced(layout)).toEqual([]);
      }
    });
  });

  test('that only shows other figures does not move; one that has lost a vertex is another graph', () => {
    const graph = graphOf('a>b b>c b>d c>e d>e');
    const before = arranged(graph);
    expect(arranged(structuredClone(graph), before)).toEqual(before);
    const smaller = graphOf('a>b b>d d>e');
    expect(arranged(smaller, before)).toEqual(arranged(smaller));
  });

  test('puts a new vertex where it crosses no lines, and a new edge moves only what has to stand behind it', () => {
    const before = arranged(graphOf('a>c b>d'));
    const after = layoutOf(arranged(graphOf('a>c b>d a>x'), before), framed);
    expect(after.layers).toEqual([
      ['a', 'b'],
      ['c', 'x', 'd'],
    ]);
    expect(layoutOf(arranged(graphOf('a>c b>d c>d'), before), framed).layers).toEqual([['a', 'b'], ['c'], ['d']]);
  });

  test('of any answer at all ends, whatever circles are in it', () => {
    for (const seed of seeds) {
      const next = random(seed);
      const ids = Array.from({ length: 12 }, (_, index) => `v${index}`);
      const pick = () => ids[Math.floor(next() * ids.length)] ?? 'none';
      const edges = Array.from({ length: 30 }, () => ({ from: pick(), to: next() < 0.1 ? 'missing' : pick() }));
      const graph = { vertices: ids.map((id) => ({ id })), edges };
      const layout = laidOut(graph, framed);
      expect(layout.boxes.size).toBe(12);
      expect(treeOf(graph).length).toBeGreaterThanOrEqual(12);
    }
  });
});

describe('on a screen', () => {
  const chain = graphOf('a>b b>c c>d');

  test('boxes take the width that is there, lose their lines, and become a tree when the screen gets narrower', () => {
    const content = { lines: 3, width: 30 };
    const at = (columns: number, rows: number) => {
      const view = fitted(arranged(chain), { columns, rows }, content);
      return view.kind === 'graph' ? `${view.detail} ${view.drawn.layout.boxes.get('a')?.width}` : view.kind;
    };
    expect(at(200, 20)).toBe('lines 30');
    expect(at(100, 20)).toBe('lines 19');
    expect(at(88, 20)).toBe('lines 16');
    expect(at(87, 20)).toBe('name 18');
    expect(at(100, 4)).toBe('name 22');
    expect(at(100, 1)).toBe('bare 22');
    expect(at(49, 20)).toBe('bare 10');
    expect(at(48, 20)).toBe('tree');
    expect(at(48, 3)).toBe('table');
  });

  test.each(seeds)('it is never wider or higher than the screen unless it was zoomed in (%s)', (seed) => {
    const next = random(seed);
    const room = { columns: 10 + Math.floor(next() * 190), rows: 1 + Math.floor(next() * 60) };
    const view = fitted(arranged(anyGraph(seed)), room, { lines: 3, width: 24 });
    const size = view.kind === 'graph' ? view.drawn.layout : { width: 0, height: view.kind === 'tree' ? view.rows.length : 0 };
    expect(size.width).toBeLessThanOrEqual(room.columns);
    expect(size.height).toBeLessThanOrEqual(room.rows);
  });

  test('a tree has each vertex below one that it reads from, once with what follows', () => {
    expect(
      treeOf(graphOf('a>b a>c b>d c>d d>e')).map(({ id, branches, again }) => `${branches.join(' ')} ${id}${again ? ' again' : ''}`.trim()),
    ).toEqual(['a', 'fork b', 'through last d', 'through blank last e', 'last c', 'blank last d again']);
  });

  test('the selection goes along the lines and from box to box', () => {
    const drawn = drawing(laidOut(graphOf('a>b a>c b>d c>d'), framed));
    expect(neighbourOf(drawn, 'a', 'right')).toBe('b');
    expect(neighbourOf(drawn, 'b', 'down')).toBe('c');
    expect(neighbourOf(drawn, 'c', 'up')).toBe('b');
    expect(neighbourOf(drawn, 'c', 'left')).toBe('a');
    expect(neighbourOf(drawn, 'd', 'right')).toBeUndefined();
    expect(neighbourOf(drawn, 'nothing', 'right')).toBeUndefined();
  });

  test('the part of a large graph that is shown moves no further than needed', () => {
    const drawn = drawnIn(arranged(chain), { columns: 40 }, { lines: 3, width: 24 }, 'lines');
    if (drawn === undefined) throw new Error('too large');
    const room = { columns: 40, rows: 6 };
    expect(panTo(drawn, 'b', room, { x: 0, y: 0 })).toEqual({ x: 0, y: 0 });
    expect(panTo(drawn, 'c', room, { x: 0, y: 0 })).toEqual({ x: 24, y: 0 });
    expect(panTo(drawn, 'a', room, { x: 24, y: 3 })).toEqual({ x: 0, y: 0 });
    expect(panTo(drawn, undefined, room, { x: 900, y: 0 })).toEqual({ x: 48, y: 0 });
  });
});
