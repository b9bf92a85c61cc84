import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Recorder, type RecorderOptions } from '../../../src/session/recording/recorder.ts';
import { momentAt } from '../../../src/session/recording/moment.ts';
import { recordingFolder } from '../../../src/session/recording/places.ts';
import { createSessionStore } from '../../../src/session/store.ts';
import type { Change, Session, SessionStore } from '../../../src/session/types.ts';
import { Problem } from '../../../src/support/problem.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { random } from '../../support/random.ts';
import { podOf, status, target } from '../build.ts';
import { changesOf } from '../random-changes.ts';

let folder: string;
let clock: FakeClock;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'drey-recording-'));
  clock = new FakeClock();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const recorder = (store: SessionStore, options: Partial<RecorderOptions> = {}): Recorder =>
  new Recorder({ store, folder, cluster: target, clock, report: () => {}, ...options });
const place = (): string => recordingFolder(folder, target);
const filesThere = (): readonly string[] => readdirSync(place()).map((name) => join(place(), name));

/** Without the counters of logs, which are recorded once a second. */
const withoutCounters = (session: Session | undefined): unknown => (session === undefined ? undefined : { ...session, logs: undefined });

/** Tells the changes, each at a moment of its own; what the session was after each of them. */
async function played(store: SessionStore, changes: readonly Change[]): Promise<{ readonly at: number; readonly session: Session }[]> {
  const moments: { readonly at: number; readonly session: Session }[] = [];
  for (const change of changes) {
    await clock.advance(1 + (moments.length % 40));
    store.tell([{ ...change, at: clock.now() }]);
    moments.push({ at: clock.now(), session: store.get() });
  }
  return moments;
}

test('at a thousand random moments, the session is shown as it was', async () => {
  const store = createSessionStore(target);
  const moments: { readonly at: number; readonly session: Session }[] = [];
  {
    await using _ = recorder(store);
    for (let seed = 1; seed <= 10; seed += 1) moments.push(...(await played(store, changesOf(seed, 150))));
    await clock.advance(1);
  }
  const dice = random(7);
  for (let n = 0; n < 1_000; n += 1) {
    const index = dice(moments.length);
    const { at, session } = moments[index] ?? { at: 0, session: undefined };
    const next = moments[index + 1]?.at ?? at + 1;
    const found = await momentAt({ folder: place(), at: at + dice(next - at) });
    expect(withoutCounters(found?.session)).toEqual(withoutCounters(session));
    expect(found).toMatchObject({ left: false, gaps: false });
  }
}, 120_000);

test('the counters of logs are as they were, to the second', async () => {
  const store = createSessionStore(target);
  await using _ = recorder(store);
  for (let lines = 1; lines <= 60; lines += 1) {
    store.tell([{ kind: 'log', at: clock.now(), log: 'a', counters: { lines, bytes: 9, dropped: 0, ended: false } }]);
    await clock.advance(40);
  }
  await clock.advance(1_000);
  await expect
    .poll(async () => (await momentAt({ folder: place(), at: clock.now() - 1_000 }))?.session.logs.get('a')?.lines)
    .toBeGreaterThan(25);
});

test('a session of thousands of pods is written bit by bit, with what changes meanwhile on top', async () => {
  const store = createSessionStore(target);
  const pods = Array.from({ length: 2_000 }, (_, n) => podOf(`taskmanager-1-${n}`));
  store.tell([{ kind: 'pods-listed', at: clock.now(), pods, first: true, last: true }]);
  store.tell([{ kind: 'pods-seen', at: clock.now(), pods: [podOf('taskmanager-2-1')] }]);
  {
    await using _ = recorder(store);
    store.tell([{ kind: 'pods-gone', at: clock.now(), pods: pods.slice(0, 10) }]);
    store.tell([{ kind: 'leader', at: clock.now(), pod: 'c1-jobmanager-x2b7k' }]);
  }
  const found = await momentAt({ folder: place(), at: clock.now() });
  expect(found?.left).toBe(true);
  expect(withoutCounters(found?.session)).toEqual(withoutCounters(store.get()));
});

test('much that happened is not all read: the session is written whole from time to time', async () => {
  const store = createSessionStore(target);
  {
    await using _ = recorder(store);
    for (let n = 0; n < 40; n += 1) {
      const pods = Array.from({ length: 200 }, (__, each) => podOf(`taskmanager-1-${each}`, { restarts: n }));
      store.tell([{ kind: 'pods-listed', at: clock.now(), pods, first: true, last: true }]);
      await clock.advance(1_000);
    }
  }
  const found = await momentAt({ folder: place(), at: clock.now() });
  expect(withoutCounters(found?.session)).toEqual(withoutCounters(store.get()));
});

