import { type Crash, readCrash, readLogEnd, wordsOf } from '../../cluster/pods/crash.ts';
import { refusedWorkers, type RefusedWorkers } from '../../cluster/pods/worker-requests.ts';
import { nodeRoom, readNodes, requestsOf, shortageWords, sizeWords } from '../../cluster/pods/node-room.ts';
import { PODS } from '../../kubernetes/model/resources.ts';
import type { PodObject } from '../../native/objects.ts';
import type { JobException } from '../../flink/types.ts';
import type { Ended } from '../../native/pod-trouble.ts';
import type { Job, Pod, Session } from '../../session/types.ts';
import type { CommandContext } from '../model/types.ts';
import { answerWithin, bonusMs } from '../model/wait.ts';

/** The sources for an explanation besides the session; each answer is waited for only briefly. */
export type Asked = Pick<CommandContext, 'store' | 'kubernetes' | 'flink' | 'logs' | 'clock' | 'signal' | 'mode'>;

/** The reason in the log of a container that ended: read from the server if the pod still exists, otherwise from the kept lines. */
export async function crashOf(pod: Pod, { container, previous }: Ended, asked: Asked): Promise<Crash | undefined> {
  const { target, pods } = asked.store.get();
  if (!pods.has(pod.name)) return keptWords(pod, asked);
  return answerWithin(asked, bonusMs(asked), (signal) =>
    readCrash(asked.kubernetes, { namespace: target.namespace, name: pod.name, container: container.name, previous }, signal),
  );
}

/** Lines at the end of a log that may explain the end of its process. */
const endLines = 400;

function keptWords({ name }: Pod, { logs }: Asked): Crash | undefined {
  const view = logs.view([name], { timeline: false });
  const lines: string[] = [];
  for (let index = Math.max(0, view.count - endLines); index < view.count; index += 1) lines.push(view.line(index)?.text ?? '');
  return lines.length === 0 ? undefined : wordsOf(lines);
}

/** What the nodes lack for a pod that no node takes; undefined: not known, or CPU and memory are not what is missing. */
export async function shortageFor({ name, shortName }: Pod, asked: Asked): Promise<string | undefined> {
  const { target, pods } = asked.store.get();
  if (!pods.has(name)) return undefined;
  return await answerWithin(asked, bonusMs(asked), async (signal) => {
    const [{ spec }, nodes] = await Promise.all([
      asked.kubernetes.get<PodObject>({ resource: PODS, namespace: target.namespace, name }, { signal }),
      readNodes(asked.kubernetes, signal),
    ]);
    const need = requestsOf(spec ?? { containers: [] });
    const room = nodeRoom(nodes, need);
    return room.kind === 'full' || room.kind === 'small' ? `${shortName} requests ${sizeWords(need)}: ${shortageWords(room)}` : undefined;
  });
}

/** A request for a TaskManager and its refusal take some 30 lines, with the stack trace; it is repeated every few seconds. */
const requestLines = 1_000;

/** The TaskManagers that the JobManager may not create, from the leader's log; undefined: none, or the log cannot be read. */
export async function askForRefusedWorkers(asked: Asked): Promise<(RefusedWorkers & { readonly pod: Pod }) | undefined> {
  const { target, pods, leader } = asked.store.get();
  const pod = leader === undefined ? undefined : pods.get(leader);
  if (pod === undefined) return undefined;
  const lines = await answerWithin(asked, bonusMs(asked), (signal) =>
    readLogEnd(asked.kubernetes, { namespace: target.namespace, name: pod.name, previous: false }, requestLines, signal),
  );
  const refused = lines === undefined ? undefined : refusedWorkers(lines);
  return refused === undefined ? undefined : { ...refused, pod };
}

/** The current exceptions of the job from Flink, or those that the session knows. */
export async function exceptionsOf({ id, exceptions }: Job, asked: Asked): Promise<readonly JobException[]> {
  return (await answerWithin(asked, bonusMs(asked), (signal) => asked.flink.exceptions(id, { signal }))) ?? exceptions;
}

/** What the events tell is known, or will not be known soon. */
export function eventsSettled({ eventsKnown, sources }: Session): boolean {
  const events = sources.get('events');
  return eventsKnown || events === undefined || events.problem !== undefined;
}

export const podNamed = (name: string, { pods, gone }: Session): Pod | undefined =>
  pods.get(name) ?? gone.findLast((pod) => pod.name === name);
