import { compareDumps, type Movement, movementCounts, whereOf } from '../../inside/threads/compare.ts';
import type { Deadlock } from '../../inside/threads/deadlock.ts';
import type { ThreadGroup, ThreadReport } from '../../inside/threads/group.ts';
import { locksOf, type Thread } from '../../inside/threads/thread.ts';

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

const quoted = ({ name, id }: Pick<Thread, 'name' | 'id'>): string => `"${name}"${id === undefined ? '' : ` (id ${id})`}`;

/** What a dump says, for a person: deadlocks, then each stack with the threads that share it. */
export function threadLines(report: ThreadReport): readonly string[] {
  const blocked = report.groups.filter(({ state }) => state === 'BLOCKED').reduce((sum, { threads }) => sum + threads.length, 0);
  const facts = [
    counted(report.threads, 'thread'),
    counted(report.groups.length, 'different stack'),
    `${blocked} blocked`,
    report.deadlocks.length === 0 ? 'no deadlock' : counted(report.deadlocks.length, 'deadlock'),
  ];
  return [`${facts.join(', ')}.`, ...report.deadlocks.flatMap(deadlockLines), ...report.groups.flatMap(groupLines)];
}

const deadlockLines = (ring: Deadlock): readonly string[] => [
  '',
  `Deadlock of ${ring.length} threads; none of them can continue:`,
  ...ring.map((thread) => `  ${quoted(thread)} ${waiting(thread)}`),
];

function waiting({ waitsFor, owner }: Thread): string {
  if (waitsFor === undefined) return '';
  return `waits for ${waitsFor}${owner === undefined ? '' : `, which ${quoted(owner)} has`}`;
}

export function groupLines({ state, native, deadlocked, frames, cut, threads }: ThreadGroup): readonly string[] {
  const marks = [deadlocked ? 'deadlocked' : '', native ? 'in native code' : ''].filter((mark) => mark !== '');
  return [
    '',
    `${threads.length} × ${state}${marks.length === 0 ? '' : ` (${marks.join(', ')})`}`,
    ...threads.map((thread) => `  ${quoted(thread)}${thread.owner === undefined ? '' : ` ${waiting(thread)}`}`),
    ...frameLines({ frames, cut }),
  ];
}

const frameLines = ({ frames, cut }: Pick<Thread, 'frames' | 'cut'>): readonly string[] => [
  ...frames.flatMap(({ call, locked }) => [`    at ${call}`, ...locked.map((lock) => `       holds ${lock}`)]),
  ...(cut ? ['    (Flink cut the rest off: cluster.thread-dump.stacktrace-max-depth)'] : []),
];

/** One thread with its stack. */
export const stackLines = (thread: Thread): readonly string[] => [
  `${thread.state}${thread.native ? ' (in native code)' : ''} ${quoted(thread)}${thread.owner === undefined ? '' : ` ${waiting(thread)}`}`,
  ...frameLines(thread),
];

/** What became of the threads between two dumps: what moved, what is new or gone, and how many stand still. */
export function movementLines(before: readonly Thread[], now: readonly Thread[], seconds: number): readonly string[] {
  const movements = compareDumps(before, now);
  const of = (kind: Movement['kind']): readonly Movement[] => movements.filter((movement) => movement.kind === kind);
  const listed = (kind: 'new' | 'gone'): readonly string[] => of(kind).map(({ thread }) => `  ${kind.padEnd(6)} ${quoted(thread)}`);
  return [
    `${seconds} s later: ${movementCounts(movements)}.`,
    ...of('moved').map((movement) => `  moved  ${quoted(movement.thread)}: ${whereOf(movement)}`),
    ...listed('new'),
    ...listed('gone'),
  ];
}

/** The same for programs. */
export const threadData = ({ threads, deadlocks, groups }: ThreadReport) => ({
  threads,
  deadlocks: deadlocks.map((ring) => ring.map(oneThread)),
  groups: groups.map(({ state, native, deadlocked, cut, frames, threads: members }) => ({
    state,
    native,
    deadlocked,
    cut,
    threads: members.map(oneThread),
    frames: frames.map(({ call, locked }) => ({ call, locked })),
  })),
});

const oneThread = (thread: Thread) => ({
  id: thread.id ?? null,
  name: thread.name,
  waitsFor: thread.waitsFor ?? null,
  owner: thread.owner ?? null,
  locks: locksOf(thread),
});

export const movementData = (before: readonly Thread[], now: readonly Thread[]) =>
  compareDumps(before, now).map(({ kind, thread }) => ({ movement: kind, id: thread.id ?? null, name: thread.name }));
