import type { Session, Target } from './types.ts';

/** The session before the first change of any feed. */
export function emptySession(target: Target): Session {
  return {
    target,
    pods: new Map(),
    podsKnown: false,
    eventsKnown: false,
    listing: undefined,
    gone: [],
    leader: undefined,
    ledBefore: undefined,
    highAvailability: undefined,
    deployment: undefined,
    usage: new Map(),
    jobs: [],
    jobsKnown: false,
    jobsKnownAt: undefined,
    lostJobs: [],
    overview: undefined,
    config: undefined,
    sources: new Map(),
    unreadable: new Map(),
    logs: new Map(),
    logPatterns: [],
    setLevels: [],
    warnings: new Map(),
    timeline: [],
    timelineCount: 0,
    operations: [],
    inspections: new Map(),
    spool: undefined,
    stopped: false,
  };
}
