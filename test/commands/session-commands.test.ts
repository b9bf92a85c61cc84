import { describe, expect, test } from 'vitest';
import { catalogue } from '../../src/commands/catalogue.ts';
import { commandMeant } from '../../src/commands/model/named-command.ts';
import { splitLine } from '../../src/commands/line/line-parser.ts';
import { scanStart, scanWord, usageLine } from '../../src/commands/line/read-arguments.ts';
import type { SwitchScope } from '../../src/commands/model/types.ts';
import type { JobException } from '../../src/flink/types.ts';
import { Problem } from '../../src/support/problem.ts';
import type { KubernetesObject, ListOptions, ResourceType } from '../../src/kubernetes/model/types.ts';
import { fakeCluster, fakeFlink, fakeKubernetes, start, fakeSandbox, testFront } from '../support/fakes.ts';
import { jobConfiguration, jobDetail, vertex } from '../support/job-detail.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk } from './desk.ts';

const helpOf = async (line: string, pieces: Parameters<typeof desk>[0] = {}): Promise<readonly string[]> => {
  const { run, front } = desk(pieces);
  await run(line);
  const view = front.views[0];
  if (view?.kind !== 'help') throw new Error('no help');
  return view.text;
};

test('without a screen help leaves out what needs one', async () => {
  const text = await helpOf('help', { mode: 'line' });
  expect(text.filter((line) => /^(theme|mouse|clear|sort)/.test(line))).toEqual([]);
  expect(text.some((line) => line.startsWith('stop - '))).toBe(true);
});

test('help lists every command with its summary', async () => {
  const text = await helpOf('help');
  expect(catalogue.filter(({ name, summary }) => !text.some((line) => line.startsWith(name) && line.endsWith(` - ${summary}`)))).toEqual(
    [],
  );
  expect(text[0]).toBe('Available commands:');
});

test('on the sandbox help opens with a tour of six lines', async () => {
  const text = await helpOf('help', { sandbox: fakeSandbox('/examples') });
  expect(text.indexOf('')).toBe(6);
  expect(text[0]).toContain('sandbox');
  expect(text[7]).toBe('Available commands:');
});

test('help NAME tells usage, options and examples, also by an alias', async () => {
  const text = (await helpOf('help submit')).join('\n');
  for (const part of [
    'submit JAR [-c CLASS] [-p N] [-s SAVEPOINT] [-n] [--unchecked] [-Dkey=value] [-- ARGS...]',
    '-p, --parallelism N',
    'e.g. submit',
  ])
    expect(text).toContain(part);
  expect((await helpOf('help exit'))[0]).toBe('quit');
  expect(await desk().says('help nosuch')).toBe('There is no command "nosuch". help lists them all.');
});

test.each(['', 'x', 'stp', 'savpoint', 'STOP'])('%j is not a command', async (line) => {
  const said = await desk().says(line);
  expect(said).toBe(
    {
      '': 'nothing',
      x: "Unknown command 'x'. help lists the commands.",
      stp: "Unknown command 'stp'. help lists the commands.",
      savpoint: "Unknown command 'savpoint'. The nearest is savepoint; help lists them all.",
      STOP: "Unknown command 'STOP'. The nearest is top; help lists them all.",
    }[line],
  );
});

test.each([
  ['stpo', ''],
  ['sotp', ''],
  ['stap', ''],
  ['use', ''],
  ['shell', ''],
  ['xit', 'exit'],
  ['cancl', 'cancel'],
  ['ancel', ''],
  ['dispse', 'dispose'],
  ['lst', 'list'],
  ['submti', 'submit'],
  ['descrbe', 'describe'],
])('who types %j is never led to something that destroys, nor to another word: %j', async (line, near) => {
  expect(await desk().says(line)).toBe(
    near === ''
      ? `Unknown command '${line}'. help lists the commands.`
      : `Unknown command '${line}'. The nearest is ${near}; help lists them all.`,
  );
});

test.each([
  ['q', 'quit'],
  ['q!', 'quit'],
  [':q', 'quit'],
  [':q!', 'quit'],
  ['po', 'pods'],
  ['pod', 'pods'],
  [':pods', 'pods'],
  ['job', 'job'],
  ['jobs', 'list'],
  ['lis', 'list'],
  ['log', 'logs'],
  ['h', 'help'],
  ['hel', 'help'],
  ['story', 'timeline'],
  ['time', 'timeline'],
  ['ops', 'operations'],
  ['oper', 'operations'],
  ['desc', 'describe'],
  ['ref', 'refresh'],
])('%s means %s', (word, name) => {
  expect(commandMeant(word, catalogue)?.name).toBe(name);
});

