import type { CheckpointEntry, SubtaskCheckpoint, VertexCheckpoint } from '../../flink/checkpoint-types.ts';
import { formatDuration, formatPercent } from '../../support/format.ts';
import { longestPhase, phaseWords, slowestFirst, splitOf, type Acknowledged } from './split.ts';

/** An operator's part of a checkpoint, with its name. */
export interface NamedVertex extends VertexCheckpoint {
  readonly name: string;
}

/** What a checkpoint waits or waited for. A cause is named only if the numbers prove it. */
export interface Holdup {
  readonly vertexId: string | undefined;
  readonly subtask: number | undefined;
  /** One sentence or two. */
  readonly sentence: string;
}

/** An operator or subtask stands out if it took this many times as long as the rest. */
const standsOut = 2;
/** Nothing holds up a checkpoint that is this quick: differences are those of the network and of the clocks. */
const quickMs = 200;

/** Operators as the drill-down lists them: what has not acknowledged first, then the slowest. */
export const byDelay = (a: NamedVertex, b: NamedVertex): number =>
  Number(b.acknowledged < b.subtasks) - Number(a.acknowledged < a.subtasks) || (b.durationMs ?? -1) - (a.durationMs ?? -1);

/** Subtasks in the same order. */
export const subtaskByDelay = (a: SubtaskCheckpoint, b: SubtaskCheckpoint): number => {
  const rank = (one: SubtaskCheckpoint): number => (one.state === 'pending' ? Number.POSITIVE_INFINITY : one.durationMs);
  return rank(a) === rank(b) ? a.subtask - b.subtask : rank(b) - rank(a);
};

/** `vertices` in the order of `byDelay`; `subtasks`: those of the first one, if they are known. */
export function holdupOf(
  { status }: Pick<CheckpointEntry, 'status'>,
  vertices: readonly NamedVertex[],
  subtasks: readonly SubtaskCheckpoint[] | undefined,
): Holdup | undefined {
  const [slowest, next] = vertices;
  if (slowest === undefined) return undefined;
  const late = vertices.filter(({ acknowledged, subtasks: all }) => acknowledged < all);
  if (late.length > 0) return pending(status, late, subtasks);
  const durationMs = slowest.durationMs ?? 0;
  if (durationMs < quickMs) return nobody(`No operator holds it up: all acknowledged within ${formatDuration(durationMs)}.`);
  const [top, ...others] = subtasks === undefined ? [] : slowestFirst(subtasks);
  const rest = median(others);
  if (top !== undefined && rest !== undefined && top.durationMs >= standsOut * rest.durationMs)
    return {
      vertexId: slowest.vertexId,
      subtask: top.subtask,
      sentence: `Subtask ${top.subtask} of ${slowest.name} held it up: it acknowledged after ${formatDuration(top.durationMs)}, the others of this operator after ${formatDuration(rest.durationMs)} (median).${phaseSentence(top)}`,
    };
  const nextMs = next?.durationMs ?? 0;
  if (next === undefined || durationMs >= standsOut * nextMs)
    return {
      vertexId: slowest.vertexId,
      subtask: undefined,
      sentence: `${slowest.name} held it up: it acknowledged after ${formatDuration(durationMs)}${next === undefined ? '' : `, the next operator, ${next.name}, after ${formatDuration(nextMs)}`}.${phaseSentence(top)}`,
    };
  const quickest = Math.min(...vertices.map(({ durationMs: ms }) => ms ?? 0));
  return nobody(
    `No operator stands out: they acknowledged after ${formatDuration(quickest)} to ${formatDuration(durationMs)}.${phaseSentence(top)}`,
  );
}

const nobody = (sentence: string): Holdup => ({ vertexId: undefined, subtask: undefined, sentence });

/** Of two in the middle the slower one: it is the harder to stand out from. */
const median = (slowest: readonly Acknowledged[]): Acknowledged | undefined => slowest[Math.floor((slowest.length - 1) / 2)];

/** Most of the time of a subtask, if one phase has half of it. */
function phaseSentence(subtask: Acknowledged | undefined): string {
  const split = subtask === undefined ? undefined : splitOf(subtask);
  if (subtask === undefined || split === undefined) return '';
  const phase = longestPhase(split);
  const share = split[phase] / subtask.durationMs;
  if (share < 0.5) return '';
  return ` ${formatDuration(split[phase])} of that (${formatPercent(Math.min(1, share))}) was ${phaseWords[phase]}.`;
}

/** How many operators and subtasks a sentence names. */
const named = 3;

function pending(status: string, late: readonly NamedVertex[], subtasks: readonly SubtaskCheckpoint[] | undefined): Holdup {
  const [first] = late;
  const missing = (subtasks ?? []).filter(({ state }) => state === 'pending').map(({ subtask }) => subtask);
  const words = late
    .slice(0, named)
    .map((vertex, place) => {
      const count = vertex.subtasks - vertex.acknowledged;
      const which = place === 0 && missing.length > 0 && missing.length <= named ? `: subtask ${missing.join(', ')}` : '';
      return `${count} of ${vertex.subtasks} of ${vertex.name}${which}`;
    })
    .join('; ');
  const more = late.length <= named ? '' : `; and subtasks of ${late.length - named} more operators`;
  return {
    vertexId: first?.vertexId,
    subtask: missing[0],
    sentence: `${status === 'IN_PROGRESS' ? 'It waits for subtasks' : 'These subtasks did not acknowledge'}: ${words}${more}.`,
  };
}
