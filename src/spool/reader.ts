import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine } from '../kubernetes/model/types.ts';
import type { Instant } from '../support/clock.ts';
import { turnOver } from '../support/turns.ts';
import { decodeHeader, headerBytes, isLaterBlock } from './block.ts';
import { copies } from './copies.ts';
import type { Gap } from './gap.ts';
import { disorderMs, parsedFileName } from './places.ts';
import { type PodRecord, readPodRecord } from './pod-record.ts';
import { placedBlocks, Stretches } from './scan.ts';
import { Source, type SourceBlock } from './source.ts';

/** The kept log of one pod. */
export interface SpooledPod extends PodRecord {
  readonly folder: string;
  /** The containers that have a log. */
  readonly containers: readonly string[];
}

/** Folders that are read at the same time: there may be thousands. */
const atOnce = 32;

/** The pods of a cluster whose logs are kept; `clusterUid`: only those that are not of another Deployment. */
export async function spooledPods(cluster: string, clusterUid?: string): Promise<readonly SpooledPod[]> {
  const folders = (await listed(cluster)).map((name) => join(cluster, name));
  const found: SpooledPod[] = [];
  for (let from = 0; from < folders.length; from += atOnce)
    for (const pod of await Promise.all(folders.slice(from, from + atOnce).map(spooledPod))) if (pod !== undefined) found.push(pod);
  const isOther = (uid: string | undefined): boolean => clusterUid !== undefined && uid !== undefined && uid !== clusterUid;
  return found.filter((pod) => !isOther(pod.clusterUid)).toSorted((a, b) => a.seenAt - b.seenAt);
}

/** Undefined: nothing of a pod is kept there. */
async function spooledPod(folder: string): Promise<SpooledPod | undefined> {
  const [record, files] = await Promise.all([readPodRecord(folder), listed(folder)]);
  const containers = new Set(files.flatMap((file) => parsedFileName(file)?.container ?? []));
  return record === undefined || containers.size === 0 ? undefined : { ...record, folder, containers: [...containers].toSorted() };
}

