import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { withScratch } from '../../src/commands/bundle/scratch.ts';
import type { FlinkClient } from '../../src/flink/types.ts';
import type { KubernetesClient, KubernetesObject } from '../../src/kubernetes/model/types.ts';
import type { BundleFacts } from '../../src/session/recording/bundle-facts.ts';
import { openRecording } from '../../src/session/recording/open-recording.ts';
import { recordingContainer, recordingsFolder } from '../../src/session/recording/places.ts';
import { Recorder } from '../../src/session/recording/recorder.ts';
import type { Pod } from '../../src/session/types.ts';
import { spoolFolder } from '../../src/spool/places.ts';
import { readSpool } from '../../src/spool/reader.ts';
import { Spool } from '../../src/spool/spool.ts';
import { Problem } from '../../src/support/problem.ts';
import { fakeFlink, fakeKubernetes, readable, start, testFront } from '../support/fakes.ts';
import { logLine, textOf } from '../support/log-line.ts';
import { job, pod, target } from '../support/pods-and-jobs.ts';
import { until } from '../support/until.ts';
import { unzipped } from '../support/zip.ts';
import { desk } from './desk.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'drey-bundle-'));
  mkdirSync(join(home, 'here'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const here = (): readonly string[] => readdirSync(join(home, 'here'));
const jobManager = pod({ shortName: 'jobmanager-a' });
const container = 'flink-main-container';

type Lines = readonly (readonly [at: number, text: string])[];
const lines = (each: Lines) => each.map(([at, text]) => logLine(at, text));

interface Scene {
  readonly kubernetes?: Partial<KubernetesClient>;
  /** What Flink answers, by path. */
  readonly answers?: Readonly<Record<string, unknown>>;
  readonly flink?: Partial<FlinkClient>;
  /** What the pods give as their logs. */
  readonly logs?: Lines;
  /** Those that the session knows; undefined: nobody has told it yet. */
  readonly pods?: readonly Pod[] | undefined;
}

function scene({ kubernetes = {}, answers = {}, flink = {}, logs = [], ...known }: Scene = {}) {
  const pods = 'pods' in known ? known.pods : [jobManager];
  const exits: number[] = [];
  const front = testFront({ exited: (code) => void exits.push(code) });
  const at = desk({
    front,
    kubernetes: fakeKubernetes({
      version: async () => 'v1.34.4',
      get: async <T extends KubernetesObject>() => ({ metadata: { labels: { type: 'flink-native-kubernetes' } } }) as unknown as T,
      list: async () => [],
      followLog: async ({ since = 0 }, sink) => void (await sink.lines(lines(logs.filter(([moment]) => moment >= since)))),
      ...kubernetes,
    }),
    flink: fakeFlink({ answer: async (path) => answers[path] ?? {}, exceptions: async () => [], ...flink }),
    cwd: join(home, 'here'),
    home,
    stateFolder: join(home, 'state'),
  });
  if (pods !== undefined) at.store.pods(...pods);
  at.store.jobs();
  return { ...at, front, exits };
}

const filesOf = (name = 'b.zip'): Promise<ReadonlyMap<string, Buffer>> => unzipped(join(home, 'here', name));
const factsOf = async (): Promise<BundleFacts> => JSON.parse(String((await filesOf()).get('bundle.json'))) as BundleFacts;

async function spooled(of: Pod, each: Lines, { clock }: Pick<ReturnType<typeof scene>, 'clock'>): Promise<void> {
  await using spool = new Spool({ folder: spoolFolder(join(home, 'state')), cluster: target, clock, report: () => {} });
  spool.append(of.uid, container, lines(each));
  spool.record({ pod: of, clusterUid: undefined, seenAt: clock.now(), gone: false });
}

describe('what cannot be had', () => {
  test('is left out with the reason if it may not be read, and the rest is there', async () => {
    const { run, front, exits } = scene({
      kubernetes: {
        list: async <T extends KubernetesObject>(resource: { readonly plural: string }) => {
          if (resource.plural === 'configmaps') throw new Problem('forbidden', 'You may not list ConfigMaps.');
          return [{ metadata: { name: 'c1' } }] as unknown as readonly T[];
        },
        followLog: async (_, sink, signal) => {
          sink.status({ state: 'denied', problem: new Problem('forbidden', 'You may not read logs.') });
          signal.throwIfAborted();
        },
      },
    });
    expect(await run('bundle b.zip')).toEqual({ kind: 'done' });
    const { leftOut, inside } = await factsOf();
    expect(leftOut.filter(({ because }) => because === 'no-rights')).toEqual([
      { what: 'ConfigMaps of the cluster', because: 'no-rights', reason: 'You may not list ConfigMaps.' },
      { what: 'Log of jobmanager-a', because: 'no-rights', reason: 'You may not read logs.' },
    ]);
    expect(inside.map(({ path }) => path)).toEqual(expect.arrayContaining(['manifests/pods.yaml', 'rest/overview.json', 'card.md']));
    expect(exits).toEqual([3]);
    expect(front.views).toMatchObject([
      { kind: 'facts', text: expect.arrayContaining(['  ConfigMaps of the cluster: You may not list ConfigMaps.']) },
    ]);
  });

  test('is told once if the JobManager is away, which is asked for nothing more', async () => {
    const asked: string[] = [];
    const { run, exits } = scene({
      flink: {
        answer: async (path) => {
          asked.push(path);
          throw new Problem('unreachable', 'The JobManager cannot be reached.');
        },
      },
    });
    await run('bundle b.zip');
    expect(new Set(asked)).toEqual(new Set(['/overview']));
    expect((await factsOf()).leftOut).toContainEqual({
      what: 'Answers of Flink',
      because: 'away',
      reason: 'The JobManager cannot be reached.',
    });
    expect((await factsOf()).flinkVersion).toBeNull();
    expect(exits).toEqual([3]);
  });

  test.each(['not-found', 'forbidden'] as const)('is told once if there is no way to the JobManager (%s)', async (kind) => {
    const { run, exits } = scene({ flink: { answer: () => Promise.reject(new Problem(kind, 'There is no way to it.')) } });
    await run('bundle b.zip');
    expect((await factsOf()).leftOut.filter(({ because }) => because !== 'none')).toEqual([
      { what: 'Answers of Flink', because: kind === 'forbidden' ? 'no-rights' : 'away', reason: 'There is no way to it.' },
    ]);
    expect(exits).toEqual([3]);
  });

  test('of one process does not keep the answers of the others out', async () => {
    const { run } = scene({
      flink: {
        answer: async (path) => {
          if (path === '/taskmanagers') return { taskmanagers: [{ id: 'one' }, { id: 'two' }] };
          if (path.startsWith('/taskmanagers/one/')) throw new Problem('unavailable', 'one does not answer.');
          return path.endsWith('/metrics') ? [] : {};
        },
      },
    });
    await run('bundle b.zip');
    const { inside, leftOut } = await factsOf();
    expect(inside.map(({ path }) => path)).toContain('rest/taskmanagers/two/thread-dump.json');
    expect(leftOut.filter(({ because }) => because === 'away').map(({ what }) => what)).toEqual([
      'Answer of Flink to /taskmanagers/one/thread-dump',
      'Answer of Flink to /taskmanagers/one/metrics',
    ]);
  });

  test('is left out after its time if a server hangs', async () => {
    const { run, clock } = scene({ kubernetes: { version: () => new Promise(() => {}) } });
    const running = run('bundle b.zip');
    await until(() => clock.waits.includes(15_000));
    await clock.advance(15_000);
    await running;
    expect((await factsOf()).leftOut).toContainEqual({
      what: 'Version of Kubernetes',
      because: 'timed-out',
      reason: 'There was no answer for 15 s.',
    });
  });

  test('is nothing if there is no such thing: a bundle without it is whole', async () => {
    const { run, exits } = scene({ logs: [[start, 'one']] });
    await run('bundle b.zip');
    expect(exits).toEqual([]);
  });
});

describe('logs', () => {
  const textIn = async (name: string): Promise<string> => String((await filesOf()).get(`logs/${name}.log`));

  test('come from the spool, and from the pod what was written before and after it', async () => {
    const at = scene({
      logs: [
        [start - 500_000, 'before'],
        [start - 400_000, 'kept 1'],
        [start - 300_000, 'kept 2'],
        [start - 200_000, 'after'],
      ],
    });
    await spooled(
      jobManager,
      [
        [start - 400_000, 'kept 1'],
        [start - 350_000, 'only kept'],
        [start - 300_000, 'kept 2'],
      ],
      at,
    );
    await at.run('bundle b.zip');
    expect(await textIn('jobmanager-a')).toBe('before\nkept 1\nonly kept\nkept 2\nafter\n');
  });

  test('are asked for no longer once the API server is away, which is told of each; those that are kept are there', async () => {
    let asked = 0;
    const at = scene({
      pods: [jobManager, pod({ shortName: 'taskmanager-1-1' }), pod({ shortName: 'taskmanager-1-2' })],
      kubernetes: {
        followLog: () => {
          asked += 1;
          return Promise.reject(new Problem('unreachable', 'The API server does not answer.'));
        },
      },
    });
    await spooled(pod({ shortName: 'taskmanager-1-2' }), [[start - 1_000, 'kept']], at);
    await at.run('bundle b.zip');
    expect(asked).toBe(1);
    expect((await factsOf()).leftOut.filter(({ because }) => because === 'away')).toEqual(
      ['jobmanager-a', 'taskmanager-1-1', 'taskmanager-1-2'].map((name) => ({
        what: `Log of ${name}`,
        because: 'away',
        reason: 'The API server does not answer.',
      })),
    );
    expect(await textIn('taskmanager-1-2')).toBe('kept\n');
  });

  test('of two pods that had the same name one after the other are two files', async () => {
    const worker = pod({ shortName: 'taskmanager-1-1' });
    const at = scene({ pods: [worker], logs: [[start, 'the second']] });
    await spooled({ ...worker, uid: 'first' }, [[start - 1_000, 'the first']], at);
    await at.run('bundle b.zip');
    expect([await textIn('taskmanager-1-1'), await textIn('taskmanager-1-1.first')]).toEqual(['the second\n', 'the first\n']);
  });

  test('of pods that are gone are there, and none of before the wanted time', async () => {
    const at = scene();
    await spooled(
      pod({ shortName: 'taskmanager-1-1' }),
      [
        [start - 2_000_000, 'long ago'],
        [start - 1_000, 'its last words'],
      ],
      at,
    );
    await at.run('bundle b.zip --last 10m');
    expect(await textIn('taskmanager-1-1')).toBe('its last words\n');
  });

  test('are there if the session has not been told of its pods yet', async () => {
    const raw = {
      metadata: { name: 'c1-taskmanager-1-1', uid: 'one', labels: { component: 'taskmanager' } },
      spec: { nodeName: 'node-a', containers: [{ name: container }] },
      status: { containerStatuses: [{ name: container, ready: true, restartCount: 0, state: { running: {} } }] },
    } as KubernetesObject;
    const { run, clock } = scene({
      kubernetes: { listReadable: async (_resource, _options, project) => readable([raw], project) },
      logs: [[start, 'its words']],
      pods: undefined,
    });
    const running = run('bundle b.zip');
    // The card is made of what is known after a moment.
    await until(() => clock.waits.includes(1_000));
    await clock.advance(1_000);
    await running;
    expect(await textIn('taskmanager-1-1')).toBe('its words\n');
  });

  test('can be read as they lie in a spool', async () => {
    const at = scene({ logs: [[start - 5, '\u001B[31mred\u001B[39m']] });
    await at.run('bundle b.zip');
    const files = await filesOf();
    for (const [path, bytes] of files) {
      mkdirSync(join(home, 'out', dirname(path)), { recursive: true });
      writeFileSync(join(home, 'out', path), bytes);
    }
    const found: unknown[] = [];
    for await (const batch of readSpool({ folder: join(home, 'out/logs/uid-jobmanager-a'), container }))
      found.push(...batch.lines.map((line) => [line.at, textOf(line)]));
    expect(found).toEqual([[start - 5, '\u001B[31mred\u001B[39m']]);
    expect(await textIn('jobmanager-a')).toBe('red\n');
  });
});

describe('of a cluster that is gone', () => {
  const gone = () =>
    scene({ pods: [], kubernetes: { get: () => Promise.reject(new Problem('not-found', 'deployments "c1" not found.')) } });

  test('a bundle has what this machine kept of it', async () => {
    const at = gone();
    await spooled(pod({ shortName: 'taskmanager-1-1' }), [[start - 1_000, 'its last words']], at);
    expect(await at.run('bundle b.zip')).toEqual({ kind: 'done' });
    expect(String((await filesOf()).get('logs/taskmanager-1-1.log'))).toBe('its last words\n');
  });

  test('of which nothing is kept, there is none', async () => {
    expect(await gone().says('bundle b.zip')).toMatch(/^There is no Flink cluster c1 in namespace default\./);
    expect(here()).toEqual([]);
  });
});

describe('the file', () => {
  test('is not replaced without a yes or --force', async () => {
    writeFileSync(join(home, 'here/b.zip'), 'mine');
    expect(await scene().says('bundle b.zip')).toBe(`${join(home, 'here/b.zip')} exists. --force overwrites it.`);
    expect(readFileSync(join(home, 'here/b.zip'), 'utf8')).toBe('mine');
    expect(await scene().run('bundle b.zip --force')).toEqual({ kind: 'done' });
    expect((await factsOf()).clusterId).toBe('c1');
    expect(here()).toEqual(['b.zip']);
  });

  test('is not there at all if its making is ended', async () => {
    const reading = Promise.withResolvers<void>();
    const { run, end } = scene({
      kubernetes: {
        followLog() {
          reading.resolve();
          return new Promise(() => {});
        },
      },
    });
    const running = run('bundle b.zip');
    await reading.promise;
    await until(() => here().some((name) => name.endsWith('.part')));
    end.abort();
    expect(here()).toEqual([]);
    expect((await running).kind).toBe('aborted');
    expect(here()).toEqual([]);
  });

  test('is not there if the disk is full, which is said with its name', async () => {
    const path = join(home, 'here/b.zip');
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
    const made = withScratch(path, new AbortController().signal, () => Promise.reject(full));
    await expect(made).rejects.toThrow(`${path} cannot be written: no space left on device.`);
    expect(here()).toEqual([]);
  });

  test('cannot be written where there is no folder, which is said', async () => {
    expect(await scene().says('bundle nosuch/b.zip')).toMatch(
      /nosuch\/b\.zip cannot be written: there is no folder \S*nosuch\. Make the folder, or name another file\.$/,
    );
  });
});

test('what is so now is recorded for a bundle if it was not recorded before, so that each can be replayed', async () => {
  const { run, clock } = scene();
  expect(await run('bundle b.zip')).toEqual({ kind: 'done' });
  await using recording = await openRecording(join(home, 'here', 'b.zip'));
  expect([...recording.last.session.pods.keys()]).toEqual([jobManager.name]);
  expect(recording.last.recordedAt).toBe(clock.now());
  expect(here()).toEqual(['b.zip']);
});

test('no secret is in a bundle: not of options, variables, arguments, addresses, logs or the recording', async () => {
  const canary = 'c4n4ry-s3cret';
  const words = `DB_PASSWORD=${canary} https://user:${canary}@host/ Authorization: Bearer ${canary}-12345678`;
  const key = ['-----BEGIN PRIVATE KEY-----', `${canary}AAAA`, canary, '-----END PRIVATE KEY-----', 'and on it goes'];
  const object = {
    metadata: { name: 'c1', annotations: { 'my/token': canary, note: words } },
    data: { 'config.yaml': `s3:\n  secret-key: ${canary}\n`, password: canary },
    binaryData: { keytab: Buffer.from(canary).toString('base64') },
    message: words,
    involvedObject: { name: 'c1' },
    spec: {
      volumes: [{ secret: { secretName: 'kept' } }],
      containers: [{ env: [{ name: 'API_TOKEN', value: canary }], args: ['--password', canary, `-Dx.password=${canary}`] }],
    },
  };
  const at = scene({
    kubernetes: {
      list: async <T extends KubernetesObject>() => [object] as unknown as readonly T[],
      get: () => Promise.reject(new Problem('not-found', 'It is gone.')),
    },
    pods: [jobManager, pod({ shortName: 'taskmanager-1-1', severity: 'error', state: 'Evicted', message: words })],
    answers: {
      '/jobmanager/config': [{ key: 'my.db.pw', value: canary }],
      '/jobmanager/environment': { jvm: { options: [`-Dpassword=${canary}`, '--api-key', canary] } },
      '/jobs/overview': { jobs: [{ jid: 'a' }] },
      '/jobs/a': { vertices: [] },
      '/jobs/a/config': { 'execution-config': { 'user-config': { token: canary } } },
      '/jobs/a/exceptions': { 'root-exception': words },
    },
    logs: [
      words,
      `INFO GlobalConfiguration [] - Loading configuration property: my.db.pw, ${canary}`,
      `\u001B[1mpassword\u001B[0m=${canary}`,
      ...key,
    ].map((text, index) => [start - 100 + index, text]),
  });
  await spooled(jobManager, [[start - 1_000, words]], at);
  {
    await using _ = new Recorder({
      store: at.store,
      folder: recordingsFolder(join(home, 'state')),
      cluster: target,
      clock: at.clock,
      report: () => {},
    });
    at.store.tell([
      { kind: 'timeline', at: start, line: { at: start, from: 'k8s', severity: 'info', subject: undefined, text: words } },
      { kind: 'jobs-seen', at: start, jobs: [job({ name: words })] },
    ]);
  }
  expect(await at.run('bundle b.zip')).toEqual({ kind: 'done' });
  const files = await filesOf();
  expect((await factsOf()).secrets).toEqual(['kept']);
  expect(String(files.get('card.md'))).toContain('taskmanager');
  expect(String(files.get('logs/jobmanager-a.log'))).toContain('and on it goes');
  const decoded: string[] = [];
  for (const [path, bytes] of files) {
    expect([path, bytes.includes(canary) || bytes.includes(Buffer.from(canary).toString('base64'))]).toEqual([path, false]);
    mkdirSync(join(home, 'out', dirname(path)), { recursive: true });
    writeFileSync(join(home, 'out', path), bytes);
  }
  for (const [folder, name] of [
    ['recording', recordingContainer],
    ['logs/uid-jobmanager-a', container],
  ] as const)
    for await (const batch of readSpool({ folder: join(home, 'out', folder), container: name })) decoded.push(...batch.lines.map(textOf));
  expect(decoded.filter((line) => line.includes('******')).length).toBeGreaterThan(3);
  expect(decoded.filter((line) => line.includes(canary))).toEqual([]);
});
