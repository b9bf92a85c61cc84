import type { KubernetesObject } from '../kubernetes/types.ts';
import type { Instant } from '../support/clock.ts';
import { parseQuantity } from '../support/quantity.ts';
import type { Pod, PodContainer, PodRole } from './types.ts';
import { oneLine } from './words.ts';

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: { readonly reason?: string; readonly message?: string; readonly exitCode?: number; readonly signal?: number; readonly startedAt?: string };
}

interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  readonly restartPolicy?: string;
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
}

/** The members of a v1 Pod that are read here. */
interface RawPod extends KubernetesObject {
  readonly spec?: { readonly nodeName?: string; readonly containers?: readonly ContainerSpec[]; readonly initContainers?: readonly ContainerSpec[] };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly podIP?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string; readonly message?: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

interface Verdict {
  readonly state: string;
  readonly message?: string | undefined;
}

/**
 * What drey keeps of a pod, with the one reason that matters. The order of the reasons is that of `kubectl get pods`.
 * Source: `printPod` in `pkg/printers/internalversion`, Kubernetes 1.34; on top of it exit codes and why a pod is not scheduled.
 */
export function projectPod(raw: KubernetesObject, clusterId: string): Pod {
  const pod = raw as RawPod;
  const name = pod.metadata?.name ?? '';
  const role = roleOf(pod, name, clusterId);
  const statuses = pod.status?.containerStatuses ?? [];
  const verdict = judge(pod);
  const specs = pod.spec?.containers ?? [];
  return {
    name,
    shortName: shortNameOf(name, role, clusterId),
    uid: pod.metadata?.uid ?? '',
    role,
    createdAt: instant(pod.metadata?.creationTimestamp) ?? 0,
    deletedAt: instant(pod.metadata?.deletionTimestamp),
    node: pod.spec?.nodeName,
    ip: pod.status?.podIP,
    ready: statuses.filter(({ ready }) => ready === true).length,
    containers: [
      ...(pod.spec?.initContainers ?? []).map((spec) => container(spec, pod.status?.initContainerStatuses, true)),
      ...specs.map((spec) => container(spec, statuses, false)),
    ],
    restarts: statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, 0),
    state: oneLine(verdict.state, 160),
    severity: severityOf(verdict.state),
    message: verdict.message === undefined || verdict.message === '' ? undefined : oneLine(verdict.message, 500),
    cpuLimit: limit(specs, 'cpu'),
    memoryLimit: limit(specs, 'memory'),
  };
}

