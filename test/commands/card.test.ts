import { describe, expect, test } from 'vitest';
import type { Card, CardLine } from '../../src/commands/model/card.ts';
import type { JobException } from '../../src/flink/types.ts';
import { LogStore } from '../../src/session/logs/log-store.ts';
import { createLogView } from '../../src/session/logs/log-view.ts';
import type { Job, Operation, Pod, SessionLogs, TimelineEntry } from '../../src/session/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeCluster, fakeFlink, fakeKubernetes, noLogs, start } from '../support/fakes.ts';
import { logLine } from '../support/log-line.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk, type Desk } from './desk.ts';

const tm = 'c1-taskmanager-1-3';
const minute = 60_000;
const id = '9f13c2'.padEnd(32, '0');

const failure = (ago: number, over: Partial<JobException> = {}): JobException => ({
  name: 'java.io.IOException',
  stacktrace: 'java.io.IOException: disk quota exceeded\n\tat org.example.Enrich.map(Enrich.java:4)',
  at: start - ago,
  taskName: 'Enrich (5/12)',
  taskManagerId: tm,
  ...over,
});

const told = (ago: number, subject: string | undefined, text: string, severity: TimelineEntry['severity'] = 'info'): TimelineEntry => ({
  at: start - ago,
  from: subject === tm ? 'k8s' : 'flink',
  severity,
  subject,
  text,
});

const operation = (over: Partial<Operation>): Operation => ({
  id: '1',
  title: 'Rescale orders (9f13c2) to 4',
  kind: 'rescale',
  jobId: id,
  startedAt: start - 20 * minute,
  endedAt: start - 19 * minute,
  state: 'succeeded',
  progress: undefined,
  result: 'Enrich 4',
  ...over,
});

const unknown = () => Promise.reject(new Problem('not-found', 'That is not known.'));

interface Scene {
  readonly pods?: readonly Pod[];
  readonly jobs?: readonly Job[];
  readonly timeline?: readonly TimelineEntry[];
  readonly operations?: readonly Operation[];
  readonly logs?: SessionLogs;
}

function scene({ pods = [], jobs = [], timeline = [], operations = [], logs = noLogs }: Scene) {
  let asked = 0;
  const at = desk({
    logs,
    kubernetes: fakeKubernetes({ followLog: unknown, get: unknown, list: unknown }),
    cluster: fakeCluster({}),
    flink: fakeFlink({
      exceptions: async (of) => {
        asked += 1;
        return jobs.find((each) => each.id === of)?.exceptions ?? [];
      },
      clusterConfiguration: unknown,
      job: unknown,
      taskManagers: async () => [],
      checkpointDetail: unknown,
    }),
  });
  at.store.pods(pod({ shortName: 'jobmanager-a' }), pod({ shortName: 'taskmanager-1-3' }), ...pods);
  at.store.tell([{ kind: 'leader', at: start, pod: 'c1-jobmanager-a' }]);
  at.store.jobs(...jobs);
  at.store.tell(timeline.map((line) => ({ kind: 'timeline', at: line.at, line }) as const));
  at.store.tell(operations.map((each) => ({ kind: 'operation', at: start, operation: each }) as const));
  return { ...at, asked: () => asked };
}

const orders = (exceptions: readonly JobException[], over: Partial<Job> = {}): Job =>
  job({ id, name: 'orders', state: 'RESTARTING', restarts: 7, exceptions, ...over });

async function cardOn(at: Desk, line = 'why'): Promise<Card> {
  await at.run(line);
  const view = at.front.views.findLast((each) => each.kind === 'why');
  if (view === undefined) throw new Error('There is no card.');
  return view.card;
}

const textOf = ({ from, text }: CardLine): string => `${from === undefined ? '' : `${from}: `}${text}`;
const part = ({ lines }: Card, wanted: CardLine['part']): readonly string[] => lines.filter((line) => line.part === wanted).map(textOf);

