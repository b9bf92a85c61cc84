import { arg, option } from '../arguments.ts';
import { command } from '../command.ts';

export const logs = command({
  name: 'logs',
  aliases: ['log'],
  summary: 'Show the log of a pod',
  details: 'The log of a pod that is gone is still there when it was followed in this session. jm is the leading JobManager, tm1-3 is taskmanager-1-3. '
    + 'The screen always follows; without a screen the log so far is printed, and with --follow also what comes.',
  group: 'pods',
  examples: ['logs jm', 'logs taskmanager-1-1', 'logs tm1-1 --follow'],
  args: { pod: arg.pod('Name or unique beginning of a name, with or without the cluster id') },
  options: { follow: option.flag('Without a screen: go on printing what comes', { short: 'f' }) },
  danger: 'safe',
  source: 'kubernetes',
  run({ front, logs: followed, store }, { pod, follow }) {
    if (store.get().pods.has(pod.name)) followed.follow(pod.name);
    return front.show({ kind: 'log', pods: [pod.name], follow });
  },
});
