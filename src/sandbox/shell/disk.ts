/** What a file holds. */
export interface Content {
  readonly bytes: number;
  read(): Buffer;
}

export interface FileEntry {
  readonly kind: 'file';
  readonly content: Content;
  readonly mode: number;
  /** When it was written: epoch milliseconds. */
  readonly at: number;
  /** Nobody in the pod may change it. */
  readonly fixed: boolean;
}

export interface FolderEntry {
  readonly kind: 'folder';
  readonly mode: number;
  readonly at: number;
  /** Nobody in the pod may create or remove something in it. */
  readonly fixed: boolean;
}

export type DiskEntry = FileEntry | FolderEntry;

/** What a program says after the name of the file: `No such file or directory`. */
export class DiskProblem extends Error {}

/** How many bytes the files of all pods may have together. */
export interface Room {
  left: number;
}

/** About as much as the process that serves the sandbox uses itself. */
export const roomyBytes = 64 * 2 ** 20;
/** What a file or a folder takes besides its content. */
const entryBytes = 256;

export interface DiskOptions {
  /** Files that are there without being written, by their path: those of volumes, and logs. */
  readonly mounted: () => ReadonlyMap<string, FileEntry>;
  /** Folders in which the user of the pod may write. */
  readonly writable: readonly string[];
  readonly room: Room;
  readonly now: () => number;
}

/** A file that nobody in the pod may change. */
export const fileOf = (content: string | Buffer, at: number, mode = 0o644): FileEntry => {
  const bytes = Buffer.from(content);
  return { kind: 'file', content: { bytes: bytes.length, read: () => bytes }, mode, at, fixed: true };
};

export const parentOf = (path: string): string => path.replace(/\/[^/]*$/, '') || '/';
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** An absolute path without `.` and `..`. */
export function resolved(folder: string, path: string): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${folder}/${path}`).split('/'))
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  return `/${parts.join('/')}`;
}

/** The pieces of a file that is being written. */
interface Written {
  readonly pieces: Buffer[];
  bytes: number;
}

/** The file system of a pod, in memory. Paths are absolute and resolved. Throws a `DiskProblem` for what cannot be done. */
export class Disk {
  readonly #options: DiskOptions;
  readonly #own = new Map<string, DiskEntry>();
  readonly #content = new Map<string, Written>();

  constructor(options: DiskOptions) {
    this.#options = options;
  }

  look(path: string): DiskEntry | undefined {
    const found = this.#own.get(path) ?? this.#options.mounted().get(path);
    if (found !== undefined) return found;
    const writable = this.#options.writable.includes(path);
    if (!writable && path !== '/' && !this.#paths().some((each) => each.startsWith(`${path}/`))) return undefined;
    return { kind: 'folder', mode: writable ? 0o777 : 0o755, at: 0, fixed: !writable };
  }

  /** The names in a folder, in their order. */
  list(path: string): readonly string[] {
    if (this.look(path)?.kind !== 'folder') return [];
    const folder = path === '/' ? '/' : `${path}/`;
    const below = this.#paths().filter((each) => each.startsWith(folder) && each.length > folder.length);
    return [...new Set(below.map((each) => each.slice(folder.length).split('/')[0] ?? ''))].sort();
  }

  read(path: string): Buffer {
    return this.#fileAt(path).content.read();
  }

  /** Makes a file empty, or a new one. */
  create(path: string): void {
    const before = this.look(path);
    if (before?.kind === 'folder') throw new DiskProblem('Is a directory');
    if (before?.fixed === true) throw new DiskProblem('Permission denied');
    if (before === undefined) this.#enter(path);
    else this.#give(path);
    this.#hold(path, { pieces: [], bytes: 0 }, before?.mode ?? 0o644);
  }

  append(path: string, piece: Buffer): void {
    const before = this.#fileAt(path);
    if (before.fixed) throw new DiskProblem('Permission denied');
    this.#take(piece.length);
    const written = this.#content.get(path) ?? { pieces: [], bytes: 0 };
    // The caller may use its bytes again.
    written.pieces.push(Buffer.from(piece));
    written.bytes += piece.length;
    this.#hold(path, written, before.mode);
  }

  makeFolder(path: string): void {
    if (this.look(path) !== undefined) throw new DiskProblem('File exists');
    this.#enter(path);
    this.#own.set(path, { kind: 'folder', mode: 0o755, at: this.#options.now(), fixed: false });
  }

  changeMode(path: string, mode: number): void {
    const entry = this.#own.get(path);
    if (entry === undefined) throw new DiskProblem(this.look(path) === undefined ? 'No such file or directory' : 'Operation not permitted');
    this.#own.set(path, { ...entry, mode });
  }

  /** Gives a file or a folder another name; what had that name is gone. */
  move(from: string, to: string): void {
    const entry = this.look(from);
    if (entry === undefined) throw new DiskProblem('No such file or directory');
    if (entry.kind === 'folder' && `${to}/`.startsWith(`${from}/`)) throw new DiskProblem('Invalid argument');
    const moved = [...this.#own.keys()].filter((path) => path === from || path.startsWith(`${from}/`));
    if (!moved.includes(from)) throw new DiskProblem('Permission denied');
    if (this.look(to) === undefined) this.#enter(to);
    else if (to !== from) {
      this.#removable(to);
      this.#give(to);
    }
    this.#options.room.left += entryBytes;
    for (const path of moved) {
      const [found, written] = [this.#own.get(path), this.#content.get(path)];
      this.#own.delete(path);
      this.#content.delete(path);
      const next = `${to}${path.slice(from.length)}`;
      if (found !== undefined) this.#own.set(next, found);
      if (written !== undefined) this.#content.set(next, written);
    }
  }

  /** Removes a file or an empty folder. */
  remove(path: string): void {
    this.#removable(path);
    this.#give(path);
    this.#own.delete(path);
    this.#content.delete(path);
    this.#options.room.left += entryBytes;
  }

  /** Gives back the room of all its files. */
  clear(): void {
    for (const path of [...this.#own.keys()].toSorted().toReversed()) this.remove(path);
  }

  #paths(): readonly string[] {
    return [...this.#options.writable, ...this.#options.mounted().keys(), ...this.#own.keys()];
  }

  #fileAt(path: string): FileEntry {
    const entry = this.look(path);
    if (entry === undefined) throw new DiskProblem('No such file or directory');
    if (entry.kind === 'folder') throw new DiskProblem('Is a directory');
    return entry;
  }

  #removable(path: string): void {
    if (this.look(path) === undefined) throw new DiskProblem('No such file or directory');
    if (!this.#own.has(path)) throw new DiskProblem('Permission denied');
    if (this.list(path).length > 0) throw new DiskProblem('Directory not empty');
  }

  /** Something new is made there. */
  #enter(path: string): void {
    const folder = this.look(parentOf(path));
    if (folder === undefined) throw new DiskProblem('No such file or directory');
    if (folder.kind === 'file') throw new DiskProblem('Not a directory');
    if (folder.fixed) throw new DiskProblem('Permission denied');
    this.#take(entryBytes);
  }

  #hold(path: string, written: Written, mode: number): void {
    this.#content.set(path, written);
    const content = { bytes: written.bytes, read: () => Buffer.concat(written.pieces) };
    this.#own.set(path, { kind: 'file', content, mode, at: this.#options.now(), fixed: false });
  }

  #take(bytes: number): void {
    const { room } = this.#options;
    if (bytes > room.left) throw new DiskProblem('No space left on device');
    room.left -= bytes;
  }

  #give(path: string): void {
    this.#options.room.left += this.#content.get(path)?.bytes ?? 0;
  }
}
