/** Pods of TaskManagers that the JobManager asked for and did not get. */
export interface RefusedWorkers {
  /** What the API server said. */
  readonly message: string;
  /** How often, in the lines that were read. */
  readonly count: number;
}

/**
 * What the log of a JobManager says of TaskManagers that cannot be created; undefined if the last request went well. Neither a pod nor an event
 * reports it: the API server refuses the pod to the JobManager alone. Source: `KubernetesResourceManagerDriver.requestResource`, Flink 2.3:
 * `Could not create pod c1-taskmanager-1-5, exception: … Message: pods is forbidden: User … Received status: Status(…`.
 */
export function refusedWorkers(log: readonly string[]): RefusedWorkers | undefined {
  let message: string | undefined;
  let count = 0;
  for (const line of log) {
    if (!line.includes('KubernetesResourceManagerDriver')) continue;
    if (/Could not create pod/.test(line)) {
      message =
        /Message: (.+?)\. Received status: /.exec(line)?.[1] ??
        /Could not create pod \S+, exception: (.+)$/.exec(line)?.[1] ??
        'no reason given';
      count += 1;
    } else if (/Pod \S+ is created/.test(line)) {
      message = undefined;
      count = 0;
    }
  }
  return message === undefined ? undefined : { message, count };
}
