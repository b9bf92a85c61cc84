import type { FlinkProcess } from '../../flink/process-types.ts';
import type { Pod, Session } from '../../session/types.ts';
import { Problem } from '../../support/problem.ts';

/** The process of a pod, as Flink's REST endpoint knows it. On Kubernetes a TaskManager has the name of its pod. */
export function processOf({ name, shortName, role }: Pick<Pod, 'name' | 'shortName' | 'role'>, { leader, pods }: Session): FlinkProcess {
  if (role !== 'jobmanager') return { kind: 'taskmanager', id: name };
  if (leader !== undefined && leader !== name) {
    throw new Problem('conflict', `${shortName} does not lead: only the leading JobManager answers for itself.`, {
      hint: `Ask ${pods.get(leader)?.shortName ?? leader}: jm for short.`,
    });
  }
  return { kind: 'jobmanager' };
}
