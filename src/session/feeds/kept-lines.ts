import type { LogLine } from '../../kubernetes/model/types.ts';
import { readSpool } from '../../spool/reader.ts';
import { byTime } from '../../support/by-time.ts';
import type { Instant } from '../../support/clock.ts';
import { turnOver } from '../../support/turns.ts';
import { LogStore } from '../logs/log-store.ts';
import { createLogView, type Span } from '../logs/log-view.ts';
import { type LinesFilter, linesFilter } from '../logs/lines-filter.ts';
import type { KeptLine, KeptLines, KeptRequest, KeptWindow } from '../types.ts';
import type { FeedContext } from './context.ts';
import type { KeptLog, KeptLogs } from './kept-logs.ts';
import { allLines, textOfLine } from './all-lines.ts';

/** Lines on each side of the moment in a window, of all its logs, and of each of them at least. */
const mostLines = 2_000;
const fewestLines = 100;
/** The same for those that a filter has to look for: it keeps the blocks that they are in. */
const mostWanted = 200;
const fewestWanted = 20;
/** A window has whole blocks of a spool, of a thousand lines each. */
const windowBounds = { maxLines: 500_000, maxBytes: 64 * 2 ** 20 };

/** A log on disk under the name of its pod. */
type NamedLog = KeptLog & { readonly name: string };

/** One side of a window of one log. */
interface Side {
  readonly lines: readonly LogLine[];
  /** Lines further away were not read. */
  readonly edge: Instant | undefined;
}

/** Reads the logs on disk beside those in memory. */
export function keptLines(context: FeedContext, kept: KeptLogs, held: LogStore): KeptLines {
  const names = (pods: KeptRequest['pods']): readonly string[] => (pods === 'all' ? [...held.names] : pods);
  const logsOf = (pods: KeptRequest['pods']): readonly NamedLog[] =>
    names(pods).flatMap((name) => kept.logsOf(name).map((log) => ({ ...log, name })));

  return {
    async window({ pods, at, wanted, since = -Infinity, until = Infinity, signal }): Promise<KeptWindow> {
      await kept.flush();
      const logs = logsOf(pods);
      const [all, least] = wanted === undefined ? [mostLines, fewestLines] : [mostWanted, fewestWanted];
      const most = Math.max(least, Math.floor(all / logs.length));
      const lines = new Map<string, LogLine[]>();
      let [from, to] = [-Infinity, Infinity];
      for (const log of logs) {
        const request = { log, wanted, most, levels: held.levels, signal };
        // The moment itself belongs to what comes after it.
        const before = await sideOf({ ...request, from: since, to: Math.min(until, before1(at)), backwards: true });
        const after = await sideOf({ ...request, from: Math.max(since, at), to: until, backwards: false });
        from = Math.max(from, before.edge ?? -Infinity);
        to = Math.min(to, after.edge ?? Infinity);
        const found = lines.get(log.name);
        if (found === undefined) lines.set(log.name, [...before.lines, ...after.lines]);
        else found.push(...before.lines, ...after.lines);
      }
      return windowOf(context, held, { pods, lines, span: { from, to } });
    },

    async next({ pods, wanted, since = -Infinity, until = Infinity, from, direction, signal }): Promise<KeptLine | undefined> {
      await kept.flush();
      let nearest: KeptLine | undefined;
      for (const log of logsOf(pods)) {
        const back = direction === 'previous';
        // Of another log only what is nearer matters.
        const range = back
          ? { from: Math.max(since, nearest?.at ?? -Infinity), to: Math.min(until, before1(from)) }
          : { from: Math.max(since, after1(from)), to: Math.min(until, nearest?.at ?? Infinity) };
        const line = await firstWanted({ log, wanted, levels: held.levels, signal, backwards: back, ...range });
        const isNearer = nearest === undefined || (line !== undefined && (back ? line.at > nearest.at : line.at < nearest.at));
        if (line !== undefined && isNearer) nearest = { at: line.at, text: textOfLine(line), pod: log.name };
      }
      return nearest;
    },

    async *moments({ pods, wanted, since, until = Infinity, signal }): AsyncGenerator<readonly Instant[], void, undefined> {
      // Of all logs at once: while one is read, lines of another fall out of memory, which whoever counts those in memory knows.
      const logs = logsOf(pods).map((log) => ({ ...log, first: firstHeld(held, log.name) }));
      for (const { first, ...log } of logs) {
        const choose = wanted === undefined ? undefined : linesFilter(log.name, held.levels, wanted);
        for await (const { lines } of readSpool({ ...log, from: since, to: Math.min(until, before1(first)), signal })) {
          const found = choose?.(lines) ?? lines;
          if (found.length > 0) yield found.map(({ at }) => at);
          await turnOver();
        }
      }
    },

    async *all({ pods, signal }): AsyncGenerator<readonly KeptLine[], void, undefined> {
      await kept.flush();
      yield* byTime(names(pods).map((name) => allLines(name, kept.logsOf(name), held.get(name), signal)));
    },
  };
}

