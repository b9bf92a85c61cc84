import { byDelay, holdupOf } from '../../inside/checkpoints/holdup.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatDuration } from '../../support/format.ts';
import type { NamedCheckpoint } from '../facts.ts';
import { proved, rule } from '../rule.ts';

const failedWith = (failure: string | undefined): string => `its last checkpoint failed: ${oneLine(failure ?? 'no reason given')}`;

/** Which operators did not acknowledge, as far as the numbers say so. */
function holdup({ detail, names }: NamedCheckpoint): readonly string[] {
  const vertices = detail.vertices.map((vertex) => ({ ...vertex, name: names.get(vertex.vertexId) ?? vertex.vertexId })).toSorted(byDelay);
  const found = holdupOf(detail, vertices, undefined);
  return found === undefined ? [] : [found.sentence];
}

/** Source: `CheckpointFailureReason.CHECKPOINT_EXPIRED`, Flink 2.3. */
export const checkpointTimeout = rule({
  id: 'checkpoint-timeout',
  finds: 'A checkpoint did not complete in time',
  about: ['checkpoint'],
  asks: ({ matter: { job, checkpoint } }) =>
    /expired before completing/.test(checkpoint.failure ?? '') ? [{ kind: 'checkpoint', jobId: job.id, id: checkpoint.id }] : [],
  judge({ matter: { job, checkpoint }, answers }) {
    if (!/expired before completing/.test(checkpoint.failure ?? '')) return undefined;
    const detail = answers({ kind: 'checkpoint', jobId: job.id, id: checkpoint.id });
    const limitMs = (checkpoint.endedAt ?? checkpoint.triggeredAt) - checkpoint.triggeredAt;
    return proved(failedWith(checkpoint.failure), {
      conclusions: detail === undefined ? [] : holdup(detail),
      advice: [
        `checkpoint ${checkpoint.id} shows which subtasks it waited for; if they are back-pressured, execution.checkpointing.unaligned.enabled: true lets barriers pass the data.`,
        `execution.checkpointing.timeout is ${formatDuration(limitMs)} here, and execution.checkpointing.tolerable-failed-checkpoints says how many may fail.`,
      ],
    });
  },
});

export const checkpointFailed = rule({
  id: 'checkpoint-failed',
  finds: 'A checkpoint failed for a reason that no other rule knows',
  about: ['checkpoint'],
  judge: ({ matter: { checkpoint } }) => (checkpoint.failure === undefined ? undefined : proved(failedWith(checkpoint.failure))),
});
