import { Problem } from '../support/problem.ts';
import type { Calls } from './calls.ts';
import { serverText } from './error-answer.ts';
import type { FlameCalls } from './flame-types.ts';
import { jobPath } from './job-calls.ts';
import { processPath } from './process-calls.ts';
import type { FlinkProcess } from './process-types.ts';
import { flameGraph, profiles, startedProfile } from './schemas/flame.ts';

/** The wait for a TaskManager that begins to profile: the JobManager asks it, and it loads its profiler. In milliseconds. */
const startTimeoutMs = 30_000;

/** A profile of five minutes has some megabytes. */
const mostPageBytes = 64 * 1024 * 1024;

export function flameCalls(calls: Calls): FlameCalls {
  return {
    flameGraph(jobId, vertexId, { type, subtask }, call) {
      const only = subtask === undefined ? '' : `&subtaskindex=${subtask}`;
      const path = `${jobPath(jobId)}/vertices/${encodeURIComponent(vertexId)}/flamegraph?type=${type.toUpperCase()}${only}`;
      return calls.get(path, flameGraph, call);
    },
    profiles: (of, call) => calls.get(profilerPath(of), profiles, call).catch(explainOff),
    async startProfile(of, { mode, seconds }, call) {
      const json = { mode: mode.toUpperCase(), duration: seconds };
      const spec = {
        method: 'POST',
        path: profilerPath(of),
        json,
        schema: startedProfile,
        repeatable: false,
        timeoutMs: startTimeoutMs,
      } as const;
      return (await calls.send(spec, call).catch(explainOff)).value;
    },
    profileFile: (of, file, call) => calls.read(`${profilerPath(of)}/${encodeURIComponent(file)}`, pageText, call),
  };
}

const profilerPath = (of: FlinkProcess): string => `${processPath(of)}/profiler`;

async function pageText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body) {
    bytes += piece.byteLength;
    if (bytes > mostPageBytes)
      throw new Problem('protocol', `The profile is larger than ${mostPageBytes / 1024 / 1024} MiB, and is not read.`, {
        hint: 'Profile for a shorter time.',
      });
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** Without a profiler there is no such route: a GET falls through to the files of the dashboard. Measured on Flink 2.3.0. */
function explainOff(error: unknown): never {
  if (error instanceof Problem && error.status === 404 && /Unable to load requested file|Not found:/.test(serverText(error)))
    throw new Problem(
      'unavailable',
      'This cluster does not profile: rest.profiling.enabled is not true there, or its Flink is older than 1.19.',
      {
        hint: 'Deploy it with -Drest.profiling.enabled=true.',
        cause: error,
      },
    );
  throw error;
}
