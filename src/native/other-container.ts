import { hasLog, mainContainer } from './main-container.ts';
import type { Pod, PodContainer } from './pod.ts';

/** All containers of a pod: that of Flink, then those beside it, then those before it. */
export function containersOf(pod: Pod): readonly PodContainer[] {
  const main = mainContainer(pod);
  const others = pod.containers.filter((each) => each !== main);
  return [...(main === undefined ? [] : [main]), ...others.filter(({ init }) => !init), ...others.filter(({ init }) => init)];
}

const hasFailed = ({ init, state, exitCode, restarts }: PodContainer): boolean =>
  init && ((state === 'terminated' && exitCode !== 0) || restarts > 0);

/** The init container that keeps Flink's from beginning: its log is the only one with words. */
export const failedInit = (pod: Pod): PodContainer | undefined => (hasLog(pod) ? undefined : pod.containers.find(hasFailed));
