import type { FlinkProcess } from '../../flink/process-types.ts';
import { readEnd } from '../../inside/process/log-file.ts';
import { formatBytes } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';
import { userPath } from '../line/jar-files.ts';
import { arg, option, optional, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { processOf } from '../model/flink-process.ts';
import type { CommandContext } from '../model/types.ts';
import { follow, saver, teller } from '../procedures/log-file.ts';
import { logFileData, logFileLines } from '../procedures/process-lines.ts';
import { transferReport } from '../procedures/transfer-report.ts';

export const logfiles = command({
  name: 'logfiles',
  summary: 'Show the log files of a TaskManager or the JobManager, or one of them',
  details:
    'These are the files in the log folder of the process, which may hold more than its container wrote: logs of the garbage collector, rotated files. ' +
    'The screen shows the last half megabyte of a file and follows it; a shell gets all of it, and with --follow what is written from then on. ' +
    'Flink sends a file only as a whole, so a file that grows is read again at most at 1 MiB a second on average: one of 100 MiB every 100 s. ' +
    '--save writes all of it to a new file on this machine, whatever its size.',
  group: 'pods',
  examples: ['logfiles jm', 'logfiles tm1-1 gc.log.0', 'logfiles tm1-1 gc.log.0 --follow', 'logfiles tm1-1 gc.log.0 --save gc.log'],
  args: {
    pod: orHere(arg.pod('Name of a pod; jm is the leading JobManager'), 'pod'),
    file: optional(arg.text('Name of a file; default: list them')),
  },
  options: {
    save: option.text('PATH', 'Write the file to this path instead of showing it; relative to the current folder'),
    follow: option.flag('Without a screen: keep printing new lines', { short: 'f' }),
  },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'kubernetes',
  async run(context, { pod, file, save, follow: on }) {
    const { front, store } = context;
    const process = processOf(pod, store.get());
    if (file === undefined) {
      if (save !== undefined || on) throw new Problem('usage', 'Name the file as well.', { hint: `logfiles ${pod.shortName} lists them.` });
      return list(context, process, pod);
    }
    if (save !== undefined) return await keep(context, { process, pod, file }, save);
    if (front.enter !== undefined) return front.enter({ kind: 'log-file', process, name: file });
    return await tell(context, { process, pod, file }, on);
  },
});

/** A pod as lines call it. */
type Named = Readonly<Record<'name' | 'shortName', string>>;

async function list({ flink, front, signal }: CommandContext, process: FlinkProcess, pod: Named): Promise<void> {
  const files = await flink.logFiles(process, { signal });
  await front.show({
    kind: 'facts',
    title: `Log files of ${pod.shortName}`,
    text: files.length === 0 ? [`${pod.shortName} has no log files.`] : logFileLines(files),
    data: { process: pod.name, files: logFileData(files) },
  });
}

interface OneFile {
  readonly process: FlinkProcess;
  readonly pod: Named;
  readonly file: string;
}

/** As an operation, which shows how far it is. */
async function keep(context: CommandContext, { process, pod, file }: OneFile, save: string): Promise<void> {
  const { cwd, flink, front, home, operations } = context;
  const path = userPath(save, { cwd, home });
  const bytes = await operations.track(
    { title: `Save ${file} of ${pod.shortName}`, kind: 'other', jobId: undefined },
    async (report, signal) => {
      const total = (await flink.logFiles(process, { signal })).find(({ name }) => name === file)?.bytes ?? 0;
      const tellTransfer = transferReport(context, { name: file, done: 'all of it is here', progress: report.progress });
      // A file that grows meanwhile is longer than its size in the list.
      const saved = await flink.logFile(
        process,
        file,
        saver(path, (sent) => tellTransfer(sent, Math.max(sent, total))),
        { signal },
      );
      return { value: saved, result: path };
    },
  );
  front.print([`Saved ${path}: ${formatBytes(bytes)}.`], 'good');
}

async function tell({ clock, flink, front, mode, signal }: CommandContext, { process, pod, file }: OneFile, on: boolean): Promise<void> {
  const read = <T>(body: Parameters<typeof flink.logFile<T>>[2]): Promise<T> => flink.logFile(process, file, body, { signal });
  if (on) {
    const listed = async () => (await flink.logFiles(process, { signal })).find(({ name }) => name === file);
    return await follow({ read, listed, pause: (ms) => clock.sleep(ms, signal) }, front.print);
  }
  if (mode === 'one-shot') {
    const { unfinished } = await read(teller(front.print));
    return unfinished === '' ? undefined : front.print([unfinished]);
  }
  const { lines, bytes, from } = await read(readEnd);
  const head = from > 0 ? [`The end of ${formatBytes(bytes)}; --save writes all of it to a file.`, ''] : [];
  const text = bytes === 0 ? ['The file is empty.'] : [...head, ...lines];
  return front.show({ kind: 'facts', title: `${file} of ${pod.shortName}`, text, data: { process: pod.name, name: file, bytes, lines } });
}
