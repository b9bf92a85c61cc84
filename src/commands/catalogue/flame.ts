import { writeFile } from 'node:fs/promises';
import { type FlameType, flameTypes, profileModes } from '../../flink/flame-types.ts';
import { findVertex, vertexName } from '../../inside/find-vertex.ts';
import { flameOf } from '../../inside/flame/flame.ts';
import { foldedLines } from '../../inside/flame/folded.ts';
import {
  profileFailed,
  profileProcess,
  type ProfileWanted,
  type Samples,
  type SampledVertex,
  sampleVertex,
} from '../../inside/flame/sampling.ts';
import { noSubtask } from '../../inside/vertex/no-subtask.ts';
import { flameSvg } from '../../inside/flame/svg.ts';
import { readJob, verticesAsked } from '../../inside/job/read-job.ts';
import { jobLabel } from '../../session/job-words.ts';
import type { FlameSubject } from '../../session/inspections/flame.ts';
import type { ProfileSubject } from '../../session/inspections/profile.ts';
import type { Job, Pod } from '../../session/types.ts';
import { Problem } from '../../support/problem.ts';
import { userPath } from '../line/jar-files.ts';
import { arg, option, optional, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import { processOf } from '../model/flink-process.ts';
import type { CommandContext } from '../model/types.ts';
import { flameData, flameLines, type SampledFlame } from '../procedures/flame-text.ts';
import { tellAside } from '../procedures/tell-aside.ts';

const typeWords: Readonly<Record<FlameType, string>> = { on_cpu: 'on CPU', off_cpu: 'off CPU', full: 'on and off CPU' };

/** Long enough for a picture of what a process does, short enough to wait for. In seconds. */
const defaultSeconds = 10;

export const flame = command({
  name: 'flame',
  summary: 'Show where the time goes: the flame graph of a vertex, or a profile of a pod',
  details:
    'For a job, Flink samples the threads of a vertex (by default the bottleneck) or of one subtask; rest.flamegraph.enabled must be true on the cluster. ' +
    "For a pod, the profiler of its JVM samples the whole process for --duration seconds; rest.profiling.enabled must be true, and the pod's kernel must allow it. " +
    'OWN is the share of the samples in which a method was on top of the stack, TOTAL the share in which it was on the stack at all.',
  group: 'jobs',
  examples: [
    'flame orders-enrichment',
    'flame orders-enrichment Enrich/3 --type off_cpu',
    'flame tm1-1 --mode alloc --duration 30',
    'flame jm --svg jm.svg',
  ],
  args: {
    subject: orHere(arg.subject('Id or name of a job, or name of a pod; jm is the leading JobManager'), 'subject'),
    vertex: orHere(optional(arg.vertex('Id of a vertex or a part of its name; /N behind it means one subtask')), 'vertex'),
  },
  options: {
    type: option.choices('TYPE', flameTypes, 'For a vertex: threads that run (on_cpu, the default), wait (off_cpu) or all (full)'),
    mode: option.choices('MODE', profileModes, 'For a pod: what to sample (default: cpu)'),
    duration: option.integer('SECONDS', `For a pod: how long (default: ${defaultSeconds})`, { least: 1, most: 300 }),
    svg: option.text('FILE', 'Write a picture to a file that does not exist yet'),
    folded: option.flag('Print one line for each stack, with its samples, for other tools'),
  },
  shell: { kind: 'run' },
  danger: 'change',
  dangerOf: ({ subject }) => (subject?.kind === 'pod' ? 'change' : 'safe'),
  source: 'flink',
  async run(context, { subject, vertex, type, mode, duration, svg, folded }) {
    const only = <T>(given: readonly T[] | undefined, fallback: T): T => given?.[0] ?? fallback;
    const profile = { mode: only(mode, 'cpu'), seconds: duration ?? defaultSeconds };
    const { enter } = context.front;
    if (enter !== undefined && svg === undefined && !folded)
      return enter(
        subject.kind === 'job'
          ? await vertexSubject(context, subject.job, vertex, only(type, 'on_cpu'))
          : await profileSubject(context, subject.pod, profile),
      );
    const sampled =
      subject.kind === 'job' ? await ofJob(context, subject.job, vertex, only(type, 'on_cpu')) : await ofPod(context, subject.pod, profile);
    if (svg !== undefined) await writePicture(context, svg, sampled);
    const text = folded ? foldedLines(sampled.flame) : flameLines(sampled, context.clock.now());
    return context.front.show({ kind: 'facts', title: sampled.title, text, data: flameData(sampled) });
  },
});

/** What a screen shows of a vertex: it samples while it is looked at. */
async function vertexSubject(context: CommandContext, job: Job, word: string | undefined, type: FlameType): Promise<FlameSubject> {
  const { jobId, vertexId, subtask } = await vertexMeant(context, job, word);
  return { kind: 'flame', job: jobId, vertex: vertexId, subtask, type };
}

/** Begins a profile: a screen shows how far it is, and the profile itself once it is complete. */
async function profileSubject(context: CommandContext, pod: Pod, wanted: ProfileWanted): Promise<ProfileSubject> {
  const { flink, store, signal } = context;
  const process = processOf(pod, store.get());
  const { status, message } = await flink.startProfile(process, wanted, { signal });
  if (status === 'FAILED') throw profileFailed(pod.shortName, message ?? `its status is ${status}`);
  context.refresh();
  return { kind: 'profile', process, mode: wanted.mode };
}

async function ofJob(context: CommandContext, job: Job, word: string | undefined, type: FlameType): Promise<SampledFlame> {
  const { flink, clock, signal } = context;
  const vertex = await vertexMeant(context, job, word);
  const title = `${vertex.name}${vertex.subtask === undefined ? '' : `, subtask ${vertex.subtask}`}, ${typeWords[type]}`;
  tellAside(context, `Sampling ${title}: Flink takes about 5 s for it.`);
  return made(title, await sampleVertex(flink, vertex, type, { clock, signal }));
}

/** The vertex that is named, or the bottleneck. */
async function vertexMeant({ flink, signal }: CommandContext, job: Job, word: string | undefined): Promise<SampledVertex> {
  const [, name = '', digits] = /^(.*?)(?:\/(\d+))?$/s.exec(word ?? '') ?? [];
  if (name !== '') {
    const { vertices } = await flink.job(job.id, { signal });
    const found = findVertex(name, vertices);
    const subtask = digits === undefined ? undefined : Number(digits);
    if (subtask !== undefined && subtask >= found.parallelism) throw noSubtask(found, subtask);
    return { jobId: job.id, vertexId: found.id, name: vertexName(found), subtask };
  }
  const { vertices, bottleneck } = await readJob(job.id, { flink, signal, before: undefined, vertices: verticesAsked });
  const [first, ...others] = vertices;
  const held = bottleneck.kind === 'found' ? vertices.find((each) => each.vertex.id === bottleneck.id) : undefined;
  const found = held ?? (others.length === 0 ? first : undefined);
  if (found !== undefined) return { jobId: job.id, vertexId: found.vertex.id, name: vertexName(found.vertex), subtask: undefined };
  throw new Problem('usage', `${jobLabel(job)} has no known bottleneck: name one of its vertices.`, {
    hint: `Its vertices: ${vertices.map((each) => vertexName(each.vertex)).join(', ')}.`,
  });
}

async function ofPod(context: CommandContext, pod: Pod, wanted: ProfileWanted): Promise<SampledFlame> {
  const { flink, store, clock, signal } = context;
  const process = processOf(pod, store.get());
  tellAside(context, `Profiling ${pod.shortName} for ${wanted.seconds} s (${wanted.mode}).`);
  return made(`${pod.shortName}, ${wanted.mode}`, await profileProcess(flink, { process, name: pod.shortName }, wanted, { clock, signal }));
}

function made(title: string, { frames, at }: Samples): SampledFlame {
  const flame = flameOf(frames);
  if (flame === undefined)
    throw new Problem('failed', `There are no samples of ${title}: nothing of that kind happened while they were taken.`, {
      hint: 'Sample another kind (--type full, --mode wall), or for longer.',
    });
  return { flame, title, at };
}

async function writePicture(context: CommandContext, word: string, { flame, title }: SampledFlame): Promise<void> {
  const path = userPath(word, context);
  try {
    await writeFile(path, flameSvg(flame, { title, unit: 'samples' }), { flag: 'wx' });
  } catch (error) {
    const exists = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    throw new Problem('conflict', exists ? `${path} exists already.` : `${path} could not be written: ${String(error)}.`, {
      hint: exists ? 'Name another file, or remove it first.' : 'Check that the folder exists and that you may write to it.',
      cause: error,
    });
  }
  tellAside(context, `Wrote ${path}.`);
}
