import { adviceFor, outOfMemoryAdvice } from '../../native/advice.ts';
import { type Ended, endedContainer, isOutOfMemory, podStateWords, type PodTrouble, podTrouble } from '../../native/pod-trouble.ts';
import type { Crash } from '../../cluster/pods/crash.ts';
import { restartedLately, restartWords } from '../../session/selectors/troubles.ts';
import type { Pod, Session } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatSpan } from '../../support/format.ts';
import { glanceMs, sessionWithin } from '../model/wait.ts';
import { type Asked, crashOf, eventsSettled, shortageFor } from './ask.ts';
import { type Evidence, eventEvidence, type Finding } from '../model/finding.ts';

/** The pod has a problem now, or had one when it went. */
export const inTrouble = (pod: Pod, session: Session, now: number): boolean =>
  restartedLately(pod, now) || podTrouble(pod, session.warnings.values(), now) !== undefined;

/** Why a pod is in trouble; undefined if nothing is wrong with it. */
export async function explainPod(pod: Pod, asked: Asked): Promise<Finding | undefined> {
  // Only events show what delays a pod that is starting.
  if (pod.severity === 'busy') await sessionWithin(asked, glanceMs(asked), eventsSettled);
  const session = asked.store.get();
  const now = asked.clock.now();
  const trouble = podTrouble(pod, session.warnings.values(), now);
  if (trouble === undefined && !restartedLately(pod, now)) return undefined;
  const ended = endedContainer(pod);
  const crash = ended === undefined || isOutOfMemory(pod) ? undefined : await crashOf(pod, ended, asked);
  const shortage = trouble?.kind === 'unscheduled' ? await shortageFor(pod, asked) : undefined;
  const evidence: readonly Evidence[] = [
    ...(shortage === undefined ? [] : [{ source: { kind: 'status', object: 'nodes' }, at: undefined, text: shortage } as const]),
    ...(ended === undefined ? [] : [endEvidence(pod, ended)]),
    ...(ended === undefined || crash?.reason === undefined ? [] : [logEvidence(pod, ended, crash.reason)]),
    ...(trouble?.warnings ?? []).map((warning) => eventEvidence(pod, warning)),
  ];
  return {
    subject: { kind: 'pod', name: pod.name },
    severity: pod.severity === 'warn' ? 'warn' : 'error',
    what: headline(pod, session, now),
    evidence,
    ...(isOutOfMemory(pod) ? outOfMemory(pod) : causeOf(pod, crash, trouble)),
  };
}

type Explained = Pick<Finding, 'cause' | 'advice'>;

const outOfMemory = ({ role }: Pod): Explained => ({
  cause: 'the kernel killed it because it used more memory than its limit',
  advice: [outOfMemoryAdvice(role)],
});

/** The last output of the container is a better proof than status and events. */
function causeOf({ state, role }: Pod, crash: Crash | undefined, trouble: PodTrouble | undefined): Explained {
  const cause = crash?.reason === undefined ? trouble?.cause : oneLine(crash.reason, 400);
  return { cause, advice: [...(crash?.hint === undefined ? [] : [crash.hint]), ...adviceFor(`${state} ${cause ?? ''}`, role)] };
}

/** The first line about a pod, whether or not something is wrong with it. */
export function headline(pod: Pod, session: Session, now: number): string {
  const times = restartWords(pod);
  const restarts =
    pod.restarts === 0 ? '' : ` It ${podStateWords(pod).includes('last ended with') ? times.replace(/(?:,| after).*$/, '') : times}.`;
  if (pod.severity === 'ok')
    return `Pod ${pod.shortName} is ${pod.state}${pod.restarts > 0 ? '.' : '; nothing is wrong with it.'}${restarts}`;
  const gone =
    !session.pods.has(pod.name) && pod.deletedAt !== undefined ? `, gone for ${formatSpan(Math.max(0, now - pod.deletedAt))}` : '';
  return `Pod ${pod.shortName}: ${podStateWords(pod)}${gone}.${restarts}`;
}

function endEvidence(pod: Pod, { container, reason, exitCode, at }: Ended): Evidence {
  const how = `${reason ?? 'Error'}${exitCode === undefined ? '' : ` (${exitCode})`}`;
  return {
    source: { kind: 'status', object: pod.shortName },
    at,
    text: `${container.init ? 'init container' : 'container'} ${container.name} ended with ${how}`,
  };
}

function logEvidence(pod: Pod, { container, previous, at }: Ended, text: string): Evidence {
  return { source: { kind: 'log', pod: pod.shortName, container: container.name, previous }, at, text: oneLine(text, 400) };
}
