import * as z from 'zod/mini';
import type { FlameSample, Profile, SampledFrame } from '../flame-types.ts';
import { maybeNumber, number, text } from './values.ts';

/** How Flink marks an answer without samples. Source: `VertexFlameGraph`, Flink 1.20 and 2.3. */
const without = new Map<number | undefined, 'ended' | 'off'>([
  [-1, 'ended'],
  [-2, 'off'],
]);

const node = z.object({ name: z.string(), value: number, children: z.nullish(z.array(z.unknown())) });

/** `GET /jobs/:id/vertices/:id/flamegraph`. Without samples (-3, or no time at all) it has only begun to sample. */
export const flameGraph = z.pipe(
  z.object({ endTimestamp: maybeNumber, data: z.nullish(z.unknown()) }),
  z.transform(({ endTimestamp, data }): FlameSample => {
    if (data === undefined || data === null || endTimestamp === undefined) return { kind: without.get(endTimestamp) ?? 'sampling' };
    return { kind: 'sampled', at: endTimestamp, frames: framesOf(data) };
  }),
);

/** Nodes in the order of the answer, each before its children. A list instead of recursion: a bad answer may be a million levels deep. */
function framesOf(root: unknown): readonly SampledFrame[] {
  const frames: SampledFrame[] = [];
  const open: { readonly value: unknown; readonly level: number }[] = [{ value: root, level: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const read = z.safeParse(node, next.value);
    // What is not a frame holds no samples, and says nothing about its neighbours.
    if (!read.success) continue;
    const { name, value, children } = read.data;
    frames.push({ level: next.level, name, samples: value });
    for (const child of (children ?? []).toReversed()) open.push({ value: child, level: next.level + 1 });
  }
  return frames;
}

const profile = z.pipe(
  z.object({
    status: z.string(),
    mode: text,
    triggerTime: maybeNumber,
    finishedTime: maybeNumber,
    duration: maybeNumber,
    message: text,
    outputFile: text,
  }),
  z.transform(({ status, mode, triggerTime, finishedTime, duration, message, outputFile }): Profile => ({
    status,
    mode,
    startedAt: triggerTime,
    endedAt: finishedTime,
    durationMs: duration === undefined ? undefined : duration * 1000,
    message,
    file: outputFile,
  })),
);

/** `POST …/profiler`: the profile that began, or one that failed at once. */
export const startedProfile = profile;

/** `GET …/profiler`, newest first. */
export const profiles = z.pipe(
  z.object({ profilingList: z.array(profile) }),
  z.transform(({ profilingList }): readonly Profile[] => profilingList.toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0))),
);
