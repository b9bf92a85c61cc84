import { diagnose } from '../../causes/diagnose.ts';
import type { Matter } from '../../causes/facts.ts';
import type { Finding } from '../../causes/finding.ts';
import { endedContainer, podStateWords, podTrouble } from '../../native/pod-trouble.ts';
import { restartedLately, restartWords } from '../../session/selectors/troubles.ts';
import type { Pod, Session } from '../../session/types.ts';
import { formatSpan } from '../../support/format.ts';
import { glanceMs, sessionWithin } from '../model/wait.ts';
import { type Asked, askServers, eventsSettled } from './ask.ts';
import { explained } from './explained.ts';

/** The pod has a problem now, or had one when it went. */
export const inTrouble = (pod: Pod, session: Session, now: number): boolean =>
  restartedLately(pod, now) || podTrouble(pod, session.warnings.values(), now) !== undefined;

/** What went wrong with a pod. */
export const matterOf = (pod: Pod, { warnings }: Session, now: number): Matter => ({
  kind: 'pod',
  pod,
  trouble: podTrouble(pod, warnings.values(), now),
  ended: endedContainer(pod),
});

/** Why a pod is in trouble; undefined if nothing is wrong with it. */
export async function explainPod(pod: Pod, asked: Asked): Promise<Finding | undefined> {
  // Only events show what delays a pod that is starting.
  if (pod.severity === 'busy') await sessionWithin(asked, glanceMs(asked), eventsSettled);
  const session = asked.store.get();
  const now = asked.clock.now();
  if (!inTrouble(pod, session, now)) return undefined;
  const diagnosis = await diagnose(session, now, [matterOf(pod, session, now)], askServers(asked));
  return {
    subject: { kind: 'pod', name: pod.name },
    severity: pod.severity === 'warn' ? 'warn' : 'error',
    what: headline(pod, session, now),
    ...explained(diagnosis),
  };
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
