import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal } from '../../src/session/journal.ts';
import type { Operation } from '../../src/session/types.ts';
import { systemClock } from '../../src/support/clock.ts';
import { type Ended, runProgram } from '../goldens/run-program.ts';

let home: string;
beforeEach(() => void (home = mkdtempSync(join(tmpdir(), 'drey-operations-'))));
afterEach(() => rmSync(home, { recursive: true }));

const state = (): string => join(home, 'state/drey');
const minute = 60_000;

/** Notes an operation as a session does that took it and left. */
function noted(clusterId: string, over: Partial<Operation>, namespace = 'default'): void {
  const now = systemClock.now();
  openJournal({ folder: state(), clock: systemClock }).write({
    version: 1,
    cluster: { clusterId, namespace, server: 'https://gone:6443' },
    operation: {
      id: randomUUID(),
      title: 'Savepoint of cars (9f13c2)',
      kind: 'savepoint',
      jobId: 'a'.repeat(32),
      startedAt: now - minute,
      endedAt: undefined,
      state: 'running',
      progress: undefined,
      result: undefined,
      ...over,
    },
    note: { jobId: 'a'.repeat(32), triggerId: 't1', what: 'savepoint' },
  });
}

const operations = (line = ''): Promise<Ended> =>
  runProgram('drey', ['operations', ...line.split(' ').filter((word) => word !== '')], {
    env: { KUBECONFIG: '/nosuch', XDG_STATE_HOME: join(home, 'state') },
    cwd: home,
    home,
  });

test('an operation that nobody waits for is open, and how to find its result is reported once for each cluster', async () => {
  noted('orders', { title: 'Savepoint of cars (9f13c2)' });
  noted('orders', { title: 'Savepoint of bikes (1f13c2)' });
  noted('payments', { title: 'Savepoint of cards (2f13c2)', state: 'succeeded', endedAt: systemClock.now(), result: 's3://flink/one' });
  const { code, stdout, stderr } = await operations();
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'drey attach orders -n default looks for the results of its open operations.\n' });
  expect(stdout.match(/^orders +default +Savepoint of \w+ \(\w{6}\) +open /gm)).toHaveLength(2);
  expect(stdout).toMatch(/^payments +default +Savepoint of cards \(2f13c2\) +succeeded .* s3:\/\/flink\/one$/m);
});

test('an operation without a result yet has no line in -o name, and null for programs', async () => {
  noted('orders', {});
  expect((await operations('-o name')).stdout).toBe('');
  expect(JSON.parse((await operations('-o json')).stdout)).toEqual([
    expect.objectContaining({ state: 'open', endedAt: null, result: null }),
  ]);
});

test('a namespace narrows the list, and -o wide names the server', async () => {
  noted('orders', { title: 'Savepoint of cars (9f13c2)' }, 'blue');
  noted('orders', { title: 'Savepoint of bikes (1f13c2)' }, 'green');
  const { stdout } = await operations('orders -n green -o wide');
  expect(stdout.trimEnd().split('\n')).toEqual([
    expect.stringMatching(/^CLUSTER +NAMESPACE +SERVER +OPERATION/),
    expect.stringMatching(/^orders +green +https:\/\/gone:6443 +Savepoint of bikes/),
  ]);
});

test('an entry that cannot be read is named and put aside; the others are listed', async () => {
  noted('orders', { title: 'Savepoint of cars (9f13c2)' });
  writeFileSync(join(state(), 'operations/half.json'), '{"version":1,');
  const { code, stdout, stderr } = await operations();
  expect(code).toBe(0);
  expect(stdout).toContain('Savepoint of cars');
  expect(stderr).toMatch(/^An entry of the journal cannot be read and was put aside: .*half\.json/m);
  expect((await operations()).stderr).not.toContain('half.json');
  expect(readdirSync(join(state(), 'operations')).some((name) => name.startsWith('half.json'))).toBe(true);
});
