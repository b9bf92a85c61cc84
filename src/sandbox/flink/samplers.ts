import type { SandboxClock } from '../base/clock.ts';

/** The samples of vertices that flame graphs are made of. */
export interface FlameSampler {
  /** When the newest sample of it was taken. Undefined: it is being taken, because it was asked for. */
  ask(vertex: string): number | undefined;
}

/** 100 samples, 50 ms apart: defaults of rest.flamegraph.num-samples and rest.flamegraph.delay-between-samples. */
const SAMPLING_MS = 5_000;
/** Default of rest.flamegraph.refresh-interval. */
const FRESH_MS = 60_000;

export function flameSampler(clock: SandboxClock): FlameSampler {
  const taken = new Map<string, { readonly at: number; fresh: boolean }>();
  const sampling = new Set<string>();
  return {
    ask(vertex) {
      const known = taken.get(vertex);
      if (known?.fresh !== true && !sampling.has(vertex)) {
        sampling.add(vertex);
        clock.after(SAMPLING_MS, () => {
          sampling.delete(vertex);
          const sample = { at: clock.now(), fresh: true };
          taken.set(vertex, sample);
          clock.after(FRESH_MS, () => void (sample.fresh = false));
        });
      }
      return known?.at;
    },
  };
}

export const PROFILE_MODES = ['CPU', 'ALLOC', 'LOCK', 'WALL', 'ITIMER'] as const;
export type ProfileMode = (typeof PROFILE_MODES)[number];

/** One run of a profiler. */
export interface Profile {
  readonly status: 'RUNNING' | 'FINISHED' | 'FAILED';
  /** Null if the request named none. */
  readonly mode: ProfileMode | null;
  readonly triggerTime: number;
  readonly finishedTime: number | null;
  /** Seconds. */
  readonly duration: number;
  readonly message: string | null;
  readonly outputFile: string | null;
}

/** Measured, Flink 2.3.0: the request is accepted. */
const NO_MODE =
  'Start profiler failed. java.lang.NullPointerException: Cannot invoke "org.apache.flink.runtime.rest.messages.ProfilingInfo$ProfilingMode.getCode()"';

/** The profilers of all processes; each runs one at a time. */
export interface Profilers {
  /** Newest first. */
  of(process: string): readonly Profile[];
  /** Undefined: one runs there. */
  start(process: string, mode: ProfileMode | undefined, seconds: number): Profile | undefined;
}

/** Default of rest.profiling.history-size. */
const KEPT = 10;

export function profilers(clock: SandboxClock): Profilers {
  const known = new Map<string, readonly Profile[]>();
  const of = (process: string): readonly Profile[] => known.get(process) ?? [];
  return {
    of,
    start(process, mode, seconds) {
      if (of(process).some(({ status }) => status === 'RUNNING')) return undefined;
      const at = clock.now();
      const begun = { triggerTime: at, duration: seconds, outputFile: null };
      const profile: Profile =
        mode === undefined
          ? { ...begun, status: 'FAILED', mode: null, finishedTime: at, message: NO_MODE }
          : { ...begun, status: 'RUNNING', mode, finishedTime: null, message: null };
      known.set(process, [profile, ...of(process)].slice(0, KEPT));
      if (mode !== undefined)
        clock.after(seconds * 1_000, () => {
          const finishedTime = clock.now();
          const done: Profile = {
            ...profile,
            status: 'FINISHED',
            finishedTime,
            message: 'Profiling Successful',
            outputFile: fileOf(process, mode, finishedTime),
          };
          known.set(
            process,
            of(process).map((one) => (one === profile ? done : one)),
          );
        });
      return profile;
    },
  };
}

/** `JobManager_CPU_2026-11-22_11_04_41.html`. */
const fileOf = (process: string, mode: ProfileMode, at: number): string =>
  `${process}_${mode}_${new Date(at).toISOString().slice(0, 19).replace('T', '_').replaceAll(':', '_')}.html`;
