import type { FailureFacts } from '../../inside/exceptions/failures.ts';
import {
  checkpointInspection,
  checkpointsInspection,
  type CheckpointInside,
  type CheckpointsFacts,
  type CheckpointsSubject,
  type CheckpointSubject,
} from './checkpoints.ts';
import {
  exceptionInspection,
  exceptionsInspection,
  type ExceptionsFacts,
  type ExceptionsSubject,
  type ExceptionSubject,
} from './exceptions.ts';
import type { InspectionKind, InspectionOf, ReadContext } from './inspection.ts';
import { subtaskInspection, type SubtaskShown, type SubtaskSubject } from './subtask.ts';
import { topInspection, type TopSubject } from './top.ts';
import {
  vertexAccumulatorsInspection,
  type VertexAccumulatorsSubject,
  vertexInspection,
  type VertexInside,
  type VertexSubject,
  vertexTaskManagersInspection,
  type VertexTaskManagersFacts,
  type VertexTaskManagersSubject,
} from './vertex.ts';
import type { Accumulator } from '../../flink/vertex-types.ts';
import type { Aggregate } from '../../inside/vertex/read-metrics.ts';
import type { SeriesFacts } from '../../inside/vertex/series.ts';
import {
  metricBySubtaskInspection,
  type MetricBySubtaskSubject,
  subtaskMetricsInspection,
  type SubtaskMetricsSubject,
  vertexMetricsInspection,
  type VertexMetricsSubject,
} from './metrics.ts';
import type { TopFacts } from '../../inside/vertex/read-top.ts';
import { processInspection, type ProcessFacts, type ProcessSubject } from './process.ts';
import { flameInspection, type FlameFacts, type FlameSubject } from './flame.ts';
import { profileInspection, type ProfileFacts, type ProfileSubject } from './profile.ts';
import { logFileInspection, type LogFileFacts, type LogFileSubject } from './log-file.ts';
import { templatesInspection, type TemplatesSubject } from './templates.ts';
import type { TemplatesFacts } from '../../inside/log/templates/reading.ts';
import type { Instant } from '../../support/clock.ts';
import { jobInspection, type JobFacts, type JobSubject } from './job.ts';
import { jobConfigurationInspection, type JobConfigurationFacts, type JobConfigurationSubject } from './job-configuration.ts';

/** Each kind of subject with its facts. */
interface Kinds {
  readonly job: { readonly subject: JobSubject; readonly facts: JobFacts };
  readonly 'job-configuration': { readonly subject: JobConfigurationSubject; readonly facts: JobConfigurationFacts };
  readonly checkpoints: { readonly subject: CheckpointsSubject; readonly facts: CheckpointsFacts };
  readonly checkpoint: { readonly subject: CheckpointSubject; readonly facts: CheckpointInside };
  readonly exceptions: { readonly subject: ExceptionsSubject; readonly facts: ExceptionsFacts };
  readonly exception: { readonly subject: ExceptionSubject; readonly facts: FailureFacts };
  readonly vertex: { readonly subject: VertexSubject; readonly facts: VertexInside };
  readonly 'vertex-taskmanagers': { readonly subject: VertexTaskManagersSubject; readonly facts: VertexTaskManagersFacts };
  readonly 'vertex-accumulators': { readonly subject: VertexAccumulatorsSubject; readonly facts: readonly Accumulator[] };
  readonly 'vertex-metrics': { readonly subject: VertexMetricsSubject; readonly facts: SeriesFacts<Aggregate> };
  readonly 'metric-by-subtask': { readonly subject: MetricBySubtaskSubject; readonly facts: SeriesFacts<number> };
  readonly 'subtask-metrics': { readonly subject: SubtaskMetricsSubject; readonly facts: SeriesFacts<number> };
  readonly subtask: { readonly subject: SubtaskSubject; readonly facts: SubtaskShown };
  readonly top: { readonly subject: TopSubject; readonly facts: TopFacts };
  readonly process: { readonly subject: ProcessSubject; readonly facts: ProcessFacts };
  readonly flame: { readonly subject: FlameSubject; readonly facts: FlameFacts };
  readonly profile: { readonly subject: ProfileSubject; readonly facts: ProfileFacts };
  readonly 'log-file': { readonly subject: LogFileSubject; readonly facts: LogFileFacts };
  readonly templates: { readonly subject: TemplatesSubject; readonly facts: TemplatesFacts };
}

type Kind = keyof Kinds;
type FactsOf<S extends Subject> = Kinds[S['kind']]['facts'];

/** What can be inspected. */
export type Subject = Kinds[Kind]['subject'];
export type Facts = Kinds[Kind]['facts'];
/** What was read of a subject. */
export type Inspection = { readonly [K in Kind]: InspectionOf<Kinds[K]['subject'], Kinds[K]['facts']> }[Kind];

const kinds: { readonly [K in Kind]: InspectionKind<Kinds[K]['subject'], Kinds[K]['facts']> } = {
  job: jobInspection,
  'job-configuration': jobConfigurationInspection,
  checkpoints: checkpointsInspection,
  checkpoint: checkpointInspection,
  exceptions: exceptionsInspection,
  exception: exceptionInspection,
  vertex: vertexInspection,
  'vertex-taskmanagers': vertexTaskManagersInspection,
  'vertex-accumulators': vertexAccumulatorsInspection,
  'vertex-metrics': vertexMetricsInspection,
  'metric-by-subtask': metricBySubtaskInspection,
  'subtask-metrics': subtaskMetricsInspection,
  subtask: subtaskInspection,
  top: topInspection,
  process: processInspection,
  flame: flameInspection,
  profile: profileInspection,
  'log-file': logFileInspection,
  templates: templatesInspection,
};

const kindOf = (kind: Kind): InspectionKind<Subject, Facts> => kinds[kind] as InspectionKind<Subject, Facts>;

/** The key of a subject among all that were inspected. */
export const keyOf = (subject: Subject): string => `${subject.kind} ${kindOf(subject.kind).idOf(subject)}`;

/** Reads a subject once. Throws a `Problem`. */
export const readSubject = <S extends Subject>(subject: S, context: ReadContext<Facts>): Promise<FactsOf<S>> =>
  kindOf(subject.kind).read(subject, context) as Promise<FactsOf<S>>;

/** How many refreshes of the screen go by between two reads of it. */
export const everyOf = (subject: Subject): number => kindOf(subject.kind).every?.(subject) ?? 1;

/** What is known of a subject; undefined: it was never read. In the past it is not being read either. */
export const inspectionOf = <S extends Subject>(
  { inspections, past }: { readonly inspections: ReadonlyMap<string, Inspection>; readonly past?: Instant },
  subject: S,
): InspectionOf<S, FactsOf<S>> | undefined =>
  (inspections.get(keyOf(subject)) ?? (past === undefined ? undefined : notRecorded)) as InspectionOf<S, FactsOf<S>> | undefined;

/** One object, so that nothing that depends on it is drawn again; nobody looks at the subject of what was not read. */
const notRecorded = {
  facts: undefined,
  readAt: undefined,
  problem: { message: 'Not recorded: nobody looked at this then.', hint: undefined },
} satisfies Omit<InspectionOf<Subject, Facts>, 'subject'>;