test.each(['sto', 'stop-', 'canc', 'dis', 'savep', 'sub', 'jar', 'z', 'l', ':', ''])(
  '%j means no command: it is not enough, or what changes something is typed whole',
  (word) => {
    expect(commandMeant(word, catalogue)).toBeUndefined();
  },
);

test('what would be enough, but changes something, is reported', async () => {
  expect(await desk().says('canc x')).toBe('"canc" is short for cancel, which must be typed whole: it changes something.');
});

test('names and aliases are unique, and every example begins with its command', () => {
  const names = catalogue.flatMap(({ name, aliases }) => [name, ...aliases]);
  expect(new Set(names).size).toBe(names.length);
  expect(catalogue.filter(({ name, examples }) => !examples.every((line) => line.split(' ')[0] === name))).toEqual([]);
  expect(catalogue.map(({ summary }) => summary).filter((summary) => /[.!]$/.test(summary) || !/^[A-Z]/.test(summary))).toEqual([]);
  expect(catalogue.map(usageLine)).toContain('loglevel [LOGGER] [LEVEL] [--for TIME] [--undo]');
  expect(catalogue.map(usageLine)).toContain('stop-job JOB... [--savepoint-dir DIR] [--drain] [--native]');
});

test('no example has a word or an option that its command does not take', () => {
  const unknown = catalogue.flatMap((command) =>
    command.examples.filter((line) => {
      let state = scanStart;
      return splitLine(line)
        .words.slice(1)
        .some(({ text }) => {
          const { role, next } = scanWord(command, state, text);
          state = next;
          return role.kind === 'unknown-option' || role.kind === 'extra';
        });
    }),
  );
  expect(unknown).toEqual([]);
});

test('an open quote is reported with its place', async () => {
  const plan = await desk().plan(`submit 'my job.jar`);
  expect(plan).toMatchObject({ kind: 'error', at: 7, problem: { message: "The quote ' is not closed." } });
});

test('an error knows where in the line it is', async () => {
  expect(await desk().plan('mouse  maybe')).toMatchObject({ kind: 'error', at: 7, problem: { message: '"maybe" is not one of on, off.' } });
  expect(await desk().plan('mouse')).toMatchObject({ kind: 'error', at: 5 });
});

test.each([
  ['quit', 'quit'],
  ['exit', 'quit'],
  ['detach', 'quit'],
  ['clear', 'clear'],
  ['mouse on', 'mouse on'],
  ['mouse off', 'mouse off'],
  ['theme light', 'theme light'],
  ['sort AGE', 'sort age -'],
  ['sort name desc', 'sort name desc'],
  ['sort', 'sort - -'],
])('%s is done by the front end', async (line, done) => {
  const { run, front } = desk();
  await run(line);
  expect(front.done).toEqual([done]);
});

test('theme alone lists the themes, and an unknown one is refused', async () => {
  const { run, front, says } = desk();
  await run('theme');
  expect(front.printed).toEqual(['Themes: dark, light']);
  expect(await says('theme pink')).toBe('"pink" is not one of dark, light.');
});

test('an unknown column is refused with those that there are, and without a screen there is nothing to sort', async () => {
  expect(await desk().says('sort colour')).toBe('"colour" is not one of name, age.');
  const { table: _, ...front } = testFront();
  expect(await desk({ front }).says('sort age')).toBe('Sorting needs the full-screen terminal.');
});

test('refresh asks the feeds to look again', async () => {
  const { run, refreshed } = desk();
  await run('refresh');
  expect(refreshed()).toBe(1);
});

test('quit never waits for what runs', async () => {
  const { store, plan, run, runner } = desk({ flink: fakeFlink({ cancelJob: () => new Promise(() => {}) }) });
  store.jobs(job({ name: 'cars' }));
  const asked = await plan('cancel cars');
  if (asked.kind !== 'confirm') throw new Error(asked.kind);
  void runner.run(asked);
  expect(await run('quit')).toEqual({ kind: 'done' });
});

test.each([
  ['list', 'jobs'],
  ['jobs', 'jobs'],
  ['pods', 'pods'],
  ['operations', 'operations'],
])('%s shows the %s', async (line, kind) => {
  const { run, front, store } = desk();
  store.jobs();
  store.pods();
  await run(line);
  expect(front.views).toEqual([{ kind }]);
});

