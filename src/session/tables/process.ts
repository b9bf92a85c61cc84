import type { AllocatedSlot, JvmEnvironment, LogFile } from '../../flink/process-types.ts';
import type { ConfigurationRow } from '../../inside/process/configuration.ts';
import type { ProcessFigures } from '../../inside/process/process.ts';
import { type Movement, whereOf } from '../../inside/threads/compare.ts';
import type { ThreadGroup, ThreadReport } from '../../inside/threads/group.ts';
import type { Job } from '../types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatAge, formatBytes, formatCount, formatDuration, formatMemory, formatPercent } from '../../support/format.ts';
import { type Column, naturalOrder, orDash } from './column.ts';

/** One line of what a process uses: a part of its memory, its processors, its network buffers. */
export interface FigureRow {
  readonly name: string;
  readonly used: string;
  readonly most: string;
  /** 0 to 1. */
  readonly share: number | undefined;
}

const shareOf = (used: number | undefined, most: number | undefined): number | undefined =>
  used === undefined || most === undefined || most === 0 ? undefined : used / most;

export function figureRows({
  memory,
  cpuLoad,
  threads,
  openFiles,
  mostOpenFiles,
  collectors,
  collecting,
  network,
}: ProcessFigures): readonly FigureRow[] {
  return [
    ...memory.parts.map(({ name, depth, used, configured }) => ({
      name: `${depth === 0 ? '' : '- '}${name}`,
      used: orDash(used, formatMemory),
      most: orDash(configured, formatMemory),
      share: shareOf(used, configured),
    })),
    { name: 'Flink memory', used: '', most: orDash(memory.totalFlink, formatMemory), share: undefined },
    { name: 'process', used: '', most: orDash(memory.totalProcess, formatMemory), share: undefined },
    ...(network === undefined
      ? []
      : [
          {
            name: 'network buffers',
            used: orDash(network.segmentsUsed, formatCount),
            most: orDash(network.segmentsTotal, formatCount),
            share: shareOf(network.segmentsUsed, network.segmentsTotal),
          },
        ]),
    { name: 'CPU load', used: orDash(cpuLoad, formatPercent), most: '', share: cpuLoad },
    { name: 'threads', used: orDash(threads, formatCount), most: '', share: undefined },
    {
      name: 'open files',
      used: orDash(openFiles, formatCount),
      most: orDash(mostOpenFiles, formatCount),
      share: shareOf(openFiles, mostOpenFiles),
    },
    { name: 'garbage collection', used: orDash(collecting, (share) => `${(share * 100).toFixed(1)}%`), most: '', share: collecting },
    ...collectors.map(({ name, count, timeMs }) => ({
      name: `- ${oneLine(name.replaceAll('_', ' '))}`,
      used: `${orDash(count, formatCount)}×`,
      most: orDash(timeMs, formatDuration),
      share: undefined,
    })),
  ];
}

export const figureColumns: readonly Column<FigureRow>[] = [
  { title: 'PART', min: 20, max: 40, drop: 0, text: ({ name }) => name },
  { title: 'USED', min: 8, max: 10, align: 'right', drop: 0, text: ({ used }) => used },
  { title: 'OF', min: 8, max: 10, align: 'right', drop: 0, text: ({ most }) => most },
  {
    title: 'SHARE',
    min: 18,
    max: 26,
    drop: 1,
    descending: true,
    text: ({ share }) => (share === undefined ? '' : formatPercent(share)),
    value: ({ share }) => share,
  },
];

/** A slot that is in use. */
export interface SlotRow extends AllocatedSlot {
  readonly number: number;
  readonly job: string;
}

export const slotRows = ({ slots }: ProcessFigures, jobs: readonly Pick<Job, 'id' | 'name'>[]): readonly SlotRow[] =>
  (slots?.allocated ?? []).map((slot, index) => ({
    ...slot,
    number: index + 1,
    job: jobs.find(({ id }) => id === slot.jobId)?.name ?? slot.jobId,
  }));

export const slotColumns: readonly Column<SlotRow>[] = [
  { title: 'SLOT', min: 4, max: 4, align: 'right', drop: 0, text: (row) => String(row.number), value: (row) => row.number },
  { title: 'JOB', min: 16, max: 60, drop: 0, cut: 'middle', text: ({ job }) => oneLine(job), value: ({ job }) => naturalOrder(job) },
  { title: 'TASKS', min: 5, max: 6, align: 'right', drop: 1, text: ({ tasks }) => orDash(tasks, formatCount), value: ({ tasks }) => tasks },
  {
    title: 'TASK HEAP',
    min: 9,
    max: 10,
    align: 'right',
    drop: 2,
    text: ({ taskHeap }) => orDash(taskHeap, formatMemory),
    value: ({ taskHeap }) => taskHeap,
  },
  {
    title: 'MANAGED',
    min: 8,
    max: 10,
    align: 'right',
    drop: 3,
    text: ({ managed }) => orDash(managed, formatMemory),
    value: ({ managed }) => managed,
  },
  {
    title: 'NETWORK',
    min: 8,
    max: 10,
    align: 'right',
    drop: 4,
    text: ({ network }) => orDash(network, formatMemory),
    value: ({ network }) => network,
  },
];

/** Threads with the same stack. */
export interface ThreadRow {
  readonly group: ThreadGroup;
  /** What tells this stack from the others. */
  readonly id: string;
  /** How many of them stand where they stood in the dump before; undefined: there was none. */
  readonly still: number | undefined;
  readonly names: string;
}

