import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Problem } from '../support/problem.ts';
import type { Call } from './call.ts';
import type { FlinkClient, RunJarRequest, UploadedJar } from './types.ts';

/** Hex digits of the SHA-256 in the name of an upload: 48 bits distinguish the versions of one jar. */
const digits = 12;

type Sending = Call & {
  /** Bytes sent so far and in total. Not called if the jar is already there. */
  readonly onProgress?: (sent: number, total: number) => void;
  /** Called when the jar is on the cluster, before it is run. */
  readonly onReady?: (jar: CachedJar) => void;
};

export interface CachedJar {
  readonly id: string;
  /** The name on the cluster: `my-job-3f9a0c21b4de.jar`. */
  readonly name: string;
  readonly uploaded: boolean;
}

/**
 * The jars on a cluster, by content. Flink gives every upload a new id and keeps them all, so the name of an upload carries a hash of its
 * content. A later upload of an identical jar, from any machine, finds it by that name and sends nothing.
 */
export interface JarCache {
  /** The jar of this file on the cluster; sent only if an identical one is not there yet. */
  ensure(path: string, sending?: Sending): Promise<CachedJar>;
  /** The same for content that is known by its name; rejects with `not-found` if neither the cluster nor the file has it any more. */
  ensureKnown(jar: KnownJar, sending?: Sending): Promise<CachedJar>;
  /** Runs it. If the cluster has lost the jar in the meantime (a new JobManager starts with none), sends it and runs it once more. */
  run(path: string, request: RunJarRequest, sending?: Sending): Promise<{ readonly jobId: string; readonly jar: CachedJar }>;
  runKnown(jar: KnownJar, request: RunJarRequest, sending?: Sending): Promise<{ readonly jobId: string; readonly jar: CachedJar }>;
}

/** A jar that was sent before: the name of its content on a cluster, and the file that it came from. */
export interface KnownJar {
  readonly name: string;
  readonly path: string;
}

export function createJarCache(client: FlinkClient): JarCache {
  const send = async ({ name, path }: KnownJar, sending: Sending | undefined): Promise<CachedJar> => ({
    id: await upload(client, path, name, sending),
    name,
    uploaded: true,
  });
  const sendUnchanged = async (jar: KnownJar, sending: Sending | undefined): Promise<CachedJar> => {
    if ((await cachedName(jar.path, sending?.signal)) === jar.name) return await send(jar, sending);
    throw new Problem('not-found', `The cluster does not have ${jar.name} any more, and ${jar.path} has other content now.`, {
      hint: 'Put the old file back, or name a jar: upgrade JOB NEW.jar.',
    });
  };
  const ensure = async (jar: KnownJar, sending: Sending | undefined, missing: typeof send): Promise<CachedJar> => {
    const there = await find(client, jar.name, sending);
    return there === undefined ? await missing(jar, sending) : { id: there, name: jar.name, uploaded: false };
  };
  const run = async (known: KnownJar, request: RunJarRequest, sending: Sending | undefined, missing: typeof send) => {
    const jar = await ensure(known, sending, missing);
    sending?.onReady?.(jar);
    try {
      return { jobId: await client.runJar(jar.id, request, sending), jar };
    } catch (error) {
      // Refused before main() started, so nothing ran. Try only once more: a cluster that drops every jar would keep this going forever.
      if (!(error instanceof Problem) || error.kind !== 'not-found') throw error;
      const again = await missing(known, sending);
      return { jobId: await client.runJar(again.id, request, sending), jar: again };
    }
  };
  const known = async (path: string, sending: Sending | undefined): Promise<KnownJar> => ({
    path,
    name: await cachedName(path, sending?.signal),
  });
  return {
    ensure: async (path, sending) => ensure(await known(path, sending), sending, send),
    ensureKnown: (jar, sending) => ensure(jar, sending, sendUnchanged),
    run: async (path, request, sending) => run(await known(path, sending), request, sending, send),
    runKnown: (jar, request, sending) => run(jar, request, sending, sendUnchanged),
  };
}

async function find(client: FlinkClient, name: string, call: Call | undefined): Promise<string | undefined> {
  return (await client.jars({ signal: call?.signal })).find((jar) => jar.name === name)?.id;
}

async function upload(client: FlinkClient, path: string, name: string, sending: Sending | undefined): Promise<string> {
  try {
    return await client.uploadJar(path, { ...sending, name });
  } catch (error) {
    if (!(error instanceof Problem) || error.kind !== 'unreachable') throw error;
    // The answer was lost, but perhaps not the jar: Flink lists it only after receiving all of it.
    const there = await find(client, name, sending);
    return there ?? client.uploadJar(path, { ...sending, name });
  }
}

/** The name under which a cluster keeps the content of this file. */
export async function cachedName(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash, signal === undefined ? {} : { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw new Problem('not-found', `The jar ${path} cannot be read: it does not exist or is not yours to read.`, { cause: error });
  }
  return `${basename(path, '.jar')}-${hash.digest('hex').slice(0, digits)}.jar`;
}

const cached = new RegExp(`^(.*)-[0-9a-f]{${digits}}\\.jar$`);

/** The file name of a jar before the hash was added; undefined for a jar that was not uploaded by content. */
export function originalName(name: string): string | undefined {
  const stem = cached.exec(name)?.[1];
  return stem === undefined ? undefined : `${stem}.jar`;
}

/** Among the jars uploaded by content: all but the newest of each file name. Never includes what others uploaded. */
export function staleJars(uploaded: readonly UploadedJar[]): readonly UploadedJar[] {
  const newest = new Map<string, UploadedJar>();
  for (const jar of uploaded) {
    const name = originalName(jar.name);
    if (name !== undefined && jar.uploadedAt >= (newest.get(name)?.uploadedAt ?? 0)) newest.set(name, jar);
  }
  return uploaded.filter((jar) => {
    const name = originalName(jar.name);
    return name !== undefined && newest.get(name) !== jar;
  });
}
