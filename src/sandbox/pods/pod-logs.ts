import { containerLog, type ContainerLog } from './container-log.ts';

/** The logs of all containers on the node: the current one and the one before its last restart. */
export interface PodLogs {
  /** Begins the log of a container; the current one becomes the previous one. */
  begin(podUid: string, container: string): ContainerLog;
  current(podUid: string, container: string): ContainerLog | undefined;
  previous(podUid: string, container: string): ContainerLog | undefined;
  forget(podUid: string): void;
}

export function podLogs(now: () => number): PodLogs {
  const pods = new Map<string, Map<string, { readonly current: ContainerLog; readonly previous: ContainerLog | undefined }>>();
  return {
    begin(podUid, container) {
      let containers = pods.get(podUid);
      if (containers === undefined) pods.set(podUid, (containers = new Map()));
      const before = containers.get(container)?.current;
      before?.end();
      const current = containerLog(now);
      containers.set(container, { current, previous: before });
      return current;
    },
    current: (podUid, container) => pods.get(podUid)?.get(container)?.current,
    previous: (podUid, container) => pods.get(podUid)?.get(container)?.previous,
    forget(podUid) {
      for (const { current } of pods.get(podUid)?.values() ?? []) current.end();
      pods.delete(podUid);
    },
  };
}
