/** What a program waits for: more input, or time. */
export type Wait = { readonly kind: 'input'; readonly from: Input } | { readonly kind: 'time'; readonly ms: number };

/** A program that runs: it stops where it has to wait, and gives what it ended with. */
export type Running<T = number> = Generator<Wait, T, void>;

/** Ctrl+C: thrown into what runs. */
export class Interrupted extends Error {}

const feed = 0x0a;

/** Bytes on their way to a program. */
export class Input {
  readonly #pieces: Buffer[] = [];
  /** Ends that are still to be read, as places among the pieces. On a terminal there can be several: Ctrl+D ends one program. */
  #ends = 0;
  readonly #once: boolean;
  readonly #listeners = new Set<() => void>();

  /** `ended`: nothing follows. `terminal`: an end is for one reader, and more may follow. */
  constructor({ content, terminal = false }: { readonly content?: Buffer; readonly terminal?: boolean } = {}) {
    this.#once = terminal;
    if (content === undefined) return;
    this.give(content);
    this.end();
  }

  give(piece: Buffer): void {
    if (piece.length > 0) this.#pieces.push(piece);
    this.#wake();
  }

  end(): void {
    this.#ends += 1;
    this.#wake();
  }

  /** True if a reader need not wait. */
  get ready(): boolean {
    return this.#pieces.length > 0 || this.#ends > 0;
  }

  onNews(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** At most so many of the next bytes; undefined at the end. */
  *some(most = Number.POSITIVE_INFINITY): Running<Buffer | undefined> {
    while (!this.ready) yield { kind: 'input', from: this };
    const piece = this.#pieces.shift();
    if (piece === undefined) {
      if (this.#once) this.#ends -= 1;
      return undefined;
    }
    if (piece.length > most) this.#pieces.unshift(piece.subarray(most));
    return piece.subarray(0, most);
  }

  /** The next line without its end; undefined at the end of the input. */
  *line(): Running<string | undefined> {
    const parts: Buffer[] = [];
    for (;;) {
      const piece = yield* this.some();
      if (piece === undefined) return parts.length === 0 ? undefined : Buffer.concat(parts).toString('utf8');
      const end = piece.indexOf(feed);
      if (end < 0) {
        parts.push(piece);
        continue;
      }
      if (end + 1 < piece.length) this.#pieces.unshift(piece.subarray(end + 1));
      return Buffer.concat([...parts, piece.subarray(0, end)]).toString('utf8');
    }
  }

  *all(): Running<Buffer> {
    const parts: Buffer[] = [];
    for (let piece = yield* this.some(); piece !== undefined; piece = yield* this.some()) parts.push(piece);
    return Buffer.concat(parts);
  }

  #wake(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Runs without waiting: there is no input, and no time passes. */
export function atOnce<T>(running: Running<T>): T {
  for (;;) {
    const step = running.next();
    if (step.done === true) return step.value;
    if (step.value.kind === 'input') step.value.from.end();
  }
}
