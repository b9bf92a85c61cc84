import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { Terminal } from '../terminal/harness.ts';
import { deployment, keptPods, keptText, worker } from './worker-pods.ts';

const namespace = `drey-spool-${process.pid}`;
const clusterId = 'kept';
const state = mkdtempSync(join(tmpdir(), 'drey-state-'));
const kubectl = (args: readonly string[], input?: string): string =>
  execFileSync('kubectl', ['--namespace', namespace, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    ...(input === undefined ? {} : { input }),
  });

const loud = (lines: number): string =>
  `$| = 1; for (my $i = 1; $i <= ${lines}; $i++) { print "2026-11-22 11:34:00,000 INFO  Task [] - line $i of what it did\\n"; }`;

beforeAll(() => {
  execFileSync('kubectl', ['create', 'namespace', namespace]);
  kubectl(['create', '-f', '-'], JSON.stringify(deployment(clusterId)));
});
afterAll(() => {
  execFileSync('kubectl', ['delete', 'namespace', namespace, '--wait=false']);
  rmSync(state, { recursive: true, force: true });
});

const attach = (): Terminal =>
  new Terminal(['attach', clusterId, '-n', namespace], { rows: 40, columns: 150, env: { XDG_STATE_HOME: state } });

test(
  'a TaskManager that went and one that was killed for its memory are read from a second process, also after drey was killed',
  { timeout: 120_000 },
  async () => {
    await using first = attach();
    // The log of a pod that was there before is read from its last 2,000 lines on.
    await first.sees(/k8s ● live/);
    kubectl(['create', '-f', '-'], JSON.stringify(worker(clusterId, 'taskmanager-1-1', `${loud(3_000)} sleep 600;`)));
    await first.sees(/taskmanager-1-1 .*Running/);
    kubectl(
      ['create', '-f', '-'],
      JSON.stringify(worker(clusterId, 'taskmanager-1-2', `${loud(500)} sleep 1; my @all; push @all, 'x' x 1000000 while 1;`)),
    );
    await first.sees(/taskmanager-1-2 .*OOMKilled \(137\)/);
    for (const name of ['taskmanager-1-1', 'taskmanager-1-2']) {
      const own = kubectl(['logs', `${clusterId}-${name}`]);
      await eventually(`the log of ${name} is on disk`, async () => (await keptText(state, name)).length >= own.length);
      expect(await keptText(state, name)).toBe(own);
      kubectl(['delete', 'pod', `${clusterId}-${name}`, '--wait=true']);
    }
    await eventually('the ends of both are on disk', async () => (await keptPods(state)).every(({ gone }) => gone));
    first.signal('SIGKILL');
    await first.exit;

    await using second = attach();
    await second.sees(/taskmanager-1-2 .*OOMKilled \(137\) +-/);
    await second.sees(/taskmanager-1-1 .*(Gone|Released) +-/);
    second.type('log taskmanager-1-2⏎');
    await second.sees(/taskmanager-1-2 · ended · 500 lines/);
    // Lines that differ in a number are folded into one row.
    await second.sees(/line 500 of what it did +▸ ×500/);
    expect(
      (await keptPods(state)).map(({ pod }) => [pod.shortName, pod.containers[0]?.reason, pod.containers[0]?.exitCode]).toSorted(),
    ).toContainEqual(['taskmanager-1-2', 'OOMKilled', 137]);
  },
);
