import { type Ask, keyOf } from '../../causes/diagnose.ts';
import type { AnswerTo, NamedCheckpoint, Question, RefusedWorkersOf } from '../../causes/facts.ts';
import { type Crash, wordsOf } from '../../causes/last-words.ts';
import { refusedWorkers } from '../../causes/refused-workers.ts';
import { readCrash, readLogEnd } from '../../cluster/pods/crash.ts';
import { requestsOf, roomForOne, shortageWords, sizeWords } from '../../cluster/pods/node-room.ts';
import { PODS } from '../../kubernetes/model/resources.ts';
import type { PodObject } from '../../native/objects.ts';
import type { JobDetail, JobException } from '../../flink/types.ts';
import type { Ended } from '../../native/pod-trouble.ts';
import { firstAt } from '../../session/logs/first-at.ts';
import type { Job, Pod, Session, SourceName } from '../../session/types.ts';
import type { Clock } from '../../support/clock.ts';
import type { CommandContext } from '../model/types.ts';
import { answerWithin, bonusMs } from '../model/wait.ts';

/** The sources for an explanation besides the session; each answer is waited for only briefly. */
export type Asked = Pick<CommandContext, 'store' | 'kubernetes' | 'flink' | 'logs' | 'clock' | 'signal' | 'mode'> & {
  /** Absent: what is asked twice is read twice. */
  readonly memory?: Memory;
};

/** Answers that a card which is read again and again takes from the last time, by their questions. */
export type Memory = <Answer>(key: string, ask: () => Promise<Answer | undefined>) => Promise<Answer | undefined>;

/** How long an answer is taken again, in milliseconds: a card on the screen is read up to once a second. */
const rememberedMs = 10_000;

export function rememberAnswers(clock: Pick<Clock, 'monotonic'>): Memory {
  const known = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>();
  return <Answer>(key: string, ask: () => Promise<Answer | undefined>) => {
    const before = known.get(key);
    // The key of an answer belongs to its type.
    if (before !== undefined && clock.monotonic() - before.at < rememberedMs) return before.answer as Promise<Answer | undefined>;
    const answer = ask();
    known.set(key, { at: clock.monotonic(), answer });
    return answer;
  };
}

const askOnce: Memory = (_key, ask) => ask();

type Answerers = {
  readonly [Kind in Question['kind']]: (
    question: Extract<Question, { readonly kind: Kind }>,
    asked: Asked,
    signal: AbortSignal,
  ) => Promise<AnswerTo<Kind> | undefined>;
};

/** Who answers which question of the rules. */
const answerers: Answerers = {
  crash: ({ pod, ended }, asked, signal) => crashOf(pod, ended, asked, signal),
  'refused-workers': (_question, asked, signal) => refusedByServer(asked, signal),
  room: ({ pod }, asked, signal) => shortageFor(pod, asked, signal),
  configuration: (_question, { flink }, signal) => flink.clusterConfiguration({ signal }),
  checkpoint: ({ jobId, id }, asked, signal) => namedCheckpoint(jobId, id, asked, signal),
  'slots-needed': async ({ jobId }, { flink }, signal) => slotsOf(await flink.job(jobId, { signal })),
  registered: async (_question, { flink }, signal) => new Set((await flink.taskManagers({ signal })).map(({ id }) => id)),
  'log-end': ({ pod }, asked, signal) =>
    readLogEnd(asked.kubernetes, { namespace: asked.store.get().target.namespace, name: pod.name, previous: false }, endLines, signal),
};

/** Asks the servers what a rule needs; in the past, what was kept of the logs by then. */
export const askServers =
  (asked: Asked): Ask =>
  <Kind extends Question['kind']>(question: Extract<Question, { readonly kind: Kind }>) => {
    if (asked.store.get().past !== undefined)
      return answerWithin(asked, bonusMs(asked), () => keptAnswer(question, asked) as Promise<AnswerTo<Kind> | undefined>);
    const { memory = askOnce } = asked;
    return memory(memoryKey(question), () =>
      answerWithin(asked, bonusMs(asked), (signal) => answerers[question.kind as Kind](question, asked, signal)),
    );
  };

/** A container that ended again has other last words. */
const memoryKey = (question: Question): string => `${keyOf(question)} ${question.kind === 'crash' ? question.ended.at : ''}`;

/** What servers would say now is not what they said then. */
async function keptAnswer(question: Question, asked: Asked): Promise<AnswerTo<'crash' | 'log-end' | 'refused-workers'> | undefined> {
  const { leader } = asked.store.get();
  const pod = 'pod' in question ? question.pod.name : question.kind === 'refused-workers' ? leader : undefined;
  // Its lines of then may still have to be read from the disk.
  if (pod !== undefined) await asked.logs.read?.([pod]);
  switch (question.kind) {
    case 'crash':
      return keptWords(question.pod, asked);
    case 'log-end':
      return keptLines(question.pod, endLines, asked);
    case 'refused-workers': {
      const { pods } = asked.store.get();
      return refusedIn(leader === undefined ? undefined : pods.get(leader), (pod) => keptLines(pod, requestLines, asked));
    }
    default:
      return undefined;
  }
}

/** Lines at the end of a log that may explain the end of its process. */
const endLines = 400;

