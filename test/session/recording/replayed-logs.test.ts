import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ReplayedLogs } from '../../../src/session/recording/replayed-logs.ts';
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
const lastOf = (view: LogView): string | undefined => view.line(view.count - 1)?.text;

test('the lines of a pod up to the moment that is shown are read when it is looked at, also of one that is gone', async () => {
  let session = sessionAt(T + 50_500);
  let changes = 0;
  using life = lifetime();
  const logs = new ReplayedLogs({
    folder: clusterFolder(folder, target),
    session: () => session,
    clock,
    signal: life.signal,
    changed: () => (changes += 1),
    report: (problem) => expect.fail(problem.message),
  });
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
