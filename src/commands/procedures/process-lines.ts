import type { JvmEnvironment, LogFile } from '../../flink/process-types.ts';
import type { ConfigurationRow } from '../../inside/process/configuration.ts';
import type { ProcessFigures } from '../../inside/process/process.ts';
import { type CellForm, orDash } from '../../session/tables/column.ts';
import { figureColumns, figureRows, slotColumns, slotRows } from '../../session/tables/process.ts';
import { aligned, textTable } from '../../session/tables/text-table.ts';
import type { Job } from '../../session/types.ts';
import { formatBytes, formatDateTime } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';

/** Memory, processors, files, network buffers and garbage collection, and the slots with the jobs in them: the tables of the screen. */
export function figureLines(figures: ProcessFigures, jobs: readonly Pick<Job, 'id' | 'name'>[], form: CellForm): readonly string[] {
  const { slots } = figures;
  return [
    ...textTable(figureColumns, figureRows(figures), form),
    ...(slots === undefined
      ? []
      : [
          '',
          `${slots.total - slots.free} of ${slots.total} slots in use`,
          ...(slots.allocated.length === 0 ? [] : textTable(slotColumns, slotRows(figures, jobs), form)),
        ]),
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
    [{ align: 'right' }, {}, {}],
    '  ',
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
