import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import * as z from 'zod/mini';
import { isNotZip, zipContent, type ZipEntry, zipEntries } from '../../flink/zip.ts';
import type { Instant } from '../../support/clock.ts';
import { Problem, sentence } from '../../support/problem.ts';
import { bundleFormat, bundlePlaces, recordingWord } from './bundle-facts.ts';

/** What replaying needs of the facts of a bundle. */
const schema = z.object({
  format: z.number(),
  madeAt: z.optional(z.string()),
  leftOut: z.optional(z.array(z.object({ what: z.string(), reason: z.string() }))),
});

/**
 * Undefined: the folder is not that of a bundle. Otherwise why it has no recording, if it says so. Throws a `Problem` for a bundle that this
 * version cannot read. `path`: its name for a person.
 */
export async function bundleIn(folder: string, path: string): Promise<{ readonly withoutRecording: string | undefined } | undefined> {
  let text: string;
  try {
    text = await readFile(join(folder, bundlePlaces.facts), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Problem('failed', `${bundlePlaces.facts} in ${path} cannot be read: ${sentence(error)}`, { cause: error });
  }
  const { format, leftOut = [] } = factsOf(text, path);
  if (format > bundleFormat)
    throw new Problem('invalid', `The bundle ${path} has format ${format}; this drey reads formats up to ${bundleFormat}.`, {
      hint: 'Update drey.',
    });
  return { withoutRecording: leftOut.find(({ what }) => what === recordingWord)?.reason };
}

function factsOf(text: string, path: string): z.output<typeof schema> {
  const damaged = (cause: unknown): Problem => new Problem('invalid', `${bundlePlaces.facts} in ${path} is damaged.`, { cause });
  try {
    const read = z.safeParse(schema, JSON.parse(text));
    if (read.success) return read.data;
    throw damaged(read.error);
  } catch (error) {
    if (error instanceof SyntaxError) throw damaged(error);
    throw error;
  }
}

/** What is unpacked: the facts, recording, logs, objects and answers. No other name becomes part of a path. */
const wanted =
  /^(?:bundle\.json|recording\/(?:session\/)?[\w.-]*\w|logs\/[\w-]+\/[\w.-]*\w|manifests\/\w+\.yaml|rest(?:\/[\w-][\w.-]*)*\.json)$/;

/** More than a file of a spool has. */
const mostFileBytes = 64 * 2 ** 20;

/** Of each pod, event and list of a bundle, as the servers told it when the bundle was made. */
export interface BundledCluster {
  readonly madeAt: Instant;
  readonly objects: readonly Readonly<Record<string, unknown>>[];
  /** By path. */
  readonly answers: ReadonlyMap<string, unknown>;
}

/** `folder`: of an unpacked bundle. */
export async function bundledCluster(folder: string): Promise<BundledCluster> {
  const { parseAllDocuments } = await import('yaml');
  const objects: Readonly<Record<string, unknown>>[] = [];
  for (const file of await filesBelow(join(folder, bundlePlaces.manifests), '.yaml'))
    for (const document of parseAllDocuments(await readFile(file, 'utf8'), { version: '1.1' })) {
      const object: unknown = document.toJS();
      if (typeof object === 'object' && object !== null) objects.push(object as Readonly<Record<string, unknown>>);
    }
  const answers = new Map<string, unknown>();
  const rest = join(folder, bundlePlaces.rest);
  for (const file of await filesBelow(rest, '.json'))
    answers.set(
      `/${relative(rest, file)
        .split(sep)
        .join('/')
        .replace(/\.json$/, '')}`,
      JSON.parse(await readFile(file, 'utf8')),
    );
  const { madeAt } = factsOf(await readFile(join(folder, bundlePlaces.facts), 'utf8'), folder);
  return { madeAt: Date.parse(madeAt ?? ''), objects, answers };
}

async function filesBelow(folder: string, ending: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(ending)).map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

interface Unpacked extends AsyncDisposable {
  readonly folder: string;
}

/** Unpacks what is replayed into a private folder. Rejects with a `Problem` if the file is not a bundle. */
export async function unpackedBundle(path: string, signal?: AbortSignal): Promise<Unpacked> {
  await using opening = new AsyncDisposableStack();
  const file = await opened(path);
  await using _closing = { [Symbol.asyncDispose]: () => file.close() };
  const folder = await mkdtemp(join(tmpdir(), 'drey-replay-'));
  opening.defer(() => rm(folder, { recursive: true, force: true }));
  try {
    const entries = (await zipEntries(file, await sizeOf(file, path))).filter(({ name }) => wanted.test(name));
    if (!entries.some(({ name }) => name === bundlePlaces.facts))
      throw new Problem('invalid', `${path} is a zip archive, but not a bundle of drey: it has no ${bundlePlaces.facts}.`);
    for (const entry of entries) {
      signal?.throwIfAborted();
      await unpack(file, entry, folder);
    }
  } catch (error) {
    throw damage(error, path);
  }
  const lifetime = opening.move();
  return { folder, [Symbol.asyncDispose]: () => lifetime.disposeAsync() };
}

async function opened(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw new Problem('failed', `${path} cannot be read: ${sentence(error)}`, { cause: error });
  }
}

async function sizeOf(file: FileHandle, path: string): Promise<number> {
  const { size } = await file.stat();
  if (size === 0) throw new Problem('invalid', `${path} is empty.`);
  return size;
}

async function unpack(file: FileHandle, entry: ZipEntry, folder: string): Promise<void> {
  const target = join(folder, entry.name);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await writeFile(target, await zipContent(file, entry, mostFileBytes), { mode: 0o600 });
}

const damage = (error: unknown, path: string): unknown =>
  isNotZip(error)
    ? new Problem('invalid', `${path} is not a bundle: it is not a zip archive, or a damaged one.`, {
        hint: 'Copy it again.',
        cause: error,
      })
    : error;
