import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReplayedLogs } from '../../../src/session/recording/replayed-logs.ts';
import { shownLogs } from '../../../src/session/recording/shown-logs.ts';
import type { Past } from '../../../src/session/recording/shown-store.ts';
import { logsOf as logsOfLines } from '../../tui/fixtures.ts';
import { emptySession } from '../../../src/session/empty-session.ts';
import type { LogView, Session } from '../../../src/session/types.ts';
import { clusterFolder } from '../../../src/spool/places.ts';
import { Spool } from '../../../src/spool/spool.ts';
import { lifetime } from '../../../src/support/waiting.ts';
import { FakeClock, start as T } from '../../support/fake-clock.ts';
import { logLine } from '../../support/log-line.ts';
import { podOf, target } from '../build.ts';

let folder: string;
const clock = new FakeClock();
const [alive, gone] = [podOf('taskmanager-1-1'), podOf('taskmanager-1-2')];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drey-replayed-'));
  await using spool = new Spool({ folder, cluster: target, clock, report: () => {} });
  for (const pod of [alive, gone])
    for (let n = 0; n < 100; n += 1) spool.append(pod.uid, pod.containers[0]?.name ?? '', [logLine(T + n * 1_000, `${pod.name} ${n}`)]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sessionAt = (past: number): Session => ({ ...emptySession(target), pods: new Map([[alive.name, alive]]), gone: [gone], past });
const logsOf = (session: () => Session, signal: AbortSignal, changed = (): void => {}): ReplayedLogs =>
  new ReplayedLogs({
    folder: clusterFolder(folder, target),
    session,
    clock,
    signal,
    changed,
    report: (problem) => expect.fail(problem.message),
  });
const logsWith = (text: string) => logsOfLines([{ at: T, pod: alive.name, text, level: undefined, timeline: undefined }]);
const lastOf = (view: LogView): string | undefined => view.line(view.count - 1)?.text;

test('the lines of a pod up to the moment that is shown are read when it is looked at, also of one that is gone', async () => {
  let session = sessionAt(T + 50_500);
  let changes = 0;
  using life = lifetime();
  const logs = logsOf(
    () => session,
    life.signal,
    () => (changes += 1),
  );
  const look = (pods: readonly string[] | 'all'): LogView => logs.view(pods, { timeline: false, until: session.past });
  await expect.poll(() => lastOf(look([alive.name]))).toBe(`${alive.name} 50`);
  await expect.poll(() => lastOf(look([gone.name]))).toBe(`${gone.name} 50`);
  expect([look('all').count, changes]).toEqual([102, 2]);
  session = sessionAt(T + 3_000);
  await expect.poll(() => look('all').count).toBe(8);
  await expect.poll(() => logs.container({ pod: alive.name, container: 'sidecar' }, () => {}).state.kind).toBe('connecting');
  const sidecar = logs.container({ pod: alive.name, container: 'sidecar' }, () => {});
  await expect.poll(() => sidecar.state).toEqual({ kind: 'broken', reason: 'The log of container sidecar was not recorded.' });
});

test('while the past is played, what was written next comes to the lines that are shown; another moment is read anew', async () => {
  let session = sessionAt(T + 3_500);
  using life = lifetime();
  const logs = logsOf(() => session, life.signal);
  const view = logs.view([alive.name], { timeline: false });
  expect(view.reading).toBe(true);
  await logs.read([alive.name]);
  expect([view.reading, lastOf(view)]).toEqual([false, `${alive.name} 3`]);
  const { moment } = logs;
  session = sessionAt(T + 7_000);
  expect(logs.moment).toBe(moment);
  await expect.poll(() => lastOf(view)).toBe(`${alive.name} 7`);
  expect(Array.from({ length: view.count }, (_, n) => view.line(n)?.text)).toEqual(
    Array.from({ length: 8 }, (_, n) => `${alive.name} ${n}`),
  );
  session = sessionAt(T + 2_000);
  expect(logs.moment).not.toBe(moment);
});

test('of a pod of which nothing was kept, nothing is being read for long', async () => {
  using life = lifetime();
  const logs = logsOf(() => sessionAt(T - 1), life.signal);
  const view = logs.view([alive.name], { timeline: false });
  await logs.read([alive.name]);
  expect([view.reading, view.count]).toEqual([false, 0]);
});

test('what is shown says which logs are meant: those that are followed, or in the past those of then', () => {
  const [live, then] = [logsWith('now'), logsWith('then')];
  const store: { past: Past | undefined } = { past: undefined };
  const logs = shownLogs(live, then, store);
  expect([logs.view('all').line(0)?.text, logs.moment]).toEqual(['now', undefined]);
  store.past = { at: T, gaps: false, session: sessionAt(T) };
  expect(logs.view('all').line(0)?.text).toBe('then');
});
