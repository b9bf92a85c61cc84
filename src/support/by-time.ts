import type { Instant } from './clock.ts';

/** Batches that one side gives and another takes; whoever gives one waits until the one before was taken. */
export class Handover<T> implements AsyncIterable<readonly T[]> {
  #waiting: (readonly T[])[] = [];
  #ended = false;
  #taken = Promise.withResolvers<void>();
  #given = Promise.withResolvers<void>();

  give(batch: readonly T[]): Promise<void> {
    if (batch.length === 0) return Promise.resolve();
    this.#waiting.push(batch);
    this.#given.resolve();
    return this.#taken.promise;
  }

  end(): void {
    this.#ended = true;
    this.#given.resolve();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly T[], void, undefined> {
    for (;;) {
      const [next, ...rest] = this.#waiting;
      if (next !== undefined) {
        this.#waiting = rest;
        if (rest.length === 0) {
          this.#taken.resolve();
          this.#taken = Promise.withResolvers<void>();
        }
        yield next;
      } else if (this.#ended) return;
      else {
        this.#given = Promise.withResolvers<void>();
        await this.#given.promise;
      }
    }
  }
}

interface Timed {
  readonly at: Instant;
}

/** What is left of a source: the batch being read, and where it stands in it. */
interface Head<T> {
  readonly batches: AsyncIterator<readonly T[]>;
  batch: readonly T[];
  place: number;
  /** The moment of the next line. */
  at: Instant;
}

/** About how many lines to give at once. */
const portion = 512;

/** The lines of several sources in the order of time, in portions; lines of one source stay in their order. Holds one batch of each. */
export async function* byTime<T extends Timed>(
  sources: readonly AsyncIterable<readonly T[]>[],
): AsyncGenerator<readonly T[], void, undefined> {
  const begun = await Promise.all(sources.map((source) => headOf(source)));
  let heads = begun.filter((head) => head !== undefined);
  while (heads.length > 0) {
    const lines: T[] = [];
    let used: Head<T> | undefined;
    while (lines.length < portion) {
      const head = earliest(heads);
      const line = head.batch[head.place];
      if (line !== undefined) lines.push(line);
      head.place += 1;
      if (head.place < head.batch.length) head.at = head.batch[head.place]?.at ?? head.at;
      else {
        used = head;
        break;
      }
    }
    yield lines;
    if (used !== undefined && !(await refilled(used))) heads = heads.filter((head) => head !== used);
  }
}

async function headOf<T extends Timed>(source: AsyncIterable<readonly T[]>): Promise<Head<T> | undefined> {
  const head: Head<T> = { batches: source[Symbol.asyncIterator](), batch: [], place: 0, at: Number.NEGATIVE_INFINITY };
  return (await refilled(head)) ? head : undefined;
}

/** False at the end of the source. */
async function refilled<T extends Timed>(head: Head<T>): Promise<boolean> {
  for (;;) {
    const next = await head.batches.next();
    if (next.done === true) return false;
    const [first] = next.value;
    if (first === undefined) continue;
    head.batch = next.value;
    head.place = 0;
    head.at = first.at;
    return true;
  }
}

function earliest<T>(heads: readonly Head<T>[]): Head<T> {
  let found = heads[0] as Head<T>;
  for (const head of heads) if (head.at < found.at) found = head;
  return found;
}
