import type { SubtaskAttempt, TaskIo, TimeShares, VertexDetail } from '../../flink/vertex-types.ts';
import { type Ends, exchangedIo, exchangedRates } from '../job/ends.ts';
import { type ByName, type Counted, countedRates, meteredRates, type Rates } from './rates.ts';
import { skewPercent, timesAverage } from './skew.ts';
import { type Watermark, watermarkLag, watermarkOf } from './watermark.ts';

/** One attempt to run a subtask: where and when. */
export interface Run {
  readonly attempt: number;
  readonly state: string;
  readonly taskManagerId: string | undefined;
  readonly startTime: number;
  /** -1: it has not ended. */
  readonly endTime: number;
}

/** What is known of one subtask, and of the attempt that runs it. */
export interface SubtaskFacts extends Run {
  readonly subtask: number;
  /** How long it has been in this state. */
  readonly stateMs: number | undefined;
  readonly endpoint: string | undefined;
  /** Other attempts that run at the same time. */
  readonly otherAttempts: readonly Run[];
  readonly shares: TimeShares;
  /** As Flink counts it. */
  readonly counted: Counted;
  /** Since the start of the attempt. */
  readonly io: TaskIo;
  readonly rates: Rates;
  readonly watermark: Watermark | undefined;
  readonly lagMs: number | undefined;
  /** The records that it works on, as a factor of the average of all subtasks. */
  readonly timesAverage: number | undefined;
}

/** Skew as Flink defines it, and what it was measured by. A source reads no records: it is measured by what it writes. */
export interface Skew {
  readonly percent: number;
  readonly of: 'numRecordsIn' | 'numRecordsOut';
}

/** What is known of one vertex. */
export interface VertexFacts {
  readonly id: string;
  readonly name: string;
  readonly parallelism: number;
  readonly maxParallelism: number | undefined;
  /** The clock of the JobManager. */
  readonly now: number;
  readonly skew: Skew | undefined;
  /** The lowest of all subtasks, which the vertex as a whole is at. */
  readonly lagMs: number | undefined;
  readonly subtasks: readonly SubtaskFacts[];
}

/** What Flink answered about one vertex. */
export interface VertexAnswers {
  readonly detail: VertexDetail;
  readonly shares: ReadonlyMap<number, TimeShares>;
  readonly watermarks: ReadonlyMap<number, number>;
  /** Flink's own rates by name and subtask; undefined if there are too many subtasks to ask. */
  readonly meters: ByName | undefined;
  /** Undefined: not known, so everything that Flink counts is shown. */
  readonly ends?: Ends | undefined;
}

const noShares: TimeShares = { busy: undefined, backPressured: undefined, idle: undefined };

const known = (values: readonly (number | undefined)[]): readonly number[] => values.filter((value) => value !== undefined);

/** The facts of a vertex; `before`: those of the answer before, from which rates are counted. */
export function vertexFacts(answers: VertexAnswers, before: VertexFacts | undefined): VertexFacts {
  const { detail } = answers;
  const earlier = new Map(before?.subtasks.map((one) => [one.subtask, one.counted]));
  const work = workOf(detail.subtasks);
  const values = known(detail.subtasks.map(work.value));
  const average = values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
  const percent = skewPercent(values);
  const subtasks = detail.subtasks.map((one) => ({
    ...subtaskFacts(one, answers, earlier.get(one.subtask)),
    timesAverage: timesAverage(work.value(one), average),
  }));
  const lags = known(subtasks.map(({ lagMs }) => lagMs));
  return {
    id: detail.id,
    name: detail.name,
    parallelism: detail.parallelism,
    maxParallelism: detail.maxParallelism,
    now: detail.now,
    skew: percent === undefined ? undefined : { percent, of: work.of },
    lagMs: lags.length === 0 ? undefined : lags.reduce((most, lag) => Math.max(most, lag), Number.NEGATIVE_INFINITY),
    subtasks,
  };
}

export const runOf = ({ attempt, state, taskManagerId, startTime, endTime }: Run): Run => ({
  attempt,
  state,
  taskManagerId,
  startTime,
  endTime,
});

function subtaskFacts(one: SubtaskAttempt, answers: VertexAnswers, before: Counted | undefined): Omit<SubtaskFacts, 'timesAverage'> {
  const { now } = answers.detail;
  const { ends = { reads: true, writes: true } } = answers;
  const counted = countedRates(before, one.attempt, one.io, now);
  const written = answers.watermarks.get(one.subtask);
  const watermark = written === undefined ? undefined : watermarkOf(written);
  return {
    ...runOf(one),
    subtask: one.subtask,
    stateMs: one.statusMs[one.state],
    endpoint: one.endpoint,
    otherAttempts: one.others.map(runOf),
    shares: answers.shares.get(one.subtask) ?? noShares,
    counted,
    io: exchangedIo(one.io, ends),
    rates: exchangedRates(answers.meters === undefined ? counted.rates : meteredRates(answers.meters, one.subtask), ends),
    watermark,
    lagMs: watermarkLag(watermark, now),
  };
}

interface Work {
  readonly of: Skew['of'];
  readonly value: (one: SubtaskAttempt) => number | undefined;
}

function workOf(subtasks: readonly SubtaskAttempt[]): Work {
  return subtasks.some(({ io }) => (io.readRecords ?? 0) > 0)
    ? { of: 'numRecordsIn', value: ({ io }) => io.readRecords }
    : { of: 'numRecordsOut', value: ({ io }) => io.writeRecords };
}
