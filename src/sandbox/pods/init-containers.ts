import { recordsOf, stamp, type ApiObject, type JsonObject } from '../api/objects.ts';
import { backOff, backOffMessage } from './back-off.ts';
import { containerId, isSidecar, podStatus, type ContainerState, type InitPart } from './pod-status.ts';
import { AT_ONCE, kubeletEvent, type Stage, type Step, type Surroundings } from './step.ts';
import { notFound } from '../shell/shell.ts';
import { runInPod } from './pod-machine.ts';

type Initialize = Extract<Stage, { readonly kind: 'initialize' }>;
type InitBackOff = Extract<Stage, { readonly kind: 'init-back-off' }>;

/**
 * Runs an init container in the shell of the sandbox. If it fails it is started again, and the pod does not get any further. A program that this
 * shell does not know counts as one that succeeded.
 */
export function initialize(pod: ApiObject, { index, restarts }: Initialize, { objects, now }: Surroundings): Step {
  const container = initContainer(pod, index);
  if (container === undefined) return { pod, events: [], next: [{ stage: { kind: 'pull', tries: 1 }, after: AT_ONCE }] };
  const onwards = [{ stage: { kind: 'initialize', index: index + 1, restarts: 0 }, after: AT_ONCE }] as const;
  if (isSidecar(container)) return { pod, events: [], next: onwards };
  const name = String(container['name']);
  const { stdout, stderr, exitCode } = runInPod(objects, pod, [...texts(container, 'command'), ...texts(container, 'args')], now);
  const done = {
    events: [kubeletEvent(now, 'Created', `Created container: ${name}`), kubeletEvent(now, 'Started', `Started container ${name}`)],
    written: { container: name, text: (stdout + stderr).trimEnd() },
  };
  if (exitCode === 0 || exitCode === notFound) return { ...done, pod, next: onwards };
  const at = stamp(now);
  const ended: ContainerState = {
    terminated: { exitCode, reason: 'Error', startedAt: at, finishedAt: at, containerID: containerId(pod, restarts) },
  };
  const wait = 1_500 + backOff(restarts) * 1_000;
  return {
    ...done,
    pod: held(pod, { name, state: ended, restartCount: restarts }, now),
    next: [
      ...(restarts === 0 ? [] : [{ stage: { kind: 'init-back-off', index, restarts, ended }, after: [1_000, 1_000] } as const]),
      { stage: { kind: 'initialize', index, restarts: restarts + 1 }, after: [wait, wait] },
    ],
  };
}

/** An init container that failed waits for its next start. */
export function initBackOff(pod: ApiObject, { index, restarts, ended }: InitBackOff, now: number): Step {
  const name = String(initContainer(pod, index)?.['name']);
  const full = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
  const state: ContainerState = { waiting: { reason: 'CrashLoopBackOff', message: backOffMessage(restarts, name, full) } };
  return {
    pod: held(pod, { name, state, restartCount: restarts, lastState: ended }, now),
    events: [kubeletEvent(now, 'BackOff', `Back-off restarting failed container ${name} in pod ${full}`, 'Warning')],
    next: [],
  };
}

const initContainer = (pod: ApiObject, index: number): JsonObject | undefined => recordsOf(pod['spec'], 'initContainers')[index];

/** The pod while this init container holds it up. */
const held = (pod: ApiObject, init: InitPart, now: number): ApiObject => ({
  ...pod,
  status: podStatus(pod, 'Pending', { state: init.state, ready: false, restartCount: 0, init }, now),
});

const texts = (container: JsonObject, member: string): string[] => (Array.isArray(container[member]) ? container[member].map(String) : []);
