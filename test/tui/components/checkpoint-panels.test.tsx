import { describe, expect, test } from 'vitest';
import { AcknowledgementsPanel, CheckpointsPanel, OperatorsPanel, PhasesPanel } from '../../../src/tui/components/checkpoint-panels.tsx';
import { ExceptionsPanel, StackPanel } from '../../../src/tui/components/exception-panels.tsx';
import type { Session } from '../../../src/session/types.ts';
import { keyOf, type Inspection } from '../../../src/session/inspections/inspections.ts';
import { checkpointPlace } from '../../../src/tui/state/places/checkpoint.ts';
import { exceptionPlace } from '../../../src/tui/state/places/exception.ts';
import { jobPlace } from '../../../src/tui/state/places/job.ts';
import { enter, here, type Trail } from '../../../src/tui/state/trail.ts';
import { frame, show } from './show.tsx';
import { richSession } from '../fixtures.ts';
import { inPanel } from '../where.ts';

const area = { x: 0, y: 0, width: 98, height: 9 };
const job = '9f13c2'.padEnd(32, '0');
const { trail: home } = inPanel('jobs');
const inJob = enter(home, jobPlace(job, here(home)));
const inCheckpoint = enter(inJob, checkpointPlace({ kind: 'checkpoint', job, id: 42, vertex: undefined }, here(inJob)));
const inFailure = (folded: boolean): Trail => {
  const id = [...richSession().inspections.values()].find(({ subject }) => subject.kind === 'exception')?.subject;
  if (id?.kind !== 'exception') throw new Error('the session has no failure');
  return enter(inJob, { ...exceptionPlace(id, here(inJob)), folded });
};

/** The session without an inspection, or with another one. */
function inspecting(kind: Inspection['subject']['kind'], change: (found: Inspection) => Inspection | undefined): Session {
  const session = richSession();
  const kept = [...session.inspections.values()].flatMap((found) => (found.subject.kind === kind ? (change(found) ?? []) : found));
  return { ...session, inspections: new Map(kept.map((each) => [keyOf(each.subject), each])) };
}

const ofTrail = (trail: Trail, session = richSession()) => frame({ session }, { trail });

test('the checkpoints: how long each phase took, what was written, and why one failed', () => {
  expect(show(<CheckpointsPanel area={area} />, ofTrail(inJob), area).text()).toMatchInlineSnapshot(`
    "╭ Checkpoints ───────────────────────── 3   · start delay  ░ alignment  █ sync  ▒ async  - other ╮
    │     ID KIND       STATE     TRIGGERED DURATION PHASES            WRITTEN    FULL OUTCOME       │
    │     43 checkpoint under way 11:34:00         - -                  1.2 MB 12.4 MB               │
    │     42 checkpoint restored  11:33:50        5s ·██████████████▒-  1.2 MB 12.4 MB …oints/chk-42 │
    │     41 checkpoint failed    11:33:40        5s -                  1.2 MB 12.4 MB it did not c… │
    │                                                                                                │
    │                                                                                                │
    │                                                                                                │
    ╰────────────────────────────────────────────────────────────────────────────────────────────────╯"
  `);
});

describe('a checkpoint', () => {
  test('says in a sentence and as bars what held it up', () => {
    expect(show(<PhasesPanel area={area} />, ofTrail(inCheckpoint), area).text()).toMatchInlineSnapshot(`
      "╭ What held it up ───────────────────────────────────────────────────────────────────────────────╮
      │ Subtask 2 of Source: Orders held it up: it acknowledged after 5s, the others of this operator  │
      │ after 30ms (median). 5s of that (99%) was the synchronous part, in which the task processes    │
      │ nothing.                                                                                       │
      │ start delay  █░░░░░░░░  20ms 0%      start delay, until the first barrier arrived              │
      │ sync         ████████░  5s 99%       the synchronous part, in which the task processes nothing │
      │ async        █░░░░░░░░  5ms 0%       the asynchronous part, in which state is written          │
      │ other        █░░░░░░░░  5ms 0%       outside the phases that Flink measures                    │
      ╰────────────────────────────────────────────────────────────────────────────────────────────────╯"
    `);
  });

  test('has its slowest operator and its slowest subtask on top', () => {
    expect(show(<OperatorsPanel area={area} />, ofTrail(inCheckpoint), area).text()).toMatchInlineSnapshot(`
      "╭ Operators ────────────────────────────────────────────────────────────────────────────────── 2 ╮
      │   OPERATOR          ACKS DURATION WRITTEN    FULL PROCESSED PERSISTED                          │
      │   Source: Orders     4/4       5s  600 kB  6.2 MB       0 B       0 B                          │
      │   Sink: Print        4/4     40ms  600 kB  6.2 MB       0 B       0 B                          │
      │                                                                                                │
      │                                                                                                │
      │                                                                                                │
      │                                                                                                │
      ╰───────────────────────────────────────────────────────── ⏎ subtasks  s sort  / filter  z zoom ─╯"
    `);
    expect(show(<AcknowledgementsPanel area={area} />, ofTrail(inCheckpoint), area).text()).toMatchInlineSnapshot(`
      "╭ Subtasks ──────────────────────────── 4   · start delay  ░ alignment  █ sync  ▒ async  - other ╮
      │   SUBTASK DURATION PHASES              DELAY   ALIGN    SYNC   ASYNC WRITTEN    FULL PERSISTED │
      │         2       5s ·██████████████▒-    20ms      0s      5s     5ms  150 kB  1.6 MB       0 B │
      │         0     31ms ···········██▒▒▒-    20ms      0s     3ms     5ms  150 kB  1.6 MB       0 B │
      │         1     30ms ···········██▒▒▒-    20ms      0s     3ms     5ms  150 kB  1.6 MB       0 B │
      │         3     29ms ···········██▒▒▒-    20ms      0s     3ms     5ms  150 kB  1.6 MB       0 B │
      │                                                                                                │
      │                                                                                                │
      ╰────────────────────────────────────────────────────────────────────────────────────────────────╯"
    `);
  });

  test('that failed says why', () => {
    const trail = enter(inJob, checkpointPlace({ kind: 'checkpoint', job, id: 41, vertex: undefined }, here(inJob)));
    expect(show(<PhasesPanel area={area} />, ofTrail(trail), area).text()).toContain('Failed: it did not complete in time (10m).');
  });
});