test('web says the address and who can reach it; web open opens a port and says who can reach that', async () => {
  const ports: (number | undefined)[] = [];
  const { run, front } = desk({
    cluster: fakeCluster({
      restAddress: async () => ({ url: 'http://c1-rest.default:8081', reach: 'only from inside the cluster' }),
      openPort: async (port) => {
        ports.push(port);
        return { url: `http://127.0.0.1:${port ?? 40_000}`, others: [] };
      },
    }),
  });
  await run('web');
  expect(front.printed[0]).toBe('http://c1-rest.default:8081 can be reached only from inside the cluster');
  await run('web open');
  await run('web --open');
  await run('web open 8081');
  expect(ports).toEqual([undefined, undefined, 8081]);
  expect(front.printed).toContain('http://127.0.0.1:8081');
  expect(front.printed.at(-1)).toContain('of this machine can reach it');
});

test.each([
  ['web open 99999', /"99999" is not a whole number from 1 to 65535/],
  ['web close', /"close" is not one of open/],
])('%s is not understood', async (line, sentence) => {
  expect(await desk().says(line)).toMatch(sentence);
});

const lost = pod({ shortName: 'taskmanager-1-3', state: 'OOMKilled (137)', severity: 'error' });

test.each([
  ['its short name', 'logs taskmanager-1-1', 'c1-taskmanager-1-1'],
  ['its whole name', 'logs c1-taskmanager-1-1', 'c1-taskmanager-1-1'],
  ['a unique beginning', 'logs taskmanager-2', 'c1-taskmanager-2-1'],
  ['as the log abbreviates it', 'logs tm1-1', 'c1-taskmanager-1-1'],
  ['jm for the leader', 'logs jm', 'c1-jobmanager-b'],
  ['its name when it is gone', 'logs taskmanager-1-3', 'c1-taskmanager-1-3'],
])('a pod is named by %s', async (_by, line, name) => {
  const { run, front, store } = desk();
  const there = ['jobmanager-a', 'jobmanager-b', 'taskmanager-1-1', 'taskmanager-1-2', 'taskmanager-2-1'].map((shortName) =>
    pod({ shortName }),
  );
  store.pods(...there, lost);
  store.pods(...there);
  store.tell([{ kind: 'leader', at: 0, pod: 'c1-jobmanager-b' }]);
  await run(line);
  expect(front.views).toEqual([{ kind: 'log', pods: [name], follow: false }]);
});

test.each([
  ['logs taskmanager-1', /^"taskmanager-1" can be 2 pods: taskmanager-1-1, taskmanager-1-2\./],
  ['logs nosuch', /^There is no job and no pod "nosuch" on c1\./],
  ['logs', /^logs needs JOB\|POD/],
])('%s shows no log and says why', async (line, sentence) => {
  const { says, store } = desk();
  store.jobs();
  store.pods(pod({ shortName: 'taskmanager-1-1' }), pod({ shortName: 'taskmanager-1-2' }));
  expect(await says(line)).toMatch(sentence);
});

test('logs POD -c shows another container of it, named by its beginning; Tab offers them', async () => {
  const { run, says, front, store, runner } = desk();
  const worker = pod({ shortName: 'taskmanager-1-1' });
  const [main] = worker.containers;
  if (main === undefined) throw new Error('The pod has no container.');
  store.jobs(job({ name: 'orders' }));
  store.pods({ ...worker, containers: [{ ...main, name: 'fetch-jar', init: true }, main, { ...main, name: 'istio-proxy' }] });
  await run('logs tm1-1 -c istio');
  expect(front.views).toEqual([{ kind: 'log', pods: ['c1-taskmanager-1-1'], container: 'istio-proxy', follow: false }]);
  expect(await says('logs tm1-1 -c nosuch')).toBe(
    'taskmanager-1-1 has no container "nosuch". It has fetch-jar, flink-main-container, istio-proxy.',
  );
  expect(await says('logs orders -c istio-proxy')).toBe('Only a pod has containers. Name a pod: logs tm1-1 -c NAME.');
  const line = 'logs tm1-1 -c ';
  const { candidates } = await runner.complete(line, line.length);
  expect(candidates.map(({ label }) => label)).toEqual(['flink-main-container', 'istio-proxy', 'fetch-jar']);
});

