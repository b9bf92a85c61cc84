/**
 * The lines between two layers. All lines of one node are a net: they leave it at one row, share one vertical line and enter each target at a
 * row of their own. Nets may cross, but never run along each other: a reader could not tell them apart.
 */
export interface Net {
  readonly node: number;
  /** The row at which it leaves. */
  readonly out: number;
  readonly targets: readonly { readonly node: number; readonly row: number }[];
}

/** Where a net is vertical: nowhere if it is straight, at one column, or at two that a row joins. */
export type NetPath =
  | { readonly kind: 'straight' }
  | { readonly kind: 'single'; readonly column: number }
  | { readonly kind: 'double'; readonly first: number; readonly row: number; readonly last: number };

export interface Channel {
  readonly paths: ReadonlyMap<number, NetPath>;
  /** Columns of vertical lines. */
  readonly columns: number;
  /** Rows that it needs: more than there are if a net goes around below them. */
  readonly rows: number;
}

/** A vertical line of a net, from its first to its last row. */
interface Vertical {
  readonly net: Net;
  readonly first: boolean;
  readonly last: boolean;
  readonly from: number;
  readonly to: number;
}

export function channelOf(nets: readonly Net[], rows: number): Channel {
  const bent = nets.filter(({ out, targets }) => targets.some(({ row }) => row !== out));
  /** The rows that join the two vertical lines of a net, which it has where one line alone would run along another net. */
  const joints = new Map<number, number>();
  for (;;) {
    const verticals = bent.flatMap((net) => verticalsOf(net, joints.get(net.node)));
    const sorted = inOrder(verticals);
    if (sorted.kind === 'circle') {
      const net = sorted.through.find(({ node }) => !joints.has(node));
      // Nets with two vertical lines each cannot wait for each other in a circle.
      if (net === undefined) throw new Error('nets that can be placed are in a circle');
      joints.set(net.node, freeRow(net, nets, joints, rows));
      continue;
    }
    const columns = columnsOf(sorted);
    const columnOf = (node: number, end: 'first' | 'last'): number => verticals.findIndex((each) => each.net.node === node && each[end]);
    const paths = new Map(
      nets.map(({ node }): [number, NetPath] => {
        const [first, last] = [columns[columnOf(node, 'first')], columns[columnOf(node, 'last')]];
        const row = joints.get(node);
        if (first === undefined || last === undefined) return [node, { kind: 'straight' }];
        return [node, row === undefined ? { kind: 'single', column: first } : { kind: 'double', first, row, last }];
      }),
    );
    const low = Math.max(rows, ...[...joints.values()].map((row) => row + 1));
    return { paths, columns: Math.max(0, ...columns.map((column) => column + 1)), rows: low };
  }
}

function verticalsOf(net: Net, joint: number | undefined): readonly Vertical[] {
  const ends = net.targets.map(({ row }) => row);
  const between = (rows: readonly number[]) => ({ from: Math.min(...rows), to: Math.max(...rows) });
  if (joint === undefined) return [{ net, first: true, last: true, ...between([net.out, ...ends]) }];
  return [
    { net, first: true, last: false, ...between([net.out, joint]) },
    { net, first: false, last: true, ...between([joint, ...ends]) },
  ];
}

/** The row nearest to the net at which no line leaves or enters. */
function freeRow({ out, targets }: Net, nets: readonly Net[], joints: ReadonlyMap<number, number>, rows: number): number {
  const taken = new Set([...joints.values(), ...nets.flatMap((net) => [net.out, ...net.targets.map(({ row }) => row)])]);
  const aim = (out + (targets[0]?.row ?? out)) / 2;
  const free = Array.from({ length: rows + joints.size + 1 }, (_, row) => row).filter((row) => !taken.has(row));
  return free.toSorted((a, b) => Math.abs(a - aim) - Math.abs(b - aim) || a - b)[0] ?? rows;
}

type Sorted =
  | { readonly kind: 'order'; readonly order: readonly number[]; readonly verticals: readonly Vertical[]; readonly before: Before }
  | { readonly kind: 'circle'; readonly through: readonly Net[] };

/** By the number of a vertical line: the numbers of those that must stand left of it. */
type Before = readonly (readonly number[])[];

/**
 * Where a net leaves at the row at which another one enters, the first must turn off before the second turns in. Ready ones are taken so that
 * they cross less: of those that lead down the lowest first, of those that lead up the highest.
 */
function inOrder(verticals: readonly Vertical[]): Sorted {
  const before: Before = verticals.map((later) =>
    [...verticals.keys()].filter((number) => {
      const earlier = verticals[number];
      if (earlier === undefined || earlier === later || !earlier.first || !later.last) return false;
      return earlier.net === later.net || later.net.targets.some(({ row }) => row === earlier.net.out);
    }),
  );
  const order: number[] = [];
  const left = new Set(verticals.keys());
  const preferred = [...verticals.keys()].toSorted((a, b) => preference(verticals[a]) - preference(verticals[b]));
  while (left.size > 0) {
    const next = preferred.find((number) => left.has(number) && (before[number] ?? []).every((earlier) => !left.has(earlier)));
    if (next === undefined) return { kind: 'circle', through: circleIn(left, before).flatMap((number) => verticals[number]?.net ?? []) };
    left.delete(next);
    order.push(next);
  }
  return { kind: 'order', order, verticals, before };
}

const preference = (vertical: Vertical | undefined): number => {
  if (vertical === undefined) return 0;
  const { out } = vertical.net;
  return vertical.to > out ? -out : out;
};

/** Vertical lines that wait for each other. */
function circleIn(left: ReadonlySet<number>, before: Before): readonly number[] {
  const way: number[] = [];
  let at: number | undefined = [...left][0];
  while (at !== undefined && !way.includes(at)) {
    way.push(at);
    at = before[at]?.find((earlier) => left.has(earlier));
  }
  return at === undefined ? way : way.slice(way.indexOf(at));
}

/** The column of each vertical line: the first one right of those before it in which it touches no other. */
function columnsOf({ order, verticals, before }: Extract<Sorted, { readonly kind: 'order' }>): readonly number[] {
  const columns: number[] = verticals.map(() => -1);
  for (const number of order) {
    const own = verticals[number];
    if (own === undefined) continue;
    let column = Math.max(0, ...(before[number] ?? []).map((earlier) => (columns[earlier] ?? -1) + 1));
    const touches = (at: number): boolean =>
      verticals.some((other, index) => columns[index] === at && other.from <= own.to && own.from <= other.to);
    while (touches(column)) column += 1;
    columns[number] = column;
  }
  return columns;
}