test('the failures: the root cause, how often it came, where, and on which TaskManager', () => {
  expect(show(<ExceptionsPanel area={area} />, ofTrail(inJob), area).text()).toMatchInlineSnapshot(`
    "╭ Exceptions ───────────────────────────────────────────────────────────────────────────────── 2 ╮
    │   TIME     CAUSE                            TIMES TASK         SUBTASK TASKMANAGER             │
    │   11:34:06 IOException: disk quota exceeded     2 Sink: Print        2 taskmanager-1-3         │
    │   11:33:40 IOException: disk quota exceeded     2 Sink: Print        2 taskmanager-1-3         │
    │                                                                                                │
    │                                                                                                │
    │                                                                                                │
    │                                                                                                │
    ╰────────────────────────────────────────────────────────────────────────────────────────────────╯"
  `);
});

test('a failure is read root cause first; frames of Flink and the JDK are counted until they are asked for', () => {
  const tall = { ...area, height: 14 };
  expect(show(<StackPanel area={tall} />, ofTrail(inFailure(true)), tall).text()).toMatchInlineSnapshot(`
    "╭ Failure ──────────────────────────────────────────────────────────────────────────────────── 8 ╮
    │   ROOT CAUSE FIRST                                                                             │
    │   2026-11-22 11:34:06 +00:00: subtask 2 of Sink: Print on my-first-flink-cluster-taskmanager-… │
    │   The same cause failed the job 2 times: 2026-11-22 11:34:06 +00:00, 2026-11-22 11:33:40 +00:… │
    │   Root cause: IOException: disk quota exceeded                                                 │
    │       at orders.Enrich.lookUp(Enrich.java:57)                                                  │
    │       ... 2 frames in common with the next exception                                           │
    │   Which led to: RuntimeException: record could not be processed                                │
    │       at orders.Enrich.map(Enrich.java:42)                                                     │
    │       ... 2 frames of Flink and the JDK                                                        │
    │                                                                                                │
    │                                                                                                │
    │                                                                                                │
    ╰─────────────────────────────── f frames  l log  v vertex  t threads  s sort  / filter  z zoom ─╯"
  `);
  expect(show(<StackPanel area={tall} />, ofTrail(inFailure(false)), tall).text()).toContain('at java.lang.Thread.run(Thread.java:840)');
});

test('what is not read yet says so, what cannot be read says why, and what is old is quiet', () => {
  const none = inspecting('checkpoints', () => undefined);
  expect(show(<CheckpointsPanel area={area} />, ofTrail(inJob, none), area).text()).toContain('Reading the checkpoints of the job.');
  const problem = { message: 'Flink does not answer.', hint: undefined };
  const refused = inspecting('exceptions', (found) => ({ ...found, facts: undefined, problem }) as Inspection);
  expect(show(<ExceptionsPanel area={area} />, ofTrail(inJob, refused), area).text()).toContain('Flink does not answer.');
  const old = inspecting('exceptions', (found) => ({ ...found, problem }));
  expect(show(<ExceptionsPanel area={area} />, ofTrail(inJob, old), area).text()).toContain('IOException: disk quota exceeded');
  const off = inspecting('checkpoints', (found) =>
    found.subject.kind === 'checkpoints' ? ({ ...found, facts: { on: false, counts: '', rows: [] } } as unknown as Inspection) : found,
  );
  expect(show(<CheckpointsPanel area={area} />, ofTrail(inJob, off), area).text()).toContain('Checkpointing is off.');
});

test('checkpoints are drawn again for news of them, and for no other', async () => {
  const { drawnSince, next } = show(<CheckpointsPanel area={area} />, ofTrail(inJob), area);
  drawnSince();
  await next((before) => ({ now: before.now + 10, session: { ...before.session, pods: new Map(), timeline: [] } }));
  expect(drawnSince()).toBe(0);
});
