import { selectJobRows, type JobRow } from '../../session/selectors/jobs.ts';
import { selectPodRows, type PodRow } from '../../session/selectors/pods.ts';
import type { Column } from '../../session/tables/column.ts';
import { jobColumns } from '../../session/tables/jobs.ts';
import { needOf } from '../../session/tables/need.ts';
import { operationColumns } from '../../session/tables/operations.ts';
import { podColumns } from '../../session/tables/pods.ts';
import { timelineColumns } from '../../session/tables/timeline.ts';
import { vertexColumns, vertexRows, type VertexRow } from '../../session/tables/vertices.ts';
import { inspectionOf } from '../../session/inspections/inspections.ts';
import type { SubtaskCheckpoint } from '../../flink/checkpoint-types.ts';
import type { NamedVertex } from '../../inside/checkpoints/holdup.ts';
import type { CheckpointFacts } from '../../inside/checkpoints/overview.ts';
import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import type { JobSetting } from '../../inside/job/configuration.ts';
import { checkpointFactColumns, checkpointFactRows, type CheckpointFact } from '../../session/tables/checkpoint-facts.ts';
import { checkpointColumns, checkpointSubtaskColumns, checkpointVertexColumns } from '../../session/tables/checkpoints.ts';
import { jobSettingColumns, jobSettingId, jobSettingRows } from '../../session/tables/job-settings.ts';
import { exceptionColumns, type ExceptionRow, exceptionRows } from '../../session/tables/exceptions.ts';
import { stackColumns, stackRows, type StackRow } from '../../session/tables/stack.ts';
import type { Accumulator } from '../../flink/vertex-types.ts';
import { accumulatorColumns } from '../../session/tables/accumulators.ts';
import { subtaskColumns, type SubtaskRow, taskManagerName, watermarkColumns } from '../../session/tables/subtasks.ts';
import { topColumns, type TopRow } from '../../session/tables/top.ts';
import { vertexTaskManagerColumns, type VertexTaskManagerRow } from '../../session/tables/vertex-taskmanagers.ts';
import { type MetricRow, shownMetricColumns } from '../../session/tables/metrics.ts';
import { accumulatorRows, metricRows, subtaskRows, topRows, vertexTaskManagerRows } from './vertex-rows.ts';
import type { TemplateRow } from '../../session/tables/templates.ts';
import { templateSource } from './template-rows.ts';
import { type CardRow, cardSource } from './incident-rows.ts';
import { methodColumns, type MethodRow } from '../../session/tables/methods.ts';
import { methodsHere } from './flame.ts';
import { type ProcessRows, processSources } from './process-rows.ts';
import { type SubtaskRowTypes, subtaskSources } from './subtask-rows.ts';
import { remembered } from './remembered.ts';
import type { Operation, Session, TimelineEntry } from '../../session/types.ts';
import type { TableName } from './layout.ts';
import { checkpointHere, checkpointsHere, exceptionHere, exceptionsHere, jobConfigurationHere, operatorHere } from './inspected.ts';
import { nearest } from './trail.ts';
import type { Frame } from './ui.ts';

/** The row type of each table. */
export interface RowTypes extends ProcessRows, SubtaskRowTypes {
  readonly pods: PodRow;
  readonly jobs: JobRow;
  readonly operations: Operation;
  readonly timeline: TimelineEntry;
  readonly vertices: VertexRow;
  readonly checkpoints: CheckpointFacts;
  readonly 'checkpoint-facts': CheckpointFact;
  readonly operators: NamedVertex;
  readonly acknowledgements: SubtaskCheckpoint;
  readonly exceptions: ExceptionRow;
  readonly 'job-settings': JobSetting;
  readonly stack: StackRow;
  readonly subtasks: SubtaskRow;
  readonly 'vertex-taskmanagers': VertexTaskManagerRow;
  readonly watermarks: SubtaskRow;
  readonly accumulators: Accumulator;
  readonly metrics: MetricRow;
  readonly top: TopRow;
  readonly methods: MethodRow;
  readonly templates: TemplateRow;
  readonly incident: CardRow;
}

/** The moment for which a table is sorted: ages of what has ended stay the same, all others grow. The layout says how wide its panel is. */
export type At = Pick<Frame, 'session' | 'now' | 'ui' | 'layout'>;