export function threadRows({ groups }: ThreadReport, movements: readonly Movement[] | undefined): readonly ThreadRow[] {
  const still = movements === undefined ? undefined : new Set(movements.flatMap(({ kind, thread }) => (kind === 'still' ? [thread] : [])));
  return groups.map((group) => ({
    group,
    id: [String(group.deadlocked), group.state, String(group.native), ...group.frames.map(({ call }) => call)].join('\n'),
    still: still === undefined ? undefined : group.threads.filter((thread) => still.has(thread)).length,
    names: group.threads.map(({ name }) => name).join(', '),
  }));
}

/** `BLOCKED`; `DEADLOCK` if it waits in a ring. */
export const threadState = ({ group: { deadlocked, state, native } }: ThreadRow): string =>
  deadlocked ? 'DEADLOCK' : native ? `${state} (native)` : state;

export const threadColumns: readonly Column<ThreadRow>[] = [
  {
    title: 'THREADS',
    min: 7,
    max: 7,
    align: 'right',
    drop: 0,
    descending: true,
    text: ({ group }) => String(group.threads.length),
    value: ({ group }) => group.threads.length,
  },
  { title: 'STATE', min: 13, max: 17, drop: 0, text: threadState },
  {
    title: 'STILL',
    min: 5,
    max: 5,
    align: 'right',
    drop: 2,
    optional: ({ still }) => still !== undefined,
    descending: true,
    text: ({ still }) => orDash(still, String),
    value: ({ still }) => still,
  },
  { title: 'AT', min: 24, max: 70, drop: 1, text: ({ group }) => oneLine(shortCall(group.frames[0]?.call ?? '-')) },
  { title: 'NAMES', min: 16, max: 200, drop: 0, text: ({ names }) => oneLine(names) },
];

/** `Unsafe.park(Native Method)` for `jdk.internal.misc.Unsafe.park(Native Method)`. */
const shortCall = (call: string): string => call.replace(/^(?:[a-z_][\w]*\.)+(?=[A-Z])/, '');

const changes = ['moved', 'new', 'gone', 'still'] as const satisfies readonly Movement['kind'][];

/** What moved comes first: that a thread stands still may mean only that it has no work. */
export const movementRows = (movements: readonly Movement[]): readonly Movement[] =>
  changes.flatMap((change) => movements.filter(({ kind }) => kind === change));

const changeWords = { still: 'stands still', moved: 'moved', new: 'new', gone: 'gone' } as const;

export const movementColumns: readonly Column<Movement>[] = [
  { title: 'SINCE THEN', min: 12, max: 12, drop: 0, text: ({ kind }) => changeWords[kind], value: ({ kind }) => changes.indexOf(kind) },
  {
    title: 'THREAD',
    min: 16,
    max: 44,
    drop: 0,
    text: ({ thread }) => oneLine(thread.name),
    value: ({ thread }) => naturalOrder(thread.name),
  },
  { title: 'WHERE', min: 24, max: 200, drop: 1, text: (movement) => oneLine(whereOf(movement, shortCall)) },
];

export const logFileColumns: readonly Column<LogFile>[] = [
  { title: 'NAME', min: 24, max: 100, drop: 0, cut: 'middle', text: ({ name }) => oneLine(name), value: ({ name }) => naturalOrder(name) },
  {
    title: 'SIZE',
    min: 8,
    max: 9,
    align: 'right',
    drop: 0,
    descending: true,
    text: ({ bytes }) => formatBytes(bytes),
    value: ({ bytes }) => bytes,
  },
  {
    title: 'CHANGED',
    min: 7,
    max: 7,
    align: 'right',
    drop: 1,
    ticks: true,
    text: ({ changedAt }, { now }) => formatAge(changedAt === undefined ? undefined : now - changedAt),
    value: ({ changedAt }, { now }) => (changedAt === undefined ? undefined : now - changedAt),
  },
];

/** A key of the configuration, or a fact about the JVM. */
export interface SettingRow {
  readonly key: string;
  readonly value: string;
  readonly standing: ConfigurationRow['standing'] | 'jvm';
}

/** The configuration in its order, and the JVM below it. */
export function settingRows({
  rows,
  environment,
}: {
  readonly rows: readonly ConfigurationRow[];
  readonly environment: JvmEnvironment;
}): readonly SettingRow[] {
  const { version, architecture, options, classpath } = environment;
  const jvm = (key: string, value: string): SettingRow => ({ key, value, standing: 'jvm' });
  return [
    ...rows,
    jvm('Java', [version, architecture].filter((word) => word !== undefined).join(', ')),
    ...options.map((value, index) => jvm(`option ${index + 1}`, value)),
    ...classpath.map((value, index) => jvm(`class path ${index + 1}`, value)),
  ];
}

const standings = { default: 'default', differs: 'set', unknown: '', jvm: 'JVM' } as const;

export const settingColumns: readonly Column<SettingRow>[] = [
  { title: 'KEY', min: 24, max: 80, drop: 0, cut: 'middle', text: ({ key }) => oneLine(key) },
  { title: 'VALUE', min: 16, max: 200, drop: 0, text: ({ value }) => oneLine(value) },
  { title: 'IS', min: 7, max: 7, drop: 1, text: ({ standing }) => standings[standing] },
];