test('logs of a job shows those of its TaskManagers, as far as there are any here', async () => {
  const { run, says, front, store } = desk({
    flink: fakeFlink({ jobTaskManagers: async (id) => (id.startsWith('9') ? ['c1-taskmanager-1-2', 'c1-taskmanager-1-9'] : []) }),
  });
  store.jobs(job({ name: 'orders' }), job({ name: 'idle', id: 'aa'.padEnd(32, '0') }));
  store.pods(pod({ shortName: 'taskmanager-1-1' }), pod({ shortName: 'taskmanager-1-2' }));
  await run('logs orders');
  expect(front.views).toMatchObject([{ kind: 'log', pods: ['c1-taskmanager-1-2'] }]);
  expect(await says('logs idle')).toMatch(/^No TaskManager of idle \(aa0000\) has a log here/);
});

test('logs of a vertex shows those of its TaskManagers only', async () => {
  const worker = (id: string | undefined) => ({
    id,
    endpoint: undefined,
    state: 'RUNNING',
    startTime: 0,
    durationMs: 0,
    io: { readBytes: 0, readRecords: 0, writeBytes: 0, writeRecords: 0 },
    counts: {},
  });
  const { run, says, front, store } = desk({
    flink: fakeFlink({
      job: async () => jobDetail({ vertices: [vertex({ id: 'v1', name: 'Enrich' }), vertex({ id: 'v2', name: 'Sink' })] }),
      vertexTaskManagers: async (_job, id) => (id === 'v1' ? [worker('c1-taskmanager-1-1'), worker(undefined)] : [worker('gone')]),
    }),
  });
  store.jobs(job({ name: 'orders' }));
  store.pods(pod({ shortName: 'taskmanager-1-1' }), pod({ shortName: 'taskmanager-1-2' }));
  await run('logs orders Enrich');
  expect(front.views).toMatchObject([{ kind: 'log', pods: ['c1-taskmanager-1-1'] }]);
  expect(await says('logs orders Sink')).toMatch(/^No TaskManager of Sink has a log here/);
  expect(await says('logs taskmanager-1-1 Enrich')).toBe('Only a job has vertices. Name a job, or leave out the vertex.');
});

test('describe shows what is wrong with a pod, and all that kubectl describe shows of it, with secrets masked', async () => {
  const ago = (ms: number): string => new Date(start - ms).toISOString();
  const { run, front, store } = desk({
    kubernetes: fakeKubernetes({
      get: async <T>() =>
        ({
          metadata: { name: 'c1-taskmanager-1-1', uid: 'u', labels: { app: 'c1' } },
          spec: {
            containers: [
              {
                name: 'flink-main-container',
                image: 'flink:2.3.0',
                resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '1Gi' } },
                livenessProbe: { httpGet: { path: '/config', port: 8081 }, initialDelaySeconds: 30 },
                env: [
                  { name: 'S3_SECRET_KEY', value: 'hunter2' },
                  { name: 'S3_TOKEN', valueFrom: { secretKeyRef: { name: 's3', key: 'token' } } },
                ],
                args: ['--password', 'hunter2', 'start'],
                volumeMounts: [{ name: 'conf', mountPath: '/opt/flink/conf', readOnly: true }],
              },
            ],
            volumes: [{ name: 'conf', configMap: { name: 'flink-config-c1' } }],
          },
          status: {
            conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady', lastTransitionTime: ago(180_000) }],
            containerStatuses: [
              {
                name: 'flink-main-container',
                ready: false,
                restartCount: 2,
                state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 40s' } },
                lastState: {
                  terminated: { reason: 'OOMKilled', exitCode: 137, startedAt: ago(80_000), finishedAt: ago(60_000) },
                },
              },
            ],
          },
        }) as T,
      list: async <T>() =>
        [
          { reason: 'BackOff', type: 'Warning', count: 7, message: 'restarting', lastTimestamp: ago(1_000), involvedObject: { uid: 'u' } },
          { reason: 'Killing', lastTimestamp: ago(2_000), involvedObject: { uid: 'of-an-earlier-pod' } },
        ] as unknown as readonly T[],
    }),
  });
  store.jobs();
  store.pods(pod({ shortName: 'taskmanager-1-1', state: 'ImagePullBackOff', severity: 'error', message: 'flink:nope: not found' }));
  await run('describe tm1-1');
  const view = front.views[0];
  if (view?.kind !== 'pod') throw new Error('no pod was shown');
  expect(view.text.slice(0, 6)).toEqual([
    'Pod taskmanager-1-1: ImagePullBackOff: flink:nope: not found.',
    '  Root cause: flink:nope: not found.',
    '  status of taskmanager-1-1: ImagePullBackOff: flink:nope: not found',
    expect.stringMatching(/^ {2}What helps: check the image/),
    '',
    'Name          c1-taskmanager-1-1',
  ]);
  expect(view.text).toEqual(
    expect.arrayContaining([
      '  Ready                     False   for 3 min, ContainersNotReady',
      'Container flink-main-container',
      '  State         waiting: CrashLoopBackOff: back-off 40s',
      '  Last state    terminated 60 s ago after 20 s: OOMKilled, exit code 137',
      '  Ready         no, 2 restarts',
      '  Requests      cpu 500m, memory 1Gi',
      '  Limits        memory 1Gi',
      '  Liveness      http get /config on 8081, after 30 s, every 10 s, within 1 s, fails after 3',
      '  Arguments     --password ****** start',
      '  Environment   S3_SECRET_KEY=******',
      '                S3_TOKEN from token of Secret s3',
      '  Mounts        /opt/flink/conf from conf, read-only',
      '  conf  ConfigMap flink-config-c1',
      expect.stringMatching(/^ {2}TIME +COUNT +TYPE +REASON +MESSAGE$/),
      expect.stringMatching(/^ {2}.+ 7 {2}Warning {2}BackOff {2}restarting$/),
    ]),
  );
  expect(view.text.join('\n')).not.toMatch(/hunter2|Killing/);
});

