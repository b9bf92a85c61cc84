import { inspectionOf, type Subject } from '../../session/inspections/inspections.ts';
import type { CheckpointInside, CheckpointsFacts, CheckpointsSubject, CheckpointSubject } from '../../session/inspections/checkpoints.ts';
import type { ExceptionsFacts, ExceptionsSubject, ExceptionSubject } from '../../session/inspections/exceptions.ts';
import type { JobConfigurationFacts, JobConfigurationSubject } from '../../session/inspections/job-configuration.ts';
import type { InspectionOf } from '../../session/inspections/inspection.ts';
import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import { isInner } from './places.ts';
import { nearest, standingIn } from './trail.ts';
import type { Frame } from './ui.ts';

/** What the place on the screen has read of checkpoints, failures and settings. */
type At = Pick<Frame, 'session' | 'ui'>;

type Of<S extends Subject, Facts> = InspectionOf<S, Facts> | undefined;

/** The job that the place belongs to. */
function jobOf({ ui }: At): string | undefined {
  const place = standingIn(ui.trail);
  return isInner(place) && 'job' in place ? place.job : undefined;
}

export function checkpointsHere(at: At): Of<CheckpointsSubject, CheckpointsFacts> {
  const job = jobOf(at);
  return job === undefined ? undefined : inspectionOf(at.session, { kind: 'checkpoints', job });
}

/** The checkpoint of the place, with the operator that holds it up. */
export function checkpointHere({ session, ui }: At): Of<CheckpointSubject, CheckpointInside> {
  const place = nearest(ui.trail, 'checkpoint');
  return place === undefined ? undefined : inspectionOf(session, { kind: 'checkpoint', job: place.job, id: place.id, vertex: undefined });
}

/** The same with the operator that the user looks into. */
export function operatorHere(at: At): Of<CheckpointSubject, CheckpointInside> {
  const place = nearest(at.ui.trail, 'checkpoint');
  if (place?.vertex === undefined) return checkpointHere(at);
  return inspectionOf(at.session, { kind: 'checkpoint', job: place.job, id: place.id, vertex: place.vertex });
}

export function exceptionsHere(at: At): Of<ExceptionsSubject, ExceptionsFacts> {
  const job = jobOf(at);
  return job === undefined ? undefined : inspectionOf(at.session, { kind: 'exceptions', job });
}

export function exceptionHere({ session, ui }: At): Of<ExceptionSubject, FailureFacts> {
  const place = nearest(ui.trail, 'exception');
  return place === undefined ? undefined : inspectionOf(session, { kind: 'exception', job: place.job, id: place.id });
}

export function jobConfigurationHere(at: At): Of<JobConfigurationSubject, JobConfigurationFacts> {
  const job = jobOf(at);
  return job === undefined ? undefined : inspectionOf(at.session, { kind: 'job-configuration', job });
}

/** The failure that keys are about: that of the place, otherwise the selected one. */
export function failureHere(at: At): FailureFacts | undefined {
  if (standingIn(at.ui.trail).kind === 'exception') return exceptionHere(at)?.facts;
  const { selected } = at.ui.lists.exceptions;
  return exceptionsHere(at)?.facts?.failures.find(({ id }) => id === selected);
}
