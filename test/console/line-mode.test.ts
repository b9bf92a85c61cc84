import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/session/types.ts';
import { exitCodes } from '../../src/support/exit-codes.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeCluster, fakeFlink, settle, start } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { pipe } from './pipe.ts';

const killing = () => {
  const kills: string[] = [];
  return { kills, cluster: fakeCluster({ kill: async () => void kills.push('killed') }) };
};

const local = (at: number): string => new Date(at).toTimeString().slice(0, 8);

const noPods = new Problem('protocol', 'The API server cannot watch pods.');

test('echo stop: the cluster is stopped before anything is known of it, exit 0', async () => {
  const { kills, cluster } = killing();
  const { write, end, exit, store } = pipe({ cluster });
  await write('stop\n');
  await end();
  expect(kills).toEqual(['killed']);
  store.source('pods', 'lost', noPods);
  expect(await exit).toBe(0);
});

test('stop names what high availability keeps', async () => {
  const { write, end, exit, store, out } = pipe({
    cluster: fakeCluster({ kill: async () => {}, kept: async () => ['c1-cluster-config-map', 'c1-9f13c2-config-map'] }),
  });
  store.pods(pod({ shortName: 'jobmanager-f647b' }));
  await write('stop\n');
  store.pods();
  await end();
  expect(await exit).toBe(0);
  expect(out().at(-1)).toMatch(/ stopped; high availability keeps c1-cluster-config-map, c1-9f13c2-config-map$/);
  expect(store.get().operations.at(-1)?.result).toBe(
    'everything is deleted except what high availability keeps: c1-cluster-config-map, c1-9f13c2-config-map',
  );
});

test('stop prints what goes with its time and no line twice', async () => {
  const { cluster } = killing();
  const { write, exit, store, out } = pipe({ cluster });
  const jobManager = pod({ shortName: 'jobmanager-f647b' });
  const taskManager = pod({ shortName: 'taskmanager-1-1' });
  store.pods(jobManager, taskManager);
  store.jobs();
  await settle();
  await write('stop\n');
  store.pods(jobManager);
  await settle();
  store.pods();
  expect(await exit).toBe(0);
  expect(out().map((line) => line.slice('11:34:00 '.length))).toEqual([
    'attached to c1 in default: 1 JobManager, 1 TaskManager, 0 jobs running. Type help.',
    'stopping c1: 2 pods to go',
    'taskmanager-1-1 gone, 1 pod to go',
    'stopped, nothing left',
  ]);
  for (const line of out()) expect(line).toMatch(/^\d\d:\d\d:\d\d /);
});

test('the greeting says that the session is read-only and that nobody checks whose server it is', async () => {
  const { store, end, exit, out } = pipe();
  store.tell([{ kind: 'target', at: start, target: { ...store.get().target, readOnly: true, tlsUnverified: true } }]);
  store.pods();
  store.jobs();
  await settle();
  await end();
  await exit;
  expect(out()[0]).toContain('attached to c1 in default (read-only, TLS not verified): ');
});

test('a stop that fails says why and exits 1', async () => {
  const { write, exit, err } = pipe({
    cluster: fakeCluster({
      kill: async () => {
        throw new Problem('forbidden', 'User "dev" cannot delete deployments.');
      },
    }),
  });
  await write('stop\n');
  expect(await exit).toBe(exitCodes.failed);
  expect(err()).toEqual(['User "dev" cannot delete deployments.']);
});

test('a stop that is refused says why and exits 1', async () => {
  const { kills, cluster } = killing();
  const { write, exit, err } = pipe({ cluster, readOnly: true });
  await write('stop\n');
  expect(await exit).toBe(1);
  expect(err()).toEqual(['stop changes the cluster, and this session is read-only.']);
  expect(kills).toEqual([]);
});

test.each(['quit\n', 'quit\r\n', 'quit', 'exit\n', 'detach\n'])('%j leaves the cluster alone, exit 0', async (text) => {
  const { kills, cluster } = killing();
  const { write, end, exit } = pipe({ cluster });
  await write(text);
  await end();
  expect(await exit).toBe(0);
  expect(kills).toEqual([]);
});

test('a last line without an end is a line', async () => {
  const { kills, cluster } = killing();
  const { write, end, exit, store } = pipe({ cluster });
  store.pods();
  await write('stop');
  expect(kills).toEqual([]);
  await end();
  expect(await exit).toBe(0);
  expect(kills).toEqual(['killed']);
});

