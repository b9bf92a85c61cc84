import type { Instant } from '../../support/clock.ts';
import type { Pod, Session } from '../types.ts';

/**
 * A real JobManager needs 10 to 30 s for the JVM, the class path and the recovery of jobs; on a busy node more. Counted from the start of
 * its container.
 */
const startMs = 60_000;

const beganAt = ({ containers, createdAt }: Pod): Instant | undefined =>
  containers.reduce(
    (latest, { state, init, startedAt }) => (state === 'running' && !init ? Math.max(latest ?? 0, startedAt ?? 0) : latest),
    createdAt,
  );

/**
 * When the JobManager started that is being waited for; undefined if this is an outage and not a start: it has already answered, its pod is
 * in trouble, or it takes too long.
 */
export function selectJobManagerStart(
  { pods, sources, leader, ledBefore, highAvailability }: Pick<Session, 'pods' | 'sources' | 'leader' | 'ledBefore' | 'highAvailability'>,
  now: Instant,
): Instant | undefined {
  // The data about pods is old.
  if (sources.get('pods')?.state !== 'live') return undefined;
  // A failover waits for a standby JobManager, whatever else is starting.
  if (highAvailability === true && leader === undefined && ledBefore !== undefined) return undefined;
  let latest: Pod | undefined;
  pods.forEach((pod) => {
    if (highAvailability === true && leader !== undefined && pod.name !== leader) return;
    if (pod.role !== 'jobmanager' || pod.deletedAt !== undefined || (pod.severity !== 'ok' && pod.severity !== 'busy')) return;
    if (latest === undefined || (beganAt(pod) ?? 0) > (beganAt(latest) ?? 0)) latest = pod;
  });
  if (latest === undefined) return undefined;
  const began = beganAt(latest);
  if (began === undefined) return undefined;
  const answeredAt = sources.get('flink')?.dataAt ?? Number.NEGATIVE_INFINITY;
  // Pulling an image may take any time: nothing can answer before the container runs.
  const takesTooLong = latest.severity !== 'busy' && now - began >= startMs;
  return takesTooLong || answeredAt > began ? undefined : began;
}
