import { afterEach, expect, test } from 'vitest';
import type { JobDetail } from '../../../src/flink/types.ts';
import { inspectionOf, type Subject } from '../../../src/session/inspections/inspections.ts';
import { Problem } from '../../../src/support/problem.ts';
import { checkpointEntry, checkpointHistory } from '../../support/checkpoints.ts';
import { jobDetail } from '../../support/job-detail.ts';
import { FakeServers } from './fake-servers.ts';

let servers: FakeServers;
afterEach(() => servers.feeds[Symbol.asyncDispose]());

const subject = (job: string): Subject => ({ kind: 'job', job });
const detail = (id: string): JobDetail => jobDetail({ id, name: id });

/** Flink, and how often it was asked for the inside of which job. */
function open(answer: (id: string) => JobDetail | Promise<JobDetail> = detail): { readonly asked: string[]; readonly ended: string[] } {
  const asked: string[] = [];
  const ended: string[] = [];
  servers = new FakeServers({
    rest: {
      async job(id, call) {
        // The job that the feed of the cluster asks for is another one.
        if (id !== 'a') asked.push(id);
        call?.signal?.addEventListener('abort', () => ended.push(id));
        return answer(id);
      },
    },
  });
  return { asked, ended };
}

const known = (id: string) => inspectionOf(servers.session, { kind: 'job', job: id });

test('nothing is read of what nobody looks at', async () => {
  const { asked } = open();
  await servers.moment(20_000);
  expect(asked).toEqual([]);
});

test('what is looked at is read at once, then at the interval of the server, and stays known after it is left', async () => {
  const { asked } = open();
  await servers.moment();
  servers.feeds.inspect([subject('x')]);
  await servers.moment();
  expect(asked).toEqual(['x']);
  expect(known('x')?.facts?.job.name).toBe('x');
  await servers.moment(3_000);
  expect(asked).toEqual(['x', 'x']);
  servers.feeds.inspect([]);
  await servers.moment(30_000);
  expect(asked).toEqual(['x', 'x']);
  expect(known('x')?.facts?.job.name).toBe('x');
});

test('a request for what is left ends in that moment, and its answer is not taken', async () => {
  const answers = Promise.withResolvers<JobDetail>();
  const { ended } = open((id) => (id === 'x' ? answers.promise : detail(id)));
  servers.feeds.inspect([subject('x')]);
  await servers.moment();
  servers.feeds.inspect([subject('y')]);
  expect(ended).toEqual(['x']);
  answers.resolve(detail('x'));
  await servers.moment();
  expect(known('x')).toBeUndefined();
  expect(known('y')?.facts?.job.name).toBe('y');
});

test('asked to look at the same again, it goes on as before', async () => {
  const { asked } = open();
  servers.feeds.inspect([subject('x')]);
  await servers.moment();
  servers.feeds.inspect([subject('x')]);
  await servers.moment(100);
  expect(asked).toEqual(['x']);
});

test('when another part of it is on the screen, that part is asked for the next time, not at once', async () => {
  const asked: string[] = [];
  const entry = (id: number) => checkpointEntry({ id });
  servers = new FakeServers({
    rest: {
      checkpointHistory: async () => checkpointHistory([entry(2), entry(1)]),
      checkpointConfiguration: async () => undefined,
      async checkpointDetail(_, id) {
        asked.push(`detail ${id}`);
        return { ...entry(id), vertices: [] };
      },
    },
  });
  servers.feeds.inspect([{ kind: 'checkpoints', job: 'x', unseen: [1] }]);
  await servers.moment();
  servers.feeds.inspect([{ kind: 'checkpoints', job: 'x', unseen: [] }]);
  await servers.moment(100);
  expect(asked).toEqual(['detail 2']);
  await servers.moment(3_000);
  expect(asked).toEqual(['detail 2', 'detail 1']);
});