test('describe shows a pod that cannot be read with what is known, and a pod that is gone is not asked for', async () => {
  const { run, front, store, clock } = desk({
    kubernetes: fakeKubernetes({ get: () => new Promise(() => {}), list: () => new Promise(() => {}) }),
  });
  store.jobs();
  store.pods(pod({ shortName: 'taskmanager-1-1' }));
  store.tell([
    {
      kind: 'timeline',
      at: start,
      line: { at: start, from: 'k8s', severity: 'warn', subject: 'c1-taskmanager-1-1', text: 'pod taskmanager-1-1: Failed to pull image' },
    },
  ]);
  const ran = run('describe tm1-1');
  await clock.advance(1_000);
  await ran;
  store.pods();
  await run('describe tm1-1');
  for (const [index, end] of [
    [0, 'The API server has not answered; this is what is known.'],
    [1, 'The pod is gone; this is what is known.'],
  ] as const) {
    const view = front.views[index];
    if (view?.kind !== 'pod') throw new Error('no pod was shown');
    expect(view.text.at(-1)).toBe(end);
    expect(view.text).toContainEqual(expect.stringMatching(/pod taskmanager-1-1: Failed to pull image$/));
  }
});

const failure: JobException = {
  name: 'org.apache.flink.runtime.JobException',
  at: start - 12_000,
  taskName: 'Enrich (5/12)',
  taskManagerId: lost.name,
  stacktrace:
    'org.apache.flink.runtime.JobException: Recovery is suppressed\n\tat a.b.C(D.java:1)\nCaused by: java.io.IOException: lost\n\tat a.b.E(F.java:2)\nCaused by: java.lang.OutOfMemoryError: Java heap space\n\tat a.b.G(H.java:3)',
};
const orders = job({ name: 'orders-enrichment', state: 'RESTARTING', restarts: 7 });

