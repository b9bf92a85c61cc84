import type { FlinkProcess, JvmEnvironment, LogFile } from '../../flink/process-types.ts';
import type { ConfigurationRow } from '../../inside/process/configuration.ts';
import type { ProcessFigures } from '../../inside/process/process.ts';
import type { Movement } from '../../inside/threads/compare.ts';
import type { ThreadReport } from '../../inside/threads/group.ts';
import type { Thread } from '../../inside/threads/thread.ts';
import type { Instant } from '../../support/clock.ts';
import type { InspectionKind, ReadContext } from './inspection.ts';

/** What is read of a process at a time: each view of its place shows one part, and the others cost nothing. */
export type ProcessPart = 'figures' | 'threads' | 'files' | 'settings';

/** A process of Flink from the inside. */
export interface ProcessSubject {
  readonly kind: 'process';
  readonly process: FlinkProcess;
  readonly part: ProcessPart;
}

export type ProcessFacts =
  | { readonly part: 'figures'; readonly figures: ProcessFigures }
  | {
      readonly part: 'threads';
      readonly threads: readonly Thread[];
      readonly report: ThreadReport;
      /** When the dump was taken. */
      readonly at: Instant;
      /** What became of the threads since the dump before; undefined: this is the first one. */
      readonly since: { readonly at: Instant; readonly movements: readonly Movement[] } | undefined;
    }
  | { readonly part: 'files'; readonly files: readonly LogFile[] }
  /** Flink has them for the JobManager only. */
  | { readonly part: 'settings'; readonly rows: readonly ConfigurationRow[]; readonly environment: JvmEnvironment };

/** A process with more threads than this has a leak of threads, and these show it. */
const mostThreads = 5_000;

export const nameOfProcess = (process: FlinkProcess): string => (process.kind === 'jobmanager' ? 'jobmanager' : process.id);

export const processInspection: InspectionKind<ProcessSubject, ProcessFacts> = {
  idOf: ({ process, part }) => `${nameOfProcess(process)} ${part}`,
  read: ({ process, part }, context) => readers[part](process, context),
  // A dump halts the process for an instant, and `r` asks for one at once.
  every: ({ part }) => (part === 'threads' ? 5 : 1),
};

type Reader = (process: FlinkProcess, context: ReadContext<ProcessFacts>) => Promise<ProcessFacts>;

// What gives the answers their meaning is loaded when somebody goes into a process: the first frame does without.
const readers: Readonly<Record<ProcessPart, Reader>> = {
  async figures(process, { flink, clock, signal, before }) {
    const { jobManagerFigures, processMetrics, taskManagerFigures } = await import('../../inside/process/process.ts');
    const earlier = before?.part === 'figures' ? before.figures : undefined;
    if (process.kind === 'jobmanager') {
      const [configuration, metrics] = await Promise.all([
        flink.clusterConfiguration({ signal }),
        flink.jobManagerMetrics(processMetrics, { signal }),
      ]);
      return { part: 'figures', figures: jobManagerFigures(configuration, metrics, clock.now(), earlier) };
    }
    const [detail, metrics] = await Promise.all([
      flink.taskManager(process.id, { signal }),
      flink.taskManagerMetrics(process.id, processMetrics, { signal }),
    ]);
    return { part: 'figures', figures: taskManagerFigures(detail, metrics, clock.now(), earlier) };
  },
  async threads(process, { clock, flink, signal, before }) {
    const [{ parseThread }, { groupThreads }, { compareDumps }] = await Promise.all([
      import('../../inside/threads/parse.ts'),
      import('../../inside/threads/group.ts'),
      import('../../inside/threads/compare.ts'),
    ]);
    const threads = (await flink.threadDump(process, { signal })).slice(0, mostThreads).map(parseThread);
    const since = before?.part === 'threads' ? { at: before.at, movements: compareDumps(before.threads, threads) } : undefined;
    return { part: 'threads', at: clock.now(), threads, report: groupThreads(threads), since };
  },
  async files(process, { flink, signal }) {
    return { part: 'files', files: await flink.logFiles(process, { signal }) };
  },
  async settings(_process, { flink, signal }) {
    const [{ configurationRows, maskedEnvironment }, configuration, environment] = await Promise.all([
      import('../../inside/process/configuration.ts'),
      flink.clusterConfiguration({ signal }),
      flink.jvmEnvironment({ signal }),
    ]);
    return { part: 'settings', rows: configurationRows(configuration), environment: maskedEnvironment(environment) };
  },
};
