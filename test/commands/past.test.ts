import { expect, test } from 'vitest';
import { catalogue } from '../../src/commands/catalogue.ts';
import type { ClusterHandle } from '../../src/cluster/model/types.ts';
import type { FlinkClient } from '../../src/flink/types.ts';
import type { KubernetesClient } from '../../src/kubernetes/model/types.ts';
import type { Session, SessionLogs, TimelineEntry, ViewLine } from '../../src/session/types.ts';
import { formatTime } from '../../src/support/format.ts';
import { start as T } from '../support/fake-clock.ts';
import { FakeClock, noLogs, testStore } from '../support/fakes.ts';
import { viewOf } from '../tui/fixtures.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk, type Desk } from './desk.ts';

const past = T - 60_000;

/** A server that notes what it is asked, and answers nothing. */
function noting<S extends object>(asked: string[], name = ''): S {
  const server = new Proxy(
    {},
    {
      get(_, member) {
        const path = `${name}.${String(member)}`;
        const call = (): Promise<never> => {
          asked.push(path);
          return Promise.reject(new Error(`${path} was asked`));
        };
        return member === 'files' ? noting(asked, path) : call;
      },
    },
  );
  return server as S;
}

/** Somebody who looks at a cluster of the past, and what the servers of now were asked. */
function inThePast(over: Partial<Session> = {}, more: Parameters<typeof desk>[0] = {}): Desk & { readonly asked: readonly string[] } {
  const store = testStore(new FakeClock());
  store.pods(pod({ shortName: 'taskmanager-1-1' }), pod({ shortName: 'jobmanager-x2b7k', role: 'jobmanager' }));
  store.jobs(job({ id: 'a'.repeat(32), name: 'orders' }));
  const asked: string[] = [];
  const pieces = {
    store: { ...store, get: () => ({ ...store.get(), past, ...over }) },
    flink: noting<FlinkClient>(asked, 'flink'),
    kubernetes: noting<KubernetesClient>(asked, 'kubernetes'),
    cluster: noting<ClusterHandle>(asked, 'cluster'),
  };
  return { ...desk({ ...pieces, ...more }), asked };
}

const lines = catalogue.flatMap(({ name, subcommands = [] }) =>
  [name, ...subcommands.map((each) => `${name} ${each.name}`)].flatMap((words) =>
    ['', ' taskmanager-1-1', ' orders', ' orders source', ' orders source 1', ' taskmanager-1-1:/etc/hosts'].map((rest) => words + rest),
  ),
);

test.each(lines)('in the past %s asks nothing that is so now', async (line) => {
  const { says, asked } = inThePast();
  await says(line);
  expect(asked).toEqual([]);
});

test.each(['yaml taskmanager-1-1', 'config', 'jars', 'web', 'threads taskmanager-1-1', 'events orders', 'top pods'])(
  'in the past %s says that it was not recorded',
  async (line) => {
    expect(await inThePast().says(line)).toBe(
      `This was not recorded: the cluster only knows how it is now, and the screen shows ${formatTime(past)}. live returns to now.`,
    );
  },
);

test.each(['describe taskmanager-1-1', 'describe orders'])(
  'in the past %s shows what was known then, and says that it is all',
  async (line) => {
    const { run, front } = inThePast();
    expect(await run(line)).toEqual({ kind: 'done' });
    const [view] = front.views;
    expect(view !== undefined && 'text' in view ? view.text?.at(-1) : undefined).toBe('More was not recorded; this is what is known.');
  },
);

test('in the past the events are those that the timeline tells', async () => {
  const entry = (text: string, over: Partial<TimelineEntry> = {}): TimelineEntry => ({
    at: past - 1_000,
    from: 'k8s',
    severity: 'warn',
    subject: pod({ shortName: 'taskmanager-1-1' }).name,
    text,
    ...over,
  });
  const timeline = [entry('boom'), entry('of another', { subject: 'other' }), entry('of Flink', { from: 'flink' })];
  const { run, front } = inThePast({ timeline });
  expect(await run('events taskmanager-1-1')).toEqual({ kind: 'done' });
  expect(front.views[0]).toMatchObject({ title: 'Events of taskmanager-1-1', data: [{ from: 'k8s', severity: 'warn', text: 'boom' }] });
});

test('in the past why reads the lines of then before it says what a container wrote last', async () => {
  const at = T - 90_000;
  const [container] = pod({ shortName: 'taskmanager-1-3' }).containers;
  if (container === undefined) throw new Error('no container');
  const ended = { ...container, state: 'terminated', reason: 'Error', exitCode: 239, endedAt: at } as const;
  const crashed = pod({ shortName: 'taskmanager-1-3', state: 'Error (239)', severity: 'error', containers: [ended] });
  const wrote = (text: string): ViewLine => ({ at, pod: crashed.name, text, level: 'ERROR', timeline: undefined });
  const onDisk = [wrote('2026-11-22 11:32:30,000 ERROR x.Y [] - Fatal error'), wrote('Caused by: java.lang.OutOfMemoryError: Metaspace')];
  let read: readonly ViewLine[] = [];
  const logs: SessionLogs = {
    ...noLogs,
    view: () => viewOf(read),
    async read() {
      read = onDisk;
    },
  };
  const { run, front } = inThePast({ pods: new Map([[crashed.name, crashed]]) }, { logs });
  expect(await run('why taskmanager-1-3')).toEqual({ kind: 'done' });
  expect(front.views.find(({ kind }) => kind === 'why')).toMatchObject({
    text: expect.arrayContaining([expect.stringContaining('OutOfMemoryError: Metaspace')]),
  });
});
