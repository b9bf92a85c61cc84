import type { IncomingMessage } from 'node:http';

export interface PartHead {
  readonly name: string;
  readonly fileName: string | undefined;
}

/** A part begins, or some of its content arrives. */
export type PartNews = { readonly kind: 'begin'; readonly part: PartHead } | { readonly kind: 'data'; readonly bytes: Buffer };

/** Reads `multipart/form-data` part by part as it arrives. Throws for a body that is not multipart, or ends too early. */
export async function* readMultipart(request: IncomingMessage): AsyncGenerator<PartNews> {
  const boundary = /boundary="?([^";]+)"?/.exec(request.headers['content-type'] ?? '')?.[1];
  if (boundary === undefined) throw new Error('no boundary');
  const parser = new MultipartParser(boundary);
  for await (const chunk of request) yield* parser.take(chunk as Buffer);
  if (!parser.whole) throw new Error('the body ended too early');
}

/** Takes a body apart, however its bytes are split. */
export class MultipartParser {
  readonly #delimiter: Buffer;
  // The first delimiter has no line end before it.
  #buffered: Buffer = Buffer.from('\r\n');
  #place: 'before' | 'head' | 'content' | 'after' = 'before';

  constructor(boundary: string) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
  }

  /** The closing delimiter was read. */
  get whole(): boolean {
    return this.#place === 'after';
  }

  *take(bytes: Buffer): Generator<PartNews> {
    this.#buffered = Buffer.concat([this.#buffered, bytes]);
    for (let news = this.#step(); news !== undefined; news = this.#step()) yield* news;
  }

  /** The next news in the buffered bytes; undefined if it takes more bytes. */
  #step(): readonly PartNews[] | undefined {
    if (this.#place === 'after') return undefined;
    return this.#place === 'head' ? this.#head() : this.#content();
  }

  #head(): readonly PartNews[] | undefined {
    const end = this.#buffered.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const head = this.#buffered.toString('utf8', 0, end);
    this.#drop(end + 4);
    this.#place = 'content';
    return [{ kind: 'begin', part: { name: /[; ]name="([^"]*)"/.exec(head)?.[1] ?? '', fileName: /filename="([^"]*)"/.exec(head)?.[1] } }];
  }

  /** Content up to the next delimiter, or up to where one may begin. Before the first part that is the preamble, which is skipped. */
  #content(): readonly PartNews[] | undefined {
    const at = this.#buffered.indexOf(this.#delimiter);
    const ready = at < 0 ? Math.max(0, this.#buffered.length - this.#delimiter.length) : at;
    const news: PartNews[] = this.#place === 'content' && ready > 0 ? [{ kind: 'data', bytes: this.#buffered.subarray(0, ready) }] : [];
    this.#drop(ready);
    const end = this.#delimiter.length + 2;
    if (at < 0 || this.#buffered.length < end) return ready > 0 ? news : undefined;
    this.#place = this.#buffered.toString('latin1', this.#delimiter.length, end) === '--' ? 'after' : 'head';
    this.#drop(end);
    return news;
  }

  #drop(bytes: number): void {
    this.#buffered = this.#buffered.subarray(bytes);
  }
}
