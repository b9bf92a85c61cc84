import { Problem } from '../support/problem.ts';
import type { Calls } from './calls.ts';
import { jobPath } from './job-calls.ts';
import { checkpointResult, disposalResult, savepointResult, trigger } from './schemas/operations.ts';
import type { FlinkClient } from './types.ts';

/** A trigger is answered as soon as it is accepted; a busy JobManager may take a while. In milliseconds. */
const triggerTimeoutMs = 30_000;

type OperationCalls = Pick<
  FlinkClient,
  'triggerSavepoint' | 'triggerStop' | 'triggerCheckpoint' | 'savepointResult' | 'checkpointResult' | 'disposeSavepoint' | 'disposalResult'
>;

/**
 * Savepoints, stops, checkpoints and disposals: triggered here, polled later. A POST repeated with the client's own trigger id is the same
 * operation (since 1.15, for checkpoints 1.17). The field names differ between these routes, and since 1.20 a wrong one is silently
 * ignored.
 */
export function operationCalls(calls: Calls): OperationCalls {
  const post = async (path: string, json: unknown, call: Parameters<Calls['send']>[1], repeatable: boolean) =>
    (await calls.send({ method: 'POST', path, json, schema: trigger, repeatable, timeoutMs: triggerTimeoutMs }, call)).value;
  return {
    async triggerSavepoint(id, request, call) {
      const body = {
        'target-directory': request.directory ?? null,
        'cancel-job': request.cancelJob ?? false,
        formatType: request.format ?? 'CANONICAL',
        triggerId: request.triggerId,
      };
      await post(`${jobPath(id)}/savepoints`, body, call, true).catch(explainDirectory);
    },
    async triggerStop(id, request, call) {
      const body = {
        targetDirectory: request.directory ?? null,
        drain: request.drain ?? false,
        formatType: request.format ?? 'CANONICAL',
        triggerId: request.triggerId,
      };
      await post(`${jobPath(id)}/stop`, body, call, true).catch(explainDirectory);
    },
    async triggerCheckpoint(id, request, call) {
      await post(
        `${jobPath(id)}/checkpoints`,
        { checkpointType: request.full === true ? 'FULL' : 'CONFIGURED', triggerId: request.triggerId },
        call,
        true,
      );
    },
    savepointResult: (id, triggerId, call) => calls.get(`${jobPath(id)}/savepoints/${triggerId}`, savepointResult, call),
    checkpointResult: (id, triggerId, call) => calls.get(`${jobPath(id)}/checkpoints/${triggerId}`, checkpointResult, call),
    // The server chooses this trigger id, and a second disposal of the same path would fail, so it is not repeatable.
    disposeSavepoint: (path, call) => post('/savepoint-disposal', { 'savepoint-path': path }, call, false),
    disposalResult: (triggerId, call) => calls.get(`/savepoint-disposal/${triggerId}`, disposalResult, call),
  };
}

function explainDirectory(error: unknown): never {
  if (error instanceof Problem && error.kind === 'invalid' && /Config key \[.*savepoint.*\] is not set/.test(error.message)) {
    throw new Problem(
      'invalid',
      'The cluster has no default savepoint directory (execution.checkpointing.savepoint-dir), and none was given.',
      {
        hint: 'Name a directory that all its machines can reach.',
        cause: error,
      },
    );
  }
  throw error;
}
