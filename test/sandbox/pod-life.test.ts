import { expect, test } from 'vitest';
import type { ApiObject, JsonObject } from '../../src/sandbox/api/objects.ts';
import { CLAIMS, CONFIG_MAPS, NODES, PODS, SECRETS } from '../../src/sandbox/api/resources.ts';
import { ObjectStore } from '../../src/sandbox/api/store.ts';
import { seededRandom } from '../../src/sandbox/base/random.ts';
import { containerEnded, startOf, stepOf } from '../../src/sandbox/pods/pod-life.ts';
import type { Stage, Step, Surroundings } from '../../src/sandbox/pods/step.ts';

const NOW = Date.parse('2026-05-04T10:00:00Z');

/** A node of 16 cores, and the pod that is asked for. */
function cluster(spec: JsonObject = {}): { readonly store: ObjectStore; readonly pod: ApiObject; readonly around: Surroundings } {
  const store = new ObjectStore({ random: seededRandom(1), now: () => NOW });
  store.create(NODES, undefined, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'one' }, status: { allocatable: { cpu: '16' } } });
  const pod = store.create(PODS, 'default', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p' },
    spec: { restartPolicy: 'Always', containers: [{ name: 'main', image: 'flink:2.3.0' }], ...spec },
  });
  return { store, pod, around: { objects: store, nodeFull: false, now: NOW } };
}

const events = ({ events: said }: Step): readonly string[] => said.map(({ reason, message }) => `${reason}: ${message}`);
const state = ({ pod }: Step, member = 'containerStatuses'): unknown =>
  ((pod['status'] as JsonObject)[member] as readonly JsonObject[])[0]?.['state'];
const stages = ({ next }: Step): readonly Stage['kind'][] => next.map(({ stage }) => stage.kind);
const create = (store: ObjectStore, of: typeof SECRETS, name: string): unknown =>
  store.create(of, 'default', { apiVersion: 'v1', kind: of.kind, metadata: { name } });

/** Follows a pod that nothing holds up until its containers start. */
function live(pod: ApiObject, stage: Stage, around: Surroundings): { readonly steps: readonly Step[]; readonly last: Step } {
  const steps: Step[] = [];
  let last = stepOf(stage, pod, around);
  for (steps.push(last); last.next[0] !== undefined; steps.push(last)) last = stepOf(last.next[0].stage, last.pod, around);
  return { steps, last };
}

test('a pod that needs nothing is given a node, and its containers start', () => {
  const { pod, around } = cluster();
  const { steps, last } = live(pod, { kind: 'schedule' }, around);
  expect(steps.flatMap(({ events: said }) => said.map(({ reason }) => reason))).toEqual(['Scheduled', 'Pulled', 'Created', 'Started']);
  expect(last.starts).toBe(true);
  expect(last.pod['status']).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^10\.244\.0\.\d+$/) });
  expect(startOf(last.pod)).toBe('2026-05-04T10:00:00Z');
});

test('a pod that no node has room for says so once, and is looked at again', () => {
  const big = { containers: [{ name: 'main', image: 'flink:2.3.0', resources: { requests: { cpu: '17' } } }] };
  const { pod, around } = cluster(big);
  const first = stepOf({ kind: 'schedule' }, pod, around);
  expect(events(first)[0]).toMatch(/^FailedScheduling: 0\/1 nodes are available: 1 Insufficient cpu\./);
  expect(first.pod['status']).toMatchObject({ phase: 'Pending', conditions: [{ reason: 'Unschedulable' }] });
  const again = stepOf({ kind: 'schedule' }, first.pod, around);
  expect(again).toEqual({ pod: first.pod, events: [], next: [{ stage: { kind: 'schedule' }, after: [2_000, 2_000] }] });
});

test('on a full node no pod finds a place, however small', () => {
  const { pod, around } = cluster();
  expect(stages(stepOf({ kind: 'schedule' }, pod, { ...around, nodeFull: true }))).toEqual(['schedule']);
});

test('a claim that does not exist keeps a pod off every node until it does', () => {
  const { store, pod, around } = cluster({ volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }] });
  expect(events(stepOf({ kind: 'schedule' }, pod, around))[0]).toContain('persistentvolumeclaim "data" not found');
  create(store, CLAIMS, 'data');
  expect(stages(stepOf({ kind: 'schedule' }, pod, around))).toEqual(['mount']);
});

test('a ConfigMap that is not there is not mounted; an optional one is not missed', () => {
  const { store, pod, around } = cluster({ volumes: [{ name: 'v', configMap: { name: 'settings' } }] });
  const step = stepOf({ kind: 'mount' }, pod, around);
  expect(events(step)).toEqual(['FailedMount: MountVolume.SetUp failed for volume "v" : configmap "settings" not found']);
  expect(stages(step)).toEqual(['mount']);
  create(store, CONFIG_MAPS, 'settings');
  expect(stages(stepOf({ kind: 'mount' }, pod, around))).toEqual(['initialize']);
  const other = cluster({ volumes: [{ name: 'v', configMap: { name: 'settings', optional: true } }] });
  expect(stages(stepOf({ kind: 'mount' }, other.pod, other.around))).toEqual(['initialize']);
});

