import { Problem } from '../support/problem.ts';
import type { Calls } from './calls.ts';
import type { Checkpoint, CheckpointCalls, CheckpointHistory, CheckpointStatistics } from './checkpoint-types.ts';
import { serverText } from './error-answer.ts';
import { jobPath } from './job-calls.ts';
import { checkpointConfiguration, checkpointDetail, checkpointSubtasks } from './schemas/checkpoint-details.ts';
import { checkpoints } from './schemas/checkpoints.ts';

export function checkpointCalls(calls: Calls): CheckpointCalls {
  const history: CheckpointCalls['checkpointHistory'] = (id, call) =>
    unlessOff(() => calls.get(`${jobPath(id)}/checkpoints`, checkpoints, call));
  return {
    checkpointHistory: history,
    async checkpoints(id, call) {
      const found = await history(id, call);
      return found === undefined ? undefined : statisticsOf(found);
    },
    checkpointConfiguration: (id, call) => unlessOff(() => calls.get(`${jobPath(id)}/checkpoints/config`, checkpointConfiguration, call)),
    checkpointDetail: (id, checkpoint, call) => calls.get(`${jobPath(id)}/checkpoints/details/${checkpoint}`, checkpointDetail, call),
    checkpointSubtasks: (id, checkpoint, vertex, call) =>
      calls.get(`${jobPath(id)}/checkpoints/details/${checkpoint}/subtasks/${encodeURIComponent(vertex)}`, checkpointSubtasks, call),
  };
}

const off = /Checkpointing (?:has not been|is not) enabled/;

/** A batch job has no checkpoints, which is not an error. An unknown job is one. */
async function unlessOff<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Problem && error.kind === 'not-found' && off.test(serverText(error))) return undefined;
    throw error;
  }
}

/** A session keeps this of up to a thousand jobs, so it is as little as home shows. */
function statisticsOf(found: CheckpointHistory): CheckpointStatistics {
  return {
    restored: found.restored,
    completed: found.completed,
    failed: found.failed,
    inProgress: found.inProgress,
    latestCompleted: briefly(found.latestCompleted),
    latestSavepoint: briefly(found.latestSavepoint),
    latestFailed: briefly(found.latestFailed),
    latestRestored: found.latestRestored,
    history: found.history.map(checkpointOf),
  };
}

const briefly = (entry: Checkpoint | undefined): Checkpoint | undefined => (entry === undefined ? undefined : checkpointOf(entry));

function checkpointOf(entry: Checkpoint): Checkpoint {
  const { id, status, isSavepoint, triggeredAt, endedAt, durationMs, sizeBytes, acknowledged, subtasks, path, failure } = entry;
  return { id, status, isSavepoint, triggeredAt, endedAt, durationMs, sizeBytes, acknowledged, subtasks, path, failure };
}