test('the end of the input detaches, exit 0', async () => {
  const { end, exit, store, out } = pipe();
  await end();
  store.pods();
  store.jobs();
  expect(await exit).toBe(0);
  expect(out().map((line) => line.slice(9))).toEqual([
    'attached to c1 in default: 0 JobManagers, 0 TaskManagers, 0 jobs running. Type help.',
  ]);
});

test('where nothing was asked for and the cluster cannot be reached, that is reported, exit 1', async () => {
  const { end, exit, store, err } = pipe();
  await end();
  store.source('pods', 'lost', new Problem('unreachable', 'The API server at 127.0.0.1:1 refuses connections.'));
  store.source('flink', 'lost', new Problem('unreachable', 'No way to it.'));
  expect(await exit).toBe(exitCodes.failed);
  expect(err()).toEqual(['The API server at 127.0.0.1:1 refuses connections.']);
});

test('where nothing was asked for and the API server says nothing at all, that is reported, exit 1', async () => {
  const { end, exit, clock, err } = pipe();
  await end();
  await clock.advance(10_000);
  expect(await exit).toBe(exitCodes.failed);
  expect(err()).toEqual(['The API server has not answered.']);
});

test('help goes to stderr and names help, stop and quit', async () => {
  const { write, end, exit, out, err } = pipe();
  await write('help\n');
  await end();
  expect(await exit).toBe(0);
  expect(out()).toEqual([]);
  expect(err()[0]).toBe('Available commands:');
  expect(['help', 'stop', 'quit'].filter((name) => !err().some((line) => new RegExp(`^${name}( \\(.*\\))? - `).test(line)))).toEqual([]);
});

test.each(['foo', ' stop', 'STOP', 'Quit', "'stop now'"])(
  '%j is unknown, shows the help and changes nothing, the exit code included',
  async (line) => {
    const { kills, cluster } = killing();
    const { write, end, exit, err } = pipe({ cluster });
    await write(`${line}\n`);
    await end();
    expect(await exit).toBe(0);
    expect(err()[0]).toBe(`Unknown command '${line}'. Showing help:`);
    expect(err()[1]).toBe('Available commands:');
    expect(kills).toEqual([]);
  },
);

test('an empty line is nothing', async () => {
  const { write, end, exit, err, store } = pipe();
  await write('\n   \n\r\n');
  await end();
  store.pods();
  store.jobs();
  expect(await exit).toBe(0);
  expect(err()).toEqual([]);
});

test('several lines written at once run one after another, and none after stop is read', async () => {
  const { kills, cluster } = killing();
  const { write, exit, err, store } = pipe({ cluster });
  store.pods();
  await write('help\nwhat\nstop\nafter\n');
  expect(await exit).toBe(0);
  expect(kills).toEqual(['killed']);
  expect(err().filter((line) => line.startsWith('Unknown'))).toEqual(["Unknown command 'what'. Showing help:"]);
});

test('in a pipe a command waits for the one before, also at the end of the input', async () => {
  const said: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const { write, end, exit, store, out } = pipe({
    flink: fakeFlink({
      disposeSavepoint: async () => {
        said.push('dispose');
        await promise;
        return 'aa';
      },
      disposalResult: async () => ({ state: 'completed', value: undefined }),
    }),
    cluster: fakeCluster({ kill: async () => void said.push('kill') }),
  });
  store.pods();
  store.jobs();
  await write('dispose s3://a\nstop\n');
  await end();
  expect(said).toEqual(['dispose']);
  resolve();
  expect(await exit).toBe(0);
  expect(said).toEqual(['dispose', 'kill']);
  expect(out()).toContain('Savepoint s3://a is deleted.');
});

test('on a terminal nobody waits: list answers while a savepoint is deleted, and quit leaves at once', async () => {
  const { write, exit, store, out } = pipe({ isTTY: true, flink: fakeFlink({ disposeSavepoint: () => new Promise(() => {}) }) });
  store.jobs(job({ name: 'orders' }));
  await write('dispose s3://a\n');
  await write('y\n');
  await write('list\n');
  expect(out().join('\n')).toContain('orders');
  await write('quit\n');
  expect(await exit).toBe(0);
});