/** The reason in the log of a container that ended: read from the server if the pod still exists, otherwise from the kept lines. */
async function crashOf(pod: Pod, { container, previous }: Ended, asked: Asked, signal: AbortSignal): Promise<Crash | undefined> {
  const { target, pods } = asked.store.get();
  if (!pods.has(pod.name)) return keptWords(pod, asked);
  return await readCrash(asked.kubernetes, { namespace: target.namespace, name: pod.name, container: container.name, previous }, signal);
}

/** The last of the lines of a pod that are held, up to the moment that is shown. */
function keptLines({ name }: Pod, most: number, { logs, store }: Asked): readonly string[] {
  const view = logs.view([name], { timeline: false });
  const { past } = store.get();
  const end = past === undefined ? view.count : firstAt(view, past + 1);
  return Array.from({ length: Math.min(end, most) }, (_, index) => view.line(end - Math.min(end, most) + index)?.text ?? '');
}

function keptWords(pod: Pod, asked: Asked): Crash | undefined {
  const lines = keptLines(pod, endLines, asked);
  return lines.length === 0 ? undefined : wordsOf(lines);
}

/** What the nodes lack for a pod that no node takes; undefined: CPU and memory are not what is missing. */
async function shortageFor({ name, shortName }: Pod, { store, kubernetes }: Asked, signal: AbortSignal): Promise<string | undefined> {
  const { target, pods } = store.get();
  if (!pods.has(name)) return undefined;
  const { spec } = await kubernetes.get<PodObject>({ resource: PODS, namespace: target.namespace, name }, { signal });
  const need = requestsOf(spec ?? { containers: [] });
  const room = await roomForOne(kubernetes, need, signal);
  return room.kind === 'full' || room.kind === 'small' ? `${shortName} requests ${sizeWords(need)}: ${shortageWords(room)}` : undefined;
}

/** A request for a TaskManager and its refusal take some 30 lines, with the stack trace; it is repeated every few seconds. */
const requestLines = 1_000;

/** The TaskManagers that the JobManager may not create, from the leader's log; undefined: none, or the log cannot be read. */
async function refusedByServer({ store, kubernetes }: Asked, signal: AbortSignal): Promise<RefusedWorkersOf | undefined> {
  const { target, pods, leader } = store.get();
  const pod = leader === undefined ? undefined : pods.get(leader);
  if (pod === undefined) return undefined;
  const lines = await readLogEnd(kubernetes, { namespace: target.namespace, name: pod.name, previous: false }, requestLines, signal);
  return refusedIn(pod, () => lines);
}

function refusedIn(pod: Pod | undefined, linesOf: (pod: Pod) => readonly string[]): RefusedWorkersOf | undefined {
  const refused = pod === undefined ? undefined : refusedWorkers(linesOf(pod));
  return pod === undefined || refused === undefined ? undefined : { ...refused, pod };
}

async function namedCheckpoint(jobId: string, id: number, { flink }: Asked, signal: AbortSignal): Promise<NamedCheckpoint> {
  const [detail, job] = await Promise.all([flink.checkpointDetail(jobId, id, { signal }), flink.job(jobId, { signal })]);
  return { detail, names: new Map(job.vertices.map((vertex) => [vertex.id, vertex.name])) };
}

/** Vertices of one group share slots, so it needs as many as its widest vertex. Source: `SlotSharingGroup`, Flink 2.3. */
function slotsOf({ vertices }: JobDetail): number {
  const widest = new Map<string | undefined, number>();
  for (const { slotSharingGroup, parallelism } of vertices)
    widest.set(slotSharingGroup, Math.max(widest.get(slotSharingGroup) ?? 0, parallelism));
  return [...widest.values()].reduce((sum, each) => sum + each, 0);
}

/**
 * The current exceptions of the job from Flink, or those that the session knows: of the past, and of a job that runs and was never
 * restarted, which has none.
 */
export async function exceptionsOf({ id, exceptions, state, restarts }: Job, asked: Asked): Promise<readonly JobException[]> {
  if (asked.store.get().past !== undefined || (state === 'RUNNING' && restarts === 0)) return exceptions;
  const { memory = askOnce } = asked;
  const ask = () => answerWithin(asked, bonusMs(asked), (signal) => asked.flink.exceptions(id, { signal }));
  return (await memory(`exceptions ${id} ${state} ${restarts}`, ask)) ?? exceptions;
}

/** The checkpoints of the job from Flink. */
export const checkpointsOf = ({ id }: Job, asked: Asked): Promise<Job['checkpoints']> =>
  answerWithin(asked, bonusMs(asked), (signal) => asked.flink.checkpoints(id, { signal }));

/** What the events tell is known, or will not be known soon. */
export function eventsSettled({ eventsKnown, sources }: Session): boolean {
  const events = sources.get('events');
  return eventsKnown || events === undefined || events.problem !== undefined;
}

/** Every source has answered, or reported that it will not do so soon. */
export function allSettled(session: Session): boolean {
  const silent = (name: SourceName): boolean => session.sources.get(name)?.problem !== undefined;
  return (session.podsKnown || silent('pods')) && (session.jobsKnown || silent('flink')) && eventsSettled(session);
}
