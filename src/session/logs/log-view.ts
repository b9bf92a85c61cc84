import type { LogView, Session, StoryLine, ViewLine } from '../types.ts';
import type { LogBuffer } from './log-buffer.ts';
import type { LogStore } from './log-store.ts';
import { levelOf } from './log4j.ts';
import { MergedIndex } from './merged-index.ts';
import { StoryTrack } from './story-track.ts';

export interface ViewRequest {
  readonly store: LogStore;
  /** The session now, for the story. */
  readonly session: () => Session;
  /** Names of pods; a function gives those that count now, and is asked again when a log came or went. */
  readonly pods: readonly string[] | (() => Iterable<string>);
  readonly filter?: RegExp;
  readonly invert?: boolean;
  /** Lines of the story: none, all (also where absent), or of these. */
  readonly story?: boolean | readonly StoryLine['from'][];
}

interface LogTrack {
  readonly name: string;
  readonly buffer: LogBuffer;
  /** Number of the first line that was not looked at. */
  next: number;
  first: number;
}

/** The story's place among the tracks; logs come behind it. */
const storyTrackNumber = 0;

const colours = /\u001b\[[\d;:]*m/g;

/** A window on one or several logs, brought up to date when it is read. It costs nothing while nobody reads it. */
export function createLogView(request: ViewRequest): LogView {
  return new MergedView(request);
}

class MergedView implements LogView {
  readonly #request: ViewRequest;
  readonly #matches: ((text: string) => boolean) | undefined;
  readonly #index = new MergedIndex();
  readonly #story: StoryTrack | undefined;
  #tracks: LogTrack[] = [];
  #membership = -1;
  #version = 0;
  #dropped = 0;
  /** Lines that fell out of a buffer and still have their place between others. */
  #holes = 0;

  constructor(request: ViewRequest) {
    this.#request = request;
    const { filter, invert = false } = request;
    if (filter !== undefined) {
      // Without `g` and `y`: those make a test depend on the one before it.
      const pattern = new RegExp(filter.source, filter.flags.replace(/[gy]/g, ''));
      this.#matches = (text) => pattern.test(text.replace(colours, '')) !== invert;
    }
    const pods = typeof request.pods === 'function' ? undefined : new Set(request.pods);
    const kinds = typeof request.story === 'object' ? new Set(request.story) : undefined;
    if (request.story !== false && kinds?.size !== 0) this.#story = new StoryTrack((line) => (kinds === undefined || kinds.has(line.from)) && (pods === undefined || line.from !== 'k8s' || line.subject === undefined || pods.has(line.subject)) && (this.#matches?.(line.text) ?? true));
  }

  get version(): number {
    this.#sync();
    return this.#version;
  }

  get count(): number {
    this.#sync();
    return this.#index.count;
  }

  get dropped(): number {
    this.#sync();
    return this.#dropped;
  }

  line(index: number): ViewLine | undefined {
    if (!(index >= 0 && index < this.#index.count)) return undefined;
    const track = this.#index.track(index);
    const number = this.#index.line(index);
    if (track === storyTrackNumber) {
      const story = this.#story?.line(number);
      return story === undefined ? undefined : { at: story.at, pod: undefined, text: story.text, level: undefined, story };
    }
    const log = this.#tracks[track - 1];
    const text = log?.buffer.text(number);
    if (log === undefined || text === undefined) return undefined;
    return { at: log.buffer.stamp(number), pod: log.name, text, level: levelOf(log.buffer.level(number)), story: undefined };
  }

  readonly #kept = (track: number, line: number): boolean => {
    if (track === storyTrackNumber) return line >= (this.#story?.first ?? 0);
    return line >= (this.#tracks[track - 1]?.buffer.first ?? 0);
  };

  #sync(): void {
    if (this.#membership !== this.#request.store.membership) this.#findTracks();
    let changed = false;
    let number = storyTrackNumber;
    for (const track of this.#tracks) {
      number += 1;
      const { buffer } = track;
      if (buffer.next === track.next && buffer.first === track.first) continue;
      changed = true;
      this.#holes += buffer.first - track.first;
      track.first = buffer.first;
      if (buffer.next > track.next) this.#take(track, number);
    }
    if (this.#story !== undefined) {
      const { first } = this.#story;
      if (this.#story.update(this.#request.session())) {
        changed = true;
        this.#holes += this.#story.first - first;
        this.#index.merge({ track: storyTrackNumber, ...this.#story.takeFresh() });
      }
    }
    if (!changed) return;
    this.#version += 1;
    if (this.#holes > 0) this.#letGo();
  }

  #take(track: LogTrack, number: number): void {
    const { buffer } = track;
    const from = Math.max(track.next, buffer.first);
    // Came and fell out between two looks.
    const missed = from - track.next;
    if (this.#matches === undefined) this.#dropped += missed;
    this.#holes -= missed;
    const lines: number[] = [];
    const stamps: number[] = [];
    for (let line = from; line < buffer.next; line += 1) {
      if (this.#matches !== undefined && !this.#matches(buffer.text(line) ?? '')) continue;
      lines.push(line);
      stamps.push(buffer.stamp(line));
    }
    track.next = buffer.next;
    this.#index.merge({ track: number, lines, stamps });
  }

  /** What fell out goes at the front at once; between others when it has become much. */
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
    if (this.#matches === undefined) this.#dropped += buffer.first;
    this.#tracks.push({ name, buffer, next: buffer.first, first: buffer.first });
  }

  /** A log is no longer part of it: the numbers of the tracks are given anew. */
  #startAgain(wanted: ReadonlySet<string>): void {
    this.#index.compact(() => false);
    this.#story?.restart();
    this.#tracks = [];
    this.#dropped = 0;
    this.#holes = 0;
    this.#version += 1;
    for (const name of wanted) this.#join(name);
  }
}
