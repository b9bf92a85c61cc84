import { outOfMemoryAdvice } from '../../causes/rules/memory.ts';
import { adviceFor } from '../../causes/rules.ts';
import { warningOf } from '../../native/events.ts';
import { MAIN_CONTAINER } from '../../native/names.ts';
import { type DeploymentObject, type EventObject, type PodObject, stamp } from '../../native/objects.ts';
import { readPod } from '../../native/pod-projection.ts';
import { endedContainer, isOutOfMemory, type PodTrouble, podTrouble } from '../../native/pod-trouble.ts';
import type { Pod, Warning } from '../../native/pod.ts';
import type { Instant } from '../../support/clock.ts';
import { isReady } from '../endpoint/job-manager-pod.ts';

/** What the watches of a starting cluster have shown so far. */
export interface Seen {
  /** By uid. Pods that are being deleted, perhaps of an earlier cluster, are left out. */
  readonly pods: ReadonlyMap<string, PodObject>;
  readonly events: readonly EventObject[];
  readonly deployment: DeploymentObject | undefined;
  /** The Deployment existed and was deleted. */
  readonly deleted: boolean;
}

const order = ['created', 'scheduled', 'pulling', 'pulled', 'started', 'ready'] as const;

export type Stage = (typeof order)[number];

/** A step on the way to ready. */
export interface Milestone {
  readonly stage: Stage;
  readonly text: string;
  readonly pod: string;
}

export interface Obstacle {
  /** Names the obstacle: the same while it stays, however its reason changes: `ErrImagePull`, `ImagePullBackOff`, `ErrImagePull`. */
  readonly what: string;
  /** A sentence without its full stop. */
  readonly text: string;
  /**
   * `fatal`: will not pass. `stubborn`: may pass, but rarely does. `patient`: often passes (a node is added, a quota is freed). `usual`:
   * part of most starts, and only matters if the time is up.
   */
  readonly verdict: 'fatal' | 'stubborn' | 'patient' | 'usual';
  /** The container whose log gives the reason; `previous` if it is about to be restarted. */
  readonly crashed: { readonly pod: string; readonly container: string | undefined; readonly previous: boolean } | undefined;
  /** Advice, one sentence each. */
  readonly advice: readonly string[];
}

const stages: Readonly<Record<string, Stage>> = { Scheduled: 'scheduled', Pulling: 'pulling', Pulled: 'pulled', Started: 'started' };

/** Progress of the JobManagers' pods, oldest first. Pure. */
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
    // If events may not be read, the pod itself shows this much.
    if (pod.spec?.nodeName !== undefined && !own.some(({ reason }) => reason === 'Scheduled'))
      add('scheduled', `Pod ${name} was scheduled on ${pod.spec.nodeName}`, stamp(pod.metadata?.creationTimestamp) ?? 0);
    if (isReady(pod)) add('ready', `Pod ${name} is running`, Number.MAX_SAFE_INTEGER);
  }
  // Objects and some events have stamps in whole seconds: within one second, the order of the stages is the better guess.
  const second = (at: Instant) => Math.floor(at / 1000);
  return found
    .toSorted((a, b) => second(a.at) - second(b.at) || order.indexOf(a.milestone.stage) - order.indexOf(b.milestone.stage))
    .map(({ milestone }) => milestone);
}

function wordsOfEvent(stage: Stage, event: EventObject, pod: string): string {
  if (stage === 'scheduled') return `Pod ${pod} was scheduled on ${/ to (\S+)$/.exec(event.message ?? '')?.[1] ?? 'a node'}`;
  if (stage === 'started') return `A container of pod ${pod} started`;
  return (event.message ?? event.reason ?? stage).trim().replace(/\.$/, '');
}

/** The current obstacle; undefined if all is well. Pure. */
export function obstacle(seen: Seen, clusterId: string, now: Instant): Obstacle | undefined {
  const pods = [...seen.pods.values()];
  const warnings = seen.events.flatMap((event) => warningOf(event, now) ?? []);
  const found = pods.flatMap((pod) => podObstacle(readPod(pod, clusterId), warnings, now) ?? []);
  const worst = found.find(({ verdict }) => verdict !== 'usual') ?? found[0];
  if (worst !== undefined) return worst;
  const failure = seen.deployment?.status?.conditions?.find((each) => each.type === 'ReplicaFailure' && each.status === 'True');
  if (failure !== undefined && pods.length < (seen.deployment?.spec?.replicas ?? 1)) {
    const { message = failure.reason ?? 'no reason given' } = failure;
    const quota = /exceeded quota/.test(message);
    return {
      what: 'creation',
      text: `The JobManager pod cannot be created: ${message.replace(/\.$/, '')}`,
      verdict: quota ? 'patient' : 'stubborn',
      crashed: undefined,
      advice: adviceFor(message, 'jobmanager'),
    };
  }
  return undefined;
}

/** A terminal wraps what a row of the screen would cut off. */
const wholeMessage = 500;

function podObstacle(pod: Pod, warnings: readonly Warning[], now: Instant): Obstacle | undefined {
  const trouble = podTrouble(pod, warnings, now, wholeMessage);
  if (trouble === undefined) {
    return pod.severity !== 'busy'
      ? undefined
      : { what: 'start', text: `Pod ${pod.name} is still ${pod.state}`, verdict: 'usual', crashed: undefined, advice: [] };
  }
  const { container, cause, words } = trouble;
  const other = container !== undefined && container.name !== MAIN_CONTAINER;
  const where = other ? ` (${container.init ? 'init container' : 'container'} ${container.name})` : '';
  const ended = trouble.kind === 'crashed' ? endedContainer(pod) : undefined;
  return {
    what: `${pod.name} ${trouble.kind} ${container?.name}`,
    text: `Pod ${pod.name}${where}: ${words}`,
    verdict: verdictOn(trouble),
    crashed: ended === undefined ? undefined : { pod: pod.name, container: ended.container.name, previous: ended.previous },
    advice: isOutOfMemory(pod) ? [outOfMemoryAdvice(pod.role)] : adviceFor(`${pod.state} ${cause ?? ''}`, pod.role),
  };
}

function verdictOn({ kind, container }: PodTrouble): Obstacle['verdict'] {
  switch (kind) {
    case 'unready':
      return 'usual';
    case 'unscheduled':
      return 'patient';
    case 'stuck':
      return /^(?:InvalidImageName|ErrImageNeverPull)$/.test(container?.reason ?? '') ? 'fatal' : 'stubborn';
    // The first crash may be a race at the start; a second one after a restart is not.
    case 'crashed':
      return container?.state === 'waiting' && container.restarts >= 1 ? 'fatal' : 'patient';
    case 'over':
      return 'patient';
    case 'held-up':
      return 'stubborn';
  }
}

const timeOf = (event: EventObject): Instant =>
  stamp(event.eventTime ?? event.firstTimestamp ?? event.lastTimestamp ?? event.metadata?.creationTimestamp) ?? 0;
