import type { TemplateReading, TemplatesFacts } from '../../inside/log/templates/reading.ts';
import { type TemplateEntry, TemplateTally } from '../../inside/log/templates/tally.ts';
import type { Clock, Instant } from '../../support/clock.ts';
import type { LogReader } from '../types.ts';
import { exceptionOf, startsEntry } from './entries.ts';
import type { LogBuffer } from './log-buffer.ts';
import type { LogStore } from './log-store.ts';
import { messageBy } from './message.ts';

export interface TemplateRequest {
  readonly store: LogStore;
  readonly clock: Pick<Clock, 'monotonic'>;
  readonly reader: Pick<LogReader, 'head'>;
  readonly pods: () => Iterable<string>;
}

interface Track {
  readonly name: string;
  readonly buffer: LogBuffer;
  /** Number of the oldest line that was read, and of the first one after those that were. */
  low: number;
  next: number;
  /** Where the log ended when it was last looked at. */
  end: number;
}

/** Milliseconds to read lines in one go: a fraction of what a frame takes, as for a search. */
const sliceMs = 3;
/** Lines to read of one log before looking at the clock and choosing the next log again: a tenth of a slice. */
const morsel = 256;

/**
 * Puts the entries of logs together by templates: those that are held, the newest first, and then those that come. It reads only when it is
 * asked to, in slices like a search: while nobody looks at templates they cost nothing, however many lines come, and logs are held anyway.
 * Lines that are dropped stay counted; those that came and were dropped between two looks are not.
 */
export class HeldTemplates implements TemplateReading {
  readonly #request: TemplateRequest;
  readonly #tally: TemplateTally;
  #tracks: Track[] = [];
  #membership = -1;
  #entries = 0;
  #since: Instant | undefined;
  readonly #entry: { -readonly [Part in keyof TemplateEntry]: TemplateEntry[Part] } = {
    line: new Uint8Array(0),
    level: 0,
    exception: '',
    at: 0,
    pod: '',
  };

  constructor(request: TemplateRequest) {
    this.#request = request;
    this.#tally = new TemplateTally(messageBy(request.reader));
  }

  get pending(): number {
    this.#findTracks();
    return this.#tracks.reduce((sum, track) => sum + readable(track) - Math.max(track.next, track.buffer.first) + older(track), 0);
  }

  advance(): void {
    this.#findTracks();
    const { clock } = this.#request;
    const until = clock.monotonic() + sliceMs;
    const over = (): boolean => clock.monotonic() >= until;
    for (const track of this.#tracks) {
      const end = readable(track);
      track.end = track.buffer.next;
      track.next = Math.max(track.next, track.buffer.first);
      while (track.next < end && !over()) {
        const to = Math.min(end, track.next + morsel);
        this.#read(track, track.next, to);
        track.next = to;
      }
    }
    for (let track = this.#youngest(); track !== undefined && !over(); track = this.#youngest()) {
      const from = Math.max(track.buffer.first, track.low - morsel);
      this.#read(track, from, track.low);
      track.low = from;
    }
  }

  facts(now: Instant): TemplatesFacts {
    const { pending } = this;
    return {
      templates: this.#tally.facts(now),
      entries: this.#entries,
      since: this.#since,
      pending,
      complete: this.#tracks.every((track) => older(track) === 0),
    };
  }

  #read({ name, buffer }: Track, from: number, to: number): void {
    const entry = this.#entry;
    entry.pod = name;
    for (let line = from; line < to; line += 1) {
      if (!startsEntry(buffer, line)) continue;
      entry.line = buffer.bytes(line) ?? entry.line;
      entry.level = buffer.level(line);
      entry.exception = exceptionOf(buffer, line);
      entry.at = buffer.stamp(line);
      this.#entries += 1;
      if (this.#since === undefined || entry.at < this.#since) this.#since = entry.at;
      this.#tally.add(entry);
    }
  }

  /** The log with the youngest line among those that are older than what was read. */
  #youngest(): Track | undefined {
    let found: Track | undefined;
    let at = Number.NEGATIVE_INFINITY;
    for (const track of this.#tracks) {
      if (older(track) === 0) continue;
      const stamp = track.buffer.stamp(track.low - 1);
      if (found !== undefined && stamp <= at) continue;
      found = track;
      at = stamp;
    }
    return found;
  }

  #findTracks(): void {
    const { store, pods } = this.#request;
    if (this.#membership === store.membership) return;
    this.#membership = store.membership;
    const known = new Map(this.#tracks.map((track) => [track.buffer, track]));
    this.#tracks = [];
    for (const name of pods()) {
      const buffer = store.get(name);
      if (buffer === undefined) continue;
      const { next } = buffer;
      this.#tracks.push(known.get(buffer) ?? { name, buffer, low: next, next, end: next });
    }
  }
}

const older = ({ buffer, low }: Track): number => Math.max(0, low - buffer.first);

/** Of a log that has just grown, the last line is left for the next look: what tells of which exception it is may still come. */
const readable = ({ buffer, end }: Track): number => (buffer.next === end ? end : buffer.next - 1);
