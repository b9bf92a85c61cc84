import type { FileReader } from '../../cluster/model/types.ts';
import { isMoreDetailed, levelOf, type LogLevel, rootLogger } from '../../config/logging/levels.ts';
import { consolePatterns, layoutsOf } from '../../inside/log/console-layouts.ts';
import { readEntry } from '../../inside/log/entry.ts';
import type { EntryHead } from '../../inside/log/layout.ts';
import type { LogLine } from '../../kubernetes/model/types.ts';
import { roleOfName, shortNameOf } from '../../native/pod-names.ts';
import { formatSpan } from '../../support/format.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { late, lifetime, within } from '../../support/waiting.ts';
import type { CommandContext } from '../model/types.ts';

/** How many pods are looked at: each has a stream of its own. */
const mostPods = 20;
/** Milliseconds between two looks at the file in a pod. */
const lookMs = 1_000;
/** The kubelet looks at a touched pod at once (measured: 1 to 5 s), and otherwise about once a minute (measured: 26 to 53 s). */
export const syncMs = { touched: 15_000, alone: 90_000 } as const;
/** For a process that says nothing for a while, and a machine that is busy. */
const graceMs = 15_000;

/** A change of the logging file, whose effect is waited for. */
export interface LevelChangeSeen {
  readonly file: string;
  readonly files: Readonly<Record<string, string>>;
  readonly text: string;
  readonly logger: string;
  /** Undefined: what was set is taken back. */
  readonly level: LogLevel | undefined;
  /** The level before, if it is known. */
  readonly before: LogLevel | undefined;
  readonly readers: readonly FileReader[];
  /** After how many seconds at most a process reads the file again. */
  readonly interval: number;
}

interface Seen {
  readonly pod: string;
  /** Milliseconds after the change; undefined: it was not seen. */
  readonly after: number | undefined;
  /** What the pod has instead, if that is known. */
  readonly file: 'there' | 'not-there' | 'unknown';
}

type Tools = Pick<CommandContext, 'clock' | 'cluster' | 'kubernetes' | 'store'>;

/** Watches from before `carryOut` until each pod shows the change, and says after how long. `synced`: the kubelets were asked to bring the file. */
export async function seeLevel(
  tools: Tools,
  change: LevelChangeSeen,
  carryOut: () => Promise<{ readonly synced: boolean }>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  using watching = lifetime(signal);
  const { clock } = tools;
  const { level, before } = change;
  const readers = change.readers.filter(({ fixed }) => !fixed).slice(0, mostPods);
  // Only a level that writes more shows in the log.
  const shows = level !== undefined && before !== undefined && isMoreDetailed(level, before);
  const lines = readers.map((reader) => (shows ? firstLine(tools, reader, change, before, watching.signal) : undefined));
  const { synced } = await carryOut();
  const begun = clock.now();
  const patience = (synced ? syncMs.touched : syncMs.alone) + graceMs + (shows ? change.interval * 1_000 : 0);
  const seen = await Promise.all(
    readers.map(async (reader, index): Promise<Seen> => {
      const { pod } = reader;
      const arrived = (limit: AbortSignal): Promise<boolean> => lines[index] ?? fileThere(tools, reader, change, limit);
      const found = await within(patience, { clock, signal }, arrived).catch(unreadable);
      if (found === true) return { pod, after: clock.now() - begun, file: 'there' };
      return { pod, after: undefined, file: found === late ? await fileNow(tools, reader, change, signal) : 'unknown' };
    }),
  );
  const left = change.readers.length - readers.length;
  return [
    ...seenLines(seen, change, shows, patience, tools.store.get().target.clusterId),
    ...(left === 0 ? [] : [`${left} more pods were not looked at.`]),
  ];
}

/** Without the right to run a command in a pod, its file cannot be read: what is known is said. */
function unreadable(error: unknown): 'unreadable' {
  if (isAbort(error) || !(error instanceof Problem)) throw error;
  return 'unreadable';
}

/** True when a line comes that was not written before; false: the log ended, or nobody waits any more. */
async function firstLine(
  { kubernetes, store }: Tools,
  { pod, container }: FileReader,
  { files, logger }: LevelChangeSeen,
  before: LogLevel,
  signal: AbortSignal,
): Promise<boolean> {
  using following = lifetime(signal);
  const layouts = layoutsOf(consolePatterns(files));
  const decoder = new TextDecoder();
  let found = false;
  const proves = ({ bytes, from, to }: LogLine): boolean => {
    const head = readEntry(decoder.decode(bytes.subarray(from, to)), layouts);
    const level = head === undefined ? undefined : levelOf(head.level);
    return head !== undefined && level !== undefined && isMoreDetailed(level, before) && isBelow(head, logger);
  };
  await kubernetes.followLog(
    { namespace: store.get().target.namespace, pod, container, tailLines: 0 },
    {
      lines(batch) {
        found ||= batch.some(proves);
        if (found) following.end();
      },
      status: () => undefined,
    },
    following.signal,
  );
  return found;
}

/** Layouts may shorten packages (`o.a.f.Task`), or write the class alone. */
function isBelow({ logger: written }: EntryHead, logger: string): boolean {
  if (logger === rootLogger || written === '') return true;
  const own = written.split('.');
  return logger.split('.').every((part, index) => own[index] !== undefined && part.startsWith(own[index]));
}

async function fileThere({ clock, cluster }: Tools, reader: FileReader, { text }: LevelChangeSeen, signal: AbortSignal): Promise<true> {
  while ((await cluster.files.inPod(reader, signal)) !== text) await clock.sleep(lookMs, signal);
  return true;
}

async function fileNow(
  { clock, cluster }: Tools,
  reader: FileReader,
  { text }: LevelChangeSeen,
  signal: AbortSignal,
): Promise<Seen['file']> {
  const now = await within(graceMs, { clock, signal }, (limit) => cluster.files.inPod(reader, limit)).catch(unreadable);
  return now === 'unreadable' || now === late ? 'unknown' : now === text ? 'there' : 'not-there';
}

function seenLines(
  seen: readonly Seen[],
  { logger, level, interval, file }: LevelChangeSeen,
  shows: boolean,
  patience: number,
  clusterId: string,
): readonly string[] {
  const short = ({ pod }: Seen): string => shortNameOf(pod, roleOfName(pod, clusterId), clusterId);
  const span = formatSpan(patience);
  const names = (of: readonly Seen[]): string => of.map(short).join(', ');
  const there = seen.filter(({ after }) => after !== undefined);
  const rest = seen.filter(({ after }) => after === undefined);
  const line = (of: readonly Seen[], text: string): readonly string[] => (of.length === 0 ? [] : [`${names(of)}: ${text}`]);
  const times = there.map((each) => `${short(each)} after ${formatSpan(each.after ?? 0)}`).join(', ');
  const first = shows
    ? `${logger === rootLogger ? 'Lines' : `Lines of ${logger}`} at ${level} are written: ${times}.`
    : `${file} is in the pods: ${times}. They read it within ${interval} s.`;
  return [
    ...(there.length === 0 ? [] : [first]),
    ...line(
      rest.filter((each) => each.file === 'there'),
      `the file is there, but no such line came within ${span}; there may be nothing to write at ${level}.`,
    ),
    ...line(
      rest.filter((each) => each.file === 'not-there'),
      `the changed file has not come within ${span}; the kubelet brings it.`,
    ),
    ...line(
      rest.filter((each) => each.file === 'unknown'),
      'whether the changed file has come cannot be seen.',
    ),
  ];
}
