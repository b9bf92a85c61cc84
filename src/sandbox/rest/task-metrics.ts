import type { FlinkJob } from '../flink/job.ts';
import { behindOf } from '../flink/flow.ts';
import type { Task, VertexRun } from '../flink/tasks.ts';
import type { Metrics } from './metrics.ts';
import { taskNumbers, type TaskNumbers } from './task-numbers.ts';

type Entry = readonly [string, string | number];

/** `Long.MIN_VALUE`: no watermark has come yet. */
const NO_WATERMARK = '-9223372036854775808';
/** How far watermarks are behind the clock at a source, and what each step after it adds; milliseconds. */
const OUT_OF_ORDER = 4_000;
const STEP = 110;

/** Everything that Flink 2.3.0 measures of a task, by name; nothing while it does not run. */
export function taskMetrics(job: FlinkJob, vertex: VertexRun, task: Task, now: number): Metrics {
  if (task.runningSince === undefined) return new Map();
  const numbers = taskNumbers(vertex, task, now);
  const watermark = watermarkOf(job, vertex, task, now);
  const operators = operatorsOf(vertex);
  const source = vertex.graph.inputs === undefined;
  return new Map<string, string | number>([
    ...flowEntries(numbers),
    ...timeEntries(numbers),
    ...bufferEntries(vertex, numbers),
    ...mailbox(numbers),
    ['currentInputWatermark', source ? NO_WATERMARK : watermark],
    ...(source ? sourceEntries(operators[0] ?? '', numbers, { vertex, task, now }) : []),
    ...operators.flatMap((operator, index) => operatorEntries(operator, numbers, { source: source && index === 0, watermark })),
  ]);
}

/** The operators of a vertex, as metrics name them. Source: MetricQueryService.replaceInvalidChars, Flink 2.3. */
export const operatorsOf = ({ graph }: VertexRun): readonly string[] =>
  graph.name.split(' -> ').map((name) => name.replace(/[ :.,]/g, '_'));

/** The watermark that a task has read, as epoch milliseconds; a batch job has none. */
export function watermarkOf(job: FlinkJob, vertex: VertexRun, task: Task, now: number): string {
  if (job.request.graph.type === 'BATCH') return NO_WATERMARK;
  const flows = job.vertices.map(({ flow }) => flow);
  const behind = behindOf(job.request.graph.vertices, flows, { vertex: vertex.index, subtask: task.subtask });
  // It falls behind and catches up again, over a minute and a half.
  const late = behind * (0.7 + 0.3 * Math.abs(((now / 45_000) % 2) - 1));
  return String(Math.round(now - OUT_OF_ORDER - vertex.index * STEP - (task.subtask % 7) - late));
}

const flowEntries = ({ recordsIn, recordsOut, bytesIn, bytesOut, rateIn, rateOut }: TaskNumbers): readonly Entry[] => [
  ['numRecordsIn', recordsIn],
  ['numRecordsOut', recordsOut],
  ['numBytesIn', bytesIn],
  ['numBytesOut', bytesOut],
  ['numRecordsInPerSecond', rateIn],
  ['numRecordsOutPerSecond', rateOut],
  ['numBytesInPerSecond', rateIn * BYTES_PER_RECORD],
  ['numBytesOutPerSecond', rateOut * BYTES_PER_RECORD],
];

const timeEntries = ({ busy, idle, backPressured, worked, waited, running }: TaskNumbers): readonly Entry[] => [
  ['busyTimeMsPerSecond', busy],
  ['idleTimeMsPerSecond', idle],
  ['backPressuredTimeMsPerSecond', backPressured],
  ['softBackPressuredTimeMsPerSecond', backPressured],
  ['hardBackPressuredTimeMsPerSecond', 0],
  ['changelogBusyTimeMsPerSecond', 0],
  ['accumulateBusyTimeMs', Math.round(worked)],
  ['accumulateIdleTimeMs', Math.round(running - worked - waited)],
  ['accumulateBackPressuredTimeMs', Math.round(waited)],
  ['maxSoftBackPressureTimeMs', Math.round(backPressured / 4)],
  ['maxHardBackPressureTimeMs', 0],
  ['isBackPressured', String(backPressured > 500)],
  ['initializationTime', 405],
  ['checkpointAlignmentTime', Math.round(busy * 3_000)],
  ['checkpointStartDelayNanos', 3_250_000 + backPressured * 900_000],
  ['numFiredTimers', 0],
  ['numFiredTimersPerSecond', 0],
];

