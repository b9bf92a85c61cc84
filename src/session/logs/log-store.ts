import { layoutsOf } from '../../inside/log/console-layouts.ts';
import { readEntry } from '../../inside/log/entry.ts';
import type { EntryHead, Layout } from '../../inside/log/layout.ts';
import type { LogLine } from '../../kubernetes/model/types.ts';
import { levelReader, type LevelReader } from './level-reader.ts';
import { detectLevel } from './log4j.ts';
import { defaultBounds, LogBuffer, SlabPool, type LogBounds } from './log-buffer.ts';

export interface LogStoreOptions {
  readonly bounds?: LogBounds | undefined;
  /** Memory limit of all logs together, in bytes. Default 96 MiB. */
  readonly totalBytes?: number;
}

/** The buffers of all logs of a session, by pod, within one memory limit. */
export class LogStore {
  readonly #buffers = new Map<string, LogBuffer>();
  readonly #pool = new SlabPool();
  readonly #bounds: LogBounds;
  readonly #totalBytes: number;
  #allocated = 0;
  #layouts: readonly Layout[] = [];
  #levels: LevelReader = detectLevel;
  /** Logs that are looked at: the last ones to lose lines. */
  #selected: ReadonlySet<string> = new Set();
  /** Grows when a log is added or removed: a view of all logs then looks again. */
  membership = 0;
  /** Grows with every change of the logs or their lines: without one, a view has nothing to look at. */
  revision = 0;

  constructor({ bounds = defaultBounds, totalBytes = 96 * 2 ** 20 }: LogStoreOptions = {}) {
    this.#bounds = bounds;
    this.#totalBytes = totalBytes;
  }

  /** How levels are read now. */
  get levels(): LevelReader {
    return this.#levels;
  }

  get names(): IterableIterator<string> {
    return this.#buffers.keys();
  }

  get(name: string): LogBuffer | undefined {
    return this.#buffers.get(name);
  }

  open(name: string): LogBuffer {
    let buffer = this.#buffers.get(name);
    if (buffer === undefined) {
      buffer = new LogBuffer(this.#bounds, this.#pool, this.#levels);
      this.#buffers.set(name, buffer);
      this.membership += 1;
      this.revision += 1;
    }
    return buffer;
  }

  /** How the lines are written, once that is known. */
  readBy(patterns: readonly string[]): void {
    this.#layouts = layoutsOf(patterns);
    const levels = levelReader(this.#layouts);
    if (levels === this.#levels) return;
    this.#levels = levels;
    for (const buffer of this.#buffers.values()) buffer.readLevels(levels);
  }

  /** The first line of an entry; undefined: the line is none. */
  read(line: string): EntryHead | undefined {
    return readEntry(line, this.#layouts);
  }

  select(names: Iterable<string>): void {
    this.#selected = new Set(names);
  }

  append(name: string, lines: readonly LogLine[]): void {
    const buffer = this.open(name);
    this.revision += 1;
    const before = buffer.allocated;
    buffer.append(lines);
    this.#allocated += buffer.allocated - before;
    while (this.#allocated > this.#totalBytes && this.#dropSomething());
  }

  /** Removes the log and its lines. */
  forget(name: string): void {
    const buffer = this.#buffers.get(name);
    if (buffer === undefined) return;
    this.#allocated -= buffer.allocated;
    this.#buffers.delete(name);
    this.membership += 1;
    this.revision += 1;
  }

  /** Memory used by the lines, in bytes. */
  get allocated(): number {
    return this.#allocated;
  }

  /** Drops the oldest lines of a log with more than its share, if possible one that is not looked at: a quiet log keeps its lines. */
  #dropSomething(): boolean {
    const share = this.#allocated / this.#buffers.size;
    let victim: LogBuffer | undefined;
    let victimSelected = true;
    for (const [name, buffer] of this.#buffers) {
      if (buffer.allocated === 0 || buffer.allocated < share) continue;
      const selected = this.#selected.has(name);
      const older = victim === undefined || buffer.stamp(buffer.first) < victim.stamp(victim.first);
      if (victim === undefined || (selected === victimSelected ? older : !selected)) {
        victim = buffer;
        victimSelected = selected;
      }
    }
    if (victim === undefined) return false;
    this.#allocated -= victim.allocated;
    victim.dropOldestSlab();
    this.#allocated += victim.allocated;
    return true;
  }
}
