import type { Call } from './call.ts';
import type { FlinkProcess } from './process-types.ts';

/** Which threads a flame graph of Flink counts: those that run, those that wait, or all. Source: `FlameGraphTypeQueryParameter`. */
export const flameTypes = ['on_cpu', 'off_cpu', 'full'] as const;
export type FlameType = (typeof flameTypes)[number];

/** What the profiler of a process samples. Source: `ProfilingInfo.ProfilingMode`, Flink 2.3. */
export const profileModes = ['cpu', 'wall', 'alloc', 'lock', 'itimer'] as const;
export type ProfileMode = (typeof profileModes)[number];

/** A frame of a stack, after the frame that called it: the nearest one before it with a lower level. */
export interface SampledFrame {
  readonly level: number;
  readonly name: string;
  /** Samples in which it was on the stack. */
  readonly samples: number;
}

/**
 * A flame graph of a vertex. `sampling`: Flink has begun to sample because it was asked, and has nothing to show yet. `off`:
 * `rest.flamegraph.enabled` is false. `ended`: the vertex no longer runs.
 */
export type FlameSample =
  | { readonly kind: 'sampled'; readonly at: number; readonly frames: readonly SampledFrame[] }
  | { readonly kind: 'sampling' | 'off' | 'ended' };

/** One run of a profiler. */
export interface Profile {
  readonly status: 'RUNNING' | 'FINISHED' | 'FAILED' | (string & {});
  readonly mode: string | undefined;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  readonly durationMs: number | undefined;
  readonly message: string | undefined;
  /** The name of its file, once it is there. */
  readonly file: string | undefined;
}

/** Flame graphs of vertices, and the profiler of a process. */
export interface FlameCalls {
  flameGraph(
    jobId: string,
    vertexId: string,
    of: { readonly type: FlameType; readonly subtask?: number | undefined },
    call?: Call,
  ): Promise<FlameSample>;
  /** Newest first; the server keeps ten (`rest.profiling.history-size`). Rejects with `unavailable` if profiling is off. */
  profiles(of: FlinkProcess, call?: Call): Promise<readonly Profile[]>;
  /** One at a time: a second one of a process fails. Not repeated after a lost answer. */
  startProfile(of: FlinkProcess, wanted: { readonly mode: ProfileMode; readonly seconds: number }, call?: Call): Promise<Profile>;
  /** The page that the profiler wrote. */
  profileFile(of: FlinkProcess, file: string, call?: Call): Promise<string>;
}
