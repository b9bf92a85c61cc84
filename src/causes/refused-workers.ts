/** Pods of TaskManagers that the API server refused to the JobManager. */
export interface RefusedWorkers {
  /** The API server's message. */
  readonly message: string;
  /** The number of refusals in the lines that were read. */
  readonly count: number;
}

/**
 * The TaskManagers that could not be created, from the log of a JobManager; undefined if its last request succeeded. Neither a pod nor an
 * event shows this: the API server tells the JobManager alone. Source: `KubernetesResourceManagerDriver.requestResource`, Flink 2.3: `Could
 * not create pod c1-taskmanager-1-5, exception: … Message: pods is forbidden: User … Received status: Status(…`.
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
