import type { SubtaskCheckpoint } from '../../flink/checkpoint-types.ts';

/** The phases of a checkpoint in a subtask, in the order in which they pass. `other` is what Flink does not measure. */
export const phases = ['start delay', 'alignment', 'sync', 'async', 'other'] as const;
export type Phase = (typeof phases)[number];

/** How long each phase took, in milliseconds; together they are the time from the trigger to the acknowledgement. */
export type Split = Readonly<Record<Phase, number>>;

export type Acknowledged = Extract<SubtaskCheckpoint, { readonly state: 'acknowledged' }>;

/** Undefined: the server tells no phases. */
export function splitOf({ durationMs, startDelayMs, alignmentMs, syncMs, asyncMs }: Acknowledged): Split | undefined {
  if (syncMs === undefined || asyncMs === undefined) return undefined;
  const [delay, alignment] = [startDelayMs ?? 0, alignmentMs ?? 0];
  return {
    'start delay': delay,
    alignment,
    sync: syncMs,
    async: asyncMs,
    // An unaligned checkpoint aligns and writes at the same time, so the phases can be longer than the whole.
    other: Math.max(0, durationMs - delay - alignment - syncMs - asyncMs),
  };
}

/** The time of all phases together. */
export const wholeOf = (split: Split): number => phases.reduce((sum, phase) => sum + split[phase], 0);

export const longestPhase = (split: Split): Phase => phases.reduce((longest, phase) => (split[phase] > split[longest] ? phase : longest));

/** What a task does, or waits for, in each phase. */
export const phaseWords: Readonly<Record<Phase, string>> = {
  'start delay': 'start delay, until the first barrier arrived',
  alignment: 'alignment, until the barriers of all inputs arrived',
  sync: 'the synchronous part, in which the task processes nothing',
  async: 'the asynchronous part, in which state is written',
  other: 'outside the phases that Flink measures',
};

/** Subtasks that acknowledged, the slowest first. */
export const slowestFirst = (subtasks: readonly SubtaskCheckpoint[]): readonly Acknowledged[] =>
  subtasks.filter((one): one is Acknowledged => one.state === 'acknowledged').toSorted((a, b) => b.durationMs - a.durationMs);
