import type { FlinkClient } from '../../flink/types.ts';
import { findVertex, vertexName } from '../../inside/find-vertex.ts';
import type { Job, Session } from '../../session/types.ts';
import { jobLabel } from '../../session/job-words.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option, optional } from '../model/arguments.ts';
import type { Subject } from '../model/find-subject.ts';
import { command } from '../model/command.ts';

export const logs = command({
  name: 'logs',
  aliases: ['log'],
  summary: 'Show the log of a pod, or of the TaskManagers of a job or of one of its vertices',
  details:
    'The log of a pod that is gone is still there if it was followed in this session. jm is the leading JobManager, tm1-3 is taskmanager-1-3. ' +
    'The screen always follows; without a screen the log so far is printed, and with --follow new lines as well. ' +
    'In a shell the logs of all pods, or of jobmanager or taskmanagers, are printed as well: in the order of time, with those of pods that are gone if a session has kept them, or with -f as they come. ' +
    'There -o json prints an object for each line: time, pod, level, logger, thread, message, and whether it begins an entry. It exits with 1 if a log could not be read to its end.',
  group: 'pods',
  examples: ['logs jm', 'logs taskmanager-1-1', 'logs tm1-1 --follow', 'logs orders-enrichment', 'logs orders-enrichment Enrich'],
  args: {
    subject: arg.subject('Name of a pod or its unique beginning, with or without the cluster id; or id or name of a job'),
    vertex: optional(arg.vertex('Id of a vertex, or a part of its name: only its TaskManagers')),
  },
  shell: { kind: 'logs', summary: 'Print the logs of pods' },
  options: {
    container: option.container('NAME', 'Container of the pod, also one that ran before Flink; default: that of Flink'),
    follow: option.flag('Without a screen: keep printing new lines', { short: 'f' }),
  },
  danger: 'safe',
  source: 'kubernetes',
  async run({ front, logs: followed, store, flink, signal }, { subject, vertex, container: word, follow }) {
    if (word !== undefined) return front.show({ kind: 'log', ...containerIn(subject, word), follow });
    if (subject.kind === 'pod' && vertex !== undefined)
      throw new Problem('usage', 'Only a job has vertices.', { hint: 'Name a job, or leave out the vertex.' });
    const pods =
      subject.kind === 'pod' ? [subject.pod.name] : withLogs(await taskManagersOf(subject.job, vertex, flink, signal), store.get());
    for (const pod of pods) if (store.get().pods.has(pod)) followed.follow(pod);
    return front.show({ kind: 'log', pods, follow });
  },
});

/** The container of a pod that is meant, by its name or a unique beginning of it. */
function containerIn(subject: Subject, word: string): { readonly pods: readonly string[]; readonly container: string } {
  if (subject.kind !== 'pod') throw new Problem('usage', 'Only a pod has containers.', { hint: 'Name a pod: logs tm1-1 -c NAME.' });
  const { pod } = subject;
  const names = pod.containers.map(({ name }) => name);
  const found = names.find((name) => name === word);
  const [only = found, ...others] = names.filter((name) => name.startsWith(word));
  const container = found ?? (others.length > 0 ? undefined : only);
  if (container !== undefined) return { pods: [pod.name], container };
  throw new Problem('not-found', `${pod.shortName} has no container "${word}".`, { hint: `It has ${names.join(', ')}.` });
}

/** Where something runs, and what it is. */
interface Workers {
  readonly of: string;
  readonly names: readonly string[];
}

/** The TaskManagers of a job, or of one of its vertices. */
async function taskManagersOf(job: Job, word: string | undefined, flink: FlinkClient, signal: AbortSignal): Promise<Workers> {
  if (word === undefined) return { of: jobLabel(job), names: await flink.jobTaskManagers(job.id, { signal }) };
  const vertex = findVertex(word, (await flink.job(job.id, { signal })).vertices);
  const workers = await flink.vertexTaskManagers(job.id, vertex.id, { signal });
  return { of: vertexName(vertex), names: workers.map(({ id }) => id).filter((id) => id !== undefined) };
}

/** Those that have a log here. */
function withLogs({ of, names }: Workers, { pods, logs: kept }: Session): readonly string[] {
  const found = names.filter((name) => pods.has(name) || kept.has(name));
  if (found.length > 0) return found;
  throw new Problem('not-found', `No TaskManager of ${of} has a log here: none of its tasks runs on a pod of this cluster.`, {
    hint: 'logs jm shows the log of the JobManager.',
  });
}
