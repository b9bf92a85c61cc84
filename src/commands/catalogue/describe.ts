import { readPodWithEvents } from '../../cluster/pods/events.ts';
import type { Pod } from '../../session/types.ts';
import { arg } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { describeJob, knownOfJob } from '../procedures/describe-job.ts';
import { describedPod, knownOfPod } from '../procedures/describe-pod.ts';
import type { CommandContext } from '../model/types.ts';
import { answerWithin, glanceMs } from '../model/wait.ts';
import { explainPod, headline } from '../why/explain-pod.ts';
import { cardText, findingLines } from '../model/card-lines.ts';

export const describe = command({
  name: 'describe',
  summary: 'Show everything about a pod or a job',
  group: 'pods',
  examples: ['describe jm', 'describe taskmanager-1-1', 'describe orders-enrichment'],
  args: { subject: arg.subject('Name of a pod, or id or name of a job') },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'kubernetes',
  async run(context, { subject }) {
    const { flink, front } = context;
    if (subject.kind === 'job') {
      const { job } = subject;
      const text = await answerOrProblem(context, (signal) => describeJob(flink, job, signal));
      return front.show({
        kind: 'job',
        id: job.id,
        text: text ?? [...knownOfJob(job), '', `${missing(context, "Flink's REST endpoint")}; this is what is known.`],
      });
    }
    const { pod } = subject;
    const { clock, kubernetes, store } = context;
    const { namespace } = store.get().target;
    const gone = !store.get().pods.has(pod.name);
    const [head, found] = await Promise.all([
      headOf(pod, context),
      gone ? undefined : answerOrProblem(context, (signal) => readPodWithEvents(kubernetes, { namespace, name: pod.name }, signal)),
    ]);
    const now = clock.now();
    const reason = gone ? 'The pod is gone' : missing(context, 'The API server');
    const text =
      found === undefined ? [...knownOfPod(pod, store.get(), now), '', `${reason}; this is what is known.`] : describedPod(pod, found, now);
    return front.show({ kind: 'pod', name: pod.name, text: [...head, '', ...text] });
  },
});

/** Why there is no answer. */
const missing = ({ store }: CommandContext, server: string): string =>
  store.get().past === undefined ? `${server} has not answered` : 'More was not recorded';

/**
 * The answer or its problem. On the screen, a hanging server gets a second; without a screen, and if the server refuses, the problem is the
 * result.
 */
async function answerOrProblem<T>(context: CommandContext, ask: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  if (context.store.get().past !== undefined) return undefined;
  if (context.mode !== 'tui') return ask(context.signal);
  let refused: { readonly error: unknown } | undefined;
  const answer = await answerWithin(context, glanceMs(context), (signal) =>
    ask(signal).catch((error: unknown) => {
      if (!signal.aborted) refused = { error };
      return undefined;
    }),
  );
  if (refused !== undefined) throw refused.error;
  return answer;
}

/** How it is, and what is wrong with it. */
async function headOf(pod: Pod, context: CommandContext): Promise<readonly string[]> {
  const now = context.clock.now();
  const finding = await explainPod(pod, context);
  return finding === undefined ? [headline(pod, context.store.get(), now)] : cardText(findingLines(finding), now);
}
