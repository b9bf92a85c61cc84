import type { JobException } from '../flink/types.ts';
import { isOutOfMemory } from '../native/pod-trouble.ts';
import type { Instant } from '../support/clock.ts';
import type { Pod } from '../native/pod.ts';
import { rootCause } from './root-cause.ts';

/** The origin of a job's failure, as far as it is proved. */
export interface Failure {
  /** The newest one, which Flink reports. */
  readonly reported: JobException;
  /** The newest exception that is not just a consequence; undefined: none is recorded, so the origin is unknown. */
  readonly cause: JobException | undefined;
  /** The TaskManager whose end explains the failure. It takes precedence over exceptions about the same TaskManager and time. */
  readonly worker: Pod | undefined;
}

const tooManyFailedCheckpoints = /Exceeded checkpoint tolerable failure threshold/;
/** A call to a TaskManager that had no answer in time (`pekko.ask.timeout`). Source: `PekkoInvocationHandler`, Flink 2.3. */
const unansweredCall = /Ask timed out on \[Actor\[[^\]]*?@\[?([^\]/]+?)\]?:\d+\/user\/rpc\/taskmanager_/;

const slotsMissing = /NoResourceAvailableException|Could not acquire the minimum required resources|Slot request bulk is not fulfillable/;

/**
 * Texts that only mean that something else went wrong before: slots that did not come, a TaskManager that went away, a restart that was not
 * allowed. None of them is ever the cause. Sources, Flink 2.3: `DefaultDeclarativeSlotPool`, `SlotPoolUtils` and `PhysicalSlotRequestBulkCheckerImpl`,
 * `CreditBasedPartitionRequestClientHandler`, `PartitionNotFoundException`, `HeartbeatManagerImpl`, `ExecutionFailureHandler`,
 * `CheckpointFailureManager`, `TaskExecutor.onStop`, `ActiveResourceManager.onWorkerTerminated`.
 */
const consequences = [
  slotsMissing,
  /TimeoutException: Timeout has occurred: /,
  /onnection unexpectedly closed by remote task manager|Lost connection to task manager|Connection to .* reset by peer|PartitionNotFoundException|Partition .* not found/,
  /Heartbeat of TaskManager with id|TaskManager with id .* is no longer reachable|The TaskExecutor is shutting down|Connecting to remote task manager/,
  unansweredCall,
  /Recovery is suppressed by/,
  tooManyFailedCheckpoints,
  /Pod terminated, container termination statuses/,
];

export const isConsequence = (text: string): boolean => consequences.some((pattern) => pattern.test(text));

/** It did not get its slots, for whatever reason. */
export const lackedSlots = (exception: JobException): boolean => slotsMissing.test(rootCause(exception));

/** More of its checkpoints failed than may. */
export const wasForCheckpoints = ({ stacktrace }: JobException): boolean => tooManyFailedCheckpoints.test(stacktrace);

/** The TaskManager that a text blames: `… remote task manager '10.1.0.7:4711 [ c1-taskmanager-1-3 ] '`, `TaskManager with id c1-taskmanager-1-3 …`. */
export function blamedTaskManager(text: string): string | undefined {
  return (
    /task manager '[^']*\[ ?([^\s\]]+) ?\]/.exec(text)?.[1] ?? /TaskManager with id ([a-z0-9](?:[-a-z0-9.]*[a-z0-9])?)/.exec(text)?.[1]
  );
}

/** The TaskManager that had to answer: its heartbeat timed out, or a call to it. */
export function silentTaskManager({ stacktrace }: JobException, known: KnownPods): Pod | undefined {
  const name = /Heartbeat of TaskManager with id (\S+) timed out/.exec(stacktrace)?.[1];
  if (name !== undefined) return podNamed(name, known);
  const ip = unansweredCall.exec(stacktrace)?.[1];
  return ip === undefined ? undefined : [...known.pods.values()].find((pod) => pod.ip === ip);
}

/** The largest gap between exceptions of one failure: Flink records those of several tasks one after the other. */
const sameFailureMs = 60_000;
/** The largest gap between the end of a pod and exceptions about it: a heartbeat times out after 50 s (`heartbeat.timeout`, Flink 2.3). */
const samePodMs = 2 * 60_000;

/** The pods of a cluster, and those that were seen and are gone, newest last. */
export interface KnownPods {
  readonly pods: ReadonlyMap<string, Pod>;
  readonly gone: readonly Pod[];
}

/** A pod by its full name, also one that is gone. */
export const podNamed = (name: string, { pods, gone }: KnownPods): Pod | undefined =>
  pods.get(name) ?? gone.findLast((pod) => pod.name === name);

/** The last failure of a job; undefined: none is recorded. Pure. */
export function lastFailure({ exceptions }: { readonly exceptions: readonly JobException[] }, known: KnownPods): Failure | undefined {
  const ordered = exceptions.toSorted((a, b) => b.at - a.at);
  const [reported] = ordered;
  if (reported === undefined) return undefined;
  const together = ordered.filter(({ at }) => reported.at - at <= sameFailureMs);
  const worker = together.map((each) => endedWorker(each, known)).find((pod) => pod !== undefined);
  return { reported, worker, cause: together.find((each) => !isConsequence(rootCause(each))) };
}

function endedWorker({ at, stacktrace, taskManagerId }: JobException, known: KnownPods): Pod | undefined {
  const name = blamedTaskManager(stacktrace) ?? taskManagerId;
  if (name === undefined) return undefined;
  const pod = podNamed(name, known);
  // Flink releases an idle TaskManager, for example after its job failed: nothing failed because of that.
  if (pod === undefined || endedUnused(pod) || (pod.severity !== 'error' && known.pods.has(name))) return undefined;
  const end = endOf(pod);
  return end !== undefined && Math.abs(at - end) < samePodMs ? pod : undefined;
}

/** When a pod ended: the end of its container, otherwise its deletion. */
export function endOf(pod: Pod): Instant | undefined {
  const ends = pod.containers.flatMap(({ init, endedAt }) => (init || endedAt === undefined ? [] : [endedAt]));
  return ends.length === 0 ? pod.deletedAt : Math.max(...ends);
}

/**
 * States of a TaskManager that went without trouble: `Gone` while a task may still turn out to have failed with it, `Released` once it is
 * known that none did.
 */
export const GONE = 'Gone';
export const RELEASED = 'Released';

/** As far as is known, no task failed with this pod when it went. */
export const endedUnused = ({ state }: Pod): boolean => state === GONE || state === RELEASED;

/** How a pod was ended from outside: the words of the rules, and of the line that begins with `!`. */
export const killedWords = (who: string): string => `the kernel killed ${who} because it used more memory than its limit`;
export const deletedWords = 'it was deleted while it was in use';

/** The TaskManager was ended from outside, which explains any failure on it. An exit code of its own would not. */
export const endedFromOutside = (pod: Pod): boolean => isOutOfMemory(pod) || pod.state === 'Evicted' || pod.state === 'Deleted';
