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

/** Names in the order of the last call: with thousands of pods, sorting them all for each change would cost more than drawing. */
let lastOrder: readonly string[] = [];

function ordered(pods: ReadonlyMap<string, Pod>): readonly Pod[] {
  const kept: Pod[] = [];
  for (const name of lastOrder) {
    const pod = pods.get(name);
    if (pod !== undefined) kept.push(pod);
  }
  if (kept.length === pods.size) {
    if (kept.length !== lastOrder.length) lastOrder = kept.map((pod) => pod.name);
    return kept;
  }
  const known = new Set(lastOrder);
  const fresh = [...pods.values()].filter((pod) => !known.has(pod.name)).sort(before);
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
  lastOrder = all.map((pod) => pod.name);
  return all;
}

/** JobManagers first, then TaskManagers by attempt and number; pods that are gone come last, the youngest loss first. */
export const selectPodRows: (session: Session) => readonly PodRow[] = memoised(
  ({ pods, gone, leader, usage }) => [pods, gone, leader, usage] as const,
  (pods, gone, leader, usage) => {
    const rows = ordered(pods).map((pod) => buildRow(pod, pod.name === leader, usage.get(pod.name), false));
    for (const pod of gone.toReversed()) rows.push(buildRow(pod, false, undefined, true));
    return rows;
  },
);

export const selectPodSummary: (session: Session) => PodSummary = memoised(
  ({ pods, gone }) => [pods, gone] as const,
  (pods, gone) => {
    let jobManagers = 0;
    let problems = 0;
    for (const pod of pods.values()) {
      if (pod.role === 'jobmanager') jobManagers += 1;
      if (pod.severity === 'error' || pod.severity === 'warn') problems += 1;
    }
    return { total: pods.size, jobManagers, taskManagers: pods.size - jobManagers, problems, gone: gone.length };
  },
);
