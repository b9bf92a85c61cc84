import { open, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { NO_ARCHIVE, readJar } from '../zip/read-manifest.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import { graphOf } from '../flink/graphs.ts';
import { UPLOAD_FOLDER } from '../flink/jars.ts';
import { readMultipart } from './multipart.ts';
import { programOf, type Program } from './program.ts';
import { internal, plain, refused, NotARoute } from './rest-errors.ts';
import { planOf, since23 } from './job-shapes.ts';
import type { RestCall, RestRoute } from './rest-route.ts';
import { verticesOf } from '../flink/tasks.ts';

type Parts = Readonly<Record<string, string>>;

/** With `web.submit.enable=false` the handlers are not registered: as if the paths did not exist. */
const guarded = (route: RestRoute): RestRoute => ({
  ...route,
  run(cluster, call, parts) {
    if (!cluster.settings.flag('web.submit.enable', true)) throw new NotARoute(call.method, call.request.url ?? call.path, false);
    return route.run(cluster, call, parts);
  },
});

export const jarRoutes: readonly RestRoute[] = (
  [
    { method: 'GET', pattern: '/jars', run: (cluster) => list(cluster) },
    { method: 'POST', pattern: '/jars/upload', run: upload },
    { method: 'DELETE', pattern: '/jars/:jar', run: (cluster, _call, parts) => remove(cluster, parts['jar'] ?? '') },
    { method: 'POST', pattern: '/jars/:jar/run', run },
    { method: 'POST', pattern: '/jars/:jar/plan', run: plan },
    { method: 'GET', pattern: '/jars/:jar/plan', run: plan },
  ] satisfies readonly RestRoute[]
).map(guarded);

function list(cluster: FlinkCluster): unknown {
  return {
    address: `http://${cluster.settings.clusterId}-rest.${cluster.settings.namespace}:8081`,
    files: cluster.jars.list().map((jar) => ({
      id: jar.id,
      name: jar.name,
      uploaded: jar.uploadedAt,
      entry: jar.entryClasses.map((name) => ({ name, description: null })),
    })),
  };
}

async function upload(cluster: FlinkCluster, call: RestCall): Promise<unknown> {
  const path = join(call.folder, `upload-${cluster.newId()}`);
  try {
    const { files, unknown, size } = await spooled(call.request, path);
    if (unknown !== undefined) throw plain(400, `Received unknown attribute ${unknown}.`);
    const [name, ...others] = files;
    if (name === undefined || others.length > 0) throw refused(400, `Exactly 1 file must be sent, received ${files.length}.`);
    if (!name.endsWith('.jar')) throw refused(400, 'Only Jar files are allowed.');
    const jar = cluster.jars.add(name, size, size === 0 ? NO_ARCHIVE : await readJar(path));
    if (call.faults.losesAnswer('upload')) call.request.socket.destroy();
    return { filename: `${UPLOAD_FOLDER}/${jar.id}`, status: 'success' };
  } finally {
    // Only the manifest was needed.
    await rm(path, { force: true });
  }
}

interface Spooled {
  readonly files: readonly string[];
  /** A field that is neither a file nor `request`. */
  readonly unknown: string | undefined;
  readonly size: number;
}

/** Writes the files of a form to `path`, appended to each other: more than one is refused anyway. */
async function spooled(request: IncomingMessage, path: string): Promise<Spooled> {
  const files: string[] = [];
  let unknown: string | undefined;
  let size = 0;
  await using file = await open(path, 'w');
  for await (const news of readMultipart(request)) {
    if (news.kind === 'data') {
      if (files.length === 0) continue;
      await file.write(news.bytes);
      size += news.bytes.length;
    } else if (news.part.fileName !== undefined) files.push(news.part.fileName);
    else if (news.part.name !== 'request') unknown = news.part.name;
  }
  return { files, unknown, size };
}

function remove(cluster: FlinkCluster, id: string): unknown {
  if (!cluster.jars.remove(id)) throw refused(400, `File ${id} does not exist in ${UPLOAD_FOLDER}.`);
  return {};
}

/** `main` failed, or its job was refused: 400, in the chain of causes that the real server wraps around it. */
function notExecuted(reason: string, causes: readonly string[]): Error {
  const could = 'org.apache.flink.util.FlinkRuntimeException: Could not execute application.';
  return refused(400, 'Could not execute application.', [
    `java.util.concurrent.CompletionException: ${could}`,
    could,
    `org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: ${reason}`,
    ...causes,
  ]);
}

const notSubmitted = (name: string, ...causes: readonly string[]): Error => {
  const failed = `Failed to execute job '${name}'.`;
  return notExecuted(failed, [`org.apache.flink.util.FlinkException: ${failed}`, ...causes]);
};

/** An argument that makes any program throw in its `main`. */
const FAILS_IN_MAIN = '--fail-in-main';

/** Throws what the real server throws if the program does not get as far as a job. */
function refuseProgram(cluster: FlinkCluster, { args, parallelism, jobId, savepointPath }: Program, name: string): void {
  if (parallelism < 1) {
    const rule = 'Parallelism must be at least one, or ExecutionConfig.PARALLELISM_DEFAULT (use system default).';
    throw notExecuted(rule, [`java.lang.IllegalArgumentException: ${rule}`]);
  }
  if (args.includes(FAILS_IN_MAIN))
    throw notExecuted('record could not be processed', [
      'java.lang.RuntimeException: record could not be processed',
      "java.io.IOException: disk quota exceeded on /data/volume-7 (in the program's main method)",
    ]);
  if (jobId !== undefined && cluster.jobs.has(jobId))
    throw notSubmitted(
      name,
      since23(cluster)
        ? 'org.apache.flink.runtime.client.DuplicateApplicationSubmissionException: Application has already been submitted.'
        : 'org.apache.flink.runtime.client.DuplicateJobSubmissionException: Job has already been submitted.',
    );
  if (savepointPath !== undefined && !cluster.savepoints.has(savepointPath) && !/\/chk-\d+$/.test(savepointPath))
    throw notSubmitted(
      name,
      'org.apache.flink.runtime.client.JobInitializationException: Could not start the JobMaster.',
      `java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory '${savepointPath}' on file system '${savepointPath.split(':')[0]}'.`,
    );
}

/** The savepoint or checkpoint that the job starts from. The id is taken from the digits at the end of the path. */
const restoredFrom = (path: string): { readonly path: string; readonly id: number } => ({
  path,
  id: Number(/(\d+)$/.exec(path)?.[1]?.slice(-3) ?? '1'),
});

async function run(cluster: FlinkCluster, call: RestCall, parts: Parts): Promise<unknown> {
  const program = await programOf(cluster, call, parts['jar'] ?? '', 'JarRunRequestBody');
  const { entryClass, args, parallelism, configuration, jobId, savepointPath } = program;
  const graph = graphOf(entryClass, args);
  refuseProgram(cluster, program, configuration['pipeline.name'] ?? graph.name);
  const job = cluster.submit({
    ...(jobId === undefined ? {} : { id: jobId }),
    graph,
    parallelism,
    entryClass,
    configuration,
    ...(savepointPath === undefined ? {} : { restoredFrom: restoredFrom(savepointPath) }),
  });
  if (program.claims && savepointPath !== undefined) cluster.savepoints.delete(savepointPath);
  if (program.allowNonRestoredState)
    cluster.log(
      'org.apache.flink.runtime.checkpoint.Checkpoints',
      'Skipping savepoint state of operators that are not in the program: non-restored state is allowed.',
    );
  if (call.faults.losesAnswer('run')) call.request.socket.destroy();
  return { jobid: job.id, ...(since23(cluster) ? { applicationId: job.id } : {}) };
}

async function plan(cluster: FlinkCluster, call: RestCall, parts: Parts): Promise<unknown> {
  const { entryClass, args, parallelism, configuration, jobId } = await programOf(cluster, call, parts['jar'] ?? '', 'JarPlanRequestBody');
  if (args.includes(FAILS_IN_MAIN))
    throw internal(
      'org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: record could not be processed',
      ['java.lang.RuntimeException: record could not be processed'],
    );
  const id = jobId ?? cluster.newId();
  const graph = graphOf(entryClass, args);
  return {
    plan: planOf({
      id,
      name: configuration['pipeline.name'] ?? graph.name,
      vertices: verticesOf(graph, parallelism),
      request: { id, graph, parallelism, entryClass, configuration },
    }),
  };
}
