import type { Clock, Instant } from '../../support/clock.ts';
import type { LogReader, LogView, Session, TimelineEntry, ViewLine } from '../types.ts';
import type { Troubles } from '../../inside/log/templates/minutes.ts';
import { Candidate } from './candidate.ts';
import type { LogBuffer } from './log-buffer.ts';
import type { LogStore } from './log-store.ts';
import { levelOf } from '../level-of.ts';
import { logReader } from './log-reader.ts';
import { MergedIndex } from './merged-index.ts';
import { TimelineTrack } from './timeline-track.ts';

export interface ViewRequest {
  readonly store: LogStore;
  /** The current session, for its timeline. */
  readonly session: () => Session;
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Names of pods; a function returns the current ones, and is called again when a log was added or removed. */
  readonly pods: readonly string[] | (() => Iterable<string>);
  /** Which lines to include; default: all. The argument is one object for all lines, valid only until the call returns. */
  readonly wanted?: ((line: ViewLine) => boolean) | undefined;
  /** Entries of the timeline: none, all (the default), or those from these sources. */
  readonly timeline?: boolean | readonly TimelineEntry['from'][];
  /** No later lines. */
  readonly until?: Instant | undefined;
  /** Lines are being read, and there may be none before. */
  readonly reading?: () => boolean;
  /** Entries of the timeline from other times are left out. */
  readonly span?: Span | undefined;
}

/** From one moment to another, both included. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

interface LogTrack {
  readonly name: string;
  readonly buffer: LogBuffer;
  /** Number of the oldest checked line, and of the first unchecked one after them. */
  low: number;
  next: number;
  /** The range of the log when it was last read. */
  first: number;
  end: number;
}

/** The timeline's number among the tracks; logs follow. */
const timelineTrackNumber = 0;

/** Milliseconds to check lines in one go: a fraction of what a frame takes, so that nobody notices it between two keys. */
const sliceMs = 3;
/** Lines to take from one log before looking at the clock and choosing the next log again. The slowest expressions need a tenth of a slice. */
const morsel = 32;

/** A window on one or several logs, brought up to date when it is read. It costs nothing while nobody reads it. */
export function createLogView(request: ViewRequest): LogView {
  const { until, wanted } = request;
  if (until === undefined) return new MergedView(request);
  return new MergedView({ ...request, wanted: (line) => line.at <= until && (wanted?.(line) ?? true) });
}

const timelineViewLine = (timeline: TimelineEntry): ViewLine => ({
  at: timeline.at,
  pod: undefined,
  text: timeline.text,
  level: undefined,
  timeline,
});

/** It is about one pod, and belongs into its log only. */
const isOfPod = ({ from, subject }: TimelineEntry, store: LogStore): boolean =>
  from === 'k8s' || (from === 'drey' && subject !== undefined && store.get(subject) !== undefined);

class MergedView implements LogView {
  readonly reader: LogReader;
  readonly #request: ViewRequest;
  readonly #index = new MergedIndex();
  readonly #timeline: TimelineTrack | undefined;
  readonly #candidate = new Candidate();
  #tracks: LogTrack[] = [];
  #membership = -1;
  #revision = -1;
  #pending = 0;
  #version = 0;
  #dropped = 0;
  /** How often the tracks were numbered anew: the same numbers mean other lines then. */
  #restarts = 0;
  /** Lines that were dropped from a buffer but still have their place in the index. */
  #holes = 0;