/** A table of the screen: where its rows come from, and how they are ordered and searched. */
export interface TableSource<Row> {
  readonly columns: readonly Column<Row>[];
  /** All rows, in their original order. */
  readonly all: (at: At) => readonly Row[];
  readonly idOf: (row: Row) => string;
  /** The order unless the user chose one. */
  readonly usual: (rows: readonly Row[]) => readonly Row[];
  /** What a filter matches in addition to the cells. */
  readonly besides: (row: Row) => string;
}

/** Pods that are gone stay in the table for a while: users look for their last words. */
const goneShown = 5;

const shownPods = remembered((all: readonly PodRow[], alive: Session['pods']): readonly PodRow[] => {
  let gone = 0;
  // If a pod came back under its name, only the new one is shown.
  return all.filter(({ goneAt, key }) => goneAt === undefined || (!alive.has(key) && ++gone <= goneShown));
});

/** Rows in trouble come first; otherwise the rows keep their order. */
function troubleFirst<Row>(rows: readonly Row[], rank: (row: Row) => number): readonly Row[] {
  return rows.some((row, index) => index > 0 && rank(row) < rank(rows[index - 1] as Row))
    ? rows.toSorted((a, b) => rank(a) - rank(b))
    : rows;
}

/** Pods that are gone come last, those that failed first among them. */
const podRank = ({ severity, goneAt }: PodRow): number =>
  goneAt !== undefined ? (severity === 'error' ? 3 : 4) : severity === 'error' ? 0 : severity === 'warn' ? 1 : 2;

/** First the jobs that can still be helped, then failed, then running, then successfully ended ones. */
const jobRank = ({ severity }: JobRow): number => (severity === 'warn' ? 0 : 4 + 1 - needOf(severity));

/** `Restarting`: Flink's word as displayed. */
export const stateWord = (state: string): string => state.charAt(0) + state.slice(1).toLowerCase();

const newestOperations = remembered((rows: readonly Operation[]): readonly Operation[] => rows.toReversed());
const newestLines = remembered((rows: readonly TimelineEntry[]): readonly TimelineEntry[] => rows.toReversed());
const asTheyAre = <Row>(rows: readonly Row[]): readonly Row[] => rows;

const noVertices: readonly VertexRow[] = [];
const shownVertices = remembered(vertexRows);
const nothing: readonly never[] = [];
const factsOf = remembered(checkpointFactRows);
const settingsOf = remembered(jobSettingRows);
const exceptionsOf = remembered((failures: readonly FailureFacts[], clusterId: string) =>
  exceptionRows(failures, (id) => taskManagerName(id, clusterId)),
);
const foldedStack = remembered((failure: FailureFacts): readonly StackRow[] => stackRows(failure, true));
const wholeStack = remembered((failure: FailureFacts): readonly StackRow[] => stackRows(failure, false));

/** A subtask is also found by its state in words, and by the whole name of its pod. */
const byTaskManager = ({ state, taskManagerId }: SubtaskRow): string => `${stateWord(state)} ${taskManagerId ?? ''}`;

const busiestFirst = remembered((rows: readonly TopRow[]): readonly TopRow[] =>
  rows.toSorted((a, b) => (b.load?.busiest ?? -1) - (a.load?.busiest ?? -1)),
);

/** Entries of the timeline have no name. */
export const timelineId = ({ at, from, text }: TimelineEntry): string => `${at} ${from} ${text}`;

