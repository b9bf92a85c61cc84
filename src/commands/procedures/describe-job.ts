import type { FlinkClient, JobException } from '../../flink/types.ts';
import { runSettings } from '../../inside/job/configuration.ts';
import { withoutSecrets } from '../../inside/job/secrets.ts';
import type { Job } from '../../session/types.ts';
import { rootCause } from '../../causes/root-cause.ts';
import { oneLine } from '../../support/foreign-text.ts';
import { formatBytes, formatDateTime, formatDuration } from '../../support/format.ts';
import { Problem } from '../../support/problem.ts';

const row = (label: string, value: string): string => `${label.padEnd(16)}${value}`;

/** The facts that the session knows, for a server that does not answer. */
export function knownOfJob(job: Job): readonly string[] {
  return [
    row('Job', oneLine(job.name)),
    row('Id', job.id),
    row('State', job.state),
    row('Started', formatDateTime(job.startTime)),
    ...(job.exceptions.length === 0 ? [] : ['', 'Failures', ...job.exceptions.map(failureLine)]),
  ];
}

const failureLine = (failure: JobException): string =>
  `  ${formatDateTime(failure.at)} ${[failure.taskName, failure.taskManagerId].filter((one) => one !== undefined).join(' on ')}: ${rootCause(failure)}`;

/** A job in words: its identity, its vertices, its checkpoints, its last failure, its own configuration with secrets masked. */
export async function describeJob(flink: FlinkClient, job: Job, signal: AbortSignal): Promise<readonly string[]> {
  const [detail, checkpoints, exceptions, configuration] = await Promise.all([
    flink.job(job.id, { signal }),
    orReason(flink.checkpoints(job.id, { signal })),
    orReason(flink.exceptions(job.id, { signal })),
    orReason(flink.jobConfiguration(job.id, { signal })),
  ]);
  const lines = [
    row('Job', oneLine(detail.name)),
    row('Id', detail.id),
    row('State', detail.state),
    row('Type', detail.type ?? 'unknown'),
    row('Started', formatDateTime(detail.startTime)),
    ...(detail.endTime > 0 ? [row('Ended', formatDateTime(detail.endTime))] : []),
    row('Duration', formatDuration(detail.durationMs)),
    '',
    'Vertices',
    ...detail.vertices.map(
      (vertex) => `  ${oneLine(vertex.name)}: ${vertex.state}, parallelism ${vertex.parallelism} of at most ${vertex.maxParallelism}`,
    ),
    '',
    'Checkpoints',
  ];
  if (checkpoints instanceof Problem) lines.push(`  ${checkpoints.message}`);
  else if (checkpoints === undefined) lines.push('  Checkpointing is off.');
  else {
    const { latestCompleted: latest, latestSavepoint, latestFailed } = checkpoints;
    lines.push(
      `  ${checkpoints.completed} completed, ${checkpoints.failed} failed, ${checkpoints.inProgress} in progress${checkpoints.restored === 0 ? '' : `, restored ${checkpoints.restored === 1 ? 'once' : `${checkpoints.restored} times`}`}`,
    );
    if (latest !== undefined)
      lines.push(
        `  latest: ${latest.id}, ${formatDateTime(latest.triggeredAt)}, ${formatBytes(latest.sizeBytes)}, ${latest.path ?? 'no path'}`,
      );
    if (latestSavepoint !== undefined)
      lines.push(`  latest savepoint: ${formatDateTime(latestSavepoint.triggeredAt)}, ${latestSavepoint.path ?? 'no path'}`);
    if (latestFailed !== undefined)
      lines.push(`  latest failure: ${formatDateTime(latestFailed.triggeredAt)}, ${oneLine(latestFailed.failure ?? 'no reason given')}`);
  }
  lines.push('', 'Failures');
  if (exceptions instanceof Problem) lines.push(`  ${exceptions.message}`);
  else if (exceptions.length === 0) lines.push('  none');
  else lines.push(...exceptions.map(failureLine));
  lines.push('', 'Configuration');
  if (configuration instanceof Problem) lines.push(`  ${configuration.message}`);
  else lines.push(...runSettings(withoutSecrets(configuration)).map(({ key, value }) => `  ${key}: ${oneLine(value, 2_000)}`));
  return lines;
}

/** A failed part does not hide the others: its reason is shown instead. */
async function orReason<T>(asked: Promise<T>): Promise<T | Problem> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
