import type { Instant } from '../support/clock.ts';
import { oneLine } from '../support/foreign-text.ts';
import { formatMemory } from '../support/format.ts';
import type { Pod, PodContainer, Warning } from './pod.ts';

/** What is wrong with a pod: one reading of it and of its events for the table, the line `!`, `why` and `deploy --wait`. */
export interface PodTrouble {
  /**
   * `held-up`: it starts, and only its events say why it does not get on. `unscheduled`: no node takes it.
   * `stuck`: a container cannot start. `crashed`: a container ended. `unready`: it runs, and its checks fail.
   * `over`: the pod as a whole ended, or its node is lost.
   */
  readonly kind: 'held-up' | 'unscheduled' | 'stuck' | 'crashed' | 'over' | 'unready';
  /** What stands behind the pod's name: `ImagePullBackOff: not found`, `OOMKilled (137), limit 1728Mi`. */
  readonly words: string;
  /** What proves why, without its full stop; undefined: status and events prove nothing, the log of a container that crashed may. */
  readonly cause: string | undefined;
  /** The container that stands in the way; undefined: none, or it is not known which. */
  readonly container: PodContainer | undefined;
  /** The events that speak for it, the newest first. */
  readonly warnings: readonly Warning[];
}

/** A ConfigMap or a secret may come a moment after the pod that mounts it: Flink's client creates the Deployment first. */
const orderOfCreationMs = 10_000;
/** The kubelet repeats what it cannot do at least every two minutes. Source: `MountVolume`, Kubernetes 1.34. */
const kubeletRepeatsMs = 5 * 60_000;

/** Of a message, in words that stand in a line. */
const shortMessage = 200;

/** What is wrong with the pod; undefined if nothing is, as far as its status and these warnings go. `most`: characters of a message. Pure. */
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

/** A state with what explains it: `OOMKilled (137), limit 1728Mi`, `ImagePullBackOff: not found`. */
export function podStateWords(pod: Pod, most = shortMessage): string {
  if (pod.state.startsWith('OOMKilled') && pod.memoryLimit !== undefined) return `${pod.state}, limit ${formatMemory(pod.memoryLimit)}`;
  if (pod.message === undefined || pod.severity === 'ok' || pod.severity === 'busy') return pod.state;
  const message = oneLine(pod.message, most).replace(/\.$/, '');
  // What a state already says of its reason is not said twice: `Unschedulable: 0/1 nodes …`.
  return pod.state.includes(message.slice(0, 40)) ? pod.state : `${pod.state}: ${message}`;
}

/** The pod was killed for its memory: by the kernel, at the limit of its container. */
export const isOutOfMemory = ({ state }: Pod): boolean => /\bOOMKilled\b/.test(state);

/** The warnings that say what the pod's status does not: why it does not get on, or why its image cannot be pulled. The newest first. */
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
  at - createdAt >= orderOfCreationMs && now - at < kubeletRepeatsMs;

/** The status may say only that the kubelet waits before it tries again; the event of the last try says why that failed. */
const hidesFailedPull = ({ state, message }: Pod): boolean =>
  /^(?:Init:)?ImagePullBackOff$/.test(state) && /^(?:Back-off pulling image(?: "[^"]*")?\.?)?$/.test(message ?? '');
const failedPull = ({ reason, message, at }: Warning, { createdAt }: Pod): boolean =>
  reason === 'Failed' && /\bpull\b/.test(message) && at >= createdAt;

/** The container of a pod that ended, or that runs again after it did. */
export interface Ended {
  readonly container: PodContainer;
  readonly previous: boolean;
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
  readonly at: Instant | undefined;
}

/** How the container ended that is the pod's problem; undefined: none did. */
export function endedContainer({ containers }: Pick<Pod, 'containers'>): Ended | undefined {
  for (const container of containers) {
    const { reason, exitCode, endedAt: at } = container;
    if (failed(container)) return { container, previous: false, reason, exitCode, at };
    // One that ends again and again although it should run is a problem whatever it ends with.
    const { before } = container;
    if (before !== undefined && (before.exitCode !== 0 || inCrashLoop(container))) return { container, previous: true, ...before };
  }
  return undefined;
}

const failed = ({ state, exitCode }: PodContainer): boolean => state === 'terminated' && exitCode !== 0;
const inCrashLoop = ({ state, reason }: PodContainer): boolean => state === 'waiting' && reason === 'CrashLoopBackOff';

/** Waits that belong to every start. */
const usualWaits = new Set(['ContainerCreating', 'PodInitializing']);
const standsInTheWay = (container: PodContainer): boolean =>
  failed(container) || (container.state === 'waiting' && container.reason !== undefined && !usualWaits.has(container.reason));

/** The container was never started, and has no log. Sources: `images.Err…`, `kuberuntime.Err…`, Kubernetes 1.34; containerd for `StartError`. */
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

/** Whose message is the reason. How a container crashed, only its log says. */
const provesItself = (kind: PodTrouble['kind']): boolean => kind !== 'crashed' && kind !== 'unready';

const withoutStop = (text: string): string => text.replace(/\.$/, '');