/** When the first line that is held of a pod was written. */
function firstHeld(held: LogStore, name: string): Instant {
  const buffer = held.get(name);
  return buffer === undefined || buffer.first === buffer.next ? Infinity : buffer.stamp(buffer.first);
}

/** Stamps are whole milliseconds. */
const before1 = (at: Instant): Instant => at - 1;
const after1 = (at: Instant): Instant => at + 1;

interface SideRequest {
  readonly log: NamedLog;
  readonly wanted: KeptRequest['wanted'];
  readonly levels: LogStore['levels'];
  readonly backwards: boolean;
  readonly from: Instant;
  readonly to: Instant;
  readonly signal: AbortSignal;
}

/** Which lines of batches are wanted. An entry that lies across the border of two is read to its end only forwards. */
function chooser({ log, wanted, levels, backwards }: SideRequest): LinesFilter {
  if (wanted === undefined) return (lines) => lines;
  if (!backwards) return linesFilter(log.name, levels, wanted);
  return (lines) => linesFilter(log.name, levels, wanted)(lines);
}

async function sideOf(request: SideRequest & { readonly most: number }): Promise<Side> {
  const { log, from, to, backwards, most, signal } = request;
  const choose = chooser(request);
  const batches: (readonly LogLine[])[] = [];
  let count = 0;
  for await (const { lines } of readSpool({ ...log, from, to, backwards, signal })) {
    const found = choose(lines).length;
    if (found > 0) batches.push(lines);
    count += found;
    if (count >= most) return { lines: inOrder(batches, backwards), edge: edgeOf(lines, backwards) };
    await turnOver();
  }
  return { lines: inOrder(batches, backwards), edge: undefined };
}

const inOrder = (batches: readonly (readonly LogLine[])[], backwards: boolean): readonly LogLine[] =>
  (backwards ? batches.toReversed() : batches).flat();

/** The lines of a log may be slightly out of order. */
function edgeOf(lines: readonly LogLine[], backwards: boolean): Instant | undefined {
  let edge: Instant | undefined;
  for (const { at } of lines) if (edge === undefined || (backwards ? at < edge : at > edge)) edge = at;
  return edge;
}

/** The wanted line that is nearest to where the search begins. */
async function firstWanted(request: SideRequest): Promise<LogLine | undefined> {
  const { log, from, to, backwards, signal } = request;
  const choose = chooser(request);
  for await (const { lines } of readSpool({ ...log, from, to, backwards, signal })) {
    const found = choose(lines).at(backwards ? -1 : 0);
    if (found !== undefined) return found;
    await turnOver();
  }
  return undefined;
}

interface WindowLines {
  readonly pods: KeptRequest['pods'];
  readonly lines: ReadonlyMap<string, readonly LogLine[]>;
  readonly span: Span;
}

function windowOf({ store: session, clock }: FeedContext, held: LogStore, { pods, lines, span }: WindowLines): KeptWindow {
  const store = new LogStore({ bounds: windowBounds });
  store.readBy(session.get().logPatterns);
  const within = ({ at }: LogLine): boolean => at >= span.from && at <= span.to;
  for (const [name, all] of lines) store.append(name, all.filter(within));
  return {
    pods,
    ...span,
    view: (options) => createLogView({ store, session: session.get, clock, pods: [...lines.keys()], span, ...options }),
  };
}
