import type { JobEdge } from '../../flink/job-graph.ts';
import type { JobDetail } from '../../flink/types.ts';
import type { TimeShares } from '../../flink/vertex-types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatPercent } from '../../support/format.ts';
import type { Bottleneck, JobInside, Share, VertexInside } from './types.ts';

/** More than this share of its time, and a vertex is back-pressured. Source: `JobVertexBackPressureHandler.getBackPressureLevel`, Flink 2.3. */
export const backPressuredFrom = 0.1;

/** What holds others up works for more than half of its time; the sentence gives the number. */
const busyFrom = 0.5;

/**
 * The share by which a vertex is judged, as Flink's web page does: that of the subtask with the most of it. One subtask that gets most of the
 * records holds up all before it, and hardly moves the mean.
 */
export const shareOf = ({ load, peak }: Pick<VertexInside, 'load' | 'peak'>, what: keyof TimeShares): number | undefined =>
  peak[what] === undefined ? load[what] : load[what] === undefined ? peak[what] : Math.max(load[what], peak[what]);

/** Records that wait on disk for the next stage press nobody. */
const presses = ({ exchange }: JobEdge): boolean => exchange !== 'blocking';

const isWaiting = (vertex: VertexInside): boolean => (shareOf(vertex, 'backPressured') ?? 0) > backPressuredFrom;

const most = (shares: readonly Share[]): Share | undefined =>
  shares.reduce<Share | undefined>((best, each) => (best === undefined || each.share > best.share ? each : best), undefined);

const sharesOf = (vertices: readonly VertexInside[], what: keyof TimeShares): readonly Share[] =>
  vertices.flatMap((vertex) => {
    const share = shareOf(vertex, what);
    return share === undefined ? [] : [{ id: vertex.vertex.id, share }];
  });

/** The vertices that feed each vertex and are held up. */
function waitingBefore(vertices: readonly VertexInside[], edges: readonly JobEdge[]): ReadonlyMap<string, readonly VertexInside[]> {
  const waiting = new Map(vertices.filter(isWaiting).map((each) => [each.vertex.id, each]));
  const before = new Map<string, VertexInside[]>();
  for (const edge of edges) {
    const from = presses(edge) ? waiting.get(edge.from) : undefined;
    if (from === undefined) continue;
    const found = before.get(edge.to);
    if (found === undefined) before.set(edge.to, [from]);
    else if (!found.includes(from)) found.push(from);
  }
  return before;
}

/**
 * The vertices behind a back-pressured one: one of them is the bottleneck, so their busiest subtask is worth a request. In the order of the
 * data flow.
 */
export const suspects = (vertices: readonly VertexInside[], edges: readonly JobEdge[]): readonly VertexInside[] => {
  const held = waitingBefore(vertices, edges);
  return vertices.filter(({ vertex }) => held.has(vertex.id));
};

/** The first vertex in the data flow that is busy, and not held up itself, while those before it are back-pressured. */
export function findBottleneck({ state, edges }: Pick<JobDetail, 'state' | 'edges'>, vertices: readonly VertexInside[]): Bottleneck {
  if (state !== 'RUNNING') return { kind: 'not-running' };
  const running = vertices.filter(({ vertex }) => vertex.state === 'RUNNING');
  const held = waitingBefore(running, edges);
  const busy = running.filter((each) => held.has(each.vertex.id) && (shareOf(each, 'busy') ?? 0) >= busyFrom);
  const free = busy.find((each) => !isWaiting(each));
  // A vertex that is a little back-pressured can hold up others all the same; then it is the last one that works more than it waits.
  const found = free ?? busy.findLast((each) => (shareOf(each, 'busy') ?? 0) >= (shareOf(each, 'backPressured') ?? 0));
  if (found !== undefined) {
    return {
      kind: 'found',
      id: found.vertex.id,
      busy: shareOf(found, 'busy') ?? 0,
      waiting: sharesOf(held.get(found.vertex.id) ?? [], 'backPressured'),
    };
  }
  const missing = running.filter((each) => shareOf(each, 'backPressured') === undefined).length;
  if (missing > 0 || running.length === 0) return { kind: 'unknown', missing: missing === 0 ? vertices.length : missing };
  const busiest = most(sharesOf(running, 'busy'));
  const waiting = sharesOf(running.filter(isWaiting), 'backPressured');
  return waiting.length === 0 ? { kind: 'none', busiest } : { kind: 'unproved', waiting, busiest };
}

/** One sentence, with its numbers. `nameCells`: how long the name of a vertex may be. */
export function bottleneckSentence({ bottleneck, job, vertices }: JobInside, nameCells = 80): string {
  const nameOf = (id: string): string => oneLine(vertices.find(({ vertex }) => vertex.id === id)?.vertex.name ?? id, nameCells);
  const busiestWords = (busiest: Share | undefined): string =>
    busiest === undefined ? '' : `; the busiest is ${nameOf(busiest.id)}, ${formatPercent(busiest.share)}`;
  switch (bottleneck.kind) {
    case 'found': {
      const { id, busy, waiting } = bottleneck;
      const [first, ...others] = waiting.toSorted((a, b) => b.share - a.share);
      const before =
        first === undefined
          ? ''
          : others.length === 0
            ? `, while ${nameOf(first.id)} before it is back-pressured ${formatPercent(first.share)}`
            : `, while ${waiting.length} vertices before it are back-pressured, up to ${formatPercent(first.share)}`;
      return `${nameOf(id)} is the bottleneck: busy ${formatPercent(busy)}${before}.`;
    }
    case 'none':
      return `There is no bottleneck: no vertex is back-pressured${busiestWords(bottleneck.busiest)}.`;
    case 'unproved': {
      const worst = most(bottleneck.waiting);
      const words = worst === undefined ? '' : `${nameOf(worst.id)} is back-pressured ${formatPercent(worst.share)}, but `;
      return `The bottleneck is not known: ${words}no vertex behind it is busy for half of its time${busiestWords(bottleneck.busiest)}.`;
    }
    case 'unknown':
      return bottleneck.missing === 0
        ? 'The bottleneck is not known yet: the job has no vertices.'
        : `The bottleneck is not known yet: Flink has not reported the load of ${bottleneck.missing} of ${vertices.length} vertices.`;
    case 'not-running':
      return `There is no bottleneck to look for: the job is ${job.state}.`;
  }
}
