import type { Instant } from '../support/clock.ts';
import { isReady } from './job-manager-pod.ts';
import { type DeploymentObject, type EventObject, type PodObject, stamp } from './objects.ts';
import { podTrouble } from './pod-trouble.ts';

/** What the watches of a starting cluster have shown so far. */
export interface Seen {
  /** By uid. Those that are being deleted, of an earlier cluster perhaps, are not among them. */
  readonly pods: ReadonlyMap<string, PodObject>;
  readonly events: readonly EventObject[];
  readonly deployment: DeploymentObject | undefined;
  /** The Deployment was there and was deleted. */
  readonly deleted: boolean;
}

const order = ['created', 'scheduled', 'pulling', 'pulled', 'started', 'ready'] as const;

export type Stage = (typeof order)[number];

/** Something on the way to ready. */
export interface Milestone {
  readonly stage: Stage;
  readonly text: string;
  readonly pod: string;
}

export interface Obstacle {
  /** A sentence without its full stop. */
  readonly text: string;
  /** `fatal`: will not pass. `stubborn`: may pass, but rarely does. `patient`: often passes (a node is added, a quota is freed). */
  readonly verdict: 'fatal' | 'stubborn' | 'patient';
  /** The container whose log says more; `previous` where it is about to start again. */
  readonly crashed: { readonly pod: string; readonly container: string | undefined; readonly previous: boolean } | undefined;
}

const stages: Readonly<Record<string, Stage>> = { Scheduled: 'scheduled', Pulling: 'pulling', Pulled: 'pulled', Started: 'started' };

/** How far the JobManagers' pods have come, oldest first. Pure. */
export function milestones({ pods, events }: Seen): readonly Milestone[] {
  const found: { readonly at: Instant; readonly milestone: Milestone }[] = [];
  for (const pod of pods.values()) {
    const name = pod.metadata?.name ?? '';
    const own = events.filter((event) => event.involvedObject?.uid === pod.metadata?.uid);
    const add = (stage: Stage, text: string, at: Instant) => found.push({ at, milestone: { stage, text, pod: name } });
    add('created', `Pod ${name} was created`, stamp(pod.metadata?.creationTimestamp) ?? 0);
    for (const event of own) {
      const stage = stages[event.reason ?? ''];
      if (stage !== undefined) add(stage, wordsOfEvent(stage, event, name), timeOf(event));
    }
    // Where events must not be read, the pod itself still says that much.
    if (pod.spec?.nodeName !== undefined && !own.some(({ reason }) => reason === 'Scheduled')) add('scheduled', `Pod ${name} was scheduled on ${pod.spec.nodeName}`, stamp(pod.metadata?.creationTimestamp) ?? 0);
    if (isReady(pod)) add('ready', `Pod ${name} is running`, Number.MAX_SAFE_INTEGER);
  }
  // Stamps of objects and of some events are whole seconds: within one, the order of the stages is the better guess.
  const second = (at: Instant) => Math.floor(at / 1000);
  return found.toSorted((a, b) => second(a.at) - second(b.at) || order.indexOf(a.milestone.stage) - order.indexOf(b.milestone.stage)).map(({ milestone }) => milestone);
}

function wordsOfEvent(stage: Stage, event: EventObject, pod: string): string {
  if (stage === 'scheduled') return `Pod ${pod} was scheduled on ${/ to (\S+)$/.exec(event.message ?? '')?.[1] ?? 'a node'}`;
  if (stage === 'started') return `A container of pod ${pod} started`;
  return (event.message ?? event.reason ?? stage).trim().replace(/\.$/, '');
}

/** What stands in the way now; undefined when things take their course. Pure. */
export function obstacle(seen: Seen): Obstacle | undefined {
  const pods = [...seen.pods.values()];
  for (const pod of pods) {
    const found = podObstacle(pod, seen.events);
    if (found !== undefined) return found;
  }
  const failure = seen.deployment?.status?.conditions?.find((each) => each.type === 'ReplicaFailure' && each.status === 'True');
  if (failure !== undefined && pods.length < (seen.deployment?.spec?.replicas ?? 1)) {
    const quota = /exceeded quota/.test(failure.message ?? '');
    return { text: `The JobManager pod cannot be created: ${failure.message ?? failure.reason ?? 'no reason given'}`, verdict: quota ? 'patient' : 'stubborn', crashed: undefined };
  }
  return undefined;
}

function podObstacle(pod: PodObject, events: readonly EventObject[]): Obstacle | undefined {
  const name = pod.metadata?.name ?? '';
  const trouble = podTrouble(pod);
  const because = trouble.message === undefined ? '' : ` (${trouble.message})`;
  if (trouble.kind === 'stuck') {
    const fatal = /InvalidImageName|ErrImageNeverPull/.test(trouble.reason);
    // While it backs off, the kubelet's status no longer says why the image could not be pulled; its event still does.
    const why = trouble.reason === 'ImagePullBackOff' ? (failedPull(pod, events) ?? because) : because;
    return { text: `Pod ${name}: ${trouble.reason}${why}`, verdict: fatal ? 'fatal' : trouble.reason === 'Unschedulable' ? 'patient' : 'stubborn', crashed: undefined };
  }
  if (trouble.kind === 'crashed') {
    const status = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find((each) => each.name === trouble.container);
    const restarts = status?.restartCount ?? 0;
    const waiting = status?.state?.waiting !== undefined;
    // One crash may be a race at the start; a second one after a restart is not.
    return {
      text: `Pod ${name}: container ${trouble.container ?? '?'} ended, ${trouble.reason}${because}`, verdict: waiting && restarts >= 1 ? 'fatal' : 'patient',
      crashed: { pod: name, container: trouble.container, previous: waiting && status?.lastState?.terminated !== undefined },
    };
  }
  return undefined;
}

function failedPull(pod: PodObject, events: readonly EventObject[]): string | undefined {
  const event = events.findLast(({ reason, message, involvedObject }) => reason === 'Failed' && /pull/.test(message ?? '') && involvedObject?.uid === pod.metadata?.uid);
  return event?.message === undefined ? undefined : ` (${event.message})`;
}

const timeOf = (event: EventObject): Instant => stamp(event.eventTime ?? event.firstTimestamp ?? event.lastTimestamp ?? event.metadata?.creationTimestamp) ?? 0;
