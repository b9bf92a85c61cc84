import { Problem } from '../../support/problem.ts';
import type { Instant } from '../../support/clock.ts';
import { storyLine } from '../draft.ts';
import { LogStore, type LogStoreOptions } from '../logs/log-store.ts';
import { createLogView } from '../logs/log-view.ts';
import type { LogView, Pod, SessionLogs } from '../types.ts';
import type { FeedContext } from './context.ts';
import { logRefusals } from './log-refusals.ts';
import { createLogStream, type LogStream } from './log-stream.ts';
import type { PodListener } from './pods-feed.ts';

export interface LogFeedOptions extends LogStoreOptions {
  /** Logs that are followed at the same time. Default 50. */
  readonly streams?: number;
  /** Follow each pod as it is seen. Default true. */
  readonly automatic?: boolean;
  /** Lines to begin with of a pod that is older than the session. Default 2,000. */
  readonly tailLines?: number;
}

export interface LogFeed extends SessionLogs, PodListener {
  /** Tries again what was denied. */
  retry(): void;
  /** Resolves when every stream has ended. */
  idle(): Promise<void>;
}

/** Log counters, and with them that there are lines to draw, are told 25 times a second at most: more is not seen, and ten would stutter. */
const countersMs = 40;

/** Streams that begin in one turn of the event loop: a connection takes a millisecond to be made, and keys and frames come in between. */
const startsATurn = 4;

interface Entry {
  pod: Pod;
  /** Wanted by the user, or because every pod is. */
  wanted: boolean;
  /** Asked for by name: comes before the others. The greater, the later. */
  asked: number;
  readonly stream: LogStream;
}

