import { list, record, text, type Json } from './json.ts';
import type { KubernetesObject } from './types.ts';

/** The run of a container whose log the API currently serves. A restart is another run. */
export interface ContainerInstance {
  readonly podUid: string | undefined;
  /** The runtime's id; undefined before the first run. */
  readonly id: string | undefined;
  readonly restarts: number;
  readonly running: boolean;
  /** It has ended, and there will be no other run. */
  readonly final: boolean;
}

/** The container that `kubectl logs` uses by default: the annotated one, otherwise the first. */
export function defaultContainer(pod: KubernetesObject): string | undefined {
  const annotated = text(pod.metadata?.annotations?.['kubectl.kubernetes.io/default-container']);
  return annotated ?? text(record(list(record(record(pod).spec).containers)[0]).name);
}

export function containerInstance(pod: KubernetesObject, container: string | undefined): ContainerInstance {
  const spec = record(record(pod).spec);
  const status = record(record(pod).status);
  const name = container ?? defaultContainer(pod);
  const of = (member: string): Json | undefined =>
    list(status[member])
      .map(record)
      .find((item) => item.name === name);
  const init = of('initContainerStatuses');
  const found = of('containerStatuses') ?? init ?? of('ephemeralContainerStatuses') ?? {};
  const state = record(found.state);
  const terminated = record(state.terminated);
  const before = record(record(found.lastState).terminated);
  const running = state.running !== undefined;
  const phaseOver = status.phase === 'Succeeded' || status.phase === 'Failed';
  const policy = spec.restartPolicy;
  const succeeded = terminated.exitCode === 0;
  const stays =
    policy === 'Never' || (succeeded && (policy === 'OnFailure' || init !== undefined)) || pod.metadata?.deletionTimestamp !== undefined;
  return {
    podUid: pod.metadata?.uid,
    id: text(found.containerID) ?? text(terminated.containerID) ?? text(before.containerID),
    restarts: typeof found.restartCount === 'number' ? found.restartCount : 0,
    running,
    final: phaseOver || (state.terminated !== undefined && stays),
  };
}
