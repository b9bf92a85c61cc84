import type { Rescale, RescaleSettings } from '../../flink/rescale-types.ts';
import { isTerminal, type ClusterOverview, type JobDetail, type Vertex } from '../../flink/types.ts';
import { watchJob } from '../../flink/watch-job.ts';
import { isSame, type ParallelismWish, rescaled, slotsFor, type VertexRescale } from '../../inside/parallelism.ts';
import { jobLabel } from '../../session/job-words.ts';
import type { Job } from '../../session/types.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatSpan } from '../../support/format.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { CommandContext } from '../model/types.ts';

/** The defaults of `jobmanager.adaptive-scheduler.executing.cooldown-after-rescaling` and `….resource-stabilization-timeout`, Flink 2.3. */
const defaults = { cooldownMs: 30_000, stabilizationMs: 60_000 } as const;
/** For a TaskManager that has to be started first, and for the restart itself. */
const marginMs = 60_000;

/** A change of a job's parallelism, with the slots that it takes. */
export interface RescalePlan {
  readonly vertices: readonly VertexRescale[];
  readonly slots: SlotCount;
}

export interface SlotCount {
  /** Undefined: which vertices share slots is not known. */
  readonly needed: number | undefined;
  readonly used: number | undefined;
  readonly free: number;
  readonly total: number;
}

type Asking = Pick<CommandContext, 'flink' | 'signal'>;

/** Rejects with a `Problem` that says why if this job cannot be rescaled like this. */
export async function planRescale({ flink, signal }: Asking, job: Job, wishes: readonly ParallelismWish[]): Promise<RescalePlan> {
  const [detail, before, overview] = await Promise.all([
    flink.job(job.id, { signal }),
    flink.resourceRequirements(job.id, { signal }).catch((error: unknown) => {
      throw error instanceof Problem && error.kind === 'conflict' ? otherScheduler(job, error) : error;
    }),
    flink.overview({ signal }),
  ]);
  const vertices = rescaled(detail.vertices, before, wishes);
  return { vertices, slots: slotsOf(vertices, overview) };
}

const otherScheduler = (job: Job, cause: Problem): Problem =>
  new Problem(
    'conflict',
    `Job ${jobLabel(job)} cannot be rescaled while it runs: only the adaptive scheduler can, and another one runs it.`,
    {
      hint: 'restart JOB -p N gives it another parallelism, through a savepoint. For rescale, start the cluster with jobmanager.scheduler: adaptive.',
      cause,
    },
  );

function slotsOf(vertices: readonly VertexRescale[], { slotsAvailable, slotsTotal }: ClusterOverview): SlotCount {
  const bounds = new Map(vertices.map((each) => [each.vertex.id, each.bounds.most]));
  const all = vertices.map(({ vertex }) => vertex);
  return {
    needed: slotsFor(all, ({ id, parallelism }) => bounds.get(id) ?? parallelism),
    used: slotsFor(all, ({ parallelism }) => parallelism),
    free: slotsAvailable,
    total: slotsTotal,
  };
}

/** The vertices whose bounds are new. */
export const changed = ({ vertices }: RescalePlan): readonly VertexRescale[] =>
  vertices.filter(({ before, bounds }) => !isSame(before, bounds));

/** `Source: Orders: 2 → 8, at least 4`. */
export const changeText = ({ vertex, bounds: { least, most } }: VertexRescale): string =>
  `${oneLine(vertex.name, 60)}: ${vertex.parallelism} → ${most}${least > 1 ? `, at least ${least}` : ''}`;

/** What the slots of the cluster are, against what is wanted; one or two sentences. */
export function slotsText({ needed, used, free, total }: SlotCount): string {
  if (needed === undefined || used === undefined) return `${free} of ${total} slots are free.`;
  const missing = missingSlots({ needed, used, free, total });
  const facts = `It needs ${counted(needed, 'slot')}: it has ${used}, and ${free} of ${total} are free.`;
  return missing === 0 ? facts : `${facts} ${counted(missing, 'slot')} must come from new TaskManagers; until then it runs with fewer.`;
}

const missingSlots = ({ needed, used, free }: SlotCount): number =>
  needed === undefined || used === undefined ? 0 : Math.max(0, needed - used - free);

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

