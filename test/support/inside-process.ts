import type { FlinkProcess } from '../../src/flink/process-types.ts';
import { compareDumps } from '../../src/inside/threads/compare.ts';
import { groupThreads } from '../../src/inside/threads/group.ts';
import { parseThread } from '../../src/inside/threads/parse.ts';
import type { ProcessFigures } from '../../src/inside/process/process.ts';
import type { Thread } from '../../src/inside/threads/thread.ts';
import type { Inspection } from '../../src/session/inspections/inspections.ts';
import type { ProcessFacts } from '../../src/session/inspections/process.ts';

const mebi = 2 ** 20;

/** What a process uses: a heap that is half full. */
export const figures = (given: Partial<ProcessFigures> = {}): ProcessFigures => ({
  at: 0,
  memory: {
    parts: [
      { name: 'JVM heap', depth: 0, configured: 512 * mebi, used: 256 * mebi },
      { name: 'task heap', depth: 1, configured: 384 * mebi, used: undefined },
      { name: 'metaspace', depth: 0, configured: 256 * mebi, used: 250 * mebi },
    ],
    totalFlink: 1280 * mebi,
    totalProcess: 1728 * mebi,
  },
  cpuLoad: 0.25,
  threads: 81,
  openFiles: undefined,
  mostOpenFiles: undefined,
  collectors: [{ name: 'All', count: 7, timeMs: 144 }],
  collecting: 0.003,
  network: undefined,
  slots: undefined,
  ...given,
});

export const thread = (name: string, head: string, ...stack: readonly string[]): Thread =>
  parseThread({ name, text: `"${name}" ${head}\n${stack.map((line) => `\t${line}\n`).join('')}\n` });

const threads = [
  thread('main', 'Id=1 WAITING on java.lang.Object@1', 'at java.lang.Object.wait(Native Method)'),
  thread('left', 'Id=8 BLOCKED on com.shop.A@1 owned by "right" Id=9', 'at com.shop.A.go(A.java:3)'),
  thread('right', 'Id=9 BLOCKED on com.shop.B@2 owned by "left" Id=8', 'at com.shop.A.go(A.java:3)'),
];

/** The dump before: `left` was still at work. */
const earlier = [
  ...threads.filter(({ name }) => name !== 'left'),
  thread('left', 'Id=8 RUNNABLE', 'at com.shop.A.prepare(A.java:1)', 'at com.shop.A.go(A.java:2)'),
];

/** Each part of a process, as its place shows it. */
export function insideOfProcess(
  process: FlinkProcess,
  { job, readAt }: { readonly job: string; readonly readAt: number },
): readonly Inspection[] {
  const slots =
    process.kind === 'jobmanager'
      ? undefined
      : {
          total: 4,
          free: 3,
          allocated: [{ jobId: job, tasks: 3, cpuCores: 1, taskHeap: 96 * mebi, managed: 128 * mebi, network: 32 * mebi }],
        };
  const facts: readonly ProcessFacts[] = [
    { part: 'figures', figures: figures({ slots }) },
    {
      part: 'threads',
      threads,
      report: groupThreads(threads),
      at: readAt,
      since: { at: readAt - 15_000, movements: compareDumps(earlier, threads) },
    },
    { part: 'files', files: [{ name: 'flink.log', bytes: 29_000, changedAt: readAt }] },
    {
      part: 'settings',
      rows: [{ key: 'parallelism.default', value: '4', standing: 'differs', summary: 'Parallelism of a job that names none' }],
      environment: { version: 'OpenJDK 17', architecture: 'amd64', options: ['-Xmx1g'], classpath: [] },
    },
  ];
  return facts.map((each) => ({ subject: { kind: 'process', process, part: each.part }, facts: each, readAt, problem: undefined }));
}
