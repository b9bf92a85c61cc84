import type { Instant } from '../../support/clock.ts';
import type { Pod, Session } from '../types.ts';

/** The JVM, the class path and the recovery of jobs take a real JobManager 10 to 30 s; a busy node takes longer. Counts once its container runs. */
const startMs = 60_000;

const beganAt = ({ containers, createdAt }: Pod): Instant =>
  containers.reduce(
    (latest, { state, init, startedAt }) => (state === 'running' && !init ? Math.max(latest, startedAt ?? 0) : latest),
    createdAt,
  );

/**
 * When the JobManager began that is being waited for; undefined if this is no start but an outage: it has answered since, its pod is in
 * trouble, or it takes too long.
 */
export function selectJobManagerStart(
  { pods, sources, leader, ledBefore, highAvailability }: Pick<Session, 'pods' | 'sources' | 'leader' | 'ledBefore' | 'highAvailability'>,
  now: Instant,
): Instant | undefined {
  // What is known of the pods is old.
  if (sources.get('pods')?.state !== 'live') return undefined;
  // A failover waits for one that stands by, whatever else begins meanwhile.
  if (highAvailability === true && leader === undefined && ledBefore !== undefined) return undefined;
  let latest: Pod | undefined;
  pods.forEach((pod) => {
    if (highAvailability === true && leader !== undefined && pod.name !== leader) return;
    if (pod.role !== 'jobmanager' || pod.deletedAt !== undefined || (pod.severity !== 'ok' && pod.severity !== 'busy')) return;
    if (latest === undefined || beganAt(pod) > beganAt(latest)) latest = pod;
  });
  if (latest === undefined) return undefined;
  const began = beganAt(latest);
  const answeredAt = sources.get('flink')?.dataAt ?? Number.NEGATIVE_INFINITY;
  // An image that is pulled takes as long as it takes: nobody can answer before the container runs.
  const takesTooLong = latest.severity !== 'busy' && now - began >= startMs;
  return takesTooLong || answeredAt > began ? undefined : began;
}
