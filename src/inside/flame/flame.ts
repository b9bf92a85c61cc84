import type { SampledFrame } from '../../flink/flame-types.ts';

/** One frame of a flame graph. Samples are counted from the left: it covers those from `start` on, `total` of them. */
export interface FlameFrame {
  readonly name: string;
  readonly depth: number;
  readonly start: number;
  /** Samples in which it was on the stack. */
  readonly total: number;
  /** Samples in which it was on top: nothing was called from it. */
  readonly own: number;
  /** Index of its caller; -1 for the root. */
  readonly parent: number;
  /** Index behind the last frame that was called from it. */
  readonly end: number;
}

/** A flame graph: each frame after its caller and before the next frame of its caller. The first one is the root. */
export interface Flame {
  readonly frames: readonly FlameFrame[];
  /** Samples of the whole. */
  readonly total: number;
  /** Number of rows. */
  readonly depth: number;
}

/** More than an answer of Flink or a page of its profiler has. */
const mostFrames = 200_000;

/**
 * At most so many frames, without those that were sampled least: what calls a frame was sampled at least as often, so no caller is missing.
 * The samples of a frame that is left out count as its caller's own.
 */
export function withoutRarest(sampled: readonly SampledFrame[], most = mostFrames): readonly SampledFrame[] {
  if (sampled.length <= most) return sampled;
  const counts = Float64Array.from(sampled, ({ samples }) => counted(samples)).sort();
  const least = counts[counts.length - most] ?? 0;
  // Of those that were sampled as often, the first ones: a caller comes before what it calls.
  let free = most - (counts.length - 1 - counts.lastIndexOf(least));
  return sampled.filter(({ samples }) => counted(samples) > least || (counted(samples) === least && free-- > 0));
}

/** A frame while the flame graph is made. */
interface Open {
  name: string;
  depth: number;
  start: number;
  total: number;
  own: number;
  parent: number;
  end: number;
}

/**
 * The flame graph of these frames. Undefined if there are no samples. What cannot be is bent until it can: frames never stand out of their
 * caller, even if a server says that they were sampled more often.
 */
export function flameOf(sampled: readonly SampledFrame[]): Flame | undefined {
  const frames: Open[] = [];
  /** The frames that are open, by depth: the callers of the next one. */
  const stack: number[] = [];
  let depth = 0;
  for (const { level, name, samples } of withoutRarest(sampled)) {
    stack.length = Math.max(0, Math.min(stack.length, level));
    if (stack.length === 0 && frames.length > 0) continue;
    const parent = stack.at(-1) ?? -1;
    const caller = frames[parent];
    const total = Math.min(counted(samples), caller?.own ?? Infinity);
    if (total === 0) continue;
    const index = frames.length;
    frames.push({ name, depth: stack.length, start: nextStart(caller), total, own: total, parent, end: index + 1 });
    if (caller !== undefined) caller.own -= total;
    stack.push(index);
    depth = Math.max(depth, stack.length);
  }
  const root = frames[0];
  if (root === undefined) return undefined;
  for (let index = frames.length - 1; index > 0; index -= 1) {
    const frame = frames[index];
    const caller = frame === undefined ? undefined : frames[frame.parent];
    if (frame !== undefined && caller !== undefined) caller.end = Math.max(caller.end, frame.end);
  }
  return { frames, total: root.total, depth };
}

/** The frames of a caller stand side by side, without gaps; its own samples come last. */
const nextStart = (caller: Open | undefined): number => (caller === undefined ? 0 : caller.start + caller.total - caller.own);

const counted = (samples: number): number => (Number.isFinite(samples) && samples > 0 ? Math.round(samples) : 0);

/** From the root to the frame, both included. */
export function stackOf(flame: Flame, index: number): readonly FlameFrame[] {
  const stack: FlameFrame[] = [];
  for (let frame = flame.frames[index]; frame !== undefined; frame = flame.frames[frame.parent]) stack.push(frame);
  return stack.toReversed();
}
