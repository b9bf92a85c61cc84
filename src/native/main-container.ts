import { MAIN_CONTAINER } from './names.ts';
import type { Pod, PodContainer } from './pod.ts';

/** Flink's container; if a template named it differently, the only one of the pod. */
export const mainContainer = ({ containers }: Pick<Pod, 'containers'>): PodContainer | undefined =>
  containers.find(({ name }) => name === MAIN_CONTAINER) ?? containers.find(({ init }) => !init);

/**
 * A pod without a node, or a container that waits to be created, has no log yet; one that waits to be restarted has the log of its last
 * run.
 */
export function hasLog(pod: Pod): boolean {
  const container = mainContainer(pod);
  return (
    pod.node !== undefined &&
    container !== undefined &&
    (container.state === 'running' || container.state === 'terminated' || container.restarts > 0)
  );
}