test('a container whose variable is read from a Secret that is not there is not created', () => {
  const env = [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'keys', key: 'a' } } }];
  const { store, pod, around } = cluster({ containers: [{ name: 'main', image: 'flink:2.3.0', env }] });
  const step = stepOf({ kind: 'create' }, pod, around);
  expect(state(step)).toEqual({ waiting: { reason: 'CreateContainerConfigError', message: 'secret "keys" not found' } });
  expect(stages(step)).toEqual(['create']);
  create(store, SECRETS, 'keys');
  expect(stages(stepOf({ kind: 'create' }, step.pod, around))).toEqual(['start']);
});

test('an image that does not exist is pulled again and again, each time later', () => {
  const { pod, around } = cluster({ containers: [{ name: 'main', image: 'flink:no-such' }] });
  const pulled = stepOf({ kind: 'pull', tries: 3 }, pod, around);
  expect(state(pulled)).toMatchObject({ waiting: { reason: 'ErrImagePull' } });
  const waiting = stepOf({ kind: 'pull-back-off', tries: 3 }, pulled.pod, around);
  expect(state(waiting)).toMatchObject({ waiting: { reason: 'ImagePullBackOff' } });
  expect(waiting.next).toEqual([{ stage: { kind: 'pull', tries: 4 }, after: [30_000, 30_000] }]);
  expect(stepOf({ kind: 'pull-back-off', tries: 1_000 }, pulled.pod, around).next[0]?.after).toEqual([300_000, 300_000]);
});

test('an init container that fails holds its pod up, and is started again at once, then after 10, 20, 40 seconds', () => {
  const { pod, around } = cluster({ initContainers: [{ name: 'setup', command: ['sh', '-c', 'echo no; exit 3'] }] });
  const first = stepOf({ kind: 'initialize', index: 0, restarts: 0 }, pod, around);
  expect(first.written).toEqual({ container: 'setup', text: 'no' });
  expect(state(first, 'initContainerStatuses')).toMatchObject({ terminated: { exitCode: 3 } });
  expect(state(first)).toEqual({ waiting: { reason: 'PodInitializing' } });
  expect(stages(first)).toEqual(['initialize']);
  const waits = [1, 2, 3].map((restarts) => stepOf({ kind: 'initialize', index: 0, restarts }, pod, around).next);
  expect(waits.map((next) => next.map(({ stage }) => stage.kind))).toEqual(waits.map(() => ['init-back-off', 'initialize']));
  expect(waits.map((next) => next[1])).toEqual(
    [11_500, 21_500, 41_500].map((wait, index) => ({
      stage: { kind: 'initialize', index: 0, restarts: index + 2 },
      after: [wait, wait],
    })),
  );
});

test('a sidecar does not hold its pod up', () => {
  const { pod, around } = cluster({ initContainers: [{ name: 'proxy', restartPolicy: 'Always', command: ['false'] }] });
  const { last } = live(pod, { kind: 'mount' }, around);
  expect(last.starts).toBe(true);
  expect(state(last, 'initContainerStatuses')).toMatchObject({ running: {} });
});

test('a container that ends is the end of a pod that restarts never, and begins again in any other', () => {
  const started = (spec: JsonObject): ApiObject => {
    const { pod, around } = cluster(spec);
    return stepOf({ kind: 'start' }, pod, around).pod;
  };
  const never = started({ restartPolicy: 'Never' });
  const phases = [0, 1].map((exitCode) => containerEnded(never, { exitCode, reason: 'x' }, NOW));
  expect(phases.map(({ pod }) => (pod['status'] as JsonObject)['phase'])).toEqual(['Succeeded', 'Failed']);
  expect(phases.flatMap(({ next }) => next)).toEqual([]);
  const ended = containerEnded(started({}), { exitCode: 137, reason: 'OOMKilled' }, NOW);
  expect(state(ended)).toMatchObject({ terminated: { exitCode: 137, reason: 'OOMKilled', startedAt: '2026-05-04T10:00:00Z' } });
  expect(stages(ended)).toEqual(['restart']);
});

test('a container that crashes again waits as CrashLoopBackOff, remembers how it ended, and counts its restarts', () => {
  const { pod, around } = cluster();
  const oom = { exitCode: 137, reason: 'OOMKilled' };
  const follow = (step: Step, kind: Stage['kind']): Step => {
    const found = step.next.find(({ stage }) => stage.kind === kind);
    if (found === undefined) throw new Error(`no ${kind} follows`);
    return stepOf(found.stage, step.pod, around);
  };
  const second = follow(containerEnded(stepOf({ kind: 'start' }, pod, around).pod, oom, NOW), 'restart');
  expect(second.pod['status']).toMatchObject({
    containerStatuses: [{ restartCount: 1, state: { running: {} }, lastState: { terminated: oom } }],
  });
  const crashed = containerEnded(second.pod, oom, NOW);
  const waiting = follow(crashed, 'crash-back-off');
  expect(waiting.pod['status']).toMatchObject({
    containerStatuses: [{ restartCount: 1, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: oom } }],
  });
  expect(crashed.next.find(({ stage }) => stage.kind === 'restart')?.after).toEqual([11_200, 11_200]);
  expect(follow(crashed, 'restart').pod['status']).toMatchObject({ containerStatuses: [{ restartCount: 2 }] });
});
