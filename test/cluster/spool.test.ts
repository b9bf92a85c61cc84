import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { spoolFolder } from '../../src/spool/places.ts';
import { readSpool, type SpooledPod, spooledPods } from '../../src/spool/reader.ts';
import { textOf } from '../support/log-line.ts';
import { eventually } from '../support/until.ts';
import { Terminal } from '../terminal/harness.ts';

const namespace = `drey-spool-${process.pid}`;
const clusterId = 'kept';
const container = 'flink-main-container';
const image = process.env['DREY_TEST_IMAGE'] ?? 'flink:2.3.0';
const state = mkdtempSync(join(tmpdir(), 'drey-state-'));
const kubectl = (args: readonly string[], input?: string): string =>
  execFileSync('kubectl', ['--namespace', namespace, ...args], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    ...(input === undefined ? {} : { input }),
  });

const labels = (component: string) => ({ app: clusterId, component, type: 'flink-native-kubernetes' });
const loud = (lines: number): string =>
  `$| = 1; for (my $i = 1; $i <= ${lines}; $i++) { print "2026-11-22 11:34:00,000 INFO  Task [] - line $i of what it did\\n"; }`;
/** Like a TaskManager of Flink for Kubernetes, without Flink in it: its lines are known. */
const worker = (name: string, script: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `${clusterId}-${name}`, labels: labels('taskmanager') },
  spec: {
    restartPolicy: 'Never',
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: container,
        image,
        imagePullPolicy: 'Never',
        command: ['perl', '-e', script],
        resources: { requests: { cpu: '10m' }, limits: { memory: '64Mi' } },
      },
    ],
  },
});
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: clusterId, labels: labels('jobmanager') },
  spec: {
    replicas: 0,
    selector: { matchLabels: labels('jobmanager') },
    template: { metadata: { labels: labels('jobmanager') }, spec: { containers: [{ name: container, image, imagePullPolicy: 'Never' }] } },
  },
};

beforeAll(() => {
  execFileSync('kubectl', ['create', 'namespace', namespace]);
  kubectl(['create', '-f', '-'], JSON.stringify(deployment));
});
afterAll(() => {
  execFileSync('kubectl', ['delete', 'namespace', namespace, '--wait=false']);
  rmSync(state, { recursive: true, force: true });
});

const attach = (): Terminal =>
  new Terminal(['attach', clusterId, '-n', namespace], { rows: 40, columns: 150, env: { XDG_STATE_HOME: state } });

async function pods(): Promise<readonly SpooledPod[]> {
  const root = spoolFolder(join(state, 'drey'));
  const [cluster = 'none'] = ((): readonly string[] => {
    try {
      return readdirSync(root);
    } catch {
      return [];
    }
  })();
  return spooledPods(join(root, cluster));
}

async function spooled(name: string): Promise<string> {
  const found = (await pods()).find(({ pod }) => pod.shortName === name);
  if (found === undefined) return '';
  let text = '';
  for await (const { lines } of readSpool({ folder: found.folder, container })) for (const line of lines) text += `${textOf(line)}\n`;
  return text;
}

test(
  'a TaskManager that went and one that was killed for its memory are read from a second process, also after drey was killed',
  { timeout: 120_000 },
  async () => {
    await using first = attach();
    // The log of a pod that was there before is read from its last 2,000 lines on.
    await first.sees(/k8s ● live/);
    kubectl(['create', '-f', '-'], JSON.stringify(worker('taskmanager-1-1', `${loud(3_000)} sleep 600;`)));
    await first.sees(/taskmanager-1-1 .*Running/);
    kubectl(
      ['create', '-f', '-'],
      JSON.stringify(worker('taskmanager-1-2', `${loud(500)} sleep 1; my @all; push @all, 'x' x 1000000 while 1;`)),
    );
    await first.sees(/taskmanager-1-2 .*OOMKilled \(137\)/);
    for (const name of ['taskmanager-1-1', 'taskmanager-1-2']) {
      const own = kubectl(['logs', `${clusterId}-${name}`]);
      await eventually(`the log of ${name} is on disk`, async () => (await spooled(name)).length >= own.length);
      expect(await spooled(name)).toBe(own);
      kubectl(['delete', 'pod', `${clusterId}-${name}`, '--wait=true']);
    }
    await eventually('the ends of both are on disk', async () => (await pods()).every(({ gone }) => gone));
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
      (await pods()).map(({ pod }) => [pod.shortName, pod.containers[0]?.reason, pod.containers[0]?.exitCode]).toSorted(),
    ).toContainEqual(['taskmanager-1-2', 'OOMKilled', 137]);
  },
);