test('a command that failed is reported on stderr and by the exit code, and the next one runs all the same', async () => {
  const { kills, cluster } = killing();
  const { write, exit, store, err } = pipe({ cluster });
  store.jobs(job({ name: 'orders' }));
  store.pods();
  await write('cancel nosuch\nstop\n');
  expect(await exit).toBe(1);
  expect(err()[0]).toContain('There is no running job "nosuch" on c1.');
  expect(kills).toEqual(['killed']);
});

test('a command that names a job waits until the jobs are known', async () => {
  const canceled: string[] = [];
  const { write, end, exit, store } = pipe({ flink: fakeFlink({ cancelJob: async (id) => void canceled.push(id.slice(0, 6)) }) });
  await write('cancel orders\n');
  await end();
  expect(canceled).toEqual([]);
  store.jobs(job({ name: 'orders' }));
  await settle();
  expect(canceled).toEqual(['9f13c2']);
  store.jobs(job({ name: 'orders', state: 'CANCELED' }));
  expect(await exit).toBe(0);
});

test('Ctrl+C ends it with 130, whatever runs', async () => {
  const { write, exit, store, interrupt } = pipe({ flink: fakeFlink({ cancelJob: async () => {} }) });
  store.jobs(job({ name: 'orders' }));
  await write('cancel orders\n');
  interrupt();
  expect(await exit).toBe(130);
});

test('changes are single lines with the time at which they happened', async () => {
  const { store, out, clock, end, exit, writes } = pipe();
  const orders = job({ name: 'orders-enrichment' });
  const taskManager = pod({ shortName: 'taskmanager-1-3' });
  store.pods(pod({ shortName: 'jobmanager-f647b' }), taskManager);
  store.jobs(orders);
  await settle();
  await clock.advance(16_000);
  store.tell([
    {
      kind: 'job-details',
      at: clock.now(),
      jobId: orders.id,
      checkpoints: undefined,
      restarts: 1,
      exceptions: [
        {
          name: 'java.lang.OutOfMemoryError',
          stacktrace: 'java.lang.OutOfMemoryError: Java heap space\n\tat x',
          at: clock.now(),
          taskName: 'Enrich (5/12)',
          taskManagerId: undefined,
        },
      ],
    },
  ]);
  store.tell([{ kind: 'jobs-seen', at: clock.now(), jobs: [{ ...orders, state: 'RESTARTING', lastModification: clock.now() }] }]);
  await clock.advance(1_000);
  store.tell([{ kind: 'pods-seen', at: clock.now(), pods: [{ ...taskManager, state: 'OOMKilled (137)', severity: 'error' }] }]);
  await end();
  expect(await exit).toBe(0);
  expect(out()).toEqual([
    `${local(start)} attached to c1 in default: 1 JobManager, 1 TaskManager, 1 job running. Type help.`,
    `${local(start + 16_000)} job orders-enrichment (9f13c2) failed in Enrich (5/12): java.lang.OutOfMemoryError: Java heap space`,
    `${local(start + 16_000)} job orders-enrichment (9f13c2): RUNNING -> RESTARTING, java.lang.OutOfMemoryError: Java heap space`,
    `${local(start + 17_000)} pod taskmanager-1-3: OOMKilled (137), limit 1728Mi`,
  ]);
  for (const write of writes) expect(write).toMatch(/^[^\n]+\n$/);
});

test.each([
  ['a quit that was misread', false],
  ['a stop that was refused', true],
])('after %s a change is reported once', async (_, readOnly) => {
  const { write, end, exit, store, out } = pipe({ readOnly, isTTY: true });
  const old = pod({ shortName: 'taskmanager-1-1' });
  store.pods(old);
  store.jobs();
  await settle();
  await write(readOnly ? 'stop\n' : 'quit now\n');
  store.pods(old, pod({ shortName: 'taskmanager-1-2' }));
  await settle();
  await end();
  await exit;
  expect(out().slice(1)).toEqual([expect.stringContaining('taskmanager-1-2')]);
});

test('what happened before the session began is not told as news', async () => {
  const { store, out, write, exit, clock } = pipe();
  await settle();
  store.tell([
    {
      kind: 'timeline',
      at: clock.now(),
      line: { at: start - 60_000, from: 'k8s', severity: 'warn', subject: undefined, text: 'pod taskmanager-1-1: old' },
    },
  ]);
  store.tell([
    {
      kind: 'timeline',
      at: clock.now(),
      line: { at: start, from: 'k8s', severity: 'warn', subject: undefined, text: 'pod taskmanager-1-1: new' },
    },
  ]);
  await write('quit\n');
  await exit;
  expect(out().map((line) => line.slice(9))).toEqual(['pod taskmanager-1-1: new']);
});

