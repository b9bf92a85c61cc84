import type { FlinkProcess } from '../../flink/process-types.ts';
import { filterThreads } from '../../inside/threads/filter.ts';
import { groupThreads } from '../../inside/threads/group.ts';
import { parseThread } from '../../inside/threads/parse.ts';
import type { Thread } from '../../inside/threads/thread.ts';
import { arg, option, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { matcherOf } from '../model/matcher.ts';
import { processOf } from '../model/flink-process.ts';
import type { CommandContext } from '../model/types.ts';
import { movementData, movementLines, threadData, threadLines } from '../procedures/thread-lines.ts';

export const threads = command({
  name: 'threads',
  summary: 'Show what the threads of a TaskManager or the JobManager are doing',
  details:
    'Threads with the same stack stand together: deadlocks and blocked threads first, then those that run, then those that wait. ' +
    'A deadlock is a ring of threads, each of which waits for a lock that the next one has. ' +
    'A dump halts the process for an instant. With --again, a second one shows which threads moved in between.',
  group: 'pods',
  examples: ['threads jm', 'threads taskmanager-1-1', 'threads tm1-1 --filter Source', 'threads tm1-1 --again 5'],
  args: { pod: orHere(arg.pod('Name of a pod; jm is the leading JobManager'), 'pod') },
  options: {
    filter: option.text('RE', 'Only threads whose name, state, lock or stack matches this expression, ignoring case'),
    again: option.integer('SECONDS', 'Take a second dump after that many seconds, and compare the two', { least: 1, most: 600 }),
  },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'kubernetes',
  async run(context, { pod, filter, again }) {
    const { clock, front, signal, store } = context;
    const process = processOf(pod, store.get());
    if (front.enter !== undefined && filter === undefined && again === undefined)
      return front.enter({ kind: 'process', process, part: 'threads' });
    const fits = await matcherOf(filter);
    const dump = async (): Promise<readonly Thread[]> => filterThreads(await dumpOf(context, process), fits);
    const first = await dump();
    let second: readonly Thread[] | undefined;
    if (again !== undefined) {
      await clock.sleep(again * 1000, signal);
      second = await dump();
    }
    const report = groupThreads(second ?? first);
    const moved = again === undefined || second === undefined ? [] : [...movementLines(first, second, again), ''];
    return front.show({
      kind: 'facts',
      title: `Threads of ${pod.shortName}`,
      text: [...moved, ...threadLines(report)],
      data: { process: pod.name, ...threadData(report), movements: second === undefined ? null : movementData(first, second) },
    });
  },
});

const dumpOf = async ({ flink, signal }: CommandContext, process: FlinkProcess): Promise<readonly Thread[]> =>
  (await flink.threadDump(process, { signal })).map(parseThread);
