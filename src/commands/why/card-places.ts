import type { Evidence, Finding } from '../../causes/finding.ts';
import { failureIdOf } from '../../inside/exceptions/failures.ts';
import type { Session } from '../../session/types.ts';
import type { CardPlace } from '../model/card.ts';
import type { Places } from '../model/card-lines.ts';
import { jobOf, podCalled, podIn } from './chain.ts';

function subjectPlace({ subject }: Finding, session: Session): CardPlace | undefined {
  switch (subject.kind) {
    case 'job':
      return session.jobs.some(({ id }) => id === subject.id) ? { kind: 'job', job: subject.id } : undefined;
    case 'pod':
      return session.pods.has(subject.name) ? { kind: 'pod', pod: subject.name } : { kind: 'log', pod: subject.name, at: undefined };
    case 'cluster':
    case 'connection':
      return undefined;
  }
}

/** Where the lines of a finding lead: a log line, an event and an end to the log of that moment, an exception to its stack. */
export function placesOf(finding: Finding, session: Session): Places {
  const job = jobOf(finding, session);
  const of = (evidence: Evidence): CardPlace | undefined => {
    const { source, at } = evidence;
    const failure = source.kind === 'exception' ? job?.exceptions.find((each) => each.at === at) : undefined;
    if (failure !== undefined && job !== undefined) return { kind: 'failure', job: job.id, id: failureIdOf(failure) };
    if (source.kind === 'rest')
      return source.what === 'checkpoints' && job !== undefined ? { kind: 'checkpoints', job: job.id } : undefined;
    const named = podIn(evidence);
    const pod = named === undefined ? undefined : podCalled(named, session);
    if (pod === undefined) return at === undefined ? undefined : { kind: 'log', pod: undefined, at };
    return at === undefined && session.pods.has(pod.name) ? { kind: 'pod', pod: pod.name } : { kind: 'log', pod: pod.name, at };
  };
  return { subject: subjectPlace(finding, session), of };
}