test('an answer that fails keeps the facts with the reason, and the next one ends it', async () => {
  let broken = false;
  open((id) => {
    if (broken) throw new Problem('unreachable', 'The JobManager does not answer.', { hint: 'Look at its log.' });
    return detail(id);
  });
  servers.feeds.inspect([subject('x')]);
  await servers.moment();
  broken = true;
  await servers.moment(3_000);
  expect(known('x')).toMatchObject({
    facts: { job: { name: 'x' } },
    problem: { message: 'The JobManager does not answer.', hint: 'Look at its log.' },
  });
  broken = false;
  await servers.moment(3_000);
  expect(known('x')?.problem).toBeUndefined();
});

test('a terminal without the focus asks less often, and at once when it has it again', async () => {
  const { asked } = open();
  servers.feeds.inspect([subject('x')]);
  servers.feeds.setFocus(false);
  await servers.moment(3_000);
  const before = asked.length;
  await servers.moment(9_000);
  expect(asked.length).toBeLessThanOrEqual(before + 1);
  const unseen = asked.length;
  servers.feeds.setFocus(true);
  await servers.moment();
  expect(asked.length).toBe(unseen + 1);
});

test('of many subjects the ones that were read last are remembered', async () => {
  open();
  for (let n = 0; n < 40; n += 1) {
    servers.feeds.inspect([subject(`j${n}`)]);
    await servers.moment();
  }
  expect(servers.session.inspections.size).toBe(24);
  expect(known('j39')).toBeDefined();
  expect(known('j0')).toBeUndefined();
});

test('the past of a metric goes on where it was, after another place was looked at', async () => {
  const value = { min: 0, max: 1, avg: 1, sum: 1, skew: 0 };
  servers = new FakeServers({
    rest: {
      job: async (id) => detail(id),
      vertexMetricNames: async () => ['busy'],
      aggregatedMetrics: async () => [{ name: 'busy', ...value }],
    },
  });
  const metrics = { kind: 'vertex-metrics', job: 'x', vertex: 'v' } as const;
  const past = () => inspectionOf(servers.session, metrics)?.facts?.series[0]?.past.length;
  servers.feeds.inspect([metrics]);
  await servers.moment();
  expect(past()).toBe(1);
  servers.feeds.inspect([subject('x')]);
  await servers.moment(60_000);
  expect(past()).toBe(1);
  servers.feeds.inspect([metrics]);
  await servers.moment();
  expect(past()).toBe(2);
});

test('a large log file that grows is read early if the user refreshes, and not because the terminal has the focus again', async () => {
  const asked: string[] = [];
  const size = 60 * 2 ** 20;
  servers = new FakeServers({
    rest: {
      async logFiles() {
        asked.push('list');
        return [{ name: 'a.log', bytes: size + asked.length, changedAt: asked.length }];
      },
      async logFile(_process, _name, read) {
        asked.push('file');
        async function* body(): AsyncGenerator<Uint8Array> {
          for (let sent = 0; sent < size; sent += 2 ** 20) yield new Uint8Array(2 ** 20);
        }
        return read(body());
      },
    },
  });
  const file: Subject = { kind: 'log-file', process: { kind: 'taskmanager', id: 'tm' }, name: 'a.log' };
  const times = (what: string) => asked.filter((each) => each === what).length;
  /** What reads it is loaded when it is needed, and a large file takes some turns. */
  const until = (condition: () => boolean) =>
    expect
      .poll(async () => {
        await servers.moment();
        return condition();
      })
      .toBe(true);
  servers.feeds.inspect([file]);
  await until(() => inspectionOf(servers.session, file)?.facts !== undefined);
  servers.feeds.setFocus(false);
  servers.feeds.setFocus(true);
  await until(() => times('list') >= 2);
  await servers.moment(6_000);
  await until(() => times('list') >= 3);
  expect(times('file')).toBe(1);
  servers.feeds.refresh();
  await until(() => times('file') === 2);
});