/** Follows the logs of pods, the ones that were asked for first, within a bound of streams; keeps the lines of pods that are gone. */
export function createLogFeed(context: FeedContext, options: LogFeedOptions = {}): LogFeed {
  const { store, teller, clock, signal } = context;
  const { streams = 50, automatic = true, tailLines = 2_000 } = options;
  const beganAt = clock.now();
  const lines = new LogStore(options);
  const entries = new Map<string, Entry>();
  /** Those whose stream runs. */
  const active = new Set<Entry>();
  const dirty = new Set<string>();
  let counting = false;
  let asks = 0;
  /** When it is looked next what may be tried again. */
  let wakeAt = Number.POSITIVE_INFINITY;
  let saidFull = false;
  /** All pods were listed. Before that nobody knows which logs come first, and only those that were asked for are followed. */
  let complete = false;
  let soon = false;
  const refusals = logRefusals(clock);

  const tellCounters = (): void => {
    counting = false;
    const at = clock.now();
    for (const name of dirty) {
      const buffer = lines.get(name);
      if (buffer === undefined) continue;
      const counters = { lines: buffer.next, bytes: buffer.bytesSeen, dropped: buffer.first, ended: entries.get(name)?.stream.ended ?? true };
      teller.tell({ kind: 'log', at, log: name, counters });
    }
    dirty.clear();
    forget();
  };
  const changed = (name: string): void => {
    dirty.add(name);
    if (counting) return;
    counting = true;
    // Ends early only with the session, which tells the counters itself.
    void clock.sleep(countersMs, signal).then(tellCounters, () => undefined);
  };

  /** The lines of pods that the session no longer remembers go with them. */
  const forget = (): void => {
    const { pods, gone } = store.get();
    if (entries.size <= pods.size + gone.length) return;
    const remembered = new Set(gone.map(({ name }) => name));
    for (const [name, { stream }] of entries) {
      if (pods.has(name) || remembered.has(name) || stream.running || !stream.podGone) continue;
      entries.delete(name);
      lines.forget(name);
    }
  };

  /** Higher comes first: asked for by name, JobManagers, the younger. */
  const before = (a: Entry, b: Entry): number =>
    b.asked - a.asked || Number(b.pod.role === 'jobmanager') - Number(a.pod.role === 'jobmanager') || b.pod.createdAt - a.pod.createdAt;
  /** The first `most`, in order: of thousands, a few. */
  const foremost = (among: readonly Entry[], most: number): readonly Entry[] => {
    const first: Entry[] = [];
    for (const entry of among) {
      const behind = first.findLastIndex((other) => before(other, entry) <= 0);
      if (behind + 1 < most) first.splice(behind + 1, 0, entry);
      if (first.length > most) first.pop();
    }
    return first;
  };
  const outranks = (a: Entry, b: Entry): boolean => a.asked > b.asked || (a.asked === b.asked && a.pod.role === 'jobmanager' && b.pod.role !== 'jobmanager');

  const start = (entry: Entry): void => {
    active.add(entry);
    entry.stream.start(entry.pod);
  };

  /** Once a turn of the event loop, however much happened in it, and after the frame that shows what is known. */
  const arrangeSoon = (): void => {
    if (soon) return;
    soon = true;
    setImmediate(() => {
      soon = false;
      arrange();
    });
  };

  /** Looks again at a moment of the clock that never jumps. A timer may be early by part of a millisecond: then it is looked again, and nothing is forgotten. */
  const arrangeAt = (at: number): void => {
    if (at >= wakeAt) return;
    wakeAt = at;
    // Ends early only with the session.
    void clock.sleep(Math.max(1, at - clock.monotonic()), signal).then(() => {
      if (wakeAt === at) wakeAt = Number.POSITIVE_INFINITY;
      arrange();
    }, () => undefined);
  };

  /** Starts what is wanted and can be followed, within the bound; who was asked for takes the place of who was not. */
  const arrange = (): void => {
    if (signal.aborted) return;
    const waiting: Entry[] = [];
    const refused: Entry[] = [];
    for (const entry of entries.values()) {
      if (!entry.wanted || (entry.asked === 0 && !complete) || !entry.stream.due(entry.pod)) continue;
      const verdict = refusals.verdict(entry.pod.name, entry.asked > 0);
      if (verdict === 'later') arrangeAt(refusals.dueAt(entry.pod.name));
      else (verdict === 'place' ? waiting : refused).push(entry);
    }
    // Beside the bound: it takes a place only if it may be read now.
    refused.sort((a, b) => refusals.order(a.pod.name, b.pod.name) || before(a, b));
    for (const entry of refused) {
      if (entry.asked > 0 || refusals.takeTry()) start(entry);
      else arrangeAt(refusals.nextRound);
    }
    const free = streams - active.size;
    const first = foremost(waiting, startsATurn);
    const running = [...active].sort(before);
    let started = 0;
    for (const entry of first) {
      if (started >= free) {
        const last = running.pop();
        if (last === undefined || !outranks(entry, last)) break;
        last.stream.stop();
      }
      start(entry);
      started += 1;
    }
    if (started === waiting.length) return;
    if (started === first.length) arrangeSoon();
    else sayFull(first[started], waiting.length - started);
  };

  /** It may be read: that may push the last one aside, or let others in that were refused along with it. */
  const opened = ({ pod }: Entry): void => {
    const news = refusals.opened(pod.name);
    if (active.size > streams) [...active].sort(before).at(-1)?.stream.stop();
    else if (news) arrangeSoon();
  };
  /** It may not be read: its place is for another one, and its turn comes again. */
  const refuse = ({ pod, stream }: Entry): Instant => {
    const nextTryAt = refusals.refused(pod.name);
    stream.stop();
    return nextTryAt;
  };

  const sayFull = (next: Entry | undefined, waiting: number): void => {
    if (next !== undefined && next.asked > 0) context.teller.tell({ kind: 'source', at: clock.now(), source: `log:${next.pod.name}`, status: {
      state: 'lost', since: clock.now(), dataAt: undefined, nextTryAt: undefined,
      problem: new Problem('unavailable', `The log of ${next.pod.shortName} is not followed: ${streams} other logs are.`, { hint: 'Stop following another log first.' }),
    } });
    if (saidFull) return;
    saidFull = true;
    const at = clock.now();
    teller.tell({ kind: 'story', at, line: storyLine(at, 'drey', 'warn', undefined, `${streams} logs are followed, ${waiting} are not: a log is followed when it is opened`) });
  };

  const entryOf = (pod: Pod): Entry => {
    let entry = entries.get(pod.name);
    if (entry === undefined) {
      const stream = createLogStream(context, lines, pod.name, {
        tailLines: pod.createdAt < beganAt ? tailLines : undefined,
        changed: () => changed(pod.name),
        opened: () => opened(own),
        refused: () => refuse(own),
        ended() {
          active.delete(own);
          arrangeSoon();
        },
      });
      const own: Entry = { pod, wanted: automatic, asked: 0, stream };
      entry = own;
      entries.set(pod.name, own);
    }
    if (entry.pod.uid !== pod.uid) {
      entry.stream.podGone = false;
      entry.stream.renew();
    }
    entry.pod = pod;
    return entry;
  };
  const lose = (names: readonly string[]): void => {
    for (const name of names) {
      const entry = entries.get(name);
      if (entry === undefined || entry.stream.podGone) continue;
      entry.stream.podGone = true;
      if (!entry.stream.running && lines.get(name) === undefined) entries.delete(name);
      else changed(name);
    }
  };
  let listing = new Set<string>();
  /** Asked for before the pod was seen. */
  const early = new Set<string>();

  const see = (pods: readonly Pod[]): readonly Entry[] => pods.map((pod) => {
    const entry = entryOf(pod);
    if (early.delete(pod.name)) {
      entry.wanted = true;
      entry.asked = asks += 1;
      arrangeSoon();
    }
    return entry;
  });

  return {
    listed(pods, { first, last }) {
      if (first) listing = new Set();
      for (const { name } of pods) listing.add(name);
      see(pods);
      if (!last) return;
      lose([...entries.keys()].filter((name) => !listing.has(name)));
      complete = true;
      arrangeSoon();
    },
    seen(pods) {
      const seen = see(pods);
      // With thousands of pods all places are taken: only who can push another aside makes it worth to look at them all.
      const full = active.size >= streams;
      const matters = ({ pod, asked, stream }: Entry): boolean => stream.due(pod) && (!full || asked > 0 || pod.role === 'jobmanager');
      if (seen.some(matters)) arrangeSoon();
    },
    gone: (pods) => lose(pods.map(({ name }) => name)),
    follow(name) {
      const entry = entries.get(name);
      if (entry === undefined) {
        early.add(name);
        return;
      }
      entry.wanted = true;
      entry.asked = asks += 1;
      refusals.forget(name);
      entry.stream.renew();
      arrangeSoon();
    },
    unfollow(name) {
      early.delete(name);
      const entry = entries.get(name);
      if (entry === undefined) return;
      entry.wanted = false;
      entry.asked = 0;
      entry.stream.stop();
    },
    view(pods, { wanted, story = true } = {}): LogView {
      if (pods !== 'all') {
        lines.select(pods);
        // A log that is looked at is followed, unless it was said not to.
        for (const name of pods) {
          const entry = entries.get(name);
          if (entry?.wanted === true && !entry.stream.running) entry.asked = asks += 1;
        }
        arrangeSoon();
      }
      return createLogView({ store: lines, session: store.get, pods: pods === 'all' ? () => lines.names : pods, wanted, story });
    },
    retry() {
      refusals.forget();
      for (const { stream } of entries.values()) stream.renew();
      arrangeSoon();
    },
    async idle() {
      await Promise.allSettled([...entries.values()].map(({ stream }) => stream.done));
      tellCounters();
    },
  };
}
