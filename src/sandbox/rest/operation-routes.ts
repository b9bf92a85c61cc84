import { savepointOf } from '../flink/savepoints.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import type { JsonObject } from '../api/objects.ts';
import { javaTrace } from '../flink/failures.ts';
import type { FlinkJob } from '../flink/job.ts';
import type { Outcome } from '../flink/operations.ts';
import { internal, refused } from './rest-errors.ts';
import { bodyRecord, flagOf, mismatch } from './request-body.ts';
import { idPart, unknownJob } from './path-parts.ts';
import { RestAnswer, type RestCall, type RestRoute } from './rest-route.ts';

const DIRECTORY_KEYS = ['execution.checkpointing.savepoint-dir', 'state.savepoints.dir'];

function directoryOf(cluster: FlinkCluster, asked: unknown, property: string): string {
  const directory =
    typeof asked === 'string' ? asked : DIRECTORY_KEYS.map((key) => cluster.settings.text(key)).find((value) => value !== undefined);
  if (directory === undefined) throw refused(400, `Config key [${DIRECTORY_KEYS[0]}] is not set. Property [${property}] must be provided.`);
  return directory;
}

type SavepointFormat = 'CANONICAL' | 'NATIVE';

/** An operation on a job: it is triggered, and its result is polled. */
interface JobOperation {
  /** Part of the key under which its result is found. */
  readonly kind: 'savepoint' | 'checkpoint';
  readonly bodyClass: string;
  /** Checks the body, and returns the function that runs the operation. */
  readonly of: (body: JsonObject, cluster: FlinkCluster) => (job: FlinkJob, format: SavepointFormat) => Promise<Outcome>;
}

const SAVEPOINT: JobOperation = {
  kind: 'savepoint',
  bodyClass: 'SavepointTriggerRequestBody',
  of(body, cluster) {
    const directory = directoryOf(cluster, body['target-directory'], 'target-directory');
    return async (job, format) => {
      const outcome = await savepoint(job, 'SAVEPOINT', directory, format);
      if ('value' in outcome && flagOf(body['cancel-job'])) job.cancel();
      return outcome;
    };
  },
};

const STOP: JobOperation = {
  kind: 'savepoint',
  bodyClass: 'StopWithSavepointRequestBody',
  of(body, cluster) {
    const directory = directoryOf(cluster, body['targetDirectory'], 'targetDirectory');
    return async (job, format) => {
      const outcome = await savepoint(job, 'SYNC_SAVEPOINT', directory, format);
      if ('value' in outcome) job.finish();
      return outcome;
    };
  },
};

const CHECKPOINT: JobOperation = {
  kind: 'checkpoint',
  bodyClass: 'CheckpointTriggerRequestBody',
  of(body) {
    if (body['checkpointType'] === 'INCREMENTAL')
      throw internal(
        'java.lang.IllegalStateException: Flink does not support triggering incremental checkpoint explicitly. See FLINK-33723.',
      );
    return async (job) => {
      const result = await job.coordinator.take('CHECKPOINT');
      return 'id' in result ? { value: { checkpointId: result.id } } : { failure: checkpointFailure(result.failure) };
    };
  },
};

/** Triggering again with the same id starts nothing new and gets the same answer. */
const triggering =
  ({ kind, bodyClass, of }: JobOperation): RestRoute['run'] =>
  async (cluster, call, parts) => {
    const body = await bodyRecord(call.request, bodyClass);
    const begin = of(body, cluster);
    const jobId = idPart('jobid', parts['job']);
    const { id = cluster.newId(), format } = triggerOf(body, bodyClass);
    cluster.operations.trigger(`${kind}/${jobId}/${id}`, async () => {
      const job = cluster.jobs.get(jobId);
      if (job === undefined || job.ended)
        return { failure: javaTrace(`java.util.concurrent.CompletionException: ${unknownJob(jobId)}`, [unknownJob(jobId)]) };
      const outcome = await begin(job, format);
      const location = 'value' in outcome ? outcome.value['location'] : undefined;
      if (typeof location === 'string') cluster.savepoints.set(location, savepointOf(job, location, cluster.now()));
      return outcome;
    });
    return answered(call, 202, { 'request-id': id });
  };

/** The trigger id, if the client chose one, and the format. */
export function triggerOf(body: JsonObject, bodyClass: string): { readonly id: string | undefined; readonly format: SavepointFormat } {
  const given = body['triggerId'] ?? undefined;
  if (given !== undefined && (typeof given !== 'string' || !/^[0-9a-fA-F]{32}$/.test(given)))
    throw mismatch(bodyClass, `Cannot parse TriggerId from "${String(given)}".`);
  const format = String(body['formatType'] ?? 'CANONICAL');
  if (format !== 'CANONICAL' && format !== 'NATIVE')
    throw mismatch(
      bodyClass,
      `Cannot deserialize value of type \`org.apache.flink.core.execution.SavepointFormatType\` from String "${format}": not one of the values accepted for Enum class: [CANONICAL, NATIVE]`,
    );
  return { id: given?.toLowerCase(), format };
}

