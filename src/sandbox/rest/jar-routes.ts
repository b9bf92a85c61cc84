import { open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord, type JsonObject } from '../api/objects.ts';
import { NO_ARCHIVE, readJar } from '../zip/read-manifest.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import { graphOf } from '../flink/graphs.ts';
import { UPLOAD_FOLDER, type Jar } from '../flink/jars.ts';
import { readMultipart } from './multipart.ts';
import { bodyRecord, flagOf, mismatch } from './request-body.ts';
import { internal, plain, refused, NotARoute } from './rest-errors.ts';
import { planOf, since20, since23 } from './job-shapes.ts';
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

/** The file is spooled, its manifest read, then it is forgotten. */
async function upload(cluster: FlinkCluster, call: RestCall): Promise<unknown> {
  const path = join(call.folder, `upload-${cluster.newId()}`);
  const files: string[] = [];
  let unknown: string | undefined;
  let file: FileHandle | undefined;
  let size = 0;
  try {
    await readMultipart(call.request, {
      begin({ name, fileName }) {
        if (fileName !== undefined) files.push(fileName);
        else if (name !== 'request') unknown = name;
      },
      async data(bytes) {
        if (files.length === 0) return;
        file ??= await open(path, 'w');
        await file.write(bytes);
        size += bytes.length;
      },
      async end() {},
    });
    await file?.close();
    if (unknown !== undefined) throw plain(400, `Received unknown attribute ${unknown}.`);
    const [name, ...others] = files;
    if (name === undefined || others.length > 0) throw refused(400, `Exactly 1 file must be sent, received ${files.length}.`);
    if (!name.endsWith('.jar')) throw refused(400, 'Only Jar files are allowed.');
    const content = size === 0 ? NO_ARCHIVE : await readJar(path);
    const jar = cluster.jars.add(name, size, content);
    if (call.faults.losesAnswer('upload')) call.request.socket.destroy();
    return { filename: `${UPLOAD_FOLDER}/${jar.id}`, status: 'success' };
  } finally {
    await rm(path, { force: true });
  }
}

function remove(cluster: FlinkCluster, id: string): unknown {
  if (!cluster.jars.remove(id)) throw refused(400, `File ${id} does not exist in ${UPLOAD_FOLDER}.`);
  return {};
}

interface Program {
  readonly jar: Jar;
  readonly entryClass: string;
  readonly args: readonly string[];
  readonly parallelism: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly jobId: string | undefined;
  readonly body: JsonObject;
}

async function programOf(cluster: FlinkCluster, call: RestCall, parts: Parts, bodyClass: string): Promise<Program> {
  const body = await bodyRecord(call.request, bodyClass);
  const { query } = call;
  const jobId = body['jobId'];
  if (jobId !== undefined && jobId !== null && (typeof jobId !== 'string' || !/^[0-9a-fA-F]{32}$/.test(jobId))) {
    throw mismatch(
      bodyClass,
      `Cannot parse JobID from "${String(jobId)}". The expected format is [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d.`,
    );
  }
  const asked = body['parallelism'] ?? query.get('parallelism') ?? undefined;
  if (asked !== undefined && asked !== null && Number.isNaN(Number(asked)))
    throw mismatch(
      bodyClass,
      `Cannot deserialize value of type \`java.lang.Integer\` from String "${String(asked)}": not a valid \`java.lang.Integer\` value`,
    );
  const configuration = Object.fromEntries(
    Object.entries(isRecord(body['flinkConfiguration']) ? body['flinkConfiguration'] : {}).map(([key, value]) => [key, String(value)]),
  );

  const id = parts['jar'] ?? '';
  const jar = cluster.jars.find(id);
  if (jar === undefined) {
    const missing = `org.apache.flink.runtime.rest.handler.RestHandlerException: Jar file ${UPLOAD_FOLDER}/${id} does not exist`;
    throw internal(`java.util.concurrent.CompletionException: ${missing}`, [missing]);
  }
  const invocation = 'org.apache.flink.client.program.ProgramInvocationException';
  if (!jar.archive) {
    const broken = `Error while opening jar file '${UPLOAD_FOLDER}/${id}'`;
    throw internal(`java.util.concurrent.CompletionException: ${invocation}: ${broken}`, [
      `${invocation}: ${broken}`,
      `java.io.IOException: ${broken}`,
      'java.util.zip.ZipException: zip END header not found',
    ]);
  }
  const entryClass = stringOf(body['entryClass']) ?? query.get('entry-class') ?? jar.entryClasses[0];
  if (entryClass === undefined)
    throw internal(
      `java.util.concurrent.CompletionException: ${invocation}: Neither a 'Main-Class', nor a 'program-class' entry was found in the jar file.`,
      [`${invocation}: Neither a 'Main-Class', nor a 'program-class' entry was found in the jar file.`],
    );
  if (jar.entryClasses[0] !== entryClass && !jar.entries.has(`${entryClass.replaceAll('.', '/')}.class`)) {
    const absent = `${invocation}: The program's entry point class '${entryClass}' was not found in the jar file.`;
    throw internal(`java.util.concurrent.CompletionException: ${absent}`, [absent, `java.lang.ClassNotFoundException: ${entryClass}`]);
  }
  const words = Array.isArray(body['programArgsList'])
    ? body['programArgsList'].map(String)
    : since20(cluster)
      ? []
      : (stringOf(body['programArgs']) ?? '').split(/\s+/).filter((word) => word !== '');
  const parallelism = Number(asked ?? configuration['parallelism.default'] ?? 1);
  return {
    jar,
    entryClass,
    args: words,
    parallelism,
    configuration,
    jobId: typeof jobId === 'string' ? jobId.toLowerCase() : undefined,
    body,
  };
}

const stringOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** `main` failed, or what it submitted was refused: 400, with the chain of causes that the real server wraps around it. */
function notExecuted(reason: string, causes: readonly string[]): Error {
  const could = 'org.apache.flink.util.FlinkRuntimeException: Could not execute application.';
  return refused(400, 'Could not execute application.', [
    `java.util.concurrent.CompletionException: ${could}`,
    could,
    `org.apache.flink.client.program.ProgramInvocationException: The main method caused an error: ${reason}`,
    ...causes,
  ]);
}

async function run(cluster: FlinkCluster, call: RestCall, parts: Parts): Promise<unknown> {
  const { entryClass, args, parallelism, configuration, jobId, body } = await programOf(cluster, call, parts, 'JarRunRequestBody');
  if (parallelism < 1) {
    const rule = 'Parallelism must be at least one, or ExecutionConfig.PARALLELISM_DEFAULT (use system default).';
    throw notExecuted(rule, [`java.lang.IllegalArgumentException: ${rule}`]);
  }
  if (args.includes('--fail-in-main'))
    throw notExecuted('record could not be processed', [
      'java.lang.RuntimeException: record could not be processed',
      "java.io.IOException: disk quota exceeded on /data/volume-7 (in the program's main method)",
    ]);
  const graph = graphOf(entryClass, args);
  const name = configuration['pipeline.name'] ?? graph.name;
  if (jobId !== undefined && cluster.jobs.has(jobId)) {
    const kind = since23(cluster)
      ? 'org.apache.flink.runtime.client.DuplicateApplicationSubmissionException: Application has already been submitted.'
      : 'org.apache.flink.runtime.client.DuplicateJobSubmissionException: Job has already been submitted.';
    throw notExecuted(`Failed to execute job '${name}'.`, [`org.apache.flink.util.FlinkException: Failed to execute job '${name}'.`, kind]);
  }
  const savepointPath =
    stringOf(body['savepointPath']) ?? call.query.get('savepointPath') ?? configuration['execution.state-recovery.path'];
  if (savepointPath !== undefined && !cluster.savepoints.has(savepointPath) && !/\/chk-\d+$/.test(savepointPath)) {
    const missing = `java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory '${savepointPath}' on file system '${savepointPath.split(':')[0]}'.`;
    throw notExecuted(`Failed to execute job '${name}'.`, [
      `org.apache.flink.util.FlinkException: Failed to execute job '${name}'.`,
      'org.apache.flink.runtime.client.JobInitializationException: Could not start the JobMaster.',
      missing,
    ]);
  }
  const job = cluster.submit({
    ...(jobId === undefined ? {} : { id: jobId }),
    graph,
    parallelism,
    entryClass,
    configuration,
    ...(savepointPath === undefined
      ? {}
      : { restoredFrom: { path: savepointPath, id: Number(/(\d+)$/.exec(savepointPath)?.[1]?.slice(-3) ?? '1') } }),
  });
  if (body['claimMode'] === 'CLAIM' && savepointPath !== undefined) cluster.savepoints.delete(savepointPath);
  if (flagOf(body['allowNonRestoredState']))
    cluster.log(
      'org.apache.flink.runtime.checkpoint.Checkpoints',
      'Skipping savepoint state of operators that are not in the program: non-restored state is allowed.',
    );
  if (call.faults.losesAnswer('run')) call.request.socket.destroy();
  return { jobid: job.id, ...(since23(cluster) ? { applicationId: job.id } : {}) };
}

async function plan(cluster: FlinkCluster, call: RestCall, parts: Parts): Promise<unknown> {
  const { entryClass, args, parallelism, configuration, jobId } = await programOf(cluster, call, parts, 'JarPlanRequestBody');
  if (args.includes('--fail-in-main'))
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
