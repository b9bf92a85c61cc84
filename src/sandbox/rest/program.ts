import { isRecord, type JsonObject } from '../api/objects.ts';
import type { FlinkCluster } from '../flink/cluster.ts';
import { UPLOAD_FOLDER, type Jar } from '../flink/jars.ts';
import { since20 } from './job-shapes.ts';
import { bodyRecord, flagOf, mismatch } from './request-body.ts';
import { internal } from './rest-errors.ts';
import type { RestCall } from './rest-route.ts';

/** The content of a request to run or plan a jar. */
export interface ProgramRequest {
  readonly jobId: string | undefined;
  readonly parallelism: number;
  readonly configuration: Readonly<Record<string, string>>;
  readonly entryClass: string | undefined;
  /** Undefined: the request has no such list. */
  readonly argumentList: readonly string[] | undefined;
  /** All arguments in one text, as Flink 1 takes them. */
  readonly argumentText: string;
  readonly savepointPath: string | undefined;
  readonly claims: boolean;
  readonly allowNonRestoredState: boolean;
}

export interface Program extends ProgramRequest {
  readonly entryClass: string;
  readonly args: readonly string[];
}

/** The program to run or plan. Throws as Flink's handlers do: the body is checked before the jar. */
export async function programOf(cluster: FlinkCluster, call: RestCall, jarId: string, bodyClass: string): Promise<Program> {
  const asked = programRequest(await bodyRecord(call.request, bodyClass), call.query, bodyClass);
  const entryClass = entryClassOf(cluster.jars.find(jarId), jarId, asked.entryClass);
  const args = asked.argumentList ?? (since20(cluster) ? [] : asked.argumentText.split(/\s+/).filter((word) => word !== ''));
  return { ...asked, entryClass, args };
}

export function programRequest(body: JsonObject, query: URLSearchParams, bodyClass: string): ProgramRequest {
  const jobId = jobIdOf(body['jobId'], bodyClass);
  const parallelism = numberOf(body['parallelism'] ?? query.get('parallelism') ?? undefined, bodyClass);
  const configuration = Object.fromEntries(
    Object.entries(isRecord(body['flinkConfiguration']) ? body['flinkConfiguration'] : {}).map(([key, value]) => [key, String(value)]),
  );
  return {
    jobId,
    parallelism: parallelism ?? Number(configuration['parallelism.default'] ?? 1),
    configuration,
    entryClass: stringOf(body['entryClass']) ?? query.get('entry-class') ?? undefined,
    argumentList: Array.isArray(body['programArgsList']) ? body['programArgsList'].map(String) : undefined,
    argumentText: stringOf(body['programArgs']) ?? '',
    savepointPath: stringOf(body['savepointPath']) ?? query.get('savepointPath') ?? configuration['execution.state-recovery.path'],
    claims: body['claimMode'] === 'CLAIM',
    allowNonRestoredState: flagOf(body['allowNonRestoredState']),
  };
}

const stringOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function jobIdOf(value: unknown, bodyClass: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' && /^[0-9a-fA-F]{32}$/.test(value)) return value.toLowerCase();
  throw mismatch(
    bodyClass,
    `Cannot parse JobID from "${String(value)}". The expected format is [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d.`,
  );
}

function numberOf(value: unknown, bodyClass: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Number.isNaN(Number(value))) return Number(value);
  throw mismatch(
    bodyClass,
    `Cannot deserialize value of type \`java.lang.Integer\` from String "${String(value)}": not a valid \`java.lang.Integer\` value`,
  );
}

const COMPLETION = 'java.util.concurrent.CompletionException';
const INVOCATION = 'org.apache.flink.client.program.ProgramInvocationException';

/** The class whose `main` runs: from the request, else from the manifest. */
export function entryClassOf(jar: Jar | undefined, id: string, asked: string | undefined): string {
  if (jar === undefined) {
    const missing = `org.apache.flink.runtime.rest.handler.RestHandlerException: Jar file ${UPLOAD_FOLDER}/${id} does not exist`;
    throw internal(`${COMPLETION}: ${missing}`, [missing]);
  }
  if (!jar.archive) {
    const broken = `Error while opening jar file '${UPLOAD_FOLDER}/${id}'`;
    throw internal(`${COMPLETION}: ${INVOCATION}: ${broken}`, [
      `${INVOCATION}: ${broken}`,
      `java.io.IOException: ${broken}`,
      'java.util.zip.ZipException: zip END header not found',
    ]);
  }
  const entryClass = asked ?? jar.entryClasses[0];
  if (entryClass === undefined) {
    const none = `${INVOCATION}: Neither a 'Main-Class', nor a 'program-class' entry was found in the jar file.`;
    throw internal(`${COMPLETION}: ${none}`, [none]);
  }
  if (jar.entryClasses[0] !== entryClass && !jar.entries.has(`${entryClass.replaceAll('.', '/')}.class`)) {
    const absent = `${INVOCATION}: The program's entry point class '${entryClass}' was not found in the jar file.`;
    throw internal(`${COMPLETION}: ${absent}`, [absent, `java.lang.ClassNotFoundException: ${entryClass}`]);
  }
  return entryClass;
}
