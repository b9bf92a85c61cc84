import { MAIN_CONTAINER } from './names.ts';
import type { Pod, PodContainer } from './pod.ts';

/** Flink's container; if a template named it differently, the only one of the pod. */
export const mainContainer = ({ containers }: Pick<Pod, 'containers'>): PodContainer | undefined =>
  containers.find(({ name }) => name === MAIN_CONTAINER) ?? containers.find(({ init }) => !init);
