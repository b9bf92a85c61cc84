import type { Job, Pod, Session } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';

const freshMs = 1_000;

/** Remembers which pods and jobs changed a moment ago. */
export interface Freshness {
  /** Compares with the session of the previous call. */
  look(session: Session, now: Instant): void;
  isFresh(key: string): boolean;
}

/** Changes of a pod that count; figures that change all the time do not. */
const podChanged = (a: Pod, b: Pod): boolean => a.state !== b.state || a.ready !== b.ready || a.restarts !== b.restarts;
const jobChanged = (a: Job, b: Job): boolean => a.state !== b.state || a.restarts !== b.restarts;

export function createFreshness(): Freshness {
  let before: Session | undefined;
  const until = new Map<string, Instant>();
  return {
    look(session, now) {
      for (const [key, end] of until) if (end <= now) until.delete(key);
      // The first list is not a change.
      if (before?.podsKnown === true && session.pods !== before.pods) {
        const known = before.pods;
        session.pods.forEach((pod, name) => {
          const old = known.get(name);
          if (old !== pod && (old === undefined || podChanged(old, pod))) until.set(name, now + freshMs);
        });
      }
      if (before?.jobsKnown === true && session.jobs !== before.jobs) {
        const known = new Map(before.jobs.map((job) => [job.id, job]));
        for (const job of session.jobs) {
          const old = known.get(job.id);
          if (old !== job && (old === undefined || jobChanged(old, job))) until.set(job.id, now + freshMs);
        }
      }
      before = session;
    },
    isFresh: (key) => until.has(key),
  };
}
