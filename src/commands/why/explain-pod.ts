import { isOutOfMemory } from '../../session/failure.ts';
import { holdsUp, restartedLately, restartWords } from '../../session/selectors/troubles.ts';
import type { Pod, Session } from '../../session/types.ts';
import { oneLine, podStateWords } from '../../session/words.ts';
import { formatSpan } from '../../support/format.ts';
import { glanceMs, sessionWithin } from '../wait.ts';
import { adviceFor, outOfMemoryAdvice } from './advice.ts';
import { type Asked, crashOf, type Ended, endedContainer } from './ask.ts';
import type { Evidence, Finding } from './finding.ts';

/** Something is wrong with the pod now, or was when it went. */
export const inTrouble = (pod: Pod, session: Session, now: number): boolean =>
  pod.severity === 'error' || pod.severity === 'warn' || restartedLately(pod, now) || warningsOf(pod, session, now).length > 0;

/** Why a pod is in trouble; undefined if nothing is wrong with it. */
export async function explainPod(pod: Pod, asked: Asked): Promise<Finding | undefined> {
  // What holds up a pod that starts, only events tell.
  if (pod.severity === 'busy') await sessionWithin(asked, glanceMs(asked), ({ sources }) => sources.get('events')?.state !== 'connecting');
  const session = asked.store.get();
  const now = asked.clock.now();
  if (!inTrouble(pod, session, now)) return undefined;
  const ended = endedContainer(pod);
  const crash = ended === undefined || isOutOfMemory(pod) ? undefined : await crashOf(pod, ended, asked);
  const warnings = warningsOf(pod, session, now);
  const evidence = [
    ...(ended === undefined ? [] : [endEvidence(pod, ended)]),
    ...(ended === undefined || crash?.reason === undefined ? [] : [logEvidence(pod, ended, crash.reason)]),
    ...warnings,
  ];
  const cause = causeOf(pod, crash?.reason, warnings);
  return {
    subject: { kind: 'pod', name: pod.name },
    severity: pod.severity === 'warn' ? 'warn' : 'error',
    what: headline(pod, session, now),
    cause, evidence,
    advice: isOutOfMemory(pod) ? [outOfMemoryAdvice(pod.role)] : [...(crash?.hint === undefined ? [] : [crash.hint]), ...adviceFor(`${pod.state} ${cause ?? ''}`, pod.role)],
  };
}

/** The first line about a pod, whether or not something is wrong with it. */
export function headline(pod: Pod, session: Session, now: number): string {
  const times = restartWords(pod);
  const restarts = pod.restarts === 0 ? '' : ` It ${podStateWords(pod).includes('last ended with') ? times.replace(/(?:,| after).*$/, '') : times}.`;
  if (pod.severity === 'ok') return `Pod ${pod.shortName} is ${pod.state}${pod.restarts > 0 ? '.' : '; nothing is wrong with it.'}${restarts}`;
  const gone = !session.pods.has(pod.name) && pod.deletedAt !== undefined ? `, gone for ${formatSpan(Math.max(0, now - pod.deletedAt))}` : '';
  return `Pod ${pod.shortName}: ${podStateWords(pod)}${gone}.${restarts}`;
}

/** What proves why: the kernel, the log of the container that ended, the event of what is missing, or the state itself. */
function causeOf(pod: Pod, reason: string | undefined, warnings: readonly Evidence[]): string | undefined {
  if (isOutOfMemory(pod)) return 'the kernel killed it because it used more memory than its limit';
  if (reason !== undefined) return oneLine(reason, 400);
  if (pod.severity === 'busy') return warnings[0]?.text.replace(/\.$/, '');
  const { message } = pod;
  const says = /^(?:Unschedulable|ErrImage|ImagePull|InvalidImage|ErrImageNeverPull|CreateContainer|RunContainer|StartError|Evicted|Deleted|Terminated)/.test(pod.state.replace(/^Init:/, ''));
  return says && message !== undefined ? message.replace(/\.$/, '') : undefined;
}

function endEvidence(pod: Pod, { container, reason, exitCode, at }: Ended): Evidence {
  const how = `${reason ?? 'Error'}${exitCode === undefined ? '' : ` (${exitCode})`}`;
  return { source: { kind: 'status', object: pod.shortName }, at, text: `${container.init ? 'init container' : 'container'} ${container.name} ended with ${how}` };
}

function logEvidence(pod: Pod, { container, previous, at }: Ended, text: string): Evidence {
  return { source: { kind: 'log', pod: pod.shortName, container: container.name, previous }, at, text: oneLine(text, 400) };
}

/** Warnings that say why the pod does not get on, the newest first. */
function warningsOf(pod: Pod, { warnings }: Session, now: number): readonly Evidence[] {
  return [...warnings.values()].filter((warning) => warning.object.kind === 'Pod' && warning.object.name === pod.name && holdsUp(warning, pod, now))
    .toSorted((a, b) => b.at - a.at).map(({ reason, at, message }) => ({ source: { kind: 'event', object: pod.shortName, reason }, at, text: message }));
}
