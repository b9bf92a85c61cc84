import { expect, test } from 'vitest';
import { CONFIG_MAPS, PODS } from '../../src/sandbox/api/resources.ts';
import { ObjectStore } from '../../src/sandbox/api/store.ts';
import { seededRandom } from '../../src/sandbox/base/random.ts';
import { logLevels } from '../../src/sandbox/flink/log-levels.ts';
import { MountedFiles } from '../../src/sandbox/pods/mounted-files.ts';
import { runInPod } from '../../src/sandbox/pods/pod-machine.ts';
import { ManualClock } from './manual-clock.ts';

const name = 'flink-config-c';
const path = '/opt/flink/conf/log4j-console.properties';
const shipped = 'monitorInterval=30\nrootLogger.level = INFO\nlogger.kafka.name= org.apache.kafka\nlogger.kafka.level = WARN\n';

/** A pod that runs with the logging file. */
function running(text = shipped) {
  const clock = new ManualClock(Date.parse('2026-05-04T10:00:00Z'));
  const random = seededRandom(1);
  const store = new ObjectStore({ random, now: clock.now });
  const data = (file: string) => ({ 'log4j-console.properties': file });
  store.create(CONFIG_MAPS, 'default', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: data(text) });
  const mounted = new MountedFiles({ store, clock, random });
  const pod = store.create(PODS, 'default', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'c-1', labels: { app: 'c' } },
    spec: { volumes: [{ name: 'flink-config-volume', configMap: { name } }] },
  });
  const allows = logLevels(pod, mounted.seenBy(pod), clock, () => false);
  const objects = mounted.seenBy(pod);
  return {
    clock,
    allows,
    writes: () => ['ERROR', 'INFO', 'DEBUG'].filter((level) => allows('org.apache.flink.Task', level as 'DEBUG')),
    file: () => runInPod(objects, pod, ['cat', path], clock.now()).stdout,
    edit(file: string) {
      const before = store.get(CONFIG_MAPS, 'default', name);
      if (before !== undefined) store.update(CONFIG_MAPS, { ...before, data: data(file) });
    },
    touch() {
      const before = store.get(PODS, 'default', 'c-1') ?? pod;
      store.update(PODS, { ...before, metadata: { ...before.metadata, annotations: { touched: String(clock.now()) } } });
    },
  };
}

const debug = shipped.replace('rootLogger.level = INFO', 'rootLogger.level = DEBUG').replace('=30', '=5');

test('a changed ConfigMap comes to a pod by itself after a while, and its process reads it after its interval', () => {
  const { clock, edit, file, writes } = running();
  edit(debug);
  clock.advance(15_000);
  expect([file(), writes()]).toEqual([shipped, ['ERROR', 'INFO']]);
  clock.advance(50_000);
  expect(file()).toBe(debug);
  clock.advance(30_000);
  expect(writes()).toEqual(['ERROR', 'INFO', 'DEBUG']);
});

test('a pod whose annotations change gets it within seconds, and the next change is read after the new interval', () => {
  const { clock, edit, touch, file, writes } = running();
  edit(debug);
  touch();
  clock.advance(4_000);
  expect(file()).toBe(debug);
  clock.advance(30_000);
  expect(writes()).toContain('DEBUG');
  edit(shipped);
  touch();
  clock.advance(9_000);
  expect(writes()).toEqual(['ERROR', 'INFO']);
});

test('a misspelt level leaves errors alone, and a file without an interval is the last one that is read', () => {
  const wrong = running();
  wrong.edit(shipped.replace('= INFO', '= DEBGU'));
  wrong.touch();
  wrong.clock.advance(60_000);
  expect(wrong.writes()).toEqual(['ERROR']);
  const last = running();
  last.edit(debug.replace('monitorInterval=5', ''));
  last.touch();
  last.clock.advance(60_000);
  last.edit(shipped);
  last.clock.advance(300_000);
  expect(last.writes()).toContain('DEBUG');
});

test('a logger with a level of its own does not follow the root', () => {
  const { allows } = running(debug);
  expect([allows('org.apache.kafka.clients.NetworkClient', 'INFO'), allows('org.apache.kafkaesque', 'DEBUG')]).toEqual([false, true]);
});
