/** Seconds between a container's end and its next start after `restarts` of them: none at first, then 10, 20, 40 … up to 300. Source: kubelet MaxContainerBackOff. */
export const backOff = (restarts: number): number => (restarts === 0 ? 0 : Math.min(300, 10 * 2 ** (restarts - 1)));

/** `40s`, `1m20s`: a duration as Go prints it. */
const goSeconds = (seconds: number): string => (seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`);

export const backOffMessage = (restarts: number, container: string, pod: string): string =>
  `back-off ${goSeconds(backOff(restarts))} restarting failed container=${container} pod=${pod}`;
