import type { JobEdge } from '../../flink/job-graph.ts';
import { isTerminal, type JobDetail, type Vertex } from '../../flink/types.ts';
import type { AggregatedMetric, TimeShares } from '../../flink/vertex-types.ts';
import { endsOf, exchangedRates } from './ends.ts';
import type { Mark, PastLoad, Rates, VertexInside } from './types.ts';

/** The points that a sparkline can show: ten minutes, as new figures come every ten seconds. */
export const pastKept = 60;

/**
 * Figures are taken over the last minute, as Flink's own `busyTimeMsPerSecond` is. A task that waits for long is credited with it only every
 * five seconds (`View.UPDATE_INTERVAL_SECONDS`, Flink 2.3), and is counted as busy until then: over a shorter time an idle task would look
 * busy.
 */
const windowMs = 60_000;

/** New totals come every ten seconds at most; one mark more than fits in the window is where it begins. */
const marksKept = 8;

const noLoad: TimeShares = { busy: undefined, backPressured: undefined, idle: undefined };
const noRates: Rates = { recordsIn: undefined, recordsOut: undefined, bytesIn: undefined, bytesOut: undefined };

const nothing = { load: noLoad, peak: noLoad, rates: noRates };

const totalNames = ['recordsIn', 'recordsOut', 'bytesIn', 'bytesOut', 'busyMs', 'backPressuredMs', 'idleMs'] as const;

const sameTotals = (a: Mark, b: Mark): boolean => totalNames.every((name) => a.totals[name] === b.totals[name]);

/** Whether the counts went on from there: a task that was started again begins at nothing. Busy time is what remains, and may shrink. */
const continues = (from: Mark, to: Mark): boolean =>
  from.startTime === to.startTime && totalNames.every((name) => name === 'busyMs' || (to.totals[name] ?? 0) >= (from.totals[name] ?? 0));

const markOf = (vertex: Vertex, now: number): Mark => ({
  at: now,
  startTime: vertex.startTime,
  running: vertex.tasks.RUNNING ?? 0,
  totals: vertex.totals,
});

const isReported = ({ totals }: Mark): boolean => totalNames.some((name) => totals[name] !== undefined);

/** The marks after this answer: nothing new keeps them, new totals add one, a new start begins again. */
function nextMarks(before: readonly Mark[], mark: Mark): readonly Mark[] {
  const last = before.at(-1);
  if (!isReported(mark)) return last?.startTime === mark.startTime ? before : [];
  if (last === undefined || !continues(last, mark)) return [mark];
  return sameTotals(last, mark) ? before : [...before, mark].slice(-marksKept);
}

/** The first and the last mark of the window; undefined: there are no two. */
function windowOf(marks: readonly Mark[]): readonly [Mark, Mark] | undefined {
  const last = marks.at(-1);
  const first = marks.find(({ at }) => last !== undefined && at >= last.at - windowMs);
  return last === undefined || first === undefined || first === last ? undefined : [first, last];
}

type Total = (typeof totalNames)[number];

const growth = ([from, to]: readonly [Mark, Mark], name: Total): number | undefined => {
  const [before, after] = [from.totals[name], to.totals[name]];
  return before === undefined || after === undefined ? undefined : Math.max(0, after - before);
};

/** Each subtask is at every moment busy, back-pressured or idle, so the three are the time that passed: no clock is needed. */
function loadIn(window: readonly [Mark, Mark]): TimeShares {
  const [busy, backPressured, idle] = [growth(window, 'busyMs'), growth(window, 'backPressuredMs'), growth(window, 'idleMs')];
  if (backPressured === undefined || idle === undefined) return noLoad;
  // A source of the old interface does not know its busy time: its shares are then of the time by the server's clock.
  const passed = busy === undefined ? (window[1].at - window[0].at) * window[1].running : busy + backPressured + idle;
  if (passed <= 0) return noLoad;
  const share = (ms: number): number => Math.min(1, ms / passed);
  return { busy: busy === undefined ? undefined : share(busy), backPressured: share(backPressured), idle: share(idle) };
}