test('the result of what an earlier session began is news; what a command here began it tells itself', async () => {
  const { store, out, write, exit, clock } = pipe();
  await settle();
  const operation = {
    id: 'a',
    kind: 'savepoint',
    jobId: undefined,
    endedAt: undefined,
    progress: undefined,
    result: undefined,
    state: 'running',
  } as const;
  store.tell([
    { kind: 'operation', at: clock.now(), operation: { ...operation, title: 'Savepoint of old', startedAt: start - 3_600_000 } },
  ]);
  store.tell([
    {
      kind: 'operation',
      at: clock.now(),
      operation: {
        ...operation,
        title: 'Savepoint of old',
        startedAt: start - 3_600_000,
        endedAt: clock.now(),
        state: 'succeeded',
        result: 's3://a',
      },
    },
  ]);
  store.tell([
    {
      kind: 'operation',
      at: clock.now(),
      operation: {
        ...operation,
        id: 'b',
        title: 'Savepoint of new',
        startedAt: start,
        endedAt: clock.now(),
        state: 'succeeded',
        result: 's3://b',
      },
    },
  ]);
  await write('quit\n');
  await exit;
  expect(out().map((line) => line.slice(9))).toEqual(['Savepoint of old succeeded: s3://a']);
});

test('a name cannot move the cursor', async () => {
  const { store, out, write, end, exit } = pipe();
  store.jobs(job({ name: 'evil\u001b[2J\u0007name' }));
  await write('list\n');
  await end();
  await exit;
  expect(out().join('\n')).toContain('evil');
  expect(out().join('\n')).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

test('when nobody reads stdout any more, it ends without an error, and a stop that was begun is finished', async () => {
  const kills: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
  const { write, exit, store } = pipe({
    stdout: broken,
    cluster: fakeCluster({
      kill: async () => {
        await promise;
        kills.push('killed');
      },
    }),
  });
  store.pods();
  await write('stop\n');
  store.jobs();
  await settle();
  resolve();
  expect(await exit).toBe(0);
  expect(kills).toEqual(['killed']);
});

test('when nobody reads stdout any more and nothing runs, it ends by itself', async () => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })) });
  const { exit, store } = pipe({ stdout: broken });
  store.pods();
  store.jobs();
  expect(await exit).toBe(0);
});

test('list and pods show tables on stdout, and how old they are when their source is lost', async () => {
  const { write, end, exit, store, out, clock } = pipe();
  store.jobs(job({ name: 'orders-enrichment', state: 'RESTARTING', restarts: 7, tasks: { total: 12, byState: { running: 5 } } }));
  store.pods(pod({ shortName: 'jobmanager-f647b' }));
  await write('list\npods\n');
  expect(out().slice(0, 5)).toEqual([
    expect.stringContaining('attached to c1'),
    'NAME               STATE       TASKS  UP  CHK  RST  ID',
    'orders-enrichment  RESTARTING  5/12    -    -    7  9f13c2',
    'NAME              STATE    READY  RST  AGE  NODE',
    'jobmanager-f647b  Running  1/1      0   2h  node-a',
  ]);
  await clock.advance(42_000);
  store.tell([
    {
      kind: 'source',
      at: clock.now(),
      source: 'flink',
      status: {
        state: 'lost',
        since: clock.now(),
        dataAt: start,
        problem: new Problem('unreachable', 'Nothing answers.'),
        nextTryAt: undefined,
      },
    },
  ]);
  await write('list\n');
  await end();
  await exit;
  expect(out()).toContain('As of 42 s ago: Nothing answers.');
});

test('mouse and clear say that there is no screen', async () => {
  const { write, end, exit, err } = pipe();
  await write('mouse on\nclear\n');
  await end();
  expect(await exit).toBe(1);
  expect(err()).toEqual(['This needs the full-screen terminal.', 'This needs the full-screen terminal.']);
});