test('describe shows a job, and one part that cannot be had does not hide the others', async () => {
  const { run, front, store } = desk({
    flink: fakeFlink({
      job: async (id) =>
        jobDetail({ id, name: orders.name, state: 'RESTARTING', vertices: [vertex({ id: 'v', name: 'Enrich', parallelism: 12 })] }),
      checkpoints: async () => {
        throw new Problem('unavailable', 'The JobManager is busy.');
      },
      exceptions: async () => [failure],
      jobConfiguration: async () => jobConfiguration({ user: { 's3.secret-key': 'hunter2', 'pipeline.name': 'orders' } }),
    }),
  });
  store.jobs(orders);
  store.pods();
  await run('describe orders-enrichment');
  const view = front.views[0];
  const text = view?.kind === 'job' ? view.text.join('\n') : '';
  for (const part of [
    'Enrich: RUNNING, parallelism 12',
    'The JobManager is busy.',
    'java.lang.OutOfMemoryError: Java heap space',
    's3.secret-key: ******',
    'pipeline.name: orders',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('hunter2');
});

describe('while the JobManager has never answered', () => {
  const silent = (mode: 'tui' | 'line' | 'one-shot' = 'tui') => {
    const at = desk({
      mode,
      kubernetes: fakeKubernetes({ get: async <T>() => ({}) as T, list: async () => [] }),
      flink: fakeFlink({ exceptions: () => new Promise(() => {}) }),
    });
    at.store.source('flink', 'connecting');
    at.store.pods(pod({ shortName: 'jobmanager-a', state: 'ImagePullBackOff', severity: 'error' }));
    return at;
  };

  test.each(['why jm', 'describe jm', 'why jobmanager-a', 'logs jm'])(
    '%s waits for nobody: the name of a pod needs no Flink',
    async (line) => {
      for (const mode of ['tui', 'line', 'one-shot'] as const) {
        const { run, front } = silent(mode);
        expect(await run(line)).toEqual({ kind: 'done' });
        expect(front.views).toHaveLength(1);
      }
    },
  );

  test('a name that only Flink may know is waited for a second on the screen, and what is not known is reported', async () => {
    const { says, clock } = silent();
    const said = says('why orders');
    await clock.advance(1_000);
    expect(await said).toBe(`There is no pod "orders", and whether it is a job is not known yet: Flink's REST endpoint has not answered.`);
  });

  test('without a screen it is waited for longer, and a job that comes is found', async () => {
    const { run, clock, store, front } = silent('line');
    const ran = run('describe orders');
    await clock.advance(9_000);
    expect(front.views).toEqual([]);
    store.jobs(job({ name: 'orders' }));
    await clock.advance(0);
    expect((await ran).kind).not.toBe('aborted');
  });
});

test('a word that is both a job and a pod is asked back', async () => {
  const { says, store } = desk();
  store.pods(pod({ shortName: 'jobmanager-a' }));
  store.jobs(job({ name: 'jobmanager-a' }));
  expect(await says('why jobmanager-a')).toBe(
    '"jobmanager-a" can be job jobmanager-a (9f13c2) and pod jobmanager-a. Name the job by its id, or the pod by its full name.',
  );
  expect(await says('why nosuch')).toBe('There is no job and no pod "nosuch" on c1. Type jobs or pods to see what is there.');
});

describe('another cluster', () => {
  const deployment = (name: string, namespace: string): object => ({
    metadata: { name, namespace, labels: { type: 'flink-native-kubernetes' } },
    spec: { replicas: 1 },
    status: { readyReplicas: 1 },
  });
  const kubernetes = fakeKubernetes({
    listReadable: async <T>({ plural }: ResourceType, { namespace }: ListOptions, project: (raw: KubernetesObject) => T) => ({
      items: (plural !== 'deployments'
        ? []
        : [deployment('orders', 'default'), deployment('reports', 'batch')].filter(
            (one) => namespace === undefined || JSON.stringify(one).includes(`"${namespace}"`),
          )
      ).map((raw) => project(raw as KubernetesObject)),
      unreadable: undefined,
    }),
  });

  test('without a screen clusters lists those of all namespaces and says how to attach, ns those of one', async () => {
    const { run, front } = desk({ mode: 'line', kubernetes });
    await run('clusters');
    expect(front.printed.join('\n')).toMatch(
      /^NAME +NAMESPACE.*\nreports +batch.*\norders +default.*\nAttach to one: drey attach NAME -n NAMESPACE/s,
    );
    await run('ns batch');
    expect(front.printed.join('\n').match(/orders/g)).toHaveLength(1);
    await run('ns nowhere');
    expect(front.printed.join('\n')).toContain('There is no Flink cluster in namespace nowhere.');
  });

  test('without a screen ctx says that a session stays in its context', async () => {
    const { run, front } = desk({ mode: 'line', kubernetes });
    await run('ctx prod-eu');
    expect(front.printed.join('\n')).toBe('One session stays in its context. Attach to another: drey attach CLUSTER --context prod-eu');
  });

  test.each([
    ['clusters', { kind: 'clusters' }],
    [':ns', { kind: 'clusters', namespace: undefined }],
    ['ns batch', { kind: 'clusters', namespace: 'batch' }],
    [':ctx', { kind: 'contexts' }],
    ['ctx prod-eu', { kind: 'context', name: 'prod-eu' }],
  ])('on a screen %s asks which', async (line, scope) => {
    const asked: SwitchScope[] = [];
    const at = desk();
    const front = { ...at.front, switchCluster: async (to: SwitchScope) => void asked.push(to) };
    await desk({ front }).run(line);
    expect(asked).toEqual([scope]);
  });
});
