import { afterAll, beforeAll, expect, test } from 'vitest';
import { actions, type ActionValues } from '../../src/sandbox/control/actions.ts';
import type { ControlCommand } from '../../src/sandbox/control/command.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, PODS, podNames } from './sandboxes.ts';
import { until } from '../support/until.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
});
afterAll(() => sandbox.close());

const TASK_MANAGER = 'my-first-flink-cluster-taskmanager-1-1';

/** What is typed for each control command: one that is missing here does not compile. */
const typed: Readonly<Record<ControlCommand['kind'], readonly [action: string, given?: ActionValues]>> = {
  'api-restart': ['outage', { for: 50 }],
  'api-pause': ['hang', { for: 50 }],
  'api-answer': ['answer', { status: '503' }],
  'api-slow': ['slow', { delay: 1, for: 50 }],
  'streams-cut': ['cut'],
  'watches-expire': ['expire'],
  bookmarks: ['bookmarks', { state: 'off' }],
  'logs-reset': ['reset-logs', { where: 'mid-line' }],
  'logs-end': ['end-logs'],
  'logs-repeat': ['repeat-logs', { lines: 2 }],
  'logs-write': ['write', { pod: TASK_MANAGER, lines: 3 }],
  'port-forward': ['forward', { how: 'stall' }],
  'pod-crash': ['crash', { pod: TASK_MANAGER }],
  'taskmanager-oom': ['oom'],
  'pod-delete': ['release', { pod: 'my-first-flink-cluster-taskmanager-1-2' }],
  'pod-kill': ['kill', { pod: TASK_MANAGER }],
  'jobmanager-crash-loop': ['crash-loop', { reason: 'java.lang.Error: as told' }],
  'jobmanager-kill': ['kill-jobmanager'],
  'taskmanagers-refuse': ['refuse-taskmanagers', { how: 'quota' }],
  'node-full': ['no-room'],
  'checkpoints-stick': ['stick-checkpoints'],
  sampling: ['sampling', { state: 'off' }],
  deadlock: ['deadlock'],
  'job-large': ['large-job', { parallelism: 5 }],
  scheduler: ['scheduler', { which: 'adaptive' }],
  'checkpoints-fail': ['fail-checkpoints', { reason: 'as told' }],
  'pods-create': ['pods', { count: 3 }],
  'pods-churn': ['churn', { rate: 5, for: 50 }],
  'pods-remove': ['clear-pods'],
  'rest-election': ['election', { for: 50 }],
  'rest-cut': ['rest-cut'],
  'rest-shape': ['rest-shape', { body: '{}' }],
  'rest-slow': ['rest-slow', { delay: 1, for: 50 }],
  'rest-lose-answer': ['lose-answer', { of: 'run' }],
  deny: ['deny', { verb: 'delete' }],
  'allow-all': ['allow'],
  'token-require': ['token', { what: 'require' }],
  'token-rotate': ['token', { what: 'rotate' }],
  'token-off': ['token', { what: 'off' }],
  'job-fail': ['fail', { message: 'as told' }],
  'job-finish': ['finish'],
  heal: ['heal'],
  writes: ['writes'],
  state: ['state'],
  'cluster-delete': ['delete-cluster'],
};

test('everything that the control can do can be typed, and is done', async () => {
  const done = new Set<string>();
  for (const [kind, [name, given = {}]] of Object.entries(typed)) {
    const action = actions.find((one) => one.name === name);
    if (action === undefined) throw new Error(`no action ${name}`);
    const command = action.command(given);
    expect(command.kind).toBe(kind);
    // Another member of the cluster may have to be there again first.
    await until(() =>
      sandbox.control(command).then(
        () => true,
        (error: Error) => (/knows no command/.test(error.message) ? Promise.reject(error) : false),
      ),
    );
    await sandbox.control({ kind: 'heal' });
    done.add(name);
  }
  expect(actions.map(({ name }) => name).filter((name) => !done.has(name))).toEqual(['fail-for-good']);
});

test('what is given is checked where it is typed: every argument that must be there is asked for', () => {
  for (const { name, args } of actions) {
    const optional = args.map((spec) => spec.optional);
    expect(optional, name).toEqual(optional.toSorted((a, b) => Number(a) - Number(b)));
  }
});

test('heal ends an outage at once, and no earlier fault switches a later one off', async () => {
  await using other = await startSandbox();
  await other.control({ kind: 'api-restart', forMs: 3_600_000 });
  await other.control({ kind: 'pods-create', count: 3 });
  await other.control({ kind: 'heal' });
  expect((await api(other, PODS)).status).toBe(200);
  expect(await podNames(other)).toHaveLength(3);
  await other.control({ kind: 'rest-election', forMs: 40 });
  await other.control({ kind: 'heal' });
  await other.control({ kind: 'api-slow', delayMs: 60, forMs: 3_600_000 });
  const begin = performance.now();
  await api(other, PODS);
  expect(performance.now() - begin).toBeGreaterThanOrEqual(60);
});

test('the last fault of a kind counts, and ends when it is to end', async () => {
  await using other = await startSandbox();
  await other.control({ kind: 'api-slow', delayMs: 60, forMs: 40 });
  await other.control({ kind: 'api-slow', delayMs: 60, forMs: 3_600_000 });
  await other.control({ kind: 'api-answer', status: 500, forMs: 80 });
  await until(async () => (await api(other, PODS)).status === 200);
  const begin = performance.now();
  await api(other, PODS);
  expect(performance.now() - begin).toBeGreaterThanOrEqual(60);

  await using clock = await startSandbox();
  await other.control({ kind: 'api-restart', forMs: 40 });
  await other.control({ kind: 'api-restart', forMs: 3_600_000 });
  await clock.control({ kind: 'api-restart', forMs: 80 });
  await until(() =>
    api(clock, PODS).then(
      () => true,
      () => false,
    ),
  );
  await expect(fetch(`${other.url}/version`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
  await other.control({ kind: 'heal' });
  expect((await api(other, PODS)).status).toBe(200);
});
