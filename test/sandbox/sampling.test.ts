import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { until } from '../support/until.ts';
import { at, rest } from './sandboxes.ts';

let sandbox: Sandbox;
let vertex: string;
let taskManager: string;
beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
  const job: string = at(
    at<readonly unknown[]>((await rest(sandbox, '/jobs/overview')).body, 'jobs').find((one) => at(one, 'name') === 'orders-enrichment'),
    'jid',
  );
  vertex = `/jobs/${job}/vertices/${at((await rest(sandbox, `/jobs/${job}`)).body, 'vertices.1.id')}`;
  taskManager = at((await rest(sandbox, `${vertex}/subtasks/2`)).body, 'taskmanager-id');
});
afterAll(() => sandbox.close());
afterEach(() => sandbox.control({ kind: 'heal' }));

interface Node {
  readonly name: string;
  readonly value: number;
  readonly children: readonly Node[];
}
interface Graph {
  readonly endTimestamp: number;
  readonly data?: Node;
}
const graph = async (query: string): Promise<Graph> => (await rest(sandbox, `${vertex}/flamegraph?${query}`)).body as Graph;
const data = (query: string): Promise<Node> => until(async () => (await graph(query)).data);
const names = (node: Node): readonly string[] => [node.name, ...node.children.flatMap(names)];

describe('a flame graph', () => {
  test('is sampled when it is asked for, and then counts every task a hundred times', async () => {
    expect(await graph('type=FULL')).toEqual({ endTimestamp: -3 });
    const full = await data('type=full');
    expect(full).toMatchObject({ name: 'root', value: 400 });
    expect(names(full)).toContain('org.example.orders.EnrichWithCustomers.lookup:84');
    const sums = (node: Node): boolean =>
      node.children.reduce((sum, child) => sum + child.value, 0) <= node.value && node.children.every(sums);
    expect(sums(full)).toBe(true);
    expect((await data('subtaskindex=2')).value).toBe(100);
  });

  test('on the CPU and off it are the parts of the whole', async () => {
    const [full, on, off] = [await data('type=FULL'), await data('type=ON_CPU'), await data('type=OFF_CPU')];
    expect(on.value + off.value).toBe(full.value);
    expect(names(off)).toContain('org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl.take:161');
    expect(names(on)).not.toContain('org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl.take:161');
  });

  test('is sampled anew if it is looked at later, and is a little different then', async () => {
    const first = await until(async () => {
      const answer = await graph('type=ON_CPU');
      return answer.data === undefined ? undefined : answer;
    });
    const second = await until(async () => {
      const answer = await graph('type=ON_CPU');
      return answer.endTimestamp > first.endTimestamp ? answer : undefined;
    });
    expect(second.data).not.toEqual(first.data);
    expect(new Set(names(second.data as Node))).toEqual(new Set(names(first.data as Node)));
  });

  test('of another type or of a subtask that is not there is refused, and there is none if it is switched off', async () => {
    expect((await rest(sandbox, `${vertex}/flamegraph?type=HOT`)).status).toBe(400);
    expect((await rest(sandbox, `${vertex}/flamegraph?subtaskindex=77`)).status).toBe(404);
    await sandbox.control({ kind: 'sampling', on: false });
    expect(await graph('type=FULL')).toEqual({ endTimestamp: -2 });
  });
});

