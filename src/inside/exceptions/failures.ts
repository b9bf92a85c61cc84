import type { ExceptionHistory, Failure, FailureRecord } from '../../flink/exception-types.ts';
import { causeWords, parseStack, rootOf, type Cause } from './stack.ts';
import { parseTaskName, type TaskName } from './task-name.ts';

/** Where something failed. A member that Flink does not report is undefined. */
export interface Where {
  readonly task: TaskName | undefined;
  /** On Kubernetes the name of its pod. */
  readonly taskManagerId: string | undefined;
  readonly endpoint: string | undefined;
}

/** Failures at the same moment that have one cause. */
export interface Together {
  readonly cause: string;
  readonly at: readonly Where[];
}

export interface FailureFacts {
  /** Stays the same as long as Flink keeps the failure. */
  readonly id: string;
  readonly at: number;
  /** `java.io.IOException` */
  readonly className: string;
  readonly message: string;
  /** `IOException: disk quota exceeded`: what happened first. */
  readonly cause: string;
  /** Undefined: the job failed as a whole. */
  readonly where: Where | undefined;
  /** The restart strategy that restarts the job no more, in Flink's words. */
  readonly gaveUp: string | undefined;
  /** When the same cause failed the job, this failure included, newest first. */
  readonly times: readonly number[];
  readonly labels: Readonly<Record<string, string>>;
  /** What failed with it, without the failure itself. */
  readonly together: readonly Together[];
  readonly stacktrace: string;
}

/** As many as Flink keeps by default, and some more (16, `web.exception-history-size`). */
export const mostFailures = 32;

/** Longer ones repeat themselves (a stack overflow has 1,024 frames); the server's own limit is its answer's size. */
const longestTrace = 60_000;

const suppressed = /^Recovery is suppressed by (.+)$/s;

/**
 * What makes two failures the same: the class and the message of the root cause without its numbers and ids, and the frame that threw it.
 */
export function likeness(root: Cause): string {
  const message = root.message.replaceAll(/\b[0-9a-f]{8,}\b/gi, '#').replaceAll(/\d+/g, '#');
  return [root.className, message, root.frames[0]?.text ?? ''].join('\n');
}

const whereOf = ({ taskName, taskManagerId, endpoint }: FailureRecord): Where | undefined =>
  taskName === undefined && taskManagerId === undefined
    ? undefined
    : { task: taskName === undefined ? undefined : parseTaskName(taskName), taskManagerId, endpoint };

interface Read {
  readonly failure: Failure;
  readonly outer: Cause | undefined;
  readonly root: Cause;
  readonly like: string;
}

function readFailure(failure: Failure): Read {
  const causes = parseStack(failure.stacktrace);
  const root = rootOf(causes);
  return { failure, outer: causes[0], root, like: likeness(root) };
}

/** Failures of a job, newest first, as a user reads them. */
export function failuresOf({ failures }: Pick<ExceptionHistory, 'failures'>): readonly FailureFacts[] {
  const read = failures.map(readFailure);
  return read.map((one) => factsOf(one, read));
}

function factsOf({ failure, outer, root, like }: Read, all: readonly Read[]): FailureFacts {
  const others = failure.concurrent.map((record) => ({ record, root: rootOf(parseStack(record.stacktrace)) }));
  // When the job gives up, the failure that led to it is among those that came with it.
  const own = whereOf(failure) === undefined ? others.find((other) => likeness(other.root) === like) : undefined;
  return {
    id: idOf(failure, root, all),
    at: failure.at,
    className: root.className === '' ? failure.exceptionName : root.className,
    message: root.message,
    cause: causeWords(root),
    where: whereOf(failure) ?? (own === undefined ? undefined : whereOf(own.record)),
    gaveUp: suppressed.exec(outer?.message ?? '')?.[1],
    times: all.filter((other) => other.like === like).map((other) => other.failure.at),
    labels: failure.labels,
    together: togetherOf(others.filter((other) => other !== own)),
    stacktrace: failure.stacktrace.slice(0, longestTrace),
  };
}

const firstId = (at: number, { className }: Cause): string => `${at} ${className}`;

/** The id of a failure of which only the stack trace is known: of several with one class at one moment, the oldest is meant. */
export const failureIdOf = ({ at, stacktrace }: Pick<Failure, 'at' | 'stacktrace'>): string => firstId(at, rootOf(parseStack(stacktrace)));

/** Two regions can fail at the same moment with the same class: they are numbered from the oldest on, so that new ones change no id. */
function idOf(failure: Failure, root: Cause, all: readonly Read[]): string {
  const id = firstId(failure.at, root);
  const like = all.filter((other) => other.failure.at === failure.at && other.root.className === root.className);
  const nth = like.length - 1 - like.findIndex((other) => other.failure === failure);
  return nth === 0 ? id : `${id} ${nth}`;
}

function togetherOf(others: readonly { readonly record: FailureRecord; readonly root: Cause }[]): readonly Together[] {
  const groups = new Map<string, { readonly cause: string; readonly at: Where[] }>();
  for (const { record, root } of others) {
    const key = likeness(root);
    const group = groups.get(key) ?? { cause: causeWords(root), at: [] };
    groups.set(key, group);
    group.at.push(whereOf(record) ?? { task: undefined, taskManagerId: undefined, endpoint: undefined });
  }
  return [...groups.values()].toSorted((a, b) => b.at.length - a.at.length);
}

/** `subtask 2 of map -> sink`, as `vertex` and `subtask` name it in the REST API. */
export function whereWords({ task, taskManagerId }: Where): string {
  const what = task === undefined ? 'a task' : `subtask ${task.subtask} of ${task.vertex}`;
  return taskManagerId === undefined ? what : `${what} on ${taskManagerId}`;
}
