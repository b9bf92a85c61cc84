import { PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesClient } from '../../kubernetes/model/types.ts';
import { hasLog } from '../../native/main-container.ts';
import { clusterSelector } from '../../native/names.ts';
import { projectPod } from '../../native/pod-projection.ts';
import type { Pod } from '../../native/pod.ts';
import { sentence } from '../../support/problem.ts';
import { mostLogs } from './chosen-pods.ts';
import type { PodLogs, Print, Reading } from './pod-logs.ts';

export interface Following {
  readonly kubernetes: Pick<KubernetesClient, 'listAndWatch'>;
  readonly namespace: string;
  readonly clusterId: string;
  readonly belongs: (pod: Pod) => boolean;
  readonly podLogs: PodLogs;
  /** How to read the log of one more pod; `tail` counts only for those that are there from the start. */
  readonly choose: () => Reading['choose'];
  readonly tail: number | undefined;
  readonly print: Print;
  readonly report: (sentence: string) => void;
  readonly signal: AbortSignal;
}

/** Follows the logs of all pods that belong, those as well that appear later, until `signal` aborts. */
export async function followPods(following: Following): Promise<void> {
  const { kubernetes, namespace, clusterId, belongs, podLogs, print, report, signal } = following;
  const running = new Map<string, Promise<void>>();
  let begun = false;
  let full = false;
  let trouble: string | undefined;
  const see = (pods: readonly Pod[]): void => {
    for (const pod of pods) {
      if (!belongs(pod) || !hasLog(pod) || running.has(pod.uid)) continue;
      if (running.size >= mostLogs) {
        if (!full) report(`${mostLogs} logs are followed; those of ${pod.shortName} and of later pods are not.`);
        full = true;
        continue;
      }
      if (begun) report(`${pod.shortName} is new; its log is followed.`);
      const reading = { choose: following.choose(), tail: begun ? undefined : following.tail, signal };
      running.set(
        pod.uid,
        podLogs.print(pod, reading, print).then(() => {
          if (!signal.aborted) report(`The log of ${pod.shortName} has ended.`);
        }),
      );
    }
  };
  await kubernetes.listAndWatch(
    PODS,
    { namespace, labelSelector: clusterSelector(clusterId), signal },
    (raw) => projectPod(raw, clusterId),
    {
      page(pods, { last }) {
        see(pods);
        begun ||= last;
      },
      seen: see,
      // Its log ends by itself, once its last lines are read.
      gone: () => {},
      status(status) {
        const problem = 'problem' in status ? status.problem : undefined;
        // Each reason is reported once: the next try may succeed.
        if (problem !== undefined && problem.message !== trouble) report(`The pods cannot be watched: ${sentence(problem)}`);
        trouble = problem?.message;
      },
    },
  );
  await Promise.all(running.values());
}
