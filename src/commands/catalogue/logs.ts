import type { FlinkClient } from '../../flink/types.ts';
import type { Job, Session } from '../../session/types.ts';
import { jobLabel } from '../../session/job-words.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option } from '../model/arguments.ts';
import { command } from '../model/command.ts';

export const logs = command({
  name: 'logs',
  aliases: ['log'],
  summary: 'Show the log of a pod, or of the TaskManagers of a job',
  details:
    'The log of a pod that is gone is still there if it was followed in this session. jm is the leading JobManager, tm1-3 is taskmanager-1-3. ' +
    'The screen always follows; without a screen the log so far is printed, and with --follow new lines as well. ' +
    'In a shell the logs of all pods, or of jobmanager or taskmanagers, are printed as well: in the order of time, or with -f as they come. ' +
    'There -o json prints an object for each line: time, pod, level, logger, thread, message, and whether it begins an entry. It exits with 1 if a log could not be read to its end.',
  group: 'pods',
  examples: ['logs jm', 'logs taskmanager-1-1', 'logs tm1-1 --follow', 'logs orders-enrichment'],
  args: { subject: arg.subject('Name of a pod or its unique beginning, with or without the cluster id; or id or name of a job') },
  shell: { kind: 'logs', summary: 'Print the logs of pods' },
  options: { follow: option.flag('Without a screen: keep printing new lines', { short: 'f' }) },
  danger: 'safe',
  source: 'kubernetes',
  async run({ front, logs: followed, store, flink, signal }, { subject, follow }) {
    const pods = subject.kind === 'pod' ? [subject.pod.name] : await taskManagersOf(subject.job, store.get(), flink, signal);
    for (const pod of pods) if (store.get().pods.has(pod)) followed.follow(pod);
    return front.show({ kind: 'log', pods, follow });
  },
});

/** The TaskManagers that have a log. */
async function taskManagersOf(
  job: Job,
  { pods, logs: kept }: Session,
  flink: FlinkClient,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = (await flink.jobTaskManagers(job.id, { signal })).filter((name) => pods.has(name) || kept.has(name));
  if (names.length > 0) return names;
  throw new Problem('not-found', `No TaskManager of ${jobLabel(job)} has a log here: none of its tasks runs on a pod of this cluster.`, {
    hint: 'logs jm shows the log of the JobManager.',
  });
}
