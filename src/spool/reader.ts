import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLine } from '../kubernetes/model/types.ts';
import type { Instant } from '../support/clock.ts';
import { copies } from './copies.ts';
import type { Gap } from './gap.ts';
import { disorderMs, parsedFileName } from './places.ts';
import { type PodRecord, readPodRecord } from './pod-record.ts';
import { linesOf, placedBlocks, type PlacedBlock } from './scan.ts';

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
  readonly signal?: AbortSignal | undefined;
}

/** Lines that follow each other. */
export interface SpoolBatch {
  readonly lines: readonly LogLine[];
  /** What is missing before these or among them. */
  readonly gaps: readonly Gap[];
}

interface SourceBlock extends PlacedBlock {
  readonly file: FileHandle;
}

/** What one writer kept, and the block of it that was decoded last: neighbours in time ask for the same one. */
interface Source {
  readonly blocks: SourceBlock[];
  decoded: { readonly block: SourceBlock; readonly lines: readonly LogLine[] } | undefined;
  readonly damaged: Set<SourceBlock>;
}

/**
 * The lines of one container in the order of time, a batch at a time; what several writers kept comes once. Holds about one block of each
 * writer in memory.
 */
export async function* readSpool(request: SpoolRequest): AsyncGenerator<SpoolBatch, void, undefined> {
  const { folder, container, from = -Infinity, to = Infinity, backwards = false, signal } = request;
  await using closing = new AsyncDisposableStack();
  const sources = await openSources(folder, container, closing);
  // Between two edges no block begins: all copies of a line are in the same span, because they have the same stamp.
  const edges = [...new Set(sources.flatMap(({ blocks }) => blocks.map(({ header }) => header.first)))].toSorted((a, b) => a - b);
  for (let step = 0; step < edges.length; step += 1) {
    const index = backwards ? edges.length - 1 - step : step;
    const begin = Math.max(from, edges[index] ?? from);
    const end = edges[index + 1] ?? Infinity;
    if (end <= from || begin > to) continue;
    signal?.throwIfAborted();
    const batch = await batchOf(sources, { begin, end, to, edge: edges[index] ?? begin });
    if (batch.lines.length > 0 || batch.gaps.length > 0) yield batch;
  }
}

interface Span {
  /** Its lines are from `begin` on, before `end` and not after `to`. */
  readonly begin: Instant;
  readonly end: Instant;
  readonly to: Instant;
  /** Where it would begin if all were wanted. */
  readonly edge: Instant;
}

async function batchOf(sources: readonly Source[], span: Span): Promise<SpoolBatch> {
  const gaps: Gap[] = [];
  const parts: (readonly LogLine[])[] = [];
  for (const source of sources) {
    const blocks = overlapping(source.blocks, span.edge, span.end);
    const lines = await linesWithin(source, blocks, span);
    // A block is counted where it begins.
    for (const block of blocks)
      if (block.header.first === span.edge) gaps.push(...gapsOf(source, block).filter((gap) => !isElsewhere(sources, source, gap)));
    if (lines.length > 0) parts.push(lines);
  }
  return { lines: parts.length === 1 ? (parts[0] ?? []) : copies(parts), gaps };
}

/** What is missing before the block, and its own lines if it is damaged. */
function gapsOf({ blocks, damaged }: Source, block: SourceBlock): readonly Gap[] {
  const { first, last, lines, missed, cause } = block.header;
  const before = blocks[blocks.indexOf(block) - 1]?.header.last;
  return [
    ...(missed > 0 ? [{ lines: missed, from: before, to: first, cause }] : []),
    ...(damaged.has(block) ? [{ lines, from: first, to: last, cause: 'damaged' as const }] : []),
  ];
}

/** Another writer has lines of that time: what is missing here may well be there. */
const isElsewhere = (sources: readonly Source[], source: Source, { from, to }: Gap): boolean =>
  sources.some((other) => other !== source && overlapping(other.blocks, from ?? to, to + 1).length > 0);

async function linesWithin(source: Source, blocks: readonly SourceBlock[], { begin, end, to }: Span): Promise<readonly LogLine[]> {
  const found: (readonly LogLine[])[] = [];
  for (const block of blocks) {
    if (source.decoded?.block !== block) {
      const lines = await linesOf(block.file, block);
      if (lines === undefined) source.damaged.add(block);
      source.decoded = { block, lines: lines ?? [] };
    }
    const { lines } = source.decoded;
    const { first, last } = block.header;
    const all = first >= begin && last < end && last <= to;
    found.push(all ? lines : lines.filter(({ at }) => at >= begin && at < end && at <= to));
  }
  return found.length === 1 ? (found[0] ?? []) : found.flat();
}

/** Blocks of a writer follow each other in time, but for a moment of disorder. */
function overlapping(blocks: readonly SourceBlock[], begin: Instant, end: Instant): readonly SourceBlock[] {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((blocks[middle]?.header.last ?? 0) < begin - disorderMs) low = middle + 1;
    else high = middle;
  }
  const found: SourceBlock[] = [];
  for (let index = low; index < blocks.length; index += 1) {
    const block = blocks[index];
    if (block === undefined || block.header.first >= end + disorderMs) break;
    if (block.header.first < end && block.header.last >= begin) found.push(block);
  }
  return found;
}

async function openSources(folder: string, container: string, closing: AsyncDisposableStack): Promise<readonly Source[]> {
  const sources = new Map<string, Source>();
  for (const name of (await listed(folder)).toSorted()) {
    const parsed = parsedFileName(name);
    if (parsed?.container !== container) continue;
    const file = await opened(join(folder, name));
    if (file === undefined) continue;
    closing.defer(() => file.close());
    const key = `${parsed.writer}.${parsed.kind}`;
    const source = sources.get(key) ?? { blocks: [], decoded: undefined, damaged: new Set() };
    sources.set(key, source);
    for (const block of await placedBlocks(file)) source.blocks.push({ ...block, file });
  }
  // Whose first line is older is the one that began: at the same moment, its lines come first.
  const begin = ({ blocks }: Source): Instant => blocks[0]?.header.first ?? Infinity;
  return [...sources.values()].filter(({ blocks }) => blocks.length > 0).toSorted((a, b) => begin(a) - begin(b));
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
