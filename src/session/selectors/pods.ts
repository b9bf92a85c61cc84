import type { Instant } from '../../support/clock.ts';
import type { Pod, PodRole, Session, Usage } from '../types.ts';
import { memoised } from './memo.ts';

/** One line of the pods panel: data only, no styling. A row stays the same object while its content is the same. */
export interface PodRow {
  /** The full name. */
  readonly key: string;
  /** The short name. */
  readonly name: string;
  readonly role: PodRole;
  readonly leader: boolean;
  readonly state: string;
  readonly severity: Pod['severity'];
  readonly message: string | undefined;
  /** `1/1`; `-` for a pod that is gone. */
  readonly ready: string;
  readonly restarts: number;
  /** For the age. */
  readonly createdAt: Instant | undefined;
  /** When it went, for a pod that is gone; its log remains readable. */
  readonly goneAt: Instant | undefined;
  readonly node: string | undefined;
  readonly ip: string | undefined;
  /** Cores; undefined if unknown. */
  readonly cpu: number | undefined;
  readonly cpuLimit: number | undefined;
  /** Bytes: of the container, or of the heap if the figures come from Flink. */
  readonly memory: number | undefined;
  readonly memoryLimit: number | undefined;
  readonly usageSource: Usage['source'] | undefined;
}

export interface PodSummary {
  readonly total: number;
  readonly jobManagers: number;
  readonly taskManagers: number;
  /** Pods with a state that needs attention now. */
  readonly problems: number;
  readonly gone: number;
}

interface Built {
  readonly leader: boolean;
  readonly usage: Usage | undefined;
  readonly row: PodRow;
}

const built = new WeakMap<Pod, Built>();

export function podRow(pod: Pod, leader: boolean, usage: Usage | undefined, gone: boolean): PodRow {
  const before = built.get(pod);
  if (before !== undefined && before.leader === leader && before.usage === usage) return before.row;
  const containers = pod.containers.filter((container) => !container.init).length;
  const row: PodRow = {
    key: pod.name,
    name: pod.shortName,
    role: pod.role,
    leader,
    state: pod.state,
    severity: pod.severity,
    message: pod.message,
    ready: gone ? '-' : `${pod.ready}/${containers}`,
    restarts: pod.restarts,
    createdAt: pod.createdAt,
    goneAt: gone ? (pod.deletedAt ?? pod.createdAt) : undefined,
    node: pod.node,
    ip: pod.ip,
    cpu: usage?.cpu,
    cpuLimit: pod.cpuLimit,
    memory: usage?.memory,
    memoryLimit: usage?.source === 'heap' ? usage.memoryMax : (usage?.memoryMax ?? pod.memoryLimit),
    usageSource: usage?.source,
  };
  built.set(pod, { leader, usage, row });
  return row;
}

const numbered = /-(\d+)-(\d+)$/;

/**
 * A pod and its place: JobManagers before TaskManagers, TaskManagers by attempt and number. Computed once, because sorting compares often.
 */
interface Placed {
  readonly pod: Pod;
  readonly place: number;
}

function placed(pod: Pod): Placed {
  if (pod.role === 'jobmanager') return { pod, place: -1 };
  const match = numbered.exec(pod.name);
  return { pod, place: match === null ? Number.POSITIVE_INFINITY : Number(match[1]) * 1e9 + Number(match[2]) };
}

const inOrder = (a: Placed, b: Placed): number => (a.place !== b.place ? a.place - b.place : a.pod.name < b.pod.name ? -1 : 1);

interface Shown {
  readonly pods: readonly Placed[];
  readonly rows: readonly PodRow[];
  readonly leader: string | undefined;
  readonly usage: Session['usage'];
}

/**
 * The result of the last call, in its order: with thousands of pods, sorting and building all rows for each change would cost more than
 * drawing. It only saves work: the rows do not depend on it.
 */
let last: Shown = { pods: [], rows: [], leader: undefined, usage: new Map() };

function liveRows(pods: ReadonlyMap<string, Pod>, leader: string | undefined, usage: Session['usage']): readonly PodRow[] {
  const build = (pod: Pod): PodRow => podRow(pod, pod.name === leader, usage.get(pod.name), false);
  const comparable = last.leader === leader && last.usage === usage;
  const kept: Placed[] = [];
  const rows: PodRow[] = [];
  for (let index = 0; index < last.pods.length; index += 1) {
    const shown = last.pods[index];
    const pod = shown === undefined ? undefined : pods.get(shown.pod.name);
    if (shown === undefined || pod === undefined || pod.role !== shown.pod.role) continue;
    const row = comparable && pod === shown.pod ? last.rows[index] : undefined;
    kept.push(pod === shown.pod ? shown : { pod, place: shown.place });
    rows.push(row ?? build(pod));
  }
  if (kept.length === pods.size) {
    last = { pods: kept, rows, leader, usage };
    return rows;
  }
  const known = new Set(kept.map(({ pod }) => pod.name));
  const fresh: Placed[] = [];
  pods.forEach((pod) => {
    if (!known.has(pod.name)) fresh.push(placed(pod));
  });
  // Two sorted runs: sorting them together costs little more than a walk.
  const all = [...kept, ...fresh.toSorted(inOrder)].toSorted(inOrder);
  last = { pods: all, rows: all.map(({ pod }) => build(pod)), leader, usage };
  return last.rows;
}

/** JobManagers first, then TaskManagers by attempt and number; pods that are gone come last, most recently gone first. */
export const selectPodRows: (session: Session) => readonly PodRow[] = memoised(
  ({ pods, gone, leader, usage }) => [pods, gone, leader, usage] as const,
  (pods, gone, leader, usage) => {
    const rows = liveRows(pods, leader, usage);
    return gone.length === 0 ? rows : [...rows, ...gone.toReversed().map((pod) => podRow(pod, false, undefined, true))];
  },
);

interface PodGroups {
  /** JobManagers. */
  readonly masters: readonly Pod[];
  /** Pods that need attention now. */
  readonly troubled: readonly Pod[];
  /** Running pods with a container that ended before. */
  readonly restarted: readonly Pod[];
}

/** One walk over all pods for all callers. */
export const selectTroubledPods: (session: Session) => PodGroups = memoised(
  ({ pods }) => [pods] as const,
  (pods) => {
    const masters: Pod[] = [];
    const troubled: Pod[] = [];
    const restarted: Pod[] = [];
    pods.forEach((pod) => {
      if (pod.role === 'jobmanager') masters.push(pod);
      if (pod.severity === 'error' || pod.severity === 'warn') troubled.push(pod);
      else if (pod.restarts > 0) restarted.push(pod);
    });
    return { masters, troubled, restarted };
  },
);

export const selectPodSummary: (session: Session) => PodSummary = memoised(
  (session) => [selectTroubledPods(session), session.pods.size, session.gone.length] as const,
  ({ masters, troubled }, total, gone): PodSummary => ({
    total,
    jobManagers: masters.length,
    taskManagers: total - masters.length,
    problems: troubled.length,
    gone,
  }),
);