describe.each([
  ['the JobManager', () => '/jobmanager', 'flink/shaded/netty4'],
  ['a TaskManager', () => `/taskmanagers/${taskManager}`, 'org/example/orders/EnrichWithCustomers.map'],
])('the profiler of %s', (_, process, method) => {
  const path = (): string => `${process()}/profiler`;
  const list = async (): Promise<readonly { readonly status: string; readonly outputFile: string | null }[]> =>
    at((await rest(sandbox, path())).body, 'profilingList');

  test('runs once at a time, and its page has the frames', async () => {
    const started = await rest(sandbox, path(), { method: 'POST', body: { mode: 'CPU', duration: 40 } });
    expect(started).toMatchObject({
      status: 200,
      body: { status: 'RUNNING', mode: 'CPU', profilingMode: 'CPU', duration: 40, outputFile: null },
    });
    expect(await rest(sandbox, path(), { method: 'POST', body: { mode: 'WALL', duration: 1 } })).toMatchObject({
      status: 500,
      body: { errors: ['Internal server error.', expect.stringContaining('is still under profiling.')] },
    });
    const file = await until(async () => (await list())[0]?.outputFile ?? false);
    const page = (await rest(sandbox, `${path()}/${file}`)).body as string;
    expect(page).toMatch(/^f\(0,0,\d+,\d,'all'\)$/m);
    expect(page).toContain(method);
    expect((await rest(sandbox, `${path()}/nosuch.html`)).status).toBe(process() === '/jobmanager' ? 404 : 500);
  });

  test('refuses a time that is too long, fails without a mode, and is not there if it is switched off', async () => {
    expect((await rest(sandbox, path(), { method: 'POST', body: { mode: 'CPU', duration: 400 } })).status).toBe(500);
    expect((await rest(sandbox, path(), { method: 'POST', body: { duration: 1 } })).body).toMatchObject({ status: 'FAILED' });
    await sandbox.control({ kind: 'sampling', on: false });
    expect((await rest(sandbox, path())).status).toBe(404);
    expect((await rest(sandbox, path(), { method: 'POST', body: { mode: 'CPU', duration: 1 } })).status).toBe(400);
  });
});

interface Thread {
  readonly threadName: string;
  readonly stringifiedThreadInfo: string;
}
const threads = async (process: string): Promise<readonly Thread[]> =>
  at((await rest(sandbox, `${process}/thread-dump`)).body, 'threadInfos');
const blocked = (all: readonly Thread[]): readonly string[] =>
  all.map(({ stringifiedThreadInfo }) => stringifiedThreadInfo.split('\n')[0] ?? '').filter((line) => line.includes(' BLOCKED on '));

describe('the threads', () => {
  test('of a TaskManager are its tasks and its pools; five of one pool wait for the thread that has their lock', async () => {
    const all = await threads(`/taskmanagers/${taskManager}`);
    const task = all.find(({ threadName }) => threadName === 'enrich with customers -> filter test orders (3/4)#0');
    expect(task?.stringifiedThreadInfo).toContain('\tat app//org.apache.flink.runtime.taskmanager.Task.run(Task.java:579)\n');
    expect(task?.stringifiedThreadInfo).toContain('\tat java.base@17.0.15/java.lang.Thread.run(Thread.java:840)\n\n');
    const waiting = blocked(all);
    expect(waiting).toHaveLength(5);
    const [, owner, id] = /owned by "([^"]+)" Id=(\d+)$/.exec(waiting[0] ?? '') ?? [];
    const holder = all.find(({ threadName }) => threadName === owner);
    expect(holder?.stringifiedThreadInfo).toMatch(new RegExp(`^"${owner}" Id=${id} RUNNABLE`));
    expect(holder?.stringifiedThreadInfo).toContain('-  locked org.example.orders.EnrichWithCustomers$Cache@');
  });

  test('of a TaskManager with a deadlock have two that wait for each other', async () => {
    await sandbox.control({ kind: 'deadlock' });
    const [one, other] = blocked(await threads(`/taskmanagers/${taskManager}`)).filter((line) => line.startsWith('"transfer-'));
    const parts = (line = ''): readonly string[] => /^"([^"]+)" Id=(\d+) .* owned by "([^"]+)" Id=(\d+)$/.exec(line)?.slice(1) ?? [];
    const [name, id, owner, ownerId] = parts(one);
    expect(parts(other)).toEqual([owner, ownerId, name, id]);
  });

  test('of the JobManager are those of its REST server and of its jobs', async () => {
    const all = (await threads('/jobmanager')).map(({ threadName }) => threadName);
    expect(all).toEqual(expect.arrayContaining(['main', 'Flink-DispatcherRestEndpoint-thread-1', 'SourceCoordinator-Source: orders']));
  });
});
