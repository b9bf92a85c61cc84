import type { JvmEnvironment, LogFile } from '../../flink/process-types.ts';
import type { ConfigurationRow } from '../../inside/process/configuration.ts';
import type { MemoryModel, MemoryPart } from '../../inside/process/memory.ts';
import type { ProcessFigures, Slots } from '../../inside/process/process.ts';
import { orDash } from '../../session/tables/column.ts';
import type { Job } from '../../session/types.ts';
import { formatBytes, formatCount, formatDateTime, formatDuration, formatMemory, formatPercent } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';

/** Columns that are as wide as their widest cell; numbers of columns in `right` stand at the right. */
function aligned(rows: readonly (readonly string[])[], right: readonly number[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

const shareOf = ({ used, configured }: MemoryPart): number | undefined =>
  used === undefined || configured === undefined || configured === 0 ? undefined : used / configured;

export const memoryLines = ({ parts, totalFlink, totalProcess }: MemoryModel): readonly string[] => [
  ...aligned(
    [
      ['MEMORY', 'USED', 'CONFIGURED', ''],
      ...parts.map((part) => [
        `${'  '.repeat(part.depth)}${part.name}`,
        orDash(part.used, formatMemory),
        orDash(part.configured, formatMemory),
        orDash(shareOf(part), formatPercent).replace('-', ''),
      ]),
    ],
    [1, 2, 3],
  ),
  `Flink memory ${orDash(totalFlink, formatMemory)}, process ${orDash(totalProcess, formatMemory)}`,
];

/** Processors, threads, files, network buffers and garbage collection. */
export function figureLines({
  cpuLoad,
  threads,
  openFiles,
  mostOpenFiles,
  collectors,
  collecting,
  network,
}: ProcessFigures): readonly string[] {
  return [
    `CPU load         ${orDash(cpuLoad, formatPercent)}`,
    `Threads          ${orDash(threads, formatCount)}`,
    `Open files       ${orDash(openFiles, formatCount)} of ${orDash(mostOpenFiles, formatCount)}`,
    ...(network === undefined
      ? []
      : [
          `Network buffers  ${orDash(network.segmentsUsed, formatCount)} of ${orDash(network.segmentsTotal, formatCount)} segments, ` +
            `${orDash(network.bytesUsed, formatMemory)} of ${orDash(network.bytesTotal, formatMemory)}`,
        ]),
    `GC               ${orDash(collecting, (share) => `${(share * 100).toFixed(1)}% of the time`)}`,
    ...collectors.map(
      ({ name, count, timeMs }) => `  ${name.replaceAll('_', ' ')}: ${orDash(count, formatCount)} times, ${orDash(timeMs, formatDuration)}`,
    ),
  ];
}

export function slotLines({ total, free, allocated }: Slots, jobs: readonly Pick<Job, 'id' | 'name'>[]): readonly string[] {
  const nameOf = (id: string): string => jobs.find((job) => job.id === id)?.name ?? id;
  return [
    `Slots            ${total - free} of ${total} in use`,
    ...(allocated.length === 0
      ? []
      : aligned(
          [
            ['  JOB', 'TASKS', 'TASK HEAP', 'MANAGED', 'NETWORK'],
            ...allocated.map(({ jobId, tasks, taskHeap, managed, network }) => [
              `  ${nameOf(jobId)}`,
              orDash(tasks, formatCount),
              orDash(taskHeap, formatMemory),
              orDash(managed, formatMemory),
              orDash(network, formatMemory),
            ]),
          ],
          [1, 2, 3, 4],
        )),
  ];
}

export const environmentLines = ({ version, architecture, options, classpath }: JvmEnvironment): readonly string[] => [
  `JVM              ${version ?? '-'}, ${architecture ?? '-'}`,
  'Options',
  ...options.map((option) => `  ${option}`),
  'Class path',
  ...classpath.map((entry) => `  ${entry}`),
];

const marks = { differs: '*', default: ' ', unknown: ' ' } as const;

export const configurationLines = (rows: readonly ConfigurationRow[]): readonly string[] => [
  ...rows.map(({ key, value, standing }) => `${marks[standing]} ${key}: ${value}`),
  ...(rows.some(({ standing }) => standing === 'differs') ? ['', '* differs from the default, or has none.'] : []),
];

export const logFileLines = (files: readonly LogFile[]): readonly string[] =>
  aligned(
    [
      ['SIZE', 'CHANGED', 'NAME'],
      ...files.map(({ name, bytes, changedAt }) => [formatBytes(bytes), orDash(changedAt, formatDateTime), name]),
    ],
    [0],
  );

/** For programs: bytes, milliseconds, shares of 1; null is not known. */
export const figureData = (figures: ProcessFigures) => ({
  memory: {
    totalFlink: figures.memory.totalFlink ?? null,
    totalProcess: figures.memory.totalProcess ?? null,
    parts: figures.memory.parts.map(({ name, depth, configured, used }) => ({
      name,
      depth,
      configured: configured ?? null,
      used: used ?? null,
    })),
  },
  cpuLoad: figures.cpuLoad ?? null,
  threads: figures.threads ?? null,
  openFiles: figures.openFiles ?? null,
  mostOpenFiles: figures.mostOpenFiles ?? null,
  collecting: figures.collecting ?? null,
  collectors: figures.collectors.map(({ name, count, timeMs }) => ({ name, count: count ?? null, timeMs: timeMs ?? null })),
  network: figures.network === undefined ? null : nulled(figures.network),
  slots:
    figures.slots === undefined
      ? null
      : { total: figures.slots.total, free: figures.slots.free, allocated: figures.slots.allocated.map(nulled) },
});

const nulled = (members: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).map(([key, value]) => [key, value ?? null]));

export const logFileData = (files: readonly LogFile[]) =>
  files.map(({ name, bytes, changedAt }) => ({ name, bytes, changedAt: isoTime(changedAt) ?? null }));