/** Asks the scheduler for the new bounds and waits until the job runs so, as an operation; resolves with how it runs then. */
export function rescaleJob(context: CommandContext, job: Job, plan: RescalePlan): Promise<string> {
  const { flink, operations, refresh, clock } = context;
  return operations.track(
    {
      title: `Rescale ${jobLabel(job)} to ${[...new Set(changed(plan).map(({ bounds }) => bounds.most))].join(', ')}`,
      kind: 'rescale',
      jobId: job.id,
    },
    async (report, signal) => {
      const call = { signal };
      const asked = clock.now();
      await flink.setResourceRequirements(job.id, new Map(plan.vertices.map(({ vertex, bounds }) => [vertex.id, bounds])), call);
      refresh();
      const settings = await flink.rescaleSettings(job.id, call);
      const patienceMs = patienceFor(settings);
      report.progress(`accepted; the scheduler acts on it within ${formatSpan(patienceMs - marginMs)}`);
      const end = await watchJob(
        flink,
        job.id,
        {
          clock,
          signal,
          patienceMs,
          onTrouble: (problem) => report.progress(problem === undefined ? 'accepted' : `no answer, asking again: ${problem.message}`),
        },
        (now) => settled(plan, now),
      );
      refresh();
      if (end === undefined) throw await notYet(context, job, plan, { asked, patienceMs, signal });
      if (end.kind === 'ended') throw new Problem('conflict', `Job ${jobLabel(job)} was not rescaled: it is ${end.state}.`);
      return { value: end.text, result: end.text };
    },
  );
}

const patienceFor = ({ cooldownMs, stabilizationMs }: Partial<RescaleSettings> = {}): number =>
  (cooldownMs ?? defaults.cooldownMs) + (stabilizationMs ?? defaults.stabilizationMs) + marginMs;

type Settled = { readonly kind: 'rescaled'; readonly text: string } | { readonly kind: 'ended'; readonly state: string };

function settled(plan: RescalePlan, job: JobDetail | undefined): Settled | undefined {
  if (job === undefined) return undefined;
  if (isTerminal(job.state)) return { kind: 'ended', state: job.state };
  const now = new Map(job.vertices.map((vertex) => [vertex.id, vertex]));
  const there = job.state === 'RUNNING' && plan.vertices.every(({ vertex, bounds }) => runsWith(now.get(vertex.id), bounds.most));
  return there ? { kind: 'rescaled', text: job.vertices.map(parallelismText).join(', ') } : undefined;
}

const parallelismText = ({ name, parallelism }: Vertex): string => `${oneLine(name, 60)} ${parallelism}`;

/** All its tasks run, or have done their work. Flink writes the states in capitals here. */
const runsWith = (vertex: Vertex | undefined, parallelism: number): boolean =>
  vertex !== undefined &&
  vertex.parallelism === parallelism &&
  (vertex.tasks['RUNNING'] ?? 0) + (vertex.tasks['FINISHED'] ?? 0) === parallelism;

/** Why the job does not run as it was asked to, from what can be proved: the slots, or the scheduler's own history. */
async function notYet(
  { flink }: Pick<CommandContext, 'flink'>,
  job: Job,
  plan: RescalePlan,
  { asked, patienceMs, signal }: { readonly asked: number; readonly patienceMs: number; readonly signal: AbortSignal },
): Promise<Problem> {
  const known = await Promise.all([flink.job(job.id, { signal }), flink.overview({ signal }), flink.rescales(job.id, { signal })]).catch(
    (error: unknown) => {
      if (isAbort(error) || !(error instanceof Problem)) throw error;
      return undefined;
    },
  );
  const reason = known === undefined ? 'Flink does not answer now.' : whyNotYet(plan, known, asked);
  return new Problem('unavailable', `Job ${jobLabel(job)} does not run like this after ${formatSpan(patienceMs)}. ${reason}`, {
    hint: 'Flink keeps what was asked for, and rescales as soon as it can; rescale JOB shows how it stands.',
  });
}

function whyNotYet(
  plan: RescalePlan,
  [job, overview, history]: readonly [JobDetail, ClusterOverview, readonly Rescale[] | undefined],
  asked: number,
): string {
  const now = new Map(job.vertices.map((vertex) => [vertex.id, vertex]));
  const slots = slotsOf(
    plan.vertices.map((each) => ({ ...each, vertex: now.get(each.vertex.id) ?? each.vertex })),
    overview,
  );
  if (missingSlots(slots) > 0) return `It needs ${slots.needed} slots; it has ${slots.used}, and ${slots.free} of ${slots.total} are free.`;
  const last = history?.find(({ startedAt, reason }) => startedAt >= asked && reason !== undefined && reason !== 'SUCCEEDED');
  return last?.reason === undefined ? 'Flink gives no reason.' : `Flink says: ${last.reason.toLowerCase().replaceAll('_', ' ')}.`;
}
