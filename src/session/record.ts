import { Problem, type ProblemKind } from '../support/problem.ts';
import { applyAll } from './apply.ts';
import { emptySession } from './empty-session.ts';
import type { Change, Session, SourceStatus, Target } from './types.ts';

/** A problem without its cause, which can be anything. */
interface WrittenProblem {
  readonly kind: ProblemKind;
  readonly message: string;
  readonly hint?: string;
  readonly status?: number;
  readonly retryAfterMs?: number;
}

const kinds: Readonly<Record<Change['kind'], true>> = {
  'pods-listed': true,
  'pods-seen': true,
  'pods-gone': true,
  'pods-kept': true,
  recording: true,
  leader: true,
  deployment: true,
  usage: true,
  'jobs-seen': true,
  'job-details': true,
  overview: true,
  config: true,
  log: true,
  'log-patterns': true,
  'log-levels': true,
  'events-listed': true,
  warning: true,
  timeline: true,
  operation: true,
  source: true,
  unreadable: true,
  stopped: true,
  inspection: true,
  target: true,
};

/** A change as one line of JSON, without the line end. */
export function serialise(change: Change): string {
  if (change.kind !== 'source' || change.status.problem === undefined) return JSON.stringify(change);
  const { kind, message, hint, status, retryAfterMs } = change.status.problem;
  return JSON.stringify({ ...change, status: { ...change.status, problem: { kind, message, hint, status, retryAfterMs } } });
}

/** Reads a line written by `serialise`. Throws a `Problem` of kind `protocol` for any other line. */
export function parse(line: string): Change {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Problem('protocol', `A line of the recording is not JSON: ${line.slice(0, 60)}`, { cause: error });
  }
  if (!isChange(value)) throw new Problem('protocol', `A line of the recording is not a known change: ${line.slice(0, 60)}`);
  if (value.kind !== 'source') return value;
  return { ...value, status: revived(value.status) };
}

function isChange(value: unknown): value is Change {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, at } = value as { readonly kind?: unknown; readonly at?: unknown };
  return typeof kind === 'string' && Object.hasOwn(kinds, kind) && typeof at === 'number';
}

function revived({ state, since, dataAt, problem, nextTryAt }: SourceStatus): SourceStatus {
  const written = problem as WrittenProblem | undefined;
  return {
    state,
    since,
    dataAt,
    problem: written === undefined ? undefined : new Problem(written.kind, written.message, written),
    nextTryAt,
  };
}

/** The session that results from a recording, up to and including the moment `until`. */
export function replay(target: Target, lines: Iterable<string>, until: number = Number.POSITIVE_INFINITY): Session {
  const changes: Change[] = [];
  for (const line of lines) {
    if (line.trim() === '') continue;
    const change = parse(line);
    if (change.at > until) break;
    changes.push(change);
  }
  return applyAll(emptySession(target), changes);
}
