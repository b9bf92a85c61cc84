import type { Profile, ProfileMode } from '../../flink/flame-types.ts';
import type { FlinkProcess } from '../../flink/process-types.ts';
import type { Instant } from '../../support/clock.ts';
import type { ShownSamples } from './flame.ts';
import type { InspectionKind } from './inspection.ts';

/** The newest profile of a process with one mode. It is not begun by looking at it. */
export interface ProfileSubject {
  readonly kind: 'profile';
  readonly process: FlinkProcess;
  readonly mode: ProfileMode;
}

/** A profile that is being taken, of whichever mode: a process has one at a time. */
export interface RunningProfile {
  readonly mode: string | undefined;
  readonly startedAt: Instant | undefined;
  readonly durationMs: number | undefined;
  /** When it was first seen, by the clock here. */
  readonly since: Instant;
}

export interface ProfileFacts {
  readonly running: RunningProfile | undefined;
  /** Why the newest one failed. */
  readonly failed: string | undefined;
  /** The newest one that is complete. */
  readonly shown: (ShownSamples & { readonly file: string }) | undefined;
}

export const profileInspection: InspectionKind<ProfileSubject, ProfileFacts> = {
  idOf: ({ process, mode }) => `${process.kind === 'jobmanager' ? 'jobmanager' : process.id} ${mode}`,
  async read({ process, mode }, { flink, signal, clock, before }) {
    const all = await flink.profiles(process, { signal });
    const ofMode = all.filter((each) => each.mode?.toLowerCase() === mode);
    const running = all.find(({ status }) => status === 'RUNNING');
    const done = ofMode.find(isComplete);
    const [newest] = ofMode;
    return {
      running: running && runningOf(running, before?.running, clock.now()),
      failed: newest?.status === 'FAILED' ? (newest.message ?? 'Flink does not say why') : undefined,
      shown: done === undefined || done.file === before?.shown?.file ? before?.shown : await read(done),
    };

    async function read({ file, endedAt }: CompleteProfile): Promise<ProfileFacts['shown']> {
      const [{ boundedFrames }, { framesOfPage }, page] = await Promise.all([
        import('../../inside/flame/sampling.ts'),
        import('../../inside/flame/profile-page.ts'),
        flink.profileFile(process, file, { signal }),
      ]);
      return { file, at: endedAt, frames: boundedFrames(framesOfPage(page)) };
    }
  },
};

type CompleteProfile = Profile & { readonly file: string };

const isComplete = (profile: Profile): profile is CompleteProfile => profile.status === 'FINISHED' && profile.file !== undefined;

function runningOf({ mode, startedAt, durationMs }: Profile, before: RunningProfile | undefined, now: Instant): RunningProfile {
  const isSame = before !== undefined && before.startedAt === startedAt;
  return { mode: mode?.toLowerCase(), startedAt, durationMs, since: isSame ? before.since : now };
}