describe('what happened around an incident', () => {
  test('is told in order of time, of its job and its pods alone, with what repeats counted', async () => {
    const at = scene({
      jobs: [orders([failure(12_000)])],
      timeline: [
        told(11 * minute, id, 'job orders (9f13c2): too long ago'),
        told(3 * minute, tm, 'pod taskmanager-1-3 pulled its image'),
        told(2 * minute, 'c1-taskmanager-1-9', 'pod taskmanager-1-9 created'),
        told(100_000, id, 'job orders (9f13c2): RUNNING -> RESTARTING', 'warn'),
        told(50_000, id, 'job orders (9f13c2): RUNNING -> RESTARTING', 'warn'),
        told(30_000, undefined, 'Kubernetes lost: no answer', 'warn'),
        told(20_000, undefined, 'Kubernetes answers again'),
      ],
    });
    expect(part(await cardOn(at), 'link').filter((line) => !line.includes('created'))).toEqual([
      'k8s: pod taskmanager-1-3 pulled its image',
      expect.stringMatching(/^flink: job orders \(9f13c2\): RUNNING -> RESTARTING \(2 times since \d\d:\d\d:\d\d\)$/),
      'flink: Kubernetes lost: no answer',
      'flink: it failed in Enrich (5/12): java.io.IOException: disk quota exceeded',
    ]);
  });

  test('has the last warnings and errors that its pod wrote in the minute before, as they are read in the log', async () => {
    const store = new LogStore({ bounds: { maxLines: 1_000, maxBytes: 1 << 20 } });
    const line = (ago: number, level: string, text: string) =>
      logLine(start - ago, `2026-11-22 11:33:00,000 ${level.padEnd(5)} org.example.Thing [] - ${text}`);
    store.append(tm, [
      line(80_000, 'ERROR', 'another story'),
      line(40_000, 'WARN', 'the disk is nearly full'),
      line(30_000, 'INFO', 'nothing to see'),
      line(12_500, 'ERROR', 'the disk is full'),
      line(2_000, 'ERROR', 'cleaning up failed'),
    ]);
    const at = scene({ jobs: [orders([failure(12_000)])] });
    const logs: SessionLogs = {
      ...noLogs,
      view: (pods) => createLogView({ store, session: at.store.get, clock: { monotonic: () => 0 }, pods: pods === 'all' ? [] : pods }),
    };
    const told = scene({ jobs: [orders([failure(12_000)])], logs });
    expect(part(await cardOn(told), 'link').filter((text) => text.startsWith('log'))).toEqual([
      expect.stringMatching(/^log: taskmanager-1-3 WARN .*the disk is nearly full$/),
      expect.stringMatching(/^log: taskmanager-1-3 ERROR .*the disk is full$/),
    ]);
  });

  test('has the checkpoints before it, and each line leads to its place', async () => {
    const checkpoint = { status: 'COMPLETED', triggeredAt: start - 70_000, endedAt: start - 69_000, failure: undefined };
    const failed = { ...checkpoint, id: 8, status: 'FAILED', endedAt: start - 40_000, failure: 'Checkpoint expired before completing.' };
    const at = scene({
      jobs: [orders([failure(12_000)], { checkpoints: { latestCompleted: { ...checkpoint, id: 7 }, latestFailed: failed } as never })],
      timeline: [told(9_000, tm, 'pod taskmanager-1-3: Error (1)', 'error')],
    });
    const { lines } = await cardOn(at);
    expect(
      lines.filter(({ part: of, text }) => of === 'link' && !text.includes('created')).map(({ text, place }) => [text, place]),
    ).toEqual([
      ['checkpoint 7 completed', { kind: 'checkpoint', job: id, id: 7 }],
      ['checkpoint 8 failed: Checkpoint expired before completing.', { kind: 'checkpoint', job: id, id: 8 }],
      [
        'it failed in Enrich (5/12): java.io.IOException: disk quota exceeded',
        { kind: 'failure', job: id, id: `${start - 12_000} java.io.IOException` },
      ],
      ['pod taskmanager-1-3: Error (1)', { kind: 'log', pod: tm, at: start - 9_000 }],
    ]);
    expect(lines.find(({ part: of }) => of === 'what')).toMatchObject({ at: start - 12_000, place: { kind: 'job', job: id } });
    expect(lines.find(({ part: of }) => of === 'cause')?.place).toEqual({
      kind: 'failure',
      job: id,
      id: `${start - 12_000} java.io.IOException`,
    });
  });
});

