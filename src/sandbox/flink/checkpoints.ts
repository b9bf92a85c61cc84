export interface CheckpointEntry {
  readonly id: number;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly kind: 'CHECKPOINT' | 'SAVEPOINT' | 'SYNC_SAVEPOINT';
  readonly format: 'CANONICAL' | 'NATIVE' | undefined;
  readonly triggeredAt: number;
  /** -1 while in progress. */
  readonly endedAt: number;
  readonly bytes: number;
  readonly subtasks: number;
  readonly acknowledged: number;
  readonly path: string | undefined;
  readonly failure: string | undefined;
}

export interface Restored {
  readonly id: number;
  readonly at: number;
  readonly isSavepoint: boolean;
  readonly path: string;
}

/** The checkpoints of one job, as its coordinator counts them. */
export class CheckpointBook {
  /** Newest first. */
  history: readonly CheckpointEntry[] = [];
  completed = 0;
  failed = 0;
  restoredTimes = 0;
  latestCompleted: CheckpointEntry | undefined;
  latestSavepoint: CheckpointEntry | undefined;
  latestFailed: CheckpointEntry | undefined;
  restored: Restored | undefined;
  /** Durations in milliseconds and sizes of completed checkpoints, for the summary. */
  readonly durations: number[] = [];
  readonly sizes: number[] = [];
  #nextId = 1;
  readonly #kept: number;

  /** `kept`: `web.checkpoints.history`. */
  constructor(kept: number) {
    this.#kept = kept;
  }

  get inProgress(): readonly CheckpointEntry[] {
    return this.history.filter((entry) => entry.status === 'IN_PROGRESS');
  }

  get total(): number {
    return this.completed + this.failed + this.inProgress.length;
  }

  /** Begins with a past of `count` checkpoints; `newest` are the latest of them. */
  adopt(count: number, newest: readonly CheckpointEntry[]): void {
    this.history = newest.slice(0, this.#kept);
    const completed = this.history.filter(({ status }) => status === 'COMPLETED');
    this.failed = this.history.length - completed.length;
    this.completed = count - this.failed;
    this.latestCompleted = completed[0];
    this.latestFailed = this.history.find(({ status }) => status === 'FAILED');
    this.#nextId = (this.history[0]?.id ?? 0) + 1;
    for (const entry of completed) {
      this.durations.push(entry.endedAt - entry.triggeredAt);
      this.sizes.push(entry.bytes);
    }
  }

  begin(at: number, subtasks: number, kind: CheckpointEntry['kind'], format?: CheckpointEntry['format']): CheckpointEntry {
    const entry: CheckpointEntry = {
      id: this.#nextId,
      status: 'IN_PROGRESS',
      kind,
      format,
      triggeredAt: at,
      endedAt: -1,
      bytes: 0,
      subtasks,
      acknowledged: 0,
      path: undefined,
      failure: undefined,
    };
    this.#nextId += 1;
    this.#put(entry);
    return entry;
  }

  acknowledge(id: number, acknowledged: number): void {
    const entry = this.find(id);
    if (entry?.status === 'IN_PROGRESS') this.#put({ ...entry, acknowledged: Math.min(acknowledged, entry.subtasks) });
  }

  complete(id: number, at: number, bytes: number, path: string): CheckpointEntry | undefined {
    const before = this.find(id);
    if (before?.status !== 'IN_PROGRESS') return undefined;
    const entry: CheckpointEntry = { ...before, status: 'COMPLETED', endedAt: at, bytes, path, acknowledged: before.subtasks };
    this.#put(entry);
    this.completed += 1;
    this.durations.push(at - entry.triggeredAt);
    this.sizes.push(bytes);
    if (entry.kind === 'CHECKPOINT') this.latestCompleted = entry;
    else this.latestSavepoint = entry;
    return entry;
  }

  fail(id: number, at: number, reason: string): CheckpointEntry | undefined {
    const before = this.find(id);
    if (before?.status !== 'IN_PROGRESS') return undefined;
    const entry: CheckpointEntry = { ...before, status: 'FAILED', endedAt: at, failure: reason };
    this.#put(entry);
    this.failed += 1;
    this.latestFailed = entry;
    return entry;
  }

  failAll(at: number, reason: string): void {
    for (const entry of this.inProgress) this.fail(entry.id, at, reason);
  }

  restore(from: Restored): void {
    this.restored = from;
    this.restoredTimes += 1;
    this.#nextId = Math.max(this.#nextId, from.id + 1);
  }

  find(id: number): CheckpointEntry | undefined {
    return this.history.find((entry) => entry.id === id);
  }

  #put(entry: CheckpointEntry): void {
    const others = this.history.filter((known) => known.id !== entry.id);
    this.history = [entry, ...others].sort((a, b) => b.id - a.id).slice(0, this.#kept);
  }
}
