import type { Instant } from '../../support/clock.ts';
import type { Pod, PodRole, Session, Usage } from '../types.ts';
import { memoised } from './memo.ts';

/** One line of the pods panel: facts, no looks. A row is the same object as long as it says the same. */
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
  readonly createdAt: Instant;
  /** When it went, for a pod that is gone; its log can still be read. */
  readonly goneAt: Instant | undefined;
  readonly node: string | undefined;
  /** Cores; undefined where nobody tells. */
  readonly cpu: number | undefined;
  readonly cpuLimit: number | undefined;
  /** Bytes: of the container, or of the heap where the figures come from Flink. */
  readonly memory: number | undefined;
  readonly memoryLimit: number | undefined;
  readonly usageSource: Usage['source'] | undefined;
}

export interface PodSummary {
  readonly total: number;
  readonly jobManagers: number;
  readonly taskManagers: number;
  /** Pods with a state that needs an eye now. */
  readonly problems: number;
  readonly gone: number;
}

interface Built {
  readonly leader: boolean;
  readonly usage: Usage | undefined;
  readonly row: PodRow;
}

const built = new WeakMap<Pod, Built>();

function buildRow(pod: Pod, leader: boolean, usage: Usage | undefined, gone: boolean): PodRow {
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

function before(a: Pod, b: Pod): number {
  if (a.role !== b.role) return a.role === 'jobmanager' ? -1 : 1;
  const left = numbered.exec(a.name);
  const right = numbered.exec(b.name);
  if (left !== null && right !== null) {
    const order = Number(left[1]) - Number(right[1]) || Number(left[2]) - Number(right[2]);
    if (order !== 0) return order;
  }
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/**
 * The rows of the last call, in their order: with thousands of pods, sorting and building them all for each change would cost more
 * than drawing. It only saves work: the rows do not depend on it.
 */
let last: { readonly pods: readonly Pod[]; readonly rows: readonly PodRow[]; readonly leader: string | undefined; readonly usage: Session['usage'] } = { pods: [], rows: [], leader: undefined, usage: new Map() };

function liveRows(pods: ReadonlyMap<string, Pod>, leader: string | undefined, usage: Session['usage']): readonly PodRow[] {
  const build = (pod: Pod): PodRow => buildRow(pod, pod.name === leader, usage.get(pod.name), false);
  const comparable = last.leader === leader && last.usage === usage;
  const kept: Pod[] = [];
  const rows: PodRow[] = [];
  for (let place = 0; place < last.pods.length; place += 1) {
    const shown = last.pods[place];
    const pod = shown === undefined ? undefined : pods.get(shown.name);
    if (pod === undefined) continue;
    kept.push(pod);
    const row = comparable && pod === shown ? last.rows[place] : undefined;
    rows.push(row ?? build(pod));
  }
  if (kept.length === pods.size) {
    last = { pods: kept, rows, leader, usage };
    return rows;
  }
  const known = new Set(last.pods.map((pod) => pod.name));
  const fresh = [...pods.values()].filter((pod) => !known.has(pod.name)).toSorted(before);
  const all: Pod[] = [];
  let next = 0;
  for (const pod of kept) {
    for (let young = fresh[next]; young !== undefined && before(young, pod) < 0; young = fresh[next]) {
      all.push(young);
      next += 1;
    }
    all.push(pod);
  }
  all.push(...fresh.slice(next));
  last = { pods: all, rows: all.map(build), leader, usage };
  return last.rows;
}

/** JobManagers first, then TaskManagers by attempt and number; pods that are gone come last, the youngest loss first. */
export const selectPodRows: (session: Session) => readonly PodRow[] = memoised(
  ({ pods, gone, leader, usage }) => [pods, gone, leader, usage] as const,
  (pods, gone, leader, usage) => {
    const rows = liveRows(pods, leader, usage);
    return gone.length === 0 ? rows : [...rows, ...gone.toReversed().map((pod) => buildRow(pod, false, undefined, true))];
  },
);

/** Pods that need an eye, and how many of each role there are: one walk over all pods for everybody who asks. */
export const selectTroubledPods: (session: Session) => { readonly jobManagers: number; readonly troubled: readonly Pod[] } = memoised(
  ({ pods }) => [pods] as const,
  (pods) => {
    let jobManagers = 0;
    const troubled: Pod[] = [];
    pods.forEach((pod) => {
      if (pod.role === 'jobmanager') jobManagers += 1;
      if (pod.severity === 'error' || pod.severity === 'warn') troubled.push(pod);
    });
    return { jobManagers, troubled };
  },
);

export const selectPodSummary: (session: Session) => PodSummary = memoised(
  (session) => [selectTroubledPods(session), session.pods.size, session.gone.length] as const,
  ({ jobManagers, troubled }, total, gone): PodSummary => ({ total, jobManagers, taskManagers: total - jobManagers, problems: troubled.length, gone }),
);