export interface SpoolRequest {
  /** Folder of the pod. */
  readonly folder: string;
  readonly container: string;
  /** The first and the last moment that is wanted; undefined: all. */
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  /** The last batch comes first; the lines within a batch are in their order all the same. */
  readonly backwards?: boolean;
  /**
   * Says of the text of many lines whether one of them may be wanted. Batches without one are left out, but for those next to one with such
   * a line: an entry may lie across their border. Undefined: all are wanted.
   */
  readonly among?: ((lines: string) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lines that follow each other. */
export interface SpoolBatch {
  readonly lines: readonly LogLine[];
  /** What is missing before these or among them. */
  readonly gaps: readonly Gap[];
  /** Lines were left out between the batch before and this one. */
  readonly apart: boolean;
}

/**
 * The lines of one container in the order of time, a batch at a time; what several writers kept comes once. Holds some blocks of each
 * writer in memory.
 */
export async function* readSpool(request: SpoolRequest): AsyncGenerator<SpoolBatch, void, undefined> {
  const { among, signal } = request;
  await using closing = new AsyncDisposableStack();
  const sources = await openSources(request, closing);
  const spans = spansOf(sources, request);
  const isWanted = async (span: Span | undefined): Promise<boolean> =>
    among === undefined || (span !== undefined && (await mayMatch(sources, span, among)));
  let [before, now] = [false, await isWanted(spans[0])];
  let apart = false;
  for (const [index, span] of spans.entries()) {
    signal?.throwIfAborted();
    const next = await isWanted(spans[index + 1]);
    const isNear = before || now || next;
    [before, now] = [now, next];
    if (isNear) {
      const batch = await batchOf(sources, span);
      if (batch.lines.length === 0 && batch.gaps.length === 0) continue;
      yield { ...batch, apart };
      apart = false;
    } else {
      apart = true;
      await turnOver();
    }
  }
}

/** A later version has written some of it. */
export async function hasLaterBlocks(folder: string, container: string): Promise<boolean> {
  for (const name of await listed(folder)) {
    if (parsedFileName(name)?.container !== container) continue;
    await using file = await opened(join(folder, name));
    if (file !== undefined && isLaterBlock(await new Stretches(file).at(0, headerBytes))) return true;
  }
  return false;
}

interface Span {
  /** Its lines are from `begin` on, before `end` and not after `to`. */
  readonly begin: Instant;
  readonly end: Instant;
  readonly to: Instant;
  /** Where it would begin if all were wanted. */
  readonly edge: Instant;
}

/** Between two edges no block begins: all copies of a line are in the same span, because they have the same stamp. */
function spansOf(sources: readonly Source[], { from = -Infinity, to = Infinity, backwards = false }: SpoolRequest): readonly Span[] {
  const edges = [...new Set(sources.flatMap(({ blocks }) => blocks.map(({ header }) => header.first)))].toSorted((a, b) => a - b);
  const spans = edges
    .map((edge, index) => ({ begin: Math.max(from, edge), end: edges[index + 1] ?? Infinity, to, edge }))
    .filter(({ begin, end }) => end > from && begin <= to);
  return backwards ? spans.toReversed() : spans;
}

async function mayMatch(sources: readonly Source[], { edge, end }: Span, among: (lines: string) => boolean): Promise<boolean> {
  for (const source of sources) for (const block of source.between(edge, end)) if (await source.mayMatch(block, among)) return true;
  return false;
}

async function batchOf(sources: readonly Source[], span: Span): Promise<Pick<SpoolBatch, 'lines' | 'gaps'>> {
  const gaps: Gap[] = [];
  const parts: (readonly LogLine[])[] = [];
  for (const source of sources) {
    const blocks = source.between(span.edge, span.end);
    const lines = await linesWithin(source, blocks, span);
    // A block is counted where it begins.
    for (const block of blocks)
      if (block.header.first === span.edge) gaps.push(...source.gaps(block).filter((gap) => !isElsewhere(sources, source, gap)));
    if (lines.length > 0) parts.push(lines);
  }
  return { lines: parts.length === 1 ? (parts[0] ?? []) : copies(parts), gaps };
}

/** Another writer has lines of that time: what is missing here may well be there. */
const isElsewhere = (sources: readonly Source[], source: Source, { from, to }: Gap): boolean =>
  sources.some((other) => other !== source && other.between(from ?? to, to + 1).length > 0);

async function linesWithin(source: Source, blocks: readonly SourceBlock[], { begin, end, to }: Span): Promise<readonly LogLine[]> {
  const found: (readonly LogLine[])[] = [];
  for (const block of blocks) {
    const lines = await source.lines(block);
    const { first, last } = block.header;
    const all = first >= begin && last < end && last <= to;
    found.push(all ? lines : lines.filter(({ at }) => at >= begin && at < end && at <= to));
  }
  return found.length === 1 ? (found[0] ?? []) : found.flat();
}

/** A file of a writer. */
interface OpenFile {
  readonly key: string;
  readonly bytes: Stretches;
  /** When its first line was written; undefined: it has none, or the first block is damaged. */
  readonly begin: Instant | undefined;
}

export async function openSources(
  { folder, container, from = -Infinity, to = Infinity }: SpoolRequest,
  closing: AsyncDisposableStack,
): Promise<readonly Source[]> {
  const files = await openFiles(folder, container, closing);
  const sources = new Map<string, { readonly source: Source; readonly begin: Instant }>();
  for (const key of new Set(files.map((file) => file.key))) {
    const own = files.filter((file) => file.key === key);
    const source = new Source();
    for (const [index, { bytes, begin = -Infinity }] of own.entries()) {
      // A day of a recording has 200 MB: only the files of that time are read. The one before them says since when something is missing.
      const isEarlier = (own[index + 2]?.begin ?? Infinity) + disorderMs < from;
      if (isEarlier || begin > to + disorderMs) continue;
      for (const block of await placedBlocks(bytes)) source.blocks.push({ ...block, bytes });
    }
    sources.set(key, { source, begin: own[0]?.begin ?? source.blocks[0]?.header.first ?? Infinity });
  }
  // Whose first line is older is the one that began: at the same moment, its lines come first.
  return [...sources.values()]
    .filter(({ source }) => source.blocks.length > 0)
    .toSorted((one, other) => one.begin - other.begin)
    .map(({ source }) => source);
}

async function openFiles(folder: string, container: string, closing: AsyncDisposableStack): Promise<readonly OpenFile[]> {
  const files = (await listed(folder)).toSorted().flatMap((name) => {
    const parsed = parsedFileName(name);
    return parsed?.container === container ? [{ name, parsed }] : [];
  });
  // A writer empties a tail once its lines are in the main file: who looks at the main file first may find them in neither.
  const tailsFirst = files.toSorted((a, b) => Number(a.parsed.kind === 'main') - Number(b.parsed.kind === 'main'));
  const open: OpenFile[] = [];
  for (const { name, parsed } of tailsFirst) {
    const file = await opened(join(folder, name));
    if (file === undefined) continue;
    closing.defer(() => file.close());
    const bytes = new Stretches(file);
    open.push({ key: `${parsed.writer}.${parsed.kind}`, bytes, begin: decodeHeader(await bytes.at(0, headerBytes))?.first });
  }
  return open;
}

/** Undefined: another process removed it. */
async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function listed(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
