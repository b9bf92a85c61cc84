import type { Instant } from '../support/clock.ts';
import { MAIN_CONTAINER } from './names.ts';
import { type Condition, type ContainerState, type ContainerStatus, type PodObject, stamp } from './objects.ts';
import type { PodSeverity } from './pod.ts';

/** The verdict of a pod's own status. */
export interface PodVerdict {
  /** One word or line: `Running`, `OOMKilled (137)`, `Init:CrashLoopBackOff`, `Unschedulable: 0/3 nodes …`, `Terminating`. */
  readonly state: string;
  /** A longer explanation, if the server gave one. */
  readonly message: string | undefined;
  /** How urgently that state needs attention. */
  readonly severity: PodSeverity;
  /** Ready containers, including sidecars among the init containers. */
  readonly ready: number;
  readonly restarts: number;
}

type Reason = Pick<PodVerdict, 'state' | 'message'>;

/**
 * The columns STATUS, READY and RESTARTS as in `kubectl get pods`, plus exit codes and the reason why a pod is not scheduled. Source:
 * `printPod` in `pkg/printers/internalversion`, Kubernetes 1.34. Pure.
 */
export function podVerdict(pod: PodObject): PodVerdict {
  const init = initStage(pod);
  const initialized = init.reason === undefined || condition(pod, 'Initialized')?.status === 'True';
  const statuses = initialized ? (pod.status?.containerStatuses ?? []) : [];
  const { state, message } = reasonOf(pod, init.reason, initialized);
  return {
    state,
    message: message === '' ? undefined : message,
    severity: severityOf(state),
    ready: init.ready + statuses.filter(({ ready, state: now }) => ready === true && now?.running !== undefined).length,
    restarts: statuses.reduce((sum, { restartCount = 0 }) => sum + restartCount, initialized ? init.sidecarRestarts : init.restarts),
  };
}

/** True for a sidecar among the init containers: it starts before the others and keeps running. */
export const isSidecar = (pod: PodObject, name: string | undefined): boolean =>
  pod.spec?.initContainers?.some((each) => each.name === name && each.restartPolicy === 'Always') ?? false;

/** When the deletion of the pod was requested: the stamp in its metadata is the end of its grace period. */
export function deletionAskedAt({ metadata }: PodObject): Instant | undefined {
  const end = stamp(metadata?.deletionTimestamp);
  return end === undefined ? undefined : end - (metadata?.deletionGracePeriodSeconds ?? 0) * 1_000;
}

const condition = (pod: PodObject, type: string): Condition | undefined => pod.status?.conditions?.find((each) => each.type === type);

const phaseOf = ({ status }: PodObject): string => status?.phase ?? 'Unknown';

/** The first reason that exists; later ones are less informative. */
function reasonOf(pod: PodObject, init: Reason | undefined, initialized: boolean): Reason {
  return (
    deletionReason(pod) ??
    // The reason why the whole pod ended (`Evicted`, `Terminated` by a node that shuts down) is more useful than the exit codes that
    // followed.
    (phaseOf(pod) === 'Failed' ? ownReason(pod) : undefined) ??
    (initialized ? (containersReason(pod) ?? init) : init) ??
    ownReason(pod) ??
    phaseReason(pod)
  );
}

/** The pod is being deleted; undefined if it is not, or if it had already ended. */
function deletionReason(pod: PodObject): Reason | undefined {
  if (pod.metadata?.deletionTimestamp === undefined) return undefined;
  // Source: `NodeUnreachablePodReason`, Kubernetes 1.34.
  if (pod.status?.reason === 'NodeLost') return { state: 'Unknown', message: pod.status.message };
  const over = phaseOf(pod) === 'Failed' || phaseOf(pod) === 'Succeeded';
  return !over || endedByDeletion(pod) ? { state: 'Terminating', message: disruption(pod) } : undefined;
}

/** The reason for the pod as a whole. */
function ownReason({ status: { reason, message } = {} }: PodObject): Reason | undefined {
  return reason === undefined || reason === '' ? undefined : { state: reason, message };
}

/** The reason from phase and conditions, if nothing else is known about the pod. */
function phaseReason(pod: PodObject): Reason {
  const phase = phaseOf(pod);
  const scheduled = condition(pod, 'PodScheduled');
  if (phase === 'Pending' && scheduled?.status === 'False') return notScheduled(scheduled);
  const ready = condition(pod, 'Ready');
  if (phase === 'Running' && ready?.status === 'False') return { state: 'NotReady', message: ready.message };
  return { state: phase === 'Succeeded' ? 'Completed' : phase, message: pod.status?.message };
}

function notScheduled({ reason = 'Unschedulable', message }: Condition): Reason {
  if (reason === 'SchedulingGated' || message === undefined) return { state: reason, message };
  // Everything after the first sentence is about preemption and claims, which these pods do not use.
  return { state: `${reason}: ${message.replace(/\.(?:\s.*)?$/s, '')}`, message };
}

/** A normal end, SIGTERM, and SIGKILL after the grace period. */
const endsOfDeletion = new Set([0, 143, 137]);
/**
 * Flink halts its own process: after a fatal error, or because it takes too long to stop. Source: -17 in `FatalExitExceptionHandler` and
 * `JvmShutdownSafeguard`, Flink 2.3.
 */
const haltedItself = 239;
/** Stamps are whole seconds, and the node's clock is not the API server's. */
const clockToleranceMs = 2_000;

/**
 * The container ended because its pod was to be deleted. The kubelet reports `Error` with exit code 143, and the phase `Failed`: every
 * TaskManager that Flink releases ends like this.
 */