  constructor(request: ViewRequest) {
    this.#request = request;
    this.reader = logReader(request.store, request.session);
    const pods = typeof request.pods === 'function' ? undefined : new Set(request.pods);
    const kinds = typeof request.timeline === 'object' ? new Set(request.timeline) : undefined;
    if (request.timeline !== false && kinds?.size !== 0)
      this.#timeline = new TimelineTrack(
        (line) =>
          (kinds === undefined || kinds.has(line.from)) &&
          (request.span === undefined || (line.at >= request.span.from && line.at <= request.span.to)) &&
          (pods === undefined || line.subject === undefined || pods.has(line.subject) || !isOfPod(line, request.store)) &&
          (request.wanted?.(timelineViewLine(line)) ?? true),
      );
  }

  get version(): number {
    this.#sync();
    return this.#version;
  }

  get count(): number {
    this.#sync();
    return this.#index.count;
  }

  troublesFrom(first: number, minutes: number): Troubles {
    const sums = { errors: new Uint32Array(minutes), warnings: new Uint32Array(minutes) };
    for (const { buffer } of this.#tracks) buffer.addTroubles(sums, first);
    return sums;
  }

  get dropped(): number {
    this.#sync();
    return this.#dropped;
  }

  get pending(): number {
    this.#sync();
    return this.#pending;
  }

  get reading(): boolean {
    return this.#request.reading?.() === true;
  }

  advance(): void {
    this.#sync({ on: true });
  }

  line(index: number): ViewLine | undefined {
    if (!(index >= 0 && index < this.#index.count)) return undefined;
    const track = this.#index.track(index);
    const number = this.#index.line(index);
    if (track === timelineTrackNumber) {
      const timeline = this.#timeline?.line(number);
      return timeline === undefined ? undefined : timelineViewLine(timeline);
    }
    const log = this.#tracks[track - 1];
    const text = log?.buffer.text(number);
    if (log === undefined || text === undefined) return undefined;
    return {
      at: log.buffer.stamp(number),
      pod: log.name,
      text,
      level: levelOf(log.buffer.level(number)),
      begins: log.buffer.begins(number),
      timeline: undefined,
    };
  }

  fingerprint(from: number, to: number): number {
    return this.#index.fingerprint(from, to) ^ Math.imul(this.#restarts, 0x9e3779b1);
  }

  readonly #kept = (track: number, line: number): boolean => {
    if (track === timelineTrackNumber) return line >= (this.#timeline?.first ?? 0);
    return line >= (this.#tracks[track - 1]?.buffer.first ?? 0);
  };

  /** `on`: checks a portion of the lines even if there is nothing new. */
  #sync({ on }: { readonly on: boolean } = { on: false }): void {
    let changed = this.#readLogs(on);
    if (this.#timeline !== undefined) {
      const { first } = this.#timeline;
      if (this.#timeline.update(this.#request.session())) {
        changed = true;
        this.#holes += this.#timeline.first - first;
        this.#index.merge({ track: timelineTrackNumber, ...this.#timeline.takeFresh() });
      }
    }
    if (!changed) return;
    this.#version += 1;
    if (this.#holes > 0) this.#letGo();
  }

  /** True if lines arrived, were dropped, or were found. Each frame asks several times, of a thousand logs: only what is new is looked at. */
  #readLogs(on: boolean): boolean {
    const { membership, revision } = this.#request.store;
    if (this.#revision === revision && !on) return false;
    this.#revision = revision;
    if (this.#membership !== membership) this.#findTracks();
    let changed = false;
    for (const track of this.#tracks) changed = this.#notice(track) || changed;
    if ((changed || on) && this.#lookOn()) changed = true;
    this.#pending = this.#tracks.reduce((sum, { buffer, low, next, first }) => sum + buffer.next - next + low - first, 0);
    return changed;
  }

  /** True if lines arrived or were dropped. */
  #notice(track: LogTrack): boolean {
    const { buffer } = track;
    if (buffer.next === track.end && buffer.first === track.first) return false;
    track.end = buffer.next;
    const all = this.#request.wanted === undefined;
    this.#holes += buffer.first - track.first;
    track.first = buffer.first;
    track.low = Math.max(track.low, buffer.first);
    if (track.next < buffer.first) {
      // Lines that arrived and were dropped between two looks.
      const missed = buffer.first - track.next;
      if (all) this.#dropped += missed;
      this.#holes = Math.max(0, this.#holes - missed);
      track.next = buffer.first;
    }
    return true;
  }

  /** Checks unchecked lines, the newest first, until the slice is over: the rest is `pending`. Without a filter it takes all of them. True if any was included. */
  #lookOn(): boolean {
    const before = this.#index.count;
    const all = this.#request.wanted === undefined;
    const most = all ? Number.POSITIVE_INFINITY : morsel;
    const { clock } = this.#request;
    const end = all ? Number.POSITIVE_INFINITY : clock.monotonic() + sliceMs;
    const over = (): boolean => clock.monotonic() >= end;
    for (const [place, track] of this.#tracks.entries())
      while (track.next < track.buffer.next && !over()) {
        const to = Math.min(track.buffer.next, track.next + most);
        this.#take(track, place + 1, { from: track.next, to, older: false });
        track.next = to;
      }
    for (let place = this.#youngest(); place >= 0 && !over(); place = this.#youngest()) {
      const track = this.#tracks[place];
      if (track === undefined) break;
      const from = Math.max(track.first, track.low - most);
      // These are older than the existing lines, whose numbers stay the same.
      this.#dropped -= this.#take(track, place + 1, { from, to: track.low, older: true });
      track.low = from;
    }
    return this.#index.count !== before;
  }

  /** Place of the log with the youngest unchecked line; -1: there is none. */
  #youngest(): number {
    let found = -1;
    let at = Number.NEGATIVE_INFINITY;
    for (const [place, { buffer, low, first }] of this.#tracks.entries()) {
      if (low <= first) continue;
      const stamp = buffer.stamp(low - 1);
      if (found >= 0 && stamp <= at) continue;
      found = place;
      at = stamp;
    }
    return found;
  }

  /** Adds the wanted ones of these lines; returns how many. */
  #take(
    { name, buffer }: LogTrack,
    number: number,
    { from, to, older }: { readonly from: number; readonly to: number; readonly older: boolean },
  ): number {
    const { wanted } = this.#request;
    const lines: number[] = [];
    const stamps: number[] = [];
    const candidate = this.#candidate;
    candidate.name = name;
    candidate.buffer = buffer;
    for (let line = from; line < to; line += 1) {
      candidate.number = line;
      if (wanted !== undefined && !wanted(candidate)) continue;
      lines.push(line);
      stamps.push(buffer.stamp(line));
    }
    this.#index.merge({ track: number, lines, stamps, older });
    return lines.length;
  }

  /** Removes dropped lines: at the front immediately, in between once there are many. */
  #letGo(): void {
    const front = this.#index.trim(this.#kept);
    this.#dropped += front;
    this.#holes = Math.max(0, this.#holes - front);
    if (this.#holes <= 256 + this.#index.count / 16) return;
    this.#dropped += this.#index.compact(this.#kept);
    this.#holes = 0;
  }

  #findTracks(): void {
    const { store, pods } = this.#request;
    this.#membership = store.membership;
    const wanted = new Set(typeof pods === 'function' ? pods() : pods);
    const numbers = new Set<string>();
    for (const track of this.#tracks) if (store.get(track.name) === track.buffer && wanted.has(track.name)) numbers.add(track.name);
    if (numbers.size < this.#tracks.length) return this.#startAgain(wanted);
    for (const name of wanted) if (!numbers.has(name)) this.#join(name);
  }

  #join(name: string): void {
    const buffer = this.#request.store.get(name);
    if (buffer === undefined) return;
    const all = this.#request.wanted === undefined;
    if (all) this.#dropped += buffer.first;
    const next = all ? buffer.first : buffer.next;
    this.#tracks.push({ name, buffer, low: next, next, first: buffer.first, end: -1 });
  }

  /** A log was removed: renumber the tracks. */
  #startAgain(wanted: ReadonlySet<string>): void {
    this.#index.compact(() => false);
    this.#timeline?.restart();
    this.#tracks = [];
    this.#dropped = 0;
    this.#holes = 0;
    this.#version += 1;
    this.#restarts += 1;
    for (const name of wanted) this.#join(name);
  }
}