describe('on a terminal a question comes first', () => {
  const asked = async (typed: readonly string[], jobs: readonly Job[] = [job({ name: 'orders' })]) => {
    const { kills, cluster } = killing();
    const mode = pipe({ cluster, isTTY: true });
    mode.store.pods(pod({ shortName: 'jobmanager-f647b' }));
    mode.store.jobs(...jobs);
    await settle();
    for (const line of typed) await mode.write(`${line}\n`);
    mode.store.pods();
    await mode.end();
    return { kills, code: await mode.exit, err: mode.err().join('\n') };
  };

  test('stop with a running job wants the cluster id; a letter, a yes and an empty line are none', async () => {
    for (const answer of ['s', 'y', 'yes', '', 'c', 'C1']) {
      const { kills, err } = await asked(['stop', answer]);
      expect(kills).toEqual([]);
      expect(err).toContain(
        '1 job is running. Without a savepoint their state is lost:\n  orders (9f13c2) RUNNING\nAnother way (recommended): stop --savepoint',
      );
      expect(err).toMatch(/Type c1 to confirm, anything else changes nothing\.\nstop: nothing was changed\.$/);
    }
    expect(await asked(['stop', 'c1'])).toMatchObject({ kills: ['killed'], code: 0 });
  });

  test('a stop that fails does not end the session', async () => {
    const { write, end, exit, store, err, out } = pipe({
      isTTY: true,
      cluster: fakeCluster({
        kill: async () => {
          throw new Problem('forbidden', 'User "dev" cannot delete deployments.');
        },
      }),
    });
    store.pods();
    store.jobs();
    await write('stop\ny\n');
    expect(err().at(-1)).toBe('User "dev" cannot delete deployments.');
    await write('jobs\n');
    expect(out().at(-1)).toBe('No jobs.');
    await end();
    expect(await exit).toBe(0);
  });

  test('the end of the input is not an answer', async () => {
    expect(await asked(['stop'])).toMatchObject({ kills: [], code: 0 });
  });

  test('what deletes less is asked for with y', async () => {
    const disposed: string[] = [];
    const flink = fakeFlink({
      disposeSavepoint: async (path) => {
        disposed.push(path);
        return 'aa';
      },
      disposalResult: async () => ({ state: 'completed', value: undefined }),
    });
    for (const [answer, expected] of [
      ['n', 0],
      ['q', 0],
      ['y', 1],
    ] as const) {
      const { store, write, end, exit } = pipe({ flink, isTTY: true });
      store.jobs();
      store.pods();
      await write('dispose s3://a\n');
      await write(`${answer}\n`);
      await end();
      await exit;
      expect(disposed).toHaveLength(expected);
    }
  });
});

describe('on a terminal a command that asks in its middle is answered by the next line', () => {
  const file = {
    configMap: 'flink-config-c1',
    files: { 'log4j-console.properties': 'monitorInterval=30\nrootLogger.level = INFO\n' },
    version: '1',
  };
  const asked = () => {
    const levels: string[] = [];
    const cluster = fakeCluster({
      files: {
        read: async () => file,
        readers: async () => [],
        sync: async () => {},
        inPod: async () => undefined,
        write: async (_before, _file, text) => {
          levels.push(/^rootLogger.level = (.*)$/m.exec(text)?.[1] ?? '');
          return file;
        },
      },
    });
    return { levels, ...pipe({ cluster, isTTY: true }) };
  };

  test.each([
    ['y', ['DEBUG']],
    ['', []],
    ['no', []],
    ['jobs', []],
  ] as const)('loglevel with %j', async (answer, expected) => {
    const { write, end, exit, err, out, levels } = asked();
    await write('loglevel DEBUG\n');
    expect(err().at(-1)).toBe('Set the level? [y/N]');
    expect(levels).toEqual([]);
    await write(`${answer}\n`);
    expect(out()).not.toContain('No jobs.');
    await end();
    await exit;
    expect(levels).toEqual(expected);
  });

  test('the end of the input is a no', async () => {
    const { write, end, exit, err, levels } = asked();
    await write('loglevel DEBUG\n');
    await end();
    await exit;
    expect(levels).toEqual([]);
    expect(err().at(-1)).toBe('loglevel: nothing was changed.');
  });

  test('of two questions the first one gets the answer, and the other changes nothing', async () => {
    const { write, end, exit, levels } = asked();
    await write('loglevel DEBUG\nloglevel WARN\n');
    await write('y\n');
    await end();
    await exit;
    expect(levels).toEqual(['DEBUG']);
  });
});