function endedByDeletion(pod: PodObject): boolean {
  const asked = (pod.status?.reason ?? '') === '' ? deletionAskedAt(pod) : undefined;
  const statuses = pod.status?.containerStatuses ?? [];
  const { terminated } = (statuses.find(({ name }) => name === MAIN_CONTAINER) ?? statuses[0])?.state ?? {};
  if (asked === undefined || terminated === undefined || terminated.reason === 'OOMKilled') return false;
  const endedAt = stamp(terminated.finishedAt);
  // If it ended first, Flink deletes the pod because of that, perhaps within the same second: only a later end proves that the deletion
  // came first.
  if (terminated.exitCode === haltedItself) return endedAt !== undefined && endedAt > asked;
  return endsOfDeletion.has(terminated.exitCode ?? -1) && (endedAt ?? asked) >= asked - clockToleranceMs;
}

/**
 * Why Kubernetes itself removes the pod, if it does: `EvictionByEvictionAPI: Eviction API: evicting`. Source: `DisruptionTarget`,
 * Kubernetes 1.34.
 */
function disruption(pod: PodObject): string | undefined {
  const target = condition(pod, 'DisruptionTarget');
  return target?.status === 'True'
    ? [target.reason, target.message].filter((part) => part !== undefined && part !== '').join(': ')
    : undefined;
}

interface InitStage {
  /** `Init:1/2`, `Init:Error (1)`, `Init:CrashLoopBackOff`; undefined once all init containers have finished. */
  readonly reason: Reason | undefined;
  readonly ready: number;
  readonly restarts: number;
  readonly sidecarRestarts: number;
}

/** Progress of the init containers: each waits for the previous one, and the first unfinished one decides. */
function initStage(pod: PodObject): InitStage {
  let [ready, restarts, sidecarRestarts] = [0, 0, 0];
  for (const [index, status] of (pod.status?.initContainerStatuses ?? []).entries()) {
    const sidecar = isSidecar(pod, status.name);
    restarts += status.restartCount ?? 0;
    if (sidecar) sidecarRestarts += status.restartCount ?? 0;
    if (status.state?.terminated?.exitCode === 0) continue;
    if (!sidecar || status.started !== true) {
      const reason = initReason(status, `${index}/${pod.spec?.initContainers?.length ?? 0}`);
      return { reason, ready, restarts, sidecarRestarts };
    }
    if (status.ready === true) ready += 1;
  }
  return { reason: undefined, ready, restarts, sidecarRestarts };
}

/** The reason that delays an unfinished init container; `progress` if it is just running. */
function initReason(status: ContainerStatus, progress: string): Reason {
  const { waiting, terminated } = status.state ?? {};
  if (terminated !== undefined) return { state: `Init:${ending(terminated)}`, message: terminated.message };
  const held = waiting?.reason ?? '';
  if (held !== '' && held !== 'PodInitializing') return { state: `Init:${held}`, message: waitingMessage(status) };
  return { state: `Init:${progress}`, message: undefined };
}

/** `OOMKilled (137)`, `Error (1)`, `Completed`, `Signal (9)`. */
export function ending({ reason, exitCode, signal }: NonNullable<ContainerState['terminated']>): string {
  if (reason === 'Completed' || (reason === undefined && exitCode === 0)) return 'Completed';
  if (reason === undefined || reason === '')
    return signal === undefined || signal === 0 ? `Error (${exitCode ?? '?'})` : `Signal (${signal})`;
  return exitCode === undefined ? reason : `${reason} (${exitCode})`;
}

const failedStarts = new Set(['StartError', 'ContainerCannotRun']);

/** How the container ended last, and the server's reason for the wait, without the names of container and pod that it repeats. */
function waitingMessage({ state, lastState }: ContainerStatus): string {
  const before = lastState?.terminated;
  // A container that could not be started has no log: this is the only explanation.
  const why = before?.message !== undefined && failedStarts.has(before.reason ?? '') ? `: ${before.message.replace(/\.$/, '')}` : '';
  const wait = (state?.waiting?.message ?? '').replace(/ restarting failed container=\S+ pod=\S+$/, '');
  return [before === undefined ? '' : `last ended with ${ending(before)}${why}`, wait].filter((part) => part !== '').join('; ');
}

function containersReason(pod: PodObject): Reason | undefined {
  let reason: Reason | undefined;
  let running = false;
  for (const status of (pod.status?.containerStatuses ?? []).toReversed()) {
    const { state, ready } = status;
    if (state?.waiting?.reason !== undefined && state.waiting.reason !== '') {
      reason = { state: state.waiting.reason, message: waitingMessage(status) };
    } else if (state?.terminated !== undefined) {
      reason = { state: ending(state.terminated), message: state.terminated.message };
    } else if (ready === true && state?.running !== undefined) {
      running = true;
    }
  }
  if (reason?.state !== 'Completed' || !running) return reason;
  // One container has finished and another is running.
  return { state: condition(pod, 'Ready')?.status === 'True' ? 'Running' : 'NotReady', message: undefined };
}

const busy = new Set(['Pending', 'ContainerCreating', 'PodInitializing', 'Terminating', 'SchedulingGated']);

function severityOf(state: string): PodSeverity {
  if (state === 'Running') return 'ok';
  if (state === 'Completed') return 'done';
  if (busy.has(state) || /^Init:\d+\/\d+$/.test(state)) return 'busy';
  if (state === 'NotReady' || state === 'Unknown' || state.startsWith('Unschedulable')) return 'warn';
  return 'error';
}
