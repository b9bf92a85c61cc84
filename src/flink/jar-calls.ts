import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { isAtLeast } from '../config/options/flink-version.ts';
import { Problem } from '../support/problem.ts';
import type { Clock } from '../support/clock.ts';
import { answerWasLost, readTimeoutMs, refusedAfterLostAnswer, type Calls } from './calls.ts';
import { serverText } from './error-answer.ts';
import { jarUpload } from './multipart.ts';
import { jars, plan, started, uploaded } from './schemas/jars.ts';
import { jobsOverview } from './schemas/jobs.ts';
import { anything } from './schemas/values.ts';
import type { Call } from './call.ts';
import type { FlinkClient, RunJarRequest } from './types.ts';

/** `main()` runs on the JobManager before a run or a plan is answered: Flink's `web.timeout`, in milliseconds. */
const mainTimeoutMs = 600_000;
/** Abort an upload that sends no byte for this long, in milliseconds. */
const uploadStallMs = 60_000;
/** How long to look for a job whose submission was cut off, in milliseconds: `main()` may still have been running. */
const lookForJobMs = 5_000;

type JarCalls = Pick<FlinkClient, 'jars' | 'uploadJar' | 'runJar' | 'jarPlan' | 'deleteJar'>;

/** `version` returns the server's version: one field was renamed in 1.20. */
export function jarCalls(calls: Calls, clock: Clock, version: (call?: Call) => Promise<string>): JarCalls {
  const bodyOf = (request: RunRequest, call: Call | undefined) => runBody(request, () => version(call));
  return {
    jars: (call) => calls.get('/jars', jars, call),

    async uploadJar(path, call) {
      const name = call?.name ?? basename(path);
      if (!name.endsWith('.jar')) throw new Problem('invalid', `${name} does not end in .jar: Flink takes no other file.`);
      const size = await sizeOf(path);
      const spec = { method: 'POST', path: '/jars/upload', schema: uploaded, repeatable: false, timeoutMs: uploadStallMs } as const;
      return (await calls.send({ ...spec, body: jarUpload(path, name, size, call?.onProgress) }, call)).value;
    },

    async runJar(jarId, request, call) {
      const json = { ...(await bodyOf(request, call)), jobId: request.jobId };
      const spec = {
        method: 'POST',
        path: `/jars/${encodeURIComponent(jarId)}/run`,
        json,
        schema: started,
        repeatable: false,
        timeoutMs: mainTimeoutMs,
      } as const;
      for (let lost = 0; ; lost += 1) {
        try {
          return (await calls.send(spec, call)).value;
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          // An earlier try with the same job id reached the server: it has the job, as requested.
          if (lost > 0 && /Duplicate(Application|Job)Submission/.test(serverText(error))) return request.jobId;
          const cutOff = answerWasLost(error) || error.status === 502 || error.status === 504;
          if (!cutOff || lost >= 2) throw inContext(error);
          if (await appears(request.jobId, { calls, clock }, call)) return request.jobId;
        }
      }
    },

    async jarPlan(jarId, request, call) {
      const spec = {
        method: 'POST',
        path: `/jars/${encodeURIComponent(jarId)}/plan`,
        schema: plan,
        repeatable: true,
        timeoutMs: mainTimeoutMs,
      } as const;
      try {
        return (await calls.send({ ...spec, json: await bodyOf(request, call) }, call)).value;
      } catch (error) {
        throw error instanceof Problem ? inContext(error) : error;
      }
    },

    async deleteJar(jarId, call) {
      try {
        await calls.send(
          { method: 'DELETE', path: `/jars/${encodeURIComponent(jarId)}`, schema: anything, repeatable: true, timeoutMs: readTimeoutMs },
          call,
        );
      } catch (error) {
        // The first request did arrive.
        if (refusedAfterLostAnswer(error) && error.kind === 'not-found') return;
        throw error;
      }
    },
  };
}

type RunRequest = Omit<RunJarRequest, 'jobId'>;

async function runBody(request: RunRequest, version: () => Promise<string>) {
  return {
    ...(request.entryClass === undefined ? {} : { entryClass: request.entryClass }),
    // Every version since 1.7 understands the list, which needs no quoting; the single string was removed in 2.0.
    ...(request.arguments === undefined || request.arguments.length === 0 ? {} : { programArgsList: request.arguments }),
    ...(request.parallelism === undefined ? {} : { parallelism: request.parallelism }),
    ...(request.configuration === undefined ? {} : { flinkConfiguration: request.configuration }),
    ...(request.savepointPath === undefined ? {} : { savepointPath: request.savepointPath }),
    ...(request.allowNonRestoredState === undefined ? {} : { allowNonRestoredState: request.allowNonRestoredState }),
    ...(request.claimMode === undefined ? {} : { [isAtLeast(await version(), '1.20') ? 'claimMode' : 'restoreMode']: request.claimMode }),
  };
}

/** The answer was lost: looks for the job instead. */
async function appears(
  jobId: string,
  { calls, clock }: { readonly calls: Calls; readonly clock: Clock },
  call: Call | undefined,
): Promise<boolean> {
  const until = clock.monotonic() + lookForJobMs;
  const signal = call?.signal;
  try {
    for (;;) {
      const known = await calls.get('/jobs/overview', jobsOverview, { signal });
      if (known.some(({ id }) => id === jobId)) return true;
      if (clock.monotonic() >= until) return false;
      await clock.sleep(500, signal);
    }
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new Problem(
      error.kind,
      `The connection broke while a job was submitted, and nobody answers now: job ${jobId} may have been started. ${error.message}`,
      {
        hint: 'Look for that job before you submit again.',
        cause: error,
      },
    );
  }
}

/** A failure inside `main()` needs the context: its own message may be no more than the name of an exception. */
function inContext(problem: Problem): Problem {
  const text = serverText(problem);
  if (!text.includes('The main method caused an error')) return problem;
  const where = /The main method caused an error: Failed to execute job/.test(text)
    ? 'The job was not accepted'
    : "The program's main method failed";
  return new Problem(problem.kind, `${where}: ${problem.message}`, {
    cause: problem.cause,
    status: problem.status,
  });
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    throw new Problem('not-found', `The jar ${path} cannot be read: it does not exist or is not yours to read.`, { cause: error });
  }
}