/** Savepoints, stop, manual checkpoints and disposal: each is triggered, then polled. */
export const operationRoutes: readonly RestRoute[] = [
  { method: 'POST', pattern: '/jobs/:job/savepoints', run: triggering(SAVEPOINT) },
  { method: 'POST', pattern: '/jobs/:job/stop', run: triggering(STOP) },
  {
    method: 'GET',
    pattern: '/jobs/:job/savepoints/:trigger',
    run: (cluster, _call, parts) =>
      polled(
        cluster,
        `savepoint/${idPart('jobid', parts['job'])}/${idPart('triggerid', parts['trigger'])}`,
        `There is no savepoint operation with triggerId=${parts['trigger']} for job ${parts['job']}.`,
        'failure-cause',
      ),
  },
  { method: 'POST', pattern: '/jobs/:job/checkpoints', run: triggering(CHECKPOINT) },
  {
    method: 'GET',
    pattern: '/jobs/:job/checkpoints/:trigger',
    run: (cluster, _call, parts) =>
      polled(
        cluster,
        `checkpoint/${idPart('jobid', parts['job'])}/${idPart('triggerid', parts['trigger'])}`,
        `There is no checkpoint operation with triggerId=${parts['trigger']} for job ${parts['job']}.`,
        'failureCause',
      ),
  },
  { method: 'POST', pattern: '/savepoint-disposal', run: triggerDisposal },
  {
    method: 'GET',
    pattern: '/savepoint-disposal/:trigger',
    run: (cluster, _call, parts) =>
      polled(
        cluster,
        `disposal/${idPart('triggerid', parts['trigger'])}`,
        `Operation not found under key: org.apache.flink.runtime.rest.handler.job.AsynchronousJobOperationKey@${parts['trigger']}`,
        'failure-cause',
      ),
  },
];

async function triggerDisposal(cluster: FlinkCluster, call: RestCall): Promise<RestAnswer> {
  const body = await bodyRecord(call.request, 'SavepointDisposalRequest');
  const path = body['savepoint-path'];
  if (typeof path !== 'string') throw refused(400, 'Field savepoint-path must not be omitted or be null.');
  const id = cluster.newId();
  cluster.operations.trigger(`disposal/${id}`, async () =>
    cluster.savepoints.delete(path)
      ? { value: {} }
      : {
          failure: javaTrace(`org.apache.flink.util.FlinkException: Could not dispose savepoint ${path}.`, [
            `java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory '${path}' on file system '${path.split(':')[0]}'.`,
          ]),
        },
  );
  return answered(call, 200, { 'request-id': id });
}

function answered(call: RestCall, status: number, body: unknown): RestAnswer {
  if (call.faults.losesAnswer('trigger')) call.request.socket.destroy();
  return new RestAnswer(status, body);
}

async function savepoint(
  job: FlinkJob,
  kind: 'SAVEPOINT' | 'SYNC_SAVEPOINT',
  directory: string,
  format: SavepointFormat,
): Promise<Outcome> {
  const scheme = /^([a-z0-9]+):/.exec(directory)?.[1] ?? 'file';
  if (!['s3', 's3a', 'file', 'hdfs', 'gs'].includes(scheme)) {
    return {
      failure: javaTrace(
        'java.util.concurrent.CompletionException: org.apache.flink.runtime.checkpoint.CheckpointException: Checkpoint triggering task failure.',
        [
          `org.apache.flink.core.fs.UnsupportedFileSystemSchemeException: Could not find a file system implementation for scheme '${scheme}'.`,
        ],
      ),
    };
  }
  if (/^(file:\/*)?\/?(proc|no|sys)\//.test(directory)) {
    return {
      failure: javaTrace(
        'java.util.concurrent.CompletionException: org.apache.flink.runtime.checkpoint.CheckpointException: An Exception occurred while triggering the checkpoint. IO-problem detected.',
        [`java.io.IOException: Failed to create savepoint directory at ${directory}`],
      ),
    };
  }
  const result = await job.coordinator.take(kind, { directory, format });
  return 'path' in result ? { value: { location: result.path } } : { failure: checkpointFailure(result.failure) };
}

const checkpointFailure = (reason: string): string =>
  javaTrace(`java.util.concurrent.CompletionException: org.apache.flink.runtime.checkpoint.CheckpointException: ${reason}`, [
    `org.apache.flink.runtime.checkpoint.CheckpointException: ${reason}`,
  ]);

function polled(cluster: FlinkCluster, key: string, unknown: string, failureMember: string): unknown {
  const outcome = cluster.operations.result(key);
  if (outcome === undefined) throw refused(404, unknown);
  if (outcome === 'in-progress') return { status: { id: 'IN_PROGRESS' }, operation: null };
  if ('value' in outcome) return { status: { id: 'COMPLETED' }, operation: outcome.value };
  return {
    status: { id: 'COMPLETED' },
    operation: {
      [failureMember]: {
        class: /^([\w.$]+)/.exec(outcome.failure)?.[1] ?? 'java.lang.Exception',
        'stack-trace': outcome.failure,
        'serialized-throwable': '',
      },
    },
  };
}
