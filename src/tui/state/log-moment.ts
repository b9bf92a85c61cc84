import { inspectionOf } from '../../session/inspections/inspections.ts';
import { selectJobRows } from '../../session/selectors/jobs.ts';
import type { Job, Session } from '../../session/types.ts';
import type { Instant } from '../../support/clock.ts';
import type { Place } from './places.ts';
import type { CheckpointPlace } from './places/checkpoint.ts';
import type { ExceptionPlace } from './places/exception.ts';
import type { JobPlace } from './places/job.ts';
import type { Trail } from './trail.ts';
import type { Sought, Ui } from './ui.ts';
import { fromItsEnd } from './way-back.ts';

/** Whether the log of a pod can be shown: that of a pod that is gone is kept. */
export const keepsLog = ({ pods, gone, logs }: Session, pod: string): boolean =>
  pods.has(pod) || logs.has(pod) || gone.some(({ name }) => name === pod);

export const newestOf = (exceptions: Job['exceptions']): Job['exceptions'][number] | undefined =>
  exceptions.reduce<Job['exceptions'][number] | undefined>(
    (newest, one) => (newest === undefined || one.at > newest.at ? one : newest),
    undefined,
  );

/** What a place is about, where and when it was logged. */
interface Moment {
  readonly pod: string;
  readonly sought: Sought;
}

type OfMoment = JobPlace | CheckpointPlace | ExceptionPlace;

const isOfMoment = (place: Place): place is OfMoment => place.kind === 'job' || place.kind === 'checkpoint' || place.kind === 'exception';

const keyOf = (place: OfMoment): string => `${place.kind} ${place.job} ${place.kind === 'job' ? '' : place.id}`;

/** The log of the TaskManager; that of the JobManager, if there is none. */
function ofFailure({ at, taskManagerId }: { readonly at: Instant; readonly taskManagerId: string | undefined }, session: Session) {
  const pod = taskManagerId !== undefined && keepsLog(session, taskManagerId) ? taskManagerId : session.leader;
  return pod === undefined ? undefined : ({ pod, sought: { at, what: 'failure' } } as const);
}

function ofJob({ job }: JobPlace, session: Session): Moment | undefined {
  const severity = selectJobRows(session).find(({ key }) => key === job)?.severity;
  const failure = newestOf(session.jobs.find(({ id }) => id === job)?.exceptions ?? []);
  // The moment of a job that runs well is now.
  return failure === undefined || (severity !== 'warn' && severity !== 'error') ? undefined : ofFailure(failure, session);
}

function ofException({ job, id }: ExceptionPlace, session: Session): Moment | undefined {
  const failure = inspectionOf(session, { kind: 'exceptions', job })?.facts?.failures.find((each) => each.id === id);
  return failure === undefined ? undefined : ofFailure({ at: failure.at, taskManagerId: failure.where?.taskManagerId }, session);
}

function ofCheckpoint({ job, id }: CheckpointPlace, session: Session): Moment | undefined {
  const at = inspectionOf(session, { kind: 'checkpoints', job })?.facts?.rows.find((row) => row.id === id)?.triggeredAt;
  return at === undefined || session.leader === undefined ? undefined : { pod: session.leader, sought: { at, what: 'moment' } };
}

function momentOf(place: OfMoment, session: Session): Moment | undefined {
  switch (place.kind) {
    case 'job':
      return ofJob(place, session);
    case 'exception':
      return ofException(place, session);
    case 'checkpoint':
      return ofCheckpoint(place, session);
  }
}

/**
 * Beside a failure, a checkpoint and a job that has failed stands the log of that moment, until they are left or another line is gone to. All
 * logs stay all logs, and the pod that is selected at home stays selected.
 */
export function withLogOfMoment(before: Ui, after: Ui, session: Session): Ui {
  if (after.trail === before.trail || after.log !== before.log) return after;
  const nearest = (trail: Trail): OfMoment | undefined => trail.findLast(isOfMoment);
  const [was, is] = [nearest(before.trail), nearest(after.trail)];
  if (was === is || (was !== undefined && is !== undefined && keyOf(was) === keyOf(is))) return after;
  const moment = is === undefined ? undefined : momentOf(is, session);
  const left = was === undefined ? undefined : momentOf(was, session);
  if (moment === undefined && left === undefined) return after;
  const scope = after.log.scope === 'all' ? 'all' : moment === undefined ? 'selected' : [moment.pod];
  return { ...after, log: { ...after.log, ...fromItsEnd, container: undefined, scope, sought: moment?.sought } };
}
