import type { SandboxClock } from '../base/clock.ts';
import { recordsOf, stamp, type ApiObject, type JsonObject } from '../api/objects.ts';
import { PODS } from '../api/resources.ts';
import type { ObjectStore } from '../api/store.ts';
import type { PodLogs } from './pod-logs.ts';
import { containerId, type ContainerState, isSidecar, podStatus } from './pod-status.ts';
import { backOff, backOffMessage } from './back-off.ts';
import { NOT_FOUND, runInPod } from './toy-shell.ts';

export interface InitServices {
  readonly store: ObjectStore;
  readonly clock: SandboxClock;
  readonly logs: PodLogs;
  readonly note: (pod: ApiObject, reason: string, message: string, more?: { readonly type?: 'Warning' }) => void;
  readonly later: (pod: ApiObject, ms: number, step: (pod: ApiObject) => void) => void;
}

/**
 * Runs the init containers of a pod with the toy shell, then goes on. One that fails is started again, and the pod does not come further. A
 * program that the toy shell does not know is taken to have done its work.
 */
export function initContainers({
  store,
  clock,
  logs,
  note,
  later,
}: InitServices): (pod: ApiObject, done: (pod: ApiObject) => void) => void {
  const attempt = (pod: ApiObject, index: number, restarts: number, done: (pod: ApiObject) => void): void => {
    const container = recordsOf(pod['spec'], 'initContainers')[index];
    if (container === undefined) return done(pod);
    if (isSidecar(container)) return attempt(pod, index + 1, 0, done);
    const name = String(container['name']);
    const { stdout, stderr, exitCode } = runInPod(store, pod, [...texts(container, 'command'), ...texts(container, 'args')]);
    const log = logs.begin(pod.metadata.uid, name);
    const said = (stdout + stderr).trimEnd();
    if (said !== '') log.write(said);
    log.end();
    note(pod, 'Created', `Created container: ${name}`);
    note(pod, 'Started', `Started container ${name}`);
    if (exitCode === 0 || exitCode === NOT_FOUND) return attempt(pod, index + 1, 0, done);

    const now = stamp(clock.now());
    const state: ContainerState = {
      terminated: { exitCode, reason: 'Error', startedAt: now, finishedAt: now, containerID: containerId(pod, restarts) },
    };
    const show = (of: ApiObject, is: ContainerState, lastState?: ContainerState): void => {
      const init = { name, state: is, restartCount: restarts, ...(lastState === undefined ? {} : { lastState }) };
      store.update(PODS, { ...of, status: podStatus(of, 'Pending', { state: is, ready: false, restartCount: 0, init }, clock.now()) });
    };
    show(pod, state);
    if (restarts > 0)
      later(pod, 1_000, (waiting) => {
        const full = `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`;
        note(waiting, 'BackOff', `Back-off restarting failed container ${name} in pod ${full}`, { type: 'Warning' });
        show(waiting, { waiting: { reason: 'CrashLoopBackOff', message: backOffMessage(restarts, name, full) } }, state);
      });
    later(pod, 1_500 + backOff(restarts) * 1_000, (again) => attempt(again, index, restarts + 1, done));
  };
  return (pod, done) => attempt(pod, 0, 0, done);
}

const texts = (container: JsonObject, member: string): string[] => (Array.isArray(container[member]) ? container[member].map(String) : []);