test('the incident that happened last comes first', async () => {
  const other = {
    ...job({ id: 'b'.repeat(32), name: 'cars' }),
    state: 'FAILED',
    exceptions: [failure(5_000, { taskManagerId: undefined })],
  };
  const at = scene({ jobs: [orders([failure(12_000)]), other] });
  expect((await cardOn(at)).findings.map(({ what }) => what)).toEqual([expect.stringContaining('cars'), expect.stringContaining('orders')]);
});

describe('what was tried before', () => {
  test.each([
    ['helped as far as is known', {}, [], 'Rescale orders (9f13c2) to 4, which succeeded; no failure in the 19 min since'],
    [
      'did not help',
      {},
      [told(10 * minute, id, 'job orders (9f13c2) failed', 'warn')],
      'Rescale orders (9f13c2) to 4, which succeeded; it failed 9 min later',
    ],
    ['failed', { state: 'failed', result: 'no slots' }, [], 'Rescale orders (9f13c2) to 4, which failed: no slots'],
    ['goes on', { state: 'running', endedAt: undefined }, [], 'Rescale orders (9f13c2) to 4, which goes on'],
    [
      'is of the job that it was before a restart',
      { kind: 'restart', title: 'Restart orders (aaaaaa)', jobId: 'a'.repeat(32), result: `job ${id} from s3://x` },
      [],
      'Restart orders (aaaaaa), which succeeded; no failure in the 19 min since',
    ],
  ] as const)('%s', async (_, over, timeline, text) => {
    const at = scene({ jobs: [orders([failure(40 * minute)])], operations: [operation(over as Partial<Operation>)], timeline });
    expect(part(await cardOn(at), 'tried')).toEqual([text]);
  });

  test('on another job, or to look only, is not among them', async () => {
    const at = scene({
      jobs: [orders([failure(12_000)])],
      operations: [operation({ jobId: 'c'.repeat(32) }), operation({ id: '2', kind: 'savepoint' })],
    });
    expect(part(await cardOn(at), 'tried')).toEqual([]);
  });
});

describe('if nothing is wrong', () => {
  test('one sentence says when the last thing that went wrong was over', async () => {
    const at = scene({
      timeline: [
        told(25 * minute, undefined, 'The API server was away', 'warn'),
        told(20 * minute, tm, 'pod taskmanager-1-3: Error (1)', 'error'),
        told(19 * minute, tm, 'pod taskmanager-1-3: Running'),
      ],
    });
    await at.clock.advance(20 * minute);
    expect(part(await cardOn(at), 'calm')).toEqual([
      'No problems found.',
      expect.stringMatching(/^The last one ended 39 min ago, at \d\d:\d\d:\d\d: pod taskmanager-1-3: Error \(1\)\.$/),
    ]);
  });

  test('of a pod and of a job, how they are', async () => {
    const at = scene({ jobs: [job({ id, name: 'orders', restarts: 0 })] });
    expect(part(await cardOn(at, 'why tm-1-3'), 'calm')).toEqual(['Pod taskmanager-1-3 is Running; nothing is wrong with it.']);
    const card = await cardOn(at, 'why orders');
    expect(part(card, 'what')).toEqual(['Job orders (9f13c2) is RUNNING. No failure is recorded.']);
    expect(card.findings).toEqual([]);
  });
});

test('a card that is read again takes recent answers of the servers from the last time', async () => {
  const at = scene({ jobs: [orders([failure(12_000)])] });
  await at.run('why');
  const view = at.front.views.find((each) => each.kind === 'why');
  const again = () => view?.again(new AbortController().signal);
  await again();
  await again();
  expect(at.asked()).toBe(1);
  await at.clock.advance(11_000);
  await again();
  expect(at.asked()).toBe(2);
});

test('of a job that runs and was never restarted, no server is asked for failures', async () => {
  const at = scene({ jobs: [job({ id, name: 'orders', restarts: 0 })] });
  await at.run('why');
  expect(at.asked()).toBe(0);
});

test('in the past, what servers say now is not asked for: the card is that of then', async () => {
  const at = scene({ jobs: [orders([failure(12_000)])] });
  const past = { ...at.store.get(), past: start - 1 };
  const then = desk({
    store: { ...at.store, get: () => past },
    logs: noLogs,
    flink: fakeFlink({}),
    kubernetes: fakeKubernetes({}),
    cluster: fakeCluster({}),
  });
  const card = await cardOn(then);
  expect(part(card, 'cause')).toEqual(['java.io.IOException: disk quota exceeded']);
});