function ratesIn(window: readonly [Mark, Mark]): Rates {
  const [from, to] = window;
  const times = (['busyMs', 'backPressuredMs', 'idleMs'] as const).map((name) => growth(window, name));
  const spent = times.every((ms) => ms !== undefined) ? times.reduce((sum, ms) => sum + ms, 0) : undefined;
  // The counts are those of the moment when the metrics were fetched, which only the times of the tasks tell.
  const passed = spent === undefined || to.running === 0 ? to.at - from.at : spent / to.running;
  if (passed <= 0) return noRates;
  const rate = (name: Total): number | undefined => {
    const count = growth(window, name);
    return count === undefined ? undefined : (count * 1000) / passed;
  };
  return { recordsIn: rate('recordsIn'), recordsOut: rate('recordsOut'), bytesIn: rate('bytesIn'), bytesOut: rate('bytesOut') };
}

const timeMetrics = ['busyTimeMsPerSecond', 'backPressuredTimeMsPerSecond', 'idleTimeMsPerSecond'] as const;
const rateMetrics = ['numRecordsInPerSecond', 'numRecordsOutPerSecond', 'numBytesInPerSecond', 'numBytesOutPerSecond'] as const;

/** What every subtask measures over the last minute, times in milliseconds per second. Source: `TaskIOMetricGroup`, Flink 1.18 to 2.3. */
export const loadMetrics: readonly string[] = [...timeMetrics, ...rateMetrics];

const valueOf = (answer: readonly AggregatedMetric[], name: string, what: 'avg' | 'max' | 'sum'): number | undefined => {
  const value = answer.find((metric) => metric.name === name)?.[what];
  return value === undefined || !Number.isFinite(value) ? undefined : value;
};

function sharesOf(answer: readonly AggregatedMetric[], what: 'avg' | 'max'): TimeShares {
  const [busy, backPressured, idle] = timeMetrics.map((name) => {
    const value = valueOf(answer, name, what);
    return value === undefined ? undefined : Math.min(1, Math.max(0, value / 1000));
  });
  return { busy, backPressured, idle };
}

function ratesOf(answer: readonly AggregatedMetric[]): Rates {
  const [recordsIn, recordsOut, bytesIn, bytesOut] = rateMetrics.map((name) => valueOf(answer, name, 'sum'));
  return { recordsIn, recordsOut, bytesIn, bytesOut };
}

const isKnown = (load: TimeShares): boolean => load.backPressured !== undefined || load.busy !== undefined;

/** What its own metrics say, or said before; nothing after a new start. */
function reportedOf(before: VertexInside | undefined, vertex: Vertex, answer: readonly AggregatedMetric[] | undefined) {
  if (answer !== undefined) return { load: sharesOf(answer, 'avg'), peak: sharesOf(answer, 'max'), rates: ratesOf(answer) };
  return before?.vertex.startTime === vertex.startTime ? before : nothing;
}

/** The vertex after the next answer; `answer`: that of its metrics, if they were asked for. */
export function nextVertex(
  before: VertexInside | undefined,
  vertex: Vertex,
  now: number,
  answer: readonly AggregatedMetric[] | undefined,
): VertexInside {
  const marks = nextMarks(before?.marks ?? [], markOf(vertex, now));
  const window = windowOf(marks);
  const measured = window === undefined ? noLoad : loadIn(window);
  const reported = reportedOf(before, vertex, answer);
  const load = isKnown(measured) ? measured : reported.load;
  const rates = window === undefined ? reported.rates : ratesIn(window);
  const past = before?.past ?? [];
  const isNews = marks.length > 0 && marks !== before?.marks && isKnown(load);
  const point: PastLoad = { at: now, load, recordsIn: rates.recordsIn, recordsOut: rates.recordsOut };
  return {
    vertex,
    // The last minute of a vertex that has ended is its past: now it does nothing.
    ...(isTerminal(vertex.state) ? nothing : { load, peak: reported.peak, rates }),
    past: isNews ? [...past, point].slice(-pastKept) : past,
    marks,
    askedAt: answer === undefined ? before?.askedAt : now,
  };
}

const counted = ({ rates, ...rest }: VertexInside, edges: readonly JobEdge[]): VertexInside => ({
  ...rest,
  rates: exchangedRates(rates, endsOf(rest.vertex.id, edges)),
});

/** Every vertex after the next answer. */
export function nextVertices(
  before: readonly VertexInside[],
  { vertices, edges, now }: Pick<JobDetail, 'vertices' | 'edges' | 'now'>,
  answers: ReadonlyMap<string, readonly AggregatedMetric[]>,
): readonly VertexInside[] {
  const known = new Map(before.map((each) => [each.vertex.id, each]));
  return vertices.map((vertex) => counted(nextVertex(known.get(vertex.id), vertex, now, answers.get(vertex.id)), edges));
}