const BYTES_PER_RECORD = 21;
/** A network buffer holds this much. Source: taskmanager.memory.segment-size. */
const BUFFER = 32_768;

/** The queue before a busy task is full, and so is the one behind a task that is held up. */
function bufferEntries({ graph }: VertexRun, { busy, backPressured, bytesIn, bytesOut, rateIn, rateOut }: TaskNumbers): readonly Entry[] {
  const queued = graph.inputs === undefined ? 0 : busy > 950 ? 1 : Number((busy / 2_000).toFixed(2));
  const waiting = backPressured > 0 ? 1 : 0;
  const read = (name: string, bytes: number, rate: number): readonly Entry[] => [
    [`numBytesIn${name}`, Math.round(bytes)],
    [`numBytesIn${name}PerSecond`, rate * BYTES_PER_RECORD],
    [`numBuffersIn${name}`, Math.ceil(bytes / BUFFER)],
    [`numBuffersIn${name}PerSecond`, (rate * BYTES_PER_RECORD) / BUFFER],
  ];
  const local = [...read('Local', bytesIn * 0.5, rateIn * 0.5), ...read('Remote', bytesIn * 0.5, rateIn * 0.5)];
  return [
    ...local,
    ...local.map(([name, value]): Entry => [`Shuffle.Netty.Input.${name}`, value]),
    ['numBuffersOut', Math.ceil(bytesOut / BUFFER)],
    ['numBuffersOutPerSecond', (rateOut * BYTES_PER_RECORD) / BUFFER],
    ['Shuffle.Netty.Input.Buffers.inPoolUsage', queued],
    ['Shuffle.Netty.Input.Buffers.inputExclusiveBuffersUsage', queued],
    ['Shuffle.Netty.Input.Buffers.inputFloatingBuffersUsage', queued],
    ['Shuffle.Netty.Input.Buffers.inputQueueLength', Math.round(queued * 12)],
    ['Shuffle.Netty.Input.Buffers.inputQueueSize', Math.round(queued * 12) * BUFFER],
    ['Shuffle.Netty.Output.Buffers.outPoolUsage', waiting],
    ['Shuffle.Netty.Output.Buffers.outputQueueLength', waiting * 10],
    ['Shuffle.Netty.Output.Buffers.outputQueueSize', waiting * 10 * BUFFER],
  ];
}

const mailbox = ({ busy }: TaskNumbers): readonly Entry[] => [
  ['mailboxQueueSize', busy > 950 ? 2 : 0],
  ['mailboxMailsPerSecond', 1.2],
  ...['min', 'mean', 'median', 'stddev', 'p75', 'p90', 'p95', 'p98', 'p99', 'p999', 'max'].map((name, index): Entry => [
    `mailboxLatencyMs_${name}`,
    Math.round((busy * index) / 400),
  ]),
];

interface Moment {
  readonly vertex: VertexRun;
  readonly task: Task;
  readonly now: number;
}

const sourceEntries = (operator: string, { backPressured }: TaskNumbers, { vertex, task, now }: Moment): readonly Entry[] => [
  [
    `${operator}.pendingRecords`,
    Math.round((backPressured > 0 ? 40_000 + vertex.flow.out * 9 : 40) * (1 + 0.5 * Math.sin(now / 8_000 + task.subtask))),
  ],
  [`${operator}.currentEmitEventTimeLag`, backPressured > 0 ? 9_000 : 110],
  [`${operator}.sourceIdleTime`, 0],
  [`${operator}.numRecordsInErrors`, 0],
];

const operatorEntries = (
  operator: string,
  { recordsIn, recordsOut, bytesIn, bytesOut, rateIn, rateOut }: TaskNumbers,
  { source, watermark }: { readonly source: boolean; readonly watermark: string },
): readonly Entry[] => [
  [`${operator}.numRecordsIn`, source ? recordsOut : recordsIn],
  [`${operator}.numRecordsOut`, recordsOut],
  [`${operator}.numRecordsInPerSecond`, source ? rateOut : rateIn],
  [`${operator}.numRecordsOutPerSecond`, rateOut],
  [`${operator}.numBytesIn`, bytesIn],
  [`${operator}.numBytesOut`, bytesOut],
  [`${operator}.currentOutputWatermark`, watermark],
  ...(source ? [] : [[`${operator}.currentInputWatermark`, watermark] as const]),
];