export const tableSources: { readonly [View in TableName]: TableSource<RowTypes[View]> } = {
  pods: {
    columns: podColumns,
    all: ({ session }) => shownPods(selectPodRows(session), session.pods),
    idOf: ({ key }) => key,
    usual: (rows) => troubleFirst(rows, podRank),
    besides: ({ key }) => key,
  },
  jobs: {
    columns: jobColumns,
    all: ({ session }) => selectJobRows(session),
    idOf: ({ key }) => key,
    usual: (rows) => troubleFirst(rows, jobRank),
    besides: ({ key, state }) => `${key} ${stateWord(state)}`,
  },
  operations: {
    columns: operationColumns,
    all: ({ session }) => newestOperations(session.operations),
    idOf: ({ id }) => id,
    usual: asTheyAre,
    besides: ({ state, progress }) => `${stateWord(state)} ${progress ?? ''}`,
  },
  timeline: {
    columns: timelineColumns,
    all: ({ session }) => newestLines(session.timeline),
    idOf: timelineId,
    usual: asTheyAre,
    besides: () => '',
  },
  vertices: {
    columns: vertexColumns,
    all({ session, ui }) {
      const subject = nearest(ui.trail, 'job');
      const facts = subject === undefined ? undefined : inspectionOf(session, subject)?.facts;
      return facts === undefined ? noVertices : shownVertices(facts);
    },
    idOf: ({ vertex }) => vertex.id,
    usual: asTheyAre,
    besides: ({ vertex }) => `${vertex.id} ${stateWord(vertex.state)} ${vertex.operators.join(' ')}`,
  },
  checkpoints: {
    columns: checkpointColumns,
    all: (at) => checkpointsHere(at)?.facts?.rows ?? nothing,
    idOf: ({ id }) => String(id),
    usual: asTheyAre,
    besides: ({ kind, status }) => `${kind} ${status}`,
  },
  'checkpoint-facts': {
    columns: checkpointFactColumns,
    all(at) {
      const facts = checkpointsHere(at)?.facts;
      return facts === undefined ? nothing : factsOf(facts);
    },
    idOf: ({ label }) => label,
    usual: asTheyAre,
    besides: () => '',
  },
  operators: {
    columns: checkpointVertexColumns,
    all: (at) => checkpointHere(at)?.facts?.vertices ?? nothing,
    idOf: ({ vertexId }) => vertexId,
    usual: asTheyAre,
    besides: ({ vertexId }) => vertexId,
  },
  acknowledgements: {
    columns: checkpointSubtaskColumns,
    all: (at) => operatorHere(at)?.facts?.subtasks ?? nothing,
    idOf: ({ subtask }) => String(subtask),
    usual: asTheyAre,
    besides: () => '',
  },
  exceptions: {
    columns: exceptionColumns,
    all: (at) => exceptionsOf(exceptionsHere(at)?.facts?.failures ?? nothing, at.session.target.clusterId),
    idOf: ({ id }) => id,
    usual: asTheyAre,
    besides: ({ message, className, where }) => `${className} ${message} ${where?.taskManagerId ?? ''}`,
  },
  'job-settings': {
    columns: jobSettingColumns,
    all(at) {
      const facts = jobConfigurationHere(at)?.facts;
      return facts === undefined ? nothing : settingsOf(facts);
    },
    idOf: jobSettingId,
    usual: asTheyAre,
    besides: () => '',
  },
  stack: {
    columns: stackColumns,
    all(at) {
      const failure = exceptionHere(at)?.facts;
      if (failure === undefined) return nothing;
      return nearest(at.ui.trail, 'exception')?.folded === false ? wholeStack(failure) : foldedStack(failure);
    },
    idOf: ({ id }) => id,
    usual: asTheyAre,
    besides: () => '',
  },
  ...subtaskSources,
  subtasks: { columns: subtaskColumns, all: subtaskRows, idOf: ({ key }) => key, usual: asTheyAre, besides: byTaskManager },
  'vertex-taskmanagers': {
    columns: vertexTaskManagerColumns,
    all: vertexTaskManagerRows,
    idOf: ({ key }) => key,
    usual: asTheyAre,
    besides: ({ key }) => key,
  },
  watermarks: { columns: watermarkColumns, all: subtaskRows, idOf: ({ key }) => key, usual: asTheyAre, besides: byTaskManager },
  accumulators: {
    columns: accumulatorColumns,
    all: accumulatorRows,
    idOf: ({ name }) => name,
    usual: asTheyAre,
    besides: () => '',
  },
  metrics: { columns: shownMetricColumns, all: metricRows, idOf: ({ name }) => name, usual: asTheyAre, besides: () => '' },
  ...processSources,
  templates: templateSource,
  incident: cardSource,
  methods: { columns: methodColumns, all: methodsHere, idOf: ({ method }) => method, usual: asTheyAre, besides: ({ method }) => method },
  top: { columns: topColumns, all: topRows, idOf: ({ key }) => key, usual: busiestFirst, besides: ({ id }) => id },
};
