import { formatBytes } from '../../support/format.ts';
import { userPath } from '../line/jar-files.ts';
import { arg, option, optional } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { processOf } from '../model/flink-process.ts';
import { readEnd, saver, teller } from '../procedures/log-file.ts';
import { logFileData, logFileLines } from '../procedures/process-lines.ts';

export const logfiles = command({
  name: 'logfiles',
  summary: 'Show the log files of a TaskManager or the JobManager, or one of them',
  details:
    'These are the files in the log folder of the process, which may hold more than its container wrote: logs of the garbage collector, rotated files. ' +
    'On the screen a file is shown from its last megabyte; a shell gets all of it. --save writes all of it to a new file on this machine.',
  group: 'pods',
  examples: ['logfiles jm', 'logfiles tm1-1 gc.log.0', 'logfiles tm1-1 gc.log.0 --save gc.log'],
  args: {
    pod: arg.pod('Name of a pod; jm is the leading JobManager'),
    file: optional(arg.text('Name of a file; default: list them')),
  },
  options: { save: option.text('PATH', 'Write the file to this path instead of showing it; relative to the current folder') },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'kubernetes',
  async run({ cwd, flink, front, home, mode, signal, store }, { pod, file, save }) {
    const process = processOf(pod, store.get());
    if (file === undefined) {
      const files = await flink.logFiles(process, { signal });
      const text = files.length === 0 ? [`${pod.shortName} has no log files.`] : logFileLines(files);
      return front.show({
        kind: 'facts',
        title: `Log files of ${pod.shortName}`,
        text,
        data: { process: pod.name, files: logFileData(files) },
      });
    }
    if (save !== undefined) {
      const path = userPath(save, { cwd, home });
      const bytes = await flink.logFile(process, file, saver(path), { signal });
      return front.print([`Saved ${path}: ${formatBytes(bytes)}.`], 'good');
    }
    if (mode === 'one-shot') return flink.logFile(process, file, teller(front.print), { signal });
    const { lines, bytes, cut } = await flink.logFile(process, file, readEnd, { signal });
    const head = cut ? [`The end of ${formatBytes(bytes)}; --save writes all of it to a file.`, ''] : [];
    const text = bytes === 0 ? ['The file is empty.'] : [...head, ...lines];
    return front.show({ kind: 'facts', title: `${file} of ${pod.shortName}`, text, data: { process: pod.name, name: file, bytes, lines } });
  },
});
