import type { Instant } from '../support/clock.ts';
import { oneLine } from '../support/foreign-text.ts';
import { formatMemory } from '../support/format.ts';
import type { Pod, PodContainer, Warning } from './pod.ts';

/**
 * What is wrong with a pod: one interpretation of its status and its events for the table, the line that begins with `!`, `why` and `deploy
 * --wait`.
 */
export interface PodTrouble {
  /**
   * `held-up`: it is starting, and only its events show why that takes long. `unscheduled`: no node fits. `stuck`: a container cannot
   * start. `crashed`: a container ended. `unready`: it runs, but its checks fail. `over`: the whole pod ended, or its node is lost.
   */
  readonly kind: 'held-up' | 'unscheduled' | 'stuck' | 'crashed' | 'over' | 'unready';
  /** The words after the pod's name: `ImagePullBackOff: not found`, `OOMKilled (137), limit 1728Mi`. */
  readonly words: string;
  /** The proven cause, without a full stop; undefined: status and events prove none, but the log of a crashed container may. */
  readonly cause: string | undefined;
  /** The container that has the problem; undefined: none, or unknown. */
  readonly container: PodContainer | undefined;
  /** The events that support this, newest first. */
  readonly warnings: readonly Warning[];
}

/** A ConfigMap or a Secret may appear a moment after the pod that mounts it: Flink's client creates the Deployment first. */
const orderOfCreationMs = 10_000;
/** The kubelet retries, and reports failures again, at least every two minutes. Source: `MountVolume`, Kubernetes 1.34. */
const kubeletRepeatsMs = 5 * 60_000;

/** Characters of a message that fit into a line. */
const shortMessage = 200;

/** What is wrong with the pod; undefined if its status and these warnings show no problem. `most`: characters of a message. Pure. */
export function podTrouble(pod: Pod, warnings: Iterable<Warning>, now: Instant, most = shortMessage): PodTrouble | undefined {
  const own = warningsOf(pod, warnings, now);
  const [newest] = own;
  if (pod.severity === 'busy') {
    if (newest === undefined) return undefined;
    return {
      kind: 'held-up',
      words: `${pod.state}: ${withoutStop(oneLine(newest.message, most))}`,
      cause: withoutStop(newest.message),
      container: undefined,
      warnings: own,
    };
  }
  if (pod.severity !== 'error' && pod.severity !== 'warn') return undefined;
  const container = pod.containers.find(standsInTheWay);
  const kind = kindOf(pod, container);
  const told: Pod = newest === undefined ? pod : { ...pod, message: newest.message };
  return {
    kind,
    words: podStateWords(told, most),
    cause: provesItself(kind) && told.message !== undefined ? withoutStop(told.message) : undefined,
    container,
    warnings: own,
  };
}

/** A state with its explanation: `OOMKilled (137), limit 1728Mi`, `ImagePullBackOff: not found`. */
export function podStateWords(pod: Pod, most = shortMessage): string {
  if (pod.state.startsWith('OOMKilled') && pod.memoryLimit !== undefined) return `${pod.state}, limit ${formatMemory(pod.memoryLimit)}`;
  if (pod.message === undefined || pod.severity === 'ok' || pod.severity === 'busy') return pod.state;
  const message = oneLine(pod.message, most).replace(/\.$/, '');
  // A state may already contain its reason: `Unschedulable: 0/1 nodes …`.
  return pod.state.includes(message.slice(0, 40)) ? pod.state : `${pod.state}: ${message}`;
}

/** The kernel killed the pod at the memory limit of its container. */
export const isOutOfMemory = ({ state }: Pod): boolean => /\bOOMKilled\b/.test(state);

/** The warnings that add to the pod's status: why its start takes long, or why its image cannot be pulled. Newest first. */
export function warningsOf(pod: Pod, warnings: Iterable<Warning>, now: Instant): readonly Warning[] {
  const explains = pod.severity === 'busy' && pod.deletedAt === undefined ? holdsUp : hidesFailedPull(pod) ? failedPull : undefined;
  if (explains === undefined) return [];
  const own: Warning[] = [];
  for (const warning of warnings) {
    if (warning.object.name === pod.name && warning.object.kind === 'Pod' && explains(warning, pod, now)) own.push(warning);
  }
  return own.sort((a, b) => b.at - a.at);
}

const holdsUp = ({ at }: Warning, { createdAt }: Pod, now: Instant): boolean =>
  at - (createdAt ?? 0) >= orderOfCreationMs && now - at < kubeletRepeatsMs;

/** The status may only show that the kubelet is waiting for its next try; the event of the last try has the reason for its failure. */
const hidesFailedPull = ({ state, message }: Pod): boolean =>
  /^(?:Init:)?ImagePullBackOff$/.test(state) && /^(?:Back-off pulling image(?: "[^"]*")?\.?)?$/.test(message ?? '');
const failedPull = ({ reason, message, at }: Warning, { createdAt }: Pod): boolean =>
  reason === 'Failed' && /\bpull\b/.test(message) && at >= (createdAt ?? 0);

/** A container that ended, even if it runs again. */
export interface Ended {
  readonly container: PodContainer;
  readonly previous: boolean;
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
  readonly at: Instant | undefined;
}

/** The ended container that is the pod's problem; undefined if none is. */
export function endedContainer({ containers }: Pick<Pod, 'containers'>): Ended | undefined {
  for (const container of containers) {
    const { reason, exitCode, endedAt: at } = container;
    if (failed(container)) return { container, previous: false, reason, exitCode, at };
    // A container that should run but ends again and again is a problem, however it ends.
    const { before } = container;
    if (before !== undefined && (before.exitCode !== 0 || inCrashLoop(container))) return { container, previous: true, ...before };
  }
  return undefined;
}

const failed = ({ state, exitCode }: PodContainer): boolean => state === 'terminated' && exitCode !== 0;
const inCrashLoop = ({ state, reason }: PodContainer): boolean => state === 'waiting' && reason === 'CrashLoopBackOff';

/** Waits that are part of every start. */
const usualWaits = new Set(['ContainerCreating', 'PodInitializing']);
const standsInTheWay = (container: PodContainer): boolean =>
  failed(container) || (container.state === 'waiting' && container.reason !== undefined && !usualWaits.has(container.reason));

/**
 * Reasons of a container that never started and has no log. Sources: `images.Err…`, `kuberuntime.Err…`, Kubernetes 1.34; containerd for
 * `StartError`.
 */
const neverStarted = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'SignatureValidationFailed',
  'ImageInspectError',
  'CreateContainerConfigError',
  'PreCreateHookError',
  'CreateContainerError',
  'RunContainerError',
  'StartError',
  'ContainerCannotRun',
]);

function kindOf({ state, severity }: Pod, container: PodContainer | undefined): PodTrouble['kind'] {
  if (/^Unschedulable\b/.test(state)) return 'unscheduled';
  if (state === 'NotReady') return 'unready';
  const word = state.replace(/^Init:/, '');
  const ofContainer = container !== undefined && (word === container.reason || /\((?:\d+|\?)\)$/.test(word));
  if (severity === 'warn' || !ofContainer) return 'over';
  return neverStarted.has((inCrashLoop(container) ? container.before?.reason : container.reason) ?? '') ? 'stuck' : 'crashed';
}

/** True if the message is the reason. Only its log shows why a container crashed. */
const provesItself = (kind: PodTrouble['kind']): boolean => kind !== 'crashed' && kind !== 'unready';

const withoutStop = (text: string): string => text.replace(/\.$/, '');
