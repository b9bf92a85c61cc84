import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Terminal } from '../terminal/harness.ts';
import { kit, podsReachTheApi } from './kit.ts';
import { residentMb, sockets } from './process-facts.ts';
import { deploySession, jobManagerPod, start, testNamespace, type Running, type TestNamespace } from './session-cluster.ts';
import { eventually } from '../support/until.ts';

const clusterId = 'outage';
const folder = mkdtempSync(join(tmpdir(), 'drey-outage-'));
/** Writes `line 1`, `line 2`, … every 20 ms. */
const counting = '$| = 1; for (my $i = 1; ; $i++) { print "line $i\\n"; select(undef, undef, undef, 0.02); }';

let namespace: TestNamespace;
let server: { readonly host: string; readonly port: number };

const attached = (kubeconfig = process.env['KUBECONFIG'] ?? ''): Terminal =>
  new Terminal(['attach', clusterId, '-n', namespace.name, '--kubeconfig', kubeconfig], { patience: 120_000, columns: 160, rows: 45 });

beforeAll(async () => {
  namespace = await testNamespace('outage');
  await deploySession(namespace, clusterId);
  const manifest = join(folder, 'counter.json');
  writeFileSync(
    manifest,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${clusterId}-taskmanager-1-9`,
        labels: { app: clusterId, component: 'taskmanager', type: 'flink-native-kubernetes' },
      },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: 'flink-main-container',
            image: process.env['DREY_TEST_IMAGE'] ?? 'flink:2.3.0',
            command: ['perl', '-e', counting],
            resources: { requests: { cpu: '10m', memory: '16Mi' } },
          },
        ],
      },
    }),
  );
  await namespace.kubectl('apply', '-f', manifest);
  await namespace.kubectl('wait', '--for=condition=Ready', `pod/${clusterId}-taskmanager-1-9`, '--timeout=120s');
  const url = new URL((await namespace.kubectl('config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}')).trim());
  server = { host: url.hostname, port: Number(url.port || 443) };
});
afterAll(async () => {
  await podsReachTheApi();
  await namespace[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

/** Resolves when the API server refuses a connection. */
const refusing = (): Promise<true> =>
  eventually(
    'connections are refused',
    () =>
      new Promise<true | undefined>((resolve) => {
        const socket = net.connect(server.port, server.host);
        const done = (answer: true | undefined) => {
          socket.destroy();
          resolve(answer);
        };
        socket.once('connect', () => done(undefined));
        socket.once('error', () => done(true));
      }),
  );

const isLive = async (terminal: Terminal): Promise<void> => {
  await terminal.sees(/k8s ● live.*flink ● live/);
  await terminal.seesNo(/as of \d+ s/);
};

/** Follows the log of the counting pod in the line mode. */
function follower(): Running & { readonly lines: () => readonly string[] } {
  const running = start('drey', ['attach', clusterId, '-n', namespace.name, '--plain']);
  running.child.stdin?.write('logs taskmanager-1-9 --follow\n');
  return {
    ...running,
    lines: () =>
      running
        .stdout()
        .split('\n')
        .slice(0, -1)
        .filter((line) => /^line \d+$/.test(line)),
  };
}

/** The same number of lines, each once and in order, from the first one on. */
function whole(lines: readonly string[]): readonly string[] {
  const first = Number(lines[0]?.slice(5));
  return lines.map((_, index) => `line ${first + index}`);
}

test('an API server that refuses connections: said at once, what is shown has its age, commands say why not, and all comes back by itself', async () => {
  await using terminal = attached();
  const log = follower();
  await isLive(terminal);
  await terminal.sees(/taskmanager-1-9/);
  await eventually('lines come', () => (log.lines().length > 50 ? true : undefined));

  const over = kit('fault', 'api-forward-down', '12');
  await refusing();
  const began = performance.now();
  await terminal.sees(/k8s ○ lost/);
  expect(performance.now() - began).toBeLessThan(3_000);
  await terminal.sees(/refuses connections/);
  await terminal.sees(/as of \d+ s ago/);
  terminal.type('stop⏎');
  await terminal.sees(/The API server does not answer: .*refuses connections/);
  await terminal.sees(/flink ○ lost/);
  terminal.type('⌃csubmit nothing.jar⏎');
  await terminal.sees(/Flink's REST endpoint does not answer: .*refuses connections/);
  await over;
  const before = log.lines().length;
  await isLive(terminal);
  await eventually('lines come again', () => (log.lines().length > before + 600 ? true : undefined));
  expect(log.lines()).toEqual(whole(log.lines()));

  log.child.stdin?.end('quit\n');
  expect((await log.ended).code).toBe(0);
  terminal.type('⌃c⌃c');
  expect(await terminal.exit).toBe(0);
});

test('an API server that hangs is reported within ten seconds, and no line is lost or doubled', async () => {
  await using terminal = attached();
  const log = follower();
  await isLive(terminal);
  await eventually('lines come', () => (log.lines().length > 50 ? true : undefined));
  const before = sockets(terminal.pid);

  const over = kit('fault', 'api-forward-pause', '20');
  let last = { count: 0, at: performance.now() };
  await eventually('it is said', () => {
    const count = log.lines().length;
    if (count > last.count) last = { count, at: performance.now() };
    return /k8s \S+ (stale|lost)/.test(terminal.text());
  });
  expect(performance.now() - last.at).toBeLessThan(11_000);
  await terminal.sees(/has not answered for \d+ s/);
  await terminal.sees(/as of \d+ s ago/);
  await over;
  await isLive(terminal);
  await eventually('lines come again', () => (log.lines().length > last.count + 1_000 ? true : undefined));
  expect(log.lines()).toEqual(whole(log.lines()));
  await eventually('no connection is left over', () => (sockets(terminal.pid) <= before ? true : undefined));
  log.child.stdin?.end();
  expect((await log.ended).code).toBe(0);
});

test('whatever breaks, it is reported, all is well again without a key, no line is lost or doubled, and nothing is left behind', async () => {
  await using terminal = attached();
  const log = follower();
  await isLive(terminal);
  const more = async (count: number): Promise<void> => {
    const now = log.lines().length;
    await eventually('lines come', () => (log.lines().length >= now + count ? true : undefined));
  };
  await more(200);
  const before = { sockets: sockets(terminal.pid), memory: residentMb(terminal.pid), followerSockets: sockets(log.child.pid ?? 0) };

  // Every stream is cut at once.
  await kit('fault', 'api-forward-restart');
  await isLive(terminal);
  await more(200);

  // It ends in good order: for some seconds it refuses what is new and goes on with what it has begun, which is still true.
  const restarted = kit('fault', 'apiserver-restart');
  await terminal.sees(/k8s ○ lost/);
  await terminal.sees(/as of \d+ s ago/);
  await restarted;
  await isLive(terminal);
  await more(200);

  const paused = kit('fault', 'apiserver-pause', '14');
  await terminal.sees(/k8s \S+ (stale|lost)/);
  await terminal.sees(/has not answered for \d+ s/);
  await terminal.sees(/as of \d+ s ago/);
  await paused;
  await isLive(terminal);
  await more(700);

  await kit('fault', 'kubelet-restart');
  await more(400);
  await isLive(terminal);

  expect(log.lines()).toEqual(whole(log.lines()));
  // Something is sent and answered all the time: what matters is that it gets no more.
  await eventually('no connection is left over', () =>
    sockets(terminal.pid) <= before.sockets && sockets(log.child.pid ?? 0) <= before.followerSockets ? true : undefined,
  );
  expect(residentMb(terminal.pid)).toBeLessThan(before.memory + 40);
  log.child.stdin?.end();
  expect((await log.ended).code).toBe(0);
  terminal.type('⌃c⌃c');
  expect(await terminal.exit).toBe(0);
});

test('rights that are taken away are reported with the next try, and are noticed when they are given back', async () => {
  await using viewer = attached(await kit('kubeconfig', 'viewer', namespace.name));
  await viewer.sees(/k8s ● live/);
  await viewer.sees(/taskmanager-1-9\s+\S+ Running/);
  const binding = await namespace.kubectl('get', 'rolebinding', 'drey-viewer', '-o', 'json');
  await namespace.kubectl('delete', 'rolebinding', 'drey-viewer');
  // A server asks for rights when a stream begins, and not again while it lasts.
  await kit('fault', 'api-forward-restart');
  await viewer.sees(/k8s ○ denied/);
  await viewer.sees(/Next try in \d+ s; \S+ retries now\./);
  await viewer.sees(/forbidden: watch pods in namespace/);
  await viewer.sees(/taskmanager-1-9/);
  const { metadata, ...rest } = JSON.parse(binding) as { readonly metadata: { readonly name: string } };
  const file = join(folder, 'binding.json');
  writeFileSync(file, JSON.stringify({ ...rest, metadata: { name: metadata.name } }));
  await namespace.kubectl('apply', '-f', file);
  const given = performance.now();
  await viewer.sees(/k8s ● live/);
  await viewer.seesNo(/as of \d+ s/);
  expect(performance.now() - given).toBeLessThan(15_000);
});

test('a JobManager whose process is killed is back in its pod: Flink is reported as lost, and then is not', async () => {
  await using terminal = attached();
  await isLive(terminal);
  const pod = await jobManagerPod(namespace, clusterId);
  await kit('fault', 'pod-kill', namespace.name, pod);
  await terminal.sees(/flink \S+ (lost|no answer|starting)/);
  await terminal.sees(/k8s ● live/);
  await isLive(terminal);
  await terminal.sees(new RegExp(`jobmanager-${pod.split('-').at(-1)}.*Running\\s+1/1\\s+1 `));
});

test('users without rights are reported in words, and see the rest', async () => {
  {
    await using viewer = attached(await kit('kubeconfig', 'viewer', namespace.name));
    await viewer.sees(/jobmanager-\S+.*Running/);
    await viewer.sees(/k8s ● live.*flink ○ denied/);
    await viewer.sees(/forbidden: create pods\/portforward/);
    await viewer.sees(/line \d+|INFO/);
    viewer.type('stop⏎');
    await viewer.sees(/You are not allowed to delete deployments\.apps in namespace/);
    viewer.type('⌃c⌃c');
    expect(await viewer.exit).toBe(0);
  }
  {
    await using nologs = attached(await kit('kubeconfig', 'nologs', namespace.name));
    await nologs.sees(/jobmanager-\S+.*Running/);
    await nologs.sees(/forbidden: get pods\/log in namespace/);
    await nologs.sees(/k8s ● live/);
  }
  await using expired = attached(await kit('kubeconfig', 'expired', namespace.name));
  await expired.sees(/the client certificate expired on \d+ \w+ \d{4}/);
});

test('a JobManager that is killed is followed to the pod in its place', async () => {
  await using terminal = attached();
  await isLive(terminal);
  const old = await jobManagerPod(namespace, clusterId);
  await namespace.kubectl('delete', 'pod', old, '--grace-period=0', '--force');
  await terminal.sees(/flink \S+ (lost|no answer|starting)/);
  const next = await eventually('another JobManager runs', async () => {
    const name = await jobManagerPod(namespace, clusterId).catch(() => old);
    return name === '' || name === old ? undefined : name;
  });
  await terminal.sees(new RegExp(`jobmanager-${next.split('-').at(-1)}.*Running`));
  await isLive(terminal);
  terminal.type('web⏎');
  await terminal.sees(/8081/);
});
