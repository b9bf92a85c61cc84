import type { Instant } from '../../support/clock.ts';
import type { Pod, Session } from '../types.ts';

/** The JVM, the class path and the recovery of jobs take a real JobManager 10 to 30 s; a busy node takes longer. */
const startMs = 60_000;

const beganAt = ({ containers, createdAt }: Pod): Instant =>
  containers.reduce((latest, { state, init, startedAt }) => (state === 'running' && !init ? Math.max(latest, startedAt ?? 0) : latest), createdAt);

/**
 * When the JobManager began that is being waited for; undefined if this is no start but an outage: it has answered since, its pod is in
 * trouble, or it takes too long.
 */
export function selectJobManagerStart({ pods, sources, leader, ledBefore, highAvailability }: Pick<Session, 'pods' | 'sources' | 'leader' | 'ledBefore' | 'highAvailability'>, now: Instant): Instant | undefined {
  // What is known of the pods is old.
  if (sources.get('pods')?.state !== 'live') return undefined;
  // A failover waits for one that stands by, whatever else begins meanwhile.
  if (highAvailability === true && leader === undefined && ledBefore !== undefined) return undefined;
  let latest: Instant | undefined;
  pods.forEach((pod) => {
    if (highAvailability === true && leader !== undefined && pod.name !== leader) return;
    if (pod.role !== 'jobmanager' || pod.deletedAt !== undefined || (pod.severity !== 'ok' && pod.severity !== 'busy')) return;
    latest = Math.max(latest ?? 0, beganAt(pod));
  });
  const answeredAt = sources.get('flink')?.dataAt ?? Number.NEGATIVE_INFINITY;
  return latest === undefined || now - latest >= startMs || answeredAt > latest ? undefined : latest;
}