test('two who watch the same cluster record two sessions: each moment is of one of them', async () => {
  const [one, other] = [createSessionStore(target), createSessionStore(target)];
  const first = recorder(one);
  await clock.advance(100);
  await using _ = recorder(other);
  await clock.advance(10);
  one.tell([{ kind: 'leader', at: clock.now(), pod: 'one' }]);
  await clock.advance(10);
  other.tell([{ kind: 'leader', at: clock.now(), pod: 'other' }]);
  const at = clock.now();
  await clock.advance(2_000);
  await first[Symbol.asyncDispose]();
  expect((await momentAt({ folder: place(), at: at - 1 }))?.session.leader).toBe('one');
  await expect.poll(async () => (await momentAt({ folder: place(), at: at }))?.session.leader).toBe('other');
});

test('a recording that was cut off by a kill is read up to its last second', async () => {
  const store = createSessionStore(target);
  const kept = recorder(store);
  store.tell([{ kind: 'leader', at: clock.now(), pod: 'one' }]);
  await clock.advance(1_000);
  // What is on disk now is what a killed process leaves.
  await expect.poll(() => filesThere().length).toBeGreaterThan(0);
  await expect.poll(async () => (await momentAt({ folder: place(), at: clock.now() }))?.session.leader).toBe('one');
  expect((await momentAt({ folder: place(), at: clock.now() }))?.left).toBe(false);
  await kept[Symbol.asyncDispose]();
});

test('before the first recording there is nothing', async () => {
  expect(await momentAt({ folder: place(), at: clock.now() })).toBeUndefined();
  const store = createSessionStore(target);
  await recorder(store)[Symbol.asyncDispose]();
  expect(await momentAt({ folder: place(), at: clock.now() - 1 })).toBeUndefined();
});

test('what is damaged is told, and the rest is shown', async () => {
  const store = createSessionStore(target);
  {
    await using _ = recorder(store);
    await clock.advance(1_000);
    store.tell([{ kind: 'leader', at: clock.now(), pod: 'one' }]);
    await clock.advance(1_000);
  }
  for (const file of filesThere()) {
    const bytes = readFileSync(file);
    bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 0xff;
    writeFileSync(file, bytes);
  }
  const found = await momentAt({ folder: place(), at: clock.now() });
  expect(found === undefined || found.gaps).toBe(true);
});

test('no secret is written: not of options, variables, arguments, addresses or texts', async () => {
  const canary = 'c4n4ry-s3cret';
  const store = createSessionStore(target);
  {
    await using _ = recorder(store);
    const text = `env DB_PASSWORD=${canary} https://user:${canary}@host/ Authorization: Bearer ${canary}`;
    store.tell([
      { kind: 'timeline', at: clock.now(), line: { at: clock.now(), from: 'k8s', severity: 'info', subject: undefined, text } },
      {
        kind: 'operation',
        at: clock.now(),
        operation: {
          id: 'o',
          title: `submit a.jar --password ${canary}`,
          kind: 'submit',
          jobId: undefined,
          startedAt: clock.now(),
          endedAt: undefined,
          state: 'failed',
          progress: undefined,
          result: `token=${canary}`,
        },
      },
      {
        kind: 'inspection',
        at: clock.now(),
        inspection: {
          subject: { kind: 'job-configuration', job: 'a' },
          facts: {
            configuration: [{ key: 's3.secret-key', value: canary }],
            variables: new Map([['API_TOKEN', canary]]),
            arguments: ['--api-key', canary],
          },
          readAt: clock.now(),
          problem: undefined,
        } as never,
      },
      {
        kind: 'source',
        at: clock.now(),
        source: 'flink',
        status: { ...status('lost'), problem: new Problem('unreachable', `password=${canary} is wrong`) },
      },
    ]);
  }
  const found = await momentAt({ folder: place(), at: clock.now() });
  expect(JSON.stringify([...(found?.session.inspections.values() ?? [])])).toContain('s3.secret-key');
  expect(JSON.stringify(found, (_, value: unknown) => (value instanceof Map ? [...value] : value))).not.toContain(canary);
});