function instant(text: string | undefined): Instant | undefined {
  const at = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** Source: `Constants.LABEL_COMPONENT_KEY`, Flink 2.3; by the name where a label was taken away. */
function roleOf(pod: RawPod, name: string, clusterId: string): PodRole {
  const component = pod.metadata?.labels?.['component'];
  if (component === 'taskmanager' || component === 'jobmanager') return component;
  return name.startsWith(`${clusterId}-taskmanager-`) ? 'taskmanager' : 'jobmanager';
}

/** `taskmanager-1-3`, `jobmanager-x2b7k`: the name without what is the same for every pod of the cluster. */
export function shortNameOf(name: string, role: PodRole, clusterId: string): string {
  if (!name.startsWith(`${clusterId}-`)) return oneLine(name);
  const rest = name.slice(clusterId.length + 1);
  return role === 'jobmanager' ? `jobmanager-${rest.slice(rest.lastIndexOf('-') + 1)}` : rest;
}

function limit(specs: readonly ContainerSpec[], resource: string): number | undefined {
  let sum = 0;
  for (const { resources } of specs) {
    const value = parseQuantity(resources?.limits?.[resource]);
    // One container without a limit: the pod has none.
    if (value === undefined) return undefined;
    sum += value;
  }
  return specs.length === 0 ? undefined : sum;
}

function container(spec: ContainerSpec, statuses: readonly ContainerStatus[] | undefined, init: boolean): PodContainer {
  const status = statuses?.find(({ name }) => name === spec.name);
  const { waiting, running, terminated } = status?.state ?? {};
  return {
    name: spec.name,
    image: oneLine(spec.image ?? ''),
    state: running !== undefined ? 'running' : terminated !== undefined ? 'terminated' : waiting !== undefined ? 'waiting' : 'unknown',
    reason: waiting?.reason ?? terminated?.reason,
    exitCode: terminated?.exitCode,
    startedAt: instant(running?.startedAt ?? terminated?.startedAt),
    restarts: status?.restartCount ?? 0,
    init,
  };
}

function judge(pod: RawPod): Verdict {
  const { status = {} } = pod;
  const phase = status.phase ?? 'Unknown';
  if (pod.metadata?.deletionTimestamp !== undefined && phase !== 'Failed' && phase !== 'Succeeded') {
    return status.reason === 'NodeLost' ? { state: 'Unknown', message: status.message } : { state: 'Terminating' };
  }
  const condition = (type: string) => status.conditions?.find((each) => each.type === type);
  const init = judgeInit(pod);
  if (init !== undefined && condition('Initialized')?.status !== 'True') return init;
  const main = judgeContainers(status.containerStatuses ?? []);
  if (main !== undefined) return main;
  if (status.reason !== undefined && status.reason !== '') return { state: status.reason, message: status.message };
  const scheduled = condition('PodScheduled');
  if (phase === 'Pending' && scheduled?.status === 'False') {
    if (scheduled.reason === 'SchedulingGated') return { state: 'SchedulingGated', message: scheduled.message };
    const reason = scheduled.reason ?? 'Unschedulable';
    return { state: scheduled.message === undefined ? reason : `${reason}: ${scheduled.message.replace(/\. .*$/s, '')}`, message: scheduled.message };
  }
  if (phase === 'Running' && condition('Ready')?.status === 'False') return { state: 'NotReady', message: condition('Ready')?.message };
  if (phase === 'Succeeded') return { state: 'Completed' };
  return { state: phase, message: status.message };
}

/** `Init:1/2`, `Init:Error (1)`, `Init:CrashLoopBackOff`; undefined when all of them are through. */
function judgeInit(pod: RawPod): Verdict | undefined {
  const specs = pod.spec?.initContainers ?? [];
  const statuses = pod.status?.initContainerStatuses ?? [];
  for (const [index, status] of statuses.entries()) {
    const { waiting, terminated } = status.state ?? {};
    // A sidecar (`restartPolicy: Always`) is through when it has started.
    const sidecar = specs.find(({ name }) => name === status.name)?.restartPolicy === 'Always';
    if (terminated?.exitCode === 0 || (sidecar && status.started === true)) continue;
    if (terminated !== undefined) return { state: `Init:${ended(terminated)}`, message: terminated.message };
    if (waiting?.reason !== undefined && waiting.reason !== 'PodInitializing') return { state: `Init:${waiting.reason}`, message: waiting.message };
    return { state: `Init:${index}/${specs.length}` };
  }
  return undefined;
}

/** `OOMKilled (137)`, `Error (1)`, `Completed`, `Signal (9)`. */
function ended({ reason, exitCode, signal }: NonNullable<ContainerState['terminated']>): string {
  if (reason === 'Completed' || (reason === undefined && exitCode === 0)) return 'Completed';
  if (reason === undefined || reason === '') return signal === undefined || signal === 0 ? `Error (${exitCode ?? '?'})` : `Signal (${signal})`;
  return exitCode === undefined ? reason : `${reason} (${exitCode})`;
}

function judgeContainers(statuses: readonly ContainerStatus[]): Verdict | undefined {
  let verdict: Verdict | undefined;
  let running = false;
  for (const { state, lastState, ready } of statuses.toReversed()) {
    if (state?.waiting?.reason !== undefined && state.waiting.reason !== '') {
      const before = lastState?.terminated;
      const why = before === undefined ? '' : `last ended with ${ended(before)}`;
      const text = [why, state.waiting.message ?? ''].filter((part) => part !== '').join('; ');
      verdict = { state: state.waiting.reason, message: text };
    } else if (state?.terminated !== undefined) {
      verdict = { state: ended(state.terminated), message: state.terminated.message };
    } else if (ready === true && state?.running !== undefined) {
      running = true;
    }
  }
  // One container is through and another works: the pod works.
  return verdict?.state === 'Completed' && running ? { state: 'Running' } : verdict;
}

const busy = new Set(['Pending', 'ContainerCreating', 'PodInitializing', 'Terminating', 'SchedulingGated']);

function severityOf(state: string): Pod['severity'] {
  if (state === 'Running') return 'ok';
  if (state === 'Completed') return 'done';
  if (busy.has(state) || /^Init:\d+\/\d+$/.test(state)) return 'busy';
  if (state === 'NotReady' || state === 'Unknown' || state.startsWith('Unschedulable')) return 'warn';
  return 'error';
}
