import { expect, test } from 'vitest';
import { deletion } from '../../src/sandbox/api/deletion.ts';
import type { ApiObject } from '../../src/sandbox/api/objects.ts';
import { CONFIG_MAPS, PODS } from '../../src/sandbox/api/resources.ts';
import { ObjectStore } from '../../src/sandbox/api/store.ts';
import { seededRandom } from '../../src/sandbox/base/random.ts';
import { applicationOf } from '../../src/sandbox/flink/cluster.ts';
import { graphOf } from '../../src/sandbox/flink/graphs.ts';
import type { FlinkFaults } from '../../src/sandbox/flink/flink-faults.ts';
import { settingsOf } from '../../src/sandbox/flink/settings.ts';
import { FlinkWorld } from '../../src/sandbox/flink/world.ts';
import { containerLog, type ContainerLog } from '../../src/sandbox/pods/container-log.ts';
import { ManualClock } from './manual-clock.ts';

interface JobManagerProcess {
  readonly pod: ApiObject;
  readonly console: ContainerLog;
}

/** A namespace with the configuration of one cluster, whose JobManager pods a test starts and stops itself. */
function open(config: string, tick = 0) {
  const clock = new ManualClock(Date.parse('2026-05-04T10:00:00Z'), tick);
  const random = seededRandom(1);
  const store = new ObjectStore({ random, now: clock.now });
  store.create(CONFIG_MAPS, 'default', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'flink-config-c' },
    data: { 'config.yaml': config },
  });
  const exits: string[] = [];
  const faults: { -readonly [K in keyof FlinkFaults]: FlinkFaults[K] } = {
    jobManagerDies: undefined,
    workersRefused: undefined,
    checkpointsStuck: false,
    checkpointsFail: undefined,
    adaptive: false,
  };
  const world = new FlinkWorld({
    store,
    clock,
    random,
    deletion: deletion(store, clock),
    since: () => undefined,
    exit: ({ metadata }, code) => void exits.push(`${metadata.name} ${code}`),
    faults,
    seenBy: () => store,
  });
  return {
    clock,
    exits,
    faults,
    world,
    async start(name: string): Promise<JobManagerProcess> {
      const pod = store.create(PODS, 'default', {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, labels: { app: 'c', type: 'flink-native-kubernetes', component: 'jobmanager' } },
        spec: { containers: [{ name: 'flink-main-container', image: 'flink:2.3.0' }] },
      });
      const console = containerLog(clock.now);
      world.started(pod, console);
      await world.settled();
      return { pod, console };
    },
    async stop({ pod, console }: JobManagerProcess): Promise<void> {
      world.stopped(pod, { exitCode: 143, reason: 'Error' }, console);
      await world.settled();
    },
  };
}

const HA = 'high-availability.type: kubernetes\n';
const request = { graph: graphOf('org.example.orders.OrdersEnrichment', []), parallelism: 1, entryClass: 'x', configuration: {} };
const text = (console: ContainerLog): string =>
  console
    .entries()
    .map((entry) => entry.text)
    .join('\n');

test('a JobManager listens before it leads, and does neither when it has ended', async () => {
  const { clock, world, start, stop } = open(HA);
  const process = await start('one');
  const cluster = world.ofPod(process.pod);
  const seen = [0, 700, 600].map((ms) => {
    clock.advance(ms);
    return [cluster?.restPort(), cluster?.leads()];
  });
  expect(seen).toEqual([
    [undefined, false],
    [8081, false],
    [8081, true],
  ]);
  await stop(process);
  expect([cluster?.restPort(), cluster?.leads(), world.ofPod(process.pod)]).toEqual([undefined, false, undefined]);
});

test('a JobManager that starts just now does not lead already, however slowly its machine works', async () => {
  const { world, start } = open(HA, 1);
  const { pod } = await start('one');
  expect([world.ofPod(pod)?.restPort(), world.ofPod(pod)?.leads()]).toEqual([undefined, false]);
});

test('with high availability the next JobManager takes up the jobs, also those that the one before had not come to', async () => {
  const { clock, world, start, stop } = open(HA);
  const first = await start('one');
  clock.advance(2_000);
  const job = world.ofPod(first.pod)?.submit(request);
  await stop(first);
  // It ends before it leads: it has taken up nothing.
  const second = await start('two');
  await stop(second);
  const third = await start('three');
  expect([...(world.ofPod(third.pod)?.jobs.keys() ?? [])]).toEqual([]);
  clock.advance(2_000);
  expect([...(world.ofPod(third.pod)?.jobs.keys() ?? [])]).toEqual([job?.id]);
});

test('without high availability the next JobManager begins with nothing', async () => {
  const { clock, world, start, stop } = open('rest.port: 8081\n');
  const first = await start('one');
  clock.advance(2_000);
  world.ofPod(first.pod)?.submit(request);
  await stop(first);
  const second = await start('two');
  clock.advance(2_000);
  expect(world.ofPod(second.pod)?.jobs.size).toBe(0);
});

test('a standby speaks for its leader until it leads itself; the one that has waited longest is next', async () => {
  const { world, start, stop } = open(HA);
  const [first, second, third] = [await start('one'), await start('two'), await start('three')];
  expect([second, third].map(({ pod }) => world.ofPod(pod)?.leader.metadata.name)).toEqual(['one', 'one']);
  await stop(first);
  expect(world.find('default', 'c')?.leader.metadata.name).toBe('two');
  await stop(third);
  await stop(second);
  expect(world.all()).toEqual([]);
});

test('a JobManager that cannot read its configuration, or is made to die, says why in its log and exits with 1', async () => {
  const broken = open('a: [');
  const { console } = await broken.start('one');
  broken.clock.advance(2_000);
  expect(broken.exits).toEqual(['one 1']);
  expect(text(console)).toContain('Error parsing YAML configuration.');

  const dying = open(HA);
  dying.faults.jobManagerDies = 'java.lang.IllegalStateException: no such plugin';
  const process = await dying.start('two');
  dying.clock.advance(2_000);
  expect(dying.exits).toEqual(['two 1']);
  expect(text(process.console)).toContain('Caused by: java.lang.IllegalStateException: no such plugin');
});

test('an application cluster runs the class that its configuration names, else one named like its jar', async () => {
  const store = new ObjectStore({ random: seededRandom(1), now: () => 0 });
  const entryClassOf = async (args: string): Promise<string> => {
    const pod = store.create(PODS, 'default', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { generateName: 'p-' },
      spec: { containers: [{ name: 'flink-main-container', args: [args] }] },
    });
    return applicationOf(await settingsOf(store, 'c', pod)).entryClass;
  };
  expect(await entryClassOf("-D pipeline.jars='local:///opt/flink/usrlib/WordCount.jar'")).toBe('WordCount');
  expect(await entryClassOf('')).toBe('Application');
});
