import type { Instant } from '../../support/clock.ts';
import { formatBytes } from '../../support/format.ts';
import { readMetadata, type StoredMetadata } from './read-metadata.ts';

/** A folder that is or was to be a savepoint, as a file system shows it. */
export interface SeenFolder {
  readonly path: string;
  /** When its `_metadata` was written. */
  readonly writtenAt: Instant | undefined;
  /** The sizes of its files, by their names. */
  readonly files: ReadonlyMap<string, number>;
  /** There may be more files than those. */
  readonly filesCut: boolean;
  /** The content of its `_metadata`; undefined if there is none, or more than is read. */
  readonly metadata: Uint8Array | undefined;
}

/** A savepoint or a checkpoint that lies in a directory. */
export interface LyingSavepoint {
  /** `file:/…`, as Flink writes it. */
  readonly path: string;
  readonly writtenAt: Instant | undefined;
  /**
   * `whole`: its `_metadata` can be read, and every file that it names is there in full; `broken`: this is not so; `unknown`: not all of it
   * could be looked at.
   */
  readonly state: 'whole' | 'broken' | 'unknown';
  /** Why it is not whole, as a sentence. */
  readonly reason: string | undefined;
  readonly metadata: StoredMetadata | undefined;
}

export function judgeSavepoint(folder: SeenFolder): LyingSavepoint {
  const { path, writtenAt, files, metadata: content } = folder;
  const found = { path: `file:${path}`, writtenAt, metadata: undefined };
  const size = files.get('_metadata');
  if (size === undefined && !folder.filesCut && content === undefined)
    return { ...found, state: 'broken', reason: 'It has no _metadata: it was not completed, or it is being written.' };
  if (content === undefined)
    return {
      ...found,
      state: 'unknown',
      reason: `Its _metadata is not read here${size === undefined ? '' : `: it has ${formatBytes(size)}`}.`,
    };
  const read = readMetadata(content);
  if (read.state !== 'read')
    return { ...found, state: read.state === 'damaged' ? 'broken' : 'unknown', reason: `Its _metadata ${read.reason}.` };
  return { ...found, metadata: read.metadata, ...completeness(folder, read.metadata) };
}

function completeness({ path, files, filesCut }: SeenFolder, metadata: StoredMetadata): Pick<LyingSavepoint, 'state' | 'reason'> {
  const named = new Map<string, number>();
  const elsewhere = new Set<string>();
  for (const file of metadata.files) {
    const name = nameWithin(path, file);
    if (name === undefined) elsewhere.add(file.path);
    else named.set(name, Math.max(named.get(name) ?? 0, file.sizeBytes));
  }
  const missing = [...named].filter(([name]) => !files.has(name)).map(([name]) => name);
  const short = [...named].find(([name, size]) => (files.get(name) ?? size) < size);
  if (short !== undefined) return { state: 'broken', reason: `Its file ${short[0]} has ${files.get(short[0]) ?? 0} of ${short[1]} bytes.` };
  if (missing.length > 0 && !filesCut)
    return {
      state: 'broken',
      reason: `${missing.length} of the ${named.size} files that it names ${missing.length === 1 ? 'is' : 'are'} missing: ${missing.slice(0, 3).join(', ')}${missing.length > 3 ? ' …' : ''}.`,
    };
  if (missing.length > 0) return { state: 'unknown', reason: 'It has more files than are listed here.' };
  if (elsewhere.size > 0)
    return {
      state: 'unknown',
      reason: `${elsewhere.size} of the files that it names ${elsewhere.size === 1 ? 'lies' : 'lie'} in other folders, which are not looked at.`,
    };
  return { state: 'whole', reason: undefined };
}

/** The name of a file in this folder; undefined for one elsewhere, or further down. */
function nameWithin(folder: string, { path, relative }: StoredMetadata['files'][number]): string | undefined {
  const plain = path.replace(/^file:(?:\/\/)?/, '');
  const name = relative ? path : plain.startsWith(`${folder}/`) ? plain.slice(folder.length + 1) : '/';
  return name.includes('/') ? undefined : name;
}
