import type { FlameType, Profile, ProfileMode, SampledFrame } from '../../flink/flame-types.ts';
import type { FlinkProcess } from '../../flink/process-types.ts';
import type { FlinkClient } from '../../flink/types.ts';
import type { Clock } from '../../support/clock.ts';
import { Problem } from '../../support/problem.ts';
import { withoutRarest } from './flame.ts';
import { framesOfPage } from './profile-page.ts';

/** How often to ask whether the samples are there, in milliseconds. */
const pollMs = 1_000;

/** Flink takes 100 samples with 50 ms between them (`rest.flamegraph.num-samples`); a busy machine needs longer. In milliseconds. */
const mostSamplingMs = 90_000;

/** What a profile may take beyond its time, until its page is written. In milliseconds. */
const mostWritingMs = 60_000;

/** A vertex or a subtask of it. */
export interface SampledVertex {
  readonly jobId: string;
  readonly vertexId: string;
  /** In sentences. */
  readonly name: string;
  readonly subtask: number | undefined;
}

/** Frames and when they were taken. */
export interface Samples {
  readonly frames: readonly SampledFrame[];
  readonly at: number | undefined;
}

/** What a screen can show of them: a frame that is rarer than all of these is no cell wide. */
const mostShownFrames = 20_000;

/** The frames to be kept for as long as they are looked at; a name that occurs in many of them is kept once. */
export function boundedFrames(frames: readonly SampledFrame[]): readonly SampledFrame[] {
  const names = new Map<string, string>();
  const once = (name: string): string => {
    const known = names.get(name) ?? name;
    names.set(name, known);
    return known;
  };
  return withoutRarest(frames, mostShownFrames).map(({ level, name, samples }) => ({ level, name: once(name), samples }));
}

interface Waiting {
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly signal: AbortSignal;
}

/** Why a vertex has no flame graph, and what to do about it. */
export function noFlameGraph(why: 'off' | 'ended', name: string): Problem {
  if (why === 'ended') return new Problem('conflict', `${name} does not run any more: there is nothing to sample.`);
  return new Problem('unavailable', 'This cluster does not sample flame graphs: rest.flamegraph.enabled is false there.', {
    hint: 'Deploy it with -Drest.flamegraph.enabled=true, or profile a TaskManager.',
  });
}

/** Flink begins to sample when it is asked, and shows its samples for a minute (`rest.flamegraph.refresh-interval`). */
export async function sampleVertex(
  flink: Pick<FlinkClient, 'flameGraph'>,
  { jobId, vertexId, name, subtask }: SampledVertex,
  type: FlameType,
  { clock, signal }: Waiting,
): Promise<Samples> {
  const begun = clock.now();
  for (;;) {
    const answer = await flink.flameGraph(jobId, vertexId, { type, subtask }, { signal });
    if (answer.kind === 'sampled') return answer;
    if (answer.kind !== 'sampling') throw noFlameGraph(answer.kind, name);
    if (clock.now() - begun > mostSamplingMs)
      throw new Problem('unavailable', `Flink has no samples of ${name} after ${mostSamplingMs / 1000} s.`, {
        hint: 'Its TaskManagers may be too busy to answer: try again, or profile one of them.',
      });
    await clock.sleep(pollMs, signal);
  }
}

export interface ProfileWanted {
  readonly mode: ProfileMode;
  readonly seconds: number;
}

export const profileFailed = (name: string, why: string): Problem => new Problem('failed', `The profile of ${name} failed: ${why}.`);

/** Profiles a process, and reads the page that its profiler writes. */
export async function profileProcess(
  flink: Pick<FlinkClient, 'startProfile' | 'profiles' | 'profileFile'>,
  { process, name }: { readonly process: FlinkProcess; readonly name: string },
  wanted: ProfileWanted,
  { clock, signal }: Waiting,
): Promise<Samples> {
  const started = await flink.startProfile(process, wanted, { signal });
  const begun = clock.now();
  let now: Profile = started;
  while (now.status === 'RUNNING') {
    if (clock.now() - begun > wanted.seconds * 1000 + mostWritingMs)
      throw new Problem('unavailable', `The profile of ${name} is not complete ${mostWritingMs / 1000} s after its end.`);
    await clock.sleep(pollMs, signal);
    const listed = await flink.profiles(process, { signal });
    now = listed.find(({ startedAt }) => startedAt === started.startedAt) ?? now;
  }
  if (now.status !== 'FINISHED' || now.file === undefined) throw profileFailed(name, now.message ?? `its status is ${now.status}`);
  const frames = framesOfPage(await flink.profileFile(process, now.file, { signal }));
  return { frames, at: now.endedAt };
}
