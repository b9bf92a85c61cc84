import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Launch } from '../../../src/session/launch.ts';
import type { Launches } from '../../../src/session/launches.ts';
import { Problem } from '../../../src/support/problem.ts';
import { jarStore } from '../../flink/jar-store.ts';
import { noLaunches } from '../../support/fakes.ts';
import { writeJar } from '../../support/jar.ts';
import { capture, captureText, json, restServer, skippingClock, type Reply, type Seen } from '../../flink/rest-server.ts';
import { flink } from './harness.ts';

const [running, restarting, finished] = [
  'cf58271192024409aa436435401612ca',
  'b59cb45089f6c1590309ac38f4a37098',
  'ed6343ac9b1da27daf2eea66e265264e',
];
const help = '\nUse the help option (-h or --help) to get help on the command.\n';

let folder: string;
let jar: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drey-flink-'));
  jar = writeJar(join(folder, 'orders.jar'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A session cluster: jars, the jobs of a capture, and whatever a test adds. */
const cluster = (own: (request: Seen, nth: number) => Reply | undefined = () => undefined) => {
  const store = jarStore((request, nth) => own(request, nth) ?? (request.path === '/jobs/overview' ? capture('jobs-overview') : undefined));
  return restServer(store.serve);
};
const posted = (seen: readonly Seen[], end: string) =>
  seen.filter(({ method, path }) => method === 'POST' && path.endsWith(end)).map(({ body }) => JSON.parse(body) as Record<string, unknown>);

test('without an action: the help, what is missing, and 1', async () => {
  const ran = await flink([]);
  expect(ran.code).toBe(1);
  expect(ran.stdout).toMatch(/^\.\/flink <ACTION>[\s\S]*\nPlease specify an action\.\n$/);
});

test('the help names every action and option, and fits 80 columns', async () => {
  const ran = await flink(['--help']);
  expect(ran.code).toBe(0);
  for (const word of [
    'Action "run"',
    'Action "checkpoint"',
    '-sae,--shutdownOnAttachedExit',
    '-p,--savepointPath [<folder>]',
    '-o,--output <format>',
    'Exit codes',
  ])
    expect(ran.stdout).toContain(word);
  expect(ran.stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect((await flink(['stop', '-h'])).stdout).toMatch(/^Action "stop"/);
});

test('the version, an unknown action and one that is gone', async () => {
  expect(await flink(['-v'])).toMatchObject({ code: 0, stdout: 'Version: 2.3.0, drey 0.0.0\n' });
  const unknown = await flink(['frobnicate']);
  expect(unknown.code).toBe(1);
  expect(unknown.stdout).toMatch(/^"frobnicate" is not a valid action\.\n\nValid actions are "run", "list"/);
});

test('run-application deploys for a Flink that still has it, and is refused for others', async () => {
  const line = ['-t', 'kubernetes-application', 'local:///x.jar'];
  for (const old of ['-Dkubernetes.container.image.ref=flink:1.20.3', '-Ddrey.flink-version=1.18']) {
    expect(await flink(['run-application', old, ...line])).toMatchObject({ code: 0, deployed: [{ program: { jar: 'local:///x.jar' } }] });
  }
  expect(await flink(['run-application', ...line])).toMatchObject({
    code: 1,
    deployed: [],
    stdout: expect.stringMatching(/^Flink 2\.3 has no action run-application\. Use run -t kubernetes-application, /),
  });
  expect(await flink(['run-application', '-Ddrey.flink-version=1.20', '-t', 'kubernetes-session', 'x.jar'])).toMatchObject({
    code: 1,
    deployed: [],
    stdout: expect.stringMatching(/^run-application deploys a cluster for the program alone, and kubernetes-session does not\./),
  });
});

test.each([
  [['list', '--bogus'], 'Unrecognized option: --bogus\n'],
  [['cancel', '-m', 'x:1'], 'Missing JobID. Specify a JobID to cancel a job.\n'],
  [['stop'], 'Missing JobId\n'],
  [['stop', '-p'], 'Missing JobId\n'],
  [['cancel', '-s'], 'DEPRECATION WARNING: Cancelling a job with savepoint is deprecated. Use "stop" instead.\nMissing JobId\n'],
  [['checkpoint'], 'Missing JobID. Specify a Job ID to manipulate a checkpoint.\n'],
  [['savepoint'], 'Missing JobID. Specify a Job ID to trigger a savepoint.\n'],
  [['run', '-m', 'x:1'], 'Java program should be specified a JAR file.\n'],
  [['run', '-m', 'x:1', '--bogus', 'x.jar'], 'Unrecognized option: --bogus\n'],
  [['list', '-o', 'xml'], '"xml" is not an output format. Use text or json.\n'],
  [['list', '--timeout', 'soon'], '"soon" is not a duration. Write 30 s, 5 min or 1 h.\n'],
  [['run', '-m', 'x:1', 'nope.jar'], 'Could not get job jar and dependencies from JAR file: JAR file does not exist: nope.jar\n'],
  [['info', '-m', 'x:1', '/no/such.jar'], 'Could not get job jar and dependencies from JAR file: JAR file does not exist: /no/such.jar\n'],
])('%j is not understood: one sentence on standard output, and 1', async (argv, sentence) => {
  expect(await flink(argv, { file: { 'rest.address': 'localhost' } })).toMatchObject({ code: 1, stdout: sentence + help, stderr: '' });
});

test.each([
  [['savepoint', '-type', 'odd', running], '"odd" is not a savepoint format. Use canonical or native.'],
  [['run', '-s', 'file:///s', '-cm', 'odd', 'x.jar'], '"odd" is not a claim mode. Use claim, no_claim or legacy.'],
  [['list', '-t', 'mesos'], '"mesos" is not a target. Use remote, kubernetes-session or kubernetes-application.'],
])('%j is a value that does not exist: said where Flink says it, on standard error', async (argv, sentence) => {
  const { code, stdout, stderr } = await flink(argv, { file: { 'rest.address': 'localhost' } });
  expect([code, stdout, stderr.split('\n').at(-2)]).toEqual([1, '', sentence]);
});

const noFolder = () => {
  throw new Problem(
    'invalid',
    "The configuration directory '/nope', specified in the 'FLINK_CONF_DIR' environment variable, does not exist.",
  );
};

test('no usable configuration is 31', async () => {
  expect(await flink(['list'], { services: { loadConfig: noFolder } })).toMatchObject({
    code: 31,
    stdout: '',
    stderr: expect.stringContaining("'/nope'"),
  });
});

test.each([
  [['-m', '10.0.0.1:9081'], {}, { kind: 'remote', url: 'http://10.0.0.1:9081' }],
  [['-m', 'https://proxy/flink/prod/'], {}, { kind: 'remote', url: 'https://proxy/flink/prod' }],
  [['-m', 'host'], { 'rest.port': 9000 }, { kind: 'remote', url: 'http://host:9000' }],
  [
    [],
    { 'rest.address': 'jm', 'security.ssl.rest.enabled': true, 'rest.url-prefix': '/flink/' },
    { kind: 'remote', url: 'https://jm:8081/flink' },
  ],
  [['-Drest.address=jm', '-Drest.port=1234'], { 'rest.address': 'file' }, { kind: 'remote', url: 'http://jm:1234' }],
  [['-t', 'kubernetes-session', '-Dkubernetes.cluster-id=c1'], {}, { kind: 'kubernetes', clusterId: 'c1', restAddress: undefined }],
  [
    ['-e', 'remote', '-t', 'kubernetes-application', '-Dkubernetes.cluster-id=c1', '-m', 'localhost:1'],
    {},
    { kind: 'kubernetes', clusterId: 'c1', restAddress: 'localhost:1' },
  ],
  [['-Dexecution.target=KUBERNETES-SESSION', '-Dkubernetes.cluster-id=c1'], {}, { kind: 'kubernetes', clusterId: 'c1' }],
  [
    ['-t', 'kubernetes-session'],
    { 'execution.target': 'remote', 'kubernetes.cluster-id': 'of-the-file' },
    { kind: 'kubernetes', clusterId: 'of-the-file' },
  ],
])('list %j with %j goes to %j', async (argv, file, target) => {
  await using server = await cluster();
  const ran = await flink(['list', ...argv], { url: server.url, file });
  expect(ran.targets).toMatchObject([target]);
  expect(ran.code).toBe(0);
});

test('no cluster id, no address, a target that needs a JVM: said before anything is asked', async () => {
  expect(await flink(['list', '-t', 'kubernetes-session'])).toMatchObject({
    code: 1,
    targets: [],
    stderr: expect.stringContaining(
      'No cluster id was specified. Please specify a cluster to which you would like to connect. Add -Dkubernetes.cluster-id=NAME.',
    ),
  });
  expect(await flink(['list'])).toMatchObject({ code: 1, targets: [], stderr: expect.stringContaining('No cluster was named') });
  expect(await flink(['list', '-t', 'local'])).toMatchObject({ code: 1, targets: [], stdout: expect.stringContaining('JVM') });
  expect(await flink(['list', '-t', 'yarn-session'])).toMatchObject({
    code: 1,
    targets: [],
    stdout: expect.stringContaining('not supported'),
  });
});

test('list without a target says how a cluster on Kubernetes is named, if nothing answers at the default address', async () => {
  const { code, stderr } = await flink(['list'], { file: { 'rest.address': '127.0.0.1', 'rest.port': 1 } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/refuses connections .* For a cluster on Kubernetes: -t kubernetes-session -Dkubernetes\.cluster-id=NAME\.\n$/);
});

test.each([
  ['run', '-t', 'kubernetes-per-job', 'local:///opt/flink/usrlib/j.jar'],
  ['list', '-Dexecution.target=kubernetes-per-job'],
])('%s for a cluster per job is refused, with what to use instead', async (...argv) => {
  const ran = await flink(argv);
  expect(ran).toMatchObject({ code: 1, targets: [], deployed: [] });
  expect(ran.stdout).toContain('Flink on Kubernetes does not support Per-Job Cluster Mode. Use -t kubernetes-application');
});

test('a cluster that cannot be reached is one sentence below the line that scripts look for', async () => {
  const ran = await flink(['list', '-m', '127.0.0.1:1']);
  expect(ran).toMatchObject({
    code: 1,
    stdout: 'Waiting for response...\n',
    stderr: `\n${'-'.repeat(60)}\n The program finished with the following exception:\n\nFlink's REST endpoint at http://127.0.0.1:1 refuses connections (ECONNREFUSED). Check that the JobManager runs and that the port is right.\n`,
  });
});

test('retries are as the configuration says, and few without it', async () => {
  await using server = await restServer(() => json({ errors: ['leader election'] }, 503));
  await flink(['list', '-m', server.url]);
  expect(server.seen.length).toBe(5);
  await flink(['list', '-m', server.url, '-Drest.retry.max-attempts=2', '-Drest.retry.delay=100 ms']);
  expect(server.seen.length).toBe(7);
});

test('list as JSON: only the document on standard output', async () => {
  await using server = await cluster();
  const ran = await flink(['list', '-a', '-m', server.url, '-o', 'json'], { announcement: 'Retrieve flink cluster c1 successfully' });
  const { jobs } = JSON.parse(ran.stdout) as { jobs: Record<string, unknown>[] };
  expect(jobs.find(({ id }) => id === running)).toEqual({
    id: running,
    name: 'Stateful counter',
    state: 'RUNNING',
    startTime: expect.stringMatching(/^2026-.*Z$/),
    durationMs: expect.any(Number),
    tasks: expect.objectContaining({ total: 4, running: 4 }),
  });
  expect(jobs.find(({ id }) => id === finished)).toMatchObject({ state: 'FINISHED', endTime: expect.stringMatching(/Z$/) });
  expect(ran.stderr).toContain('Retrieve flink cluster');
});

test('a job can be named by its name or the beginning of its id; what fits several names them', async () => {
  const overview = JSON.parse(captureText('jobs-overview')) as { jobs: { jid: string; name: string; state: string }[] };
  const twice = {
    ...overview,
    jobs: [
      ...overview.jobs,
      { ...overview.jobs.find(({ jid }) => jid === running), jid: 'cf58aaaaaaaaaaaaaaaaaaaaaaaaaaaa', name: 'Twin' },
      { ...overview.jobs.find(({ jid }) => jid === running), jid: 'dddddddddddddddddddddddddddddddd', name: 'Twin' },
    ],
  };
  await using server = await cluster((request) => (request.path === '/jobs/overview' ? json(twice) : undefined));
  const cancel = (word: string) => flink(['cancel', '-m', server.url, word]);
  expect((await cancel('Stateful counter')).stdout).toBe(`Cancelling job ${running}.\nCancelled job ${running}.\n`);
  expect((await cancel(restarting.slice(0, 3))).stdout).toContain(`Cancelled job ${restarting}.`);
  expect((await cancel(running.toUpperCase())).stdout).toContain(`Cancelled job ${running}.`);
  const several = await cancel('cf58');
  expect([several.code, several.stderr]).toEqual([
    1,
    expect.stringMatching(/"cf58" fits 2 jobs\. Name one by its id: cf58.* \(Stateful counter, RUNNING\), cf58a.* \(Twin, RUNNING\)/),
  ]);
  expect((await cancel('Twin')).stderr).toContain('"Twin" fits 2 jobs.');
  const nothing = await cancel('not-a-job-id');
  expect(nothing).toMatchObject({
    code: 1,
    stdout: `Cannot parse JobID from "not-a-job-id". The expected format is [0-9a-fA-F]{32}, e.g. fd72014d4c864993a2e5a9287b4a9c5d. No job of this cluster has that name, and no id begins like that.\n${help}`,
  });
  expect(server.seen.filter(({ method }) => method === 'PATCH').length).toBe(3);
});

test('cancel --wait waits until the job has ended', async () => {
  const overview = (state: string) =>
    json({
      jobs: (JSON.parse(captureText('jobs-overview')) as { jobs: { jid: string }[] }).jobs.map((job) =>
        job.jid === running ? { ...job, state } : job,
      ),
    });
  await using server = await cluster((request, nth) =>
    request.path === '/jobs/overview' ? overview(nth < 4 ? 'CANCELLING' : 'CANCELED') : undefined,
  );
  const ran = await flink(['cancel', running, '--wait', '-m', server.url, '-o', 'json']);
  expect(JSON.parse(ran.stdout)).toEqual({ jobId: running, state: 'CANCELED' });
  expect(server.seen.length).toBe(5);
});

test('a wait ends after --timeout, and says that the work goes on', async () => {
  await using server = await cluster((request) =>
    request.method === 'POST'
      ? capture('savepoint-trigger', 202)
      : request.path.includes('/savepoints/')
        ? capture('savepoint-in-progress')
        : undefined,
  );
  const ran = await flink(['savepoint', running, '-m', server.url, '--timeout', '3 s']);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('Nothing more came within 3 s; what was started continues in the cluster.');
});

describe('whoever waits no longer', () => {
  /** Ctrl+C as soon as a request of this kind is answered. */
  const interruptedAt = async (asked: (request: Seen) => boolean, argv: readonly string[]) => {
    const interrupted = new AbortController();
    await using server = await cluster((request) => {
      if (asked(request)) setImmediate(() => interrupted.abort());
      if (request.path.endsWith('/execution-result')) return capture('job-running-execution-result');
      if (request.method === 'POST' && !request.path.startsWith('/jars')) return capture('savepoint-trigger', 202);
      return request.path.includes('/savepoints/')
        ? capture(argv.includes('--wait') ? 'savepoint-done' : 'savepoint-in-progress')
        : undefined;
    });
    return await flink([...argv, '-o', 'json', '-m', server.url], { signal: interrupted.signal });
  };
  const triggerId = expect.stringMatching(/^[0-9a-f]{32}$/);

  test.each([[['savepoint', running]], [['stop', running]], [['cancel', '-s', 's3://b', running]]])(
    'of %j is left with the trigger id',
    async (argv) => {
      const ran = await interruptedAt(({ path }) => path.includes('/savepoints/'), argv);
      expect(ran.code).toBe(130);
      expect(JSON.parse(ran.stdout)).toEqual({ jobId: running, triggerId });
      expect(ran.stderr).toMatch(new RegExp(`What was triggered continues in the cluster: job ${running}, trigger id [0-9a-f]{32}\\.\\n$`));
    },
  );

  test('of the end of a job that was stopped is left with the path of the savepoint', async () => {
    const ran = await interruptedAt(({ path }) => path === '/jobs/overview', ['stop', '--wait', running]);
    expect(ran.code).toBe(130);
    expect(JSON.parse(ran.stdout)).toEqual({ jobId: running, triggerId, savepoint: expect.stringContaining('savepoint-') });
    expect(ran.stderr).not.toContain('trigger id');
  });

  test('of a job that was run is left with its id', async () => {
    const attached = await interruptedAt(({ path }) => path.endsWith('/execution-result'), ['run', '-j', jar]);
    expect(attached.code).toBe(130);
    expect(JSON.parse(attached.stdout)).toEqual({
      jobId: triggerId,
      jar: { id: expect.any(String), name: expect.stringMatching(/\.jar$/), uploaded: true },
    });
  });
});

test("client.timeout counts when it was set, Flink's default of a minute does not", async () => {
  await using server = await cluster((request, nth) =>
    request.method === 'POST'
      ? capture('savepoint-trigger', 202)
      : request.path.includes('/savepoints/')
        ? capture(nth < 60 ? 'savepoint-in-progress' : 'savepoint-done')
        : undefined,
  );
  expect((await flink(['savepoint', running, '-m', server.url])).code).toBe(0);
  const ran = await flink(['savepoint', restarting, '-m', server.url, '-Dclient.timeout=2 s']);
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('within 2 s')]);
});

test('run keeps what the job is started with, for restart and upgrade', async () => {
  const kept: [string, Launch][] = [];
  const launches = { ...noLaunches, keep: (jobId: string, launch: Launch) => void kept.push([jobId, launch]) };
  await using server = await cluster();
  const line = ['-d', '-m', server.url, '-p', '2', '-c', 'a.Main', '-Dstate.backend.type=rocksdb', jar, '--name', 'two words'];
  const ran = await flink(['run', '-o', 'json', ...line], { services: { launches } });
  const { jobId } = JSON.parse(ran.stdout) as { readonly jobId: string };
  expect(kept.map(([id]) => id)).toEqual([jobId]);
  expect(kept[0]?.[1]).toEqual({
    jar: { path: jar, name: expect.stringMatching(/-[0-9a-f]{12}\.jar$/) },
    entryClass: 'a.Main',
    arguments: ['--name', 'two words'],
    parallelism: 2,
    configuration: { 'state.backend.type': 'rocksdb' },
    allowNonRestoredState: false,
  });
});

test('a folder in which nothing can be kept does not stop the run', async () => {
  const launches: Launches = {
    ...noLaunches,
    keep() {
      throw new Problem('failed', 'What job 1 was started with cannot be kept in /x: read-only file system.');
    },
  };
  await using server = await cluster();
  const ran = await flink(['run', '-d', '-m', server.url, jar], { services: { launches } });
  expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('cannot be kept in /x') });
});

test('run: uploads, runs and waits; says what Flink says', async () => {
  await using server = await cluster((request, nth) => {
    if (!request.path.endsWith('/execution-result')) return undefined;
    return capture(nth < 3 ? 'job-running-execution-result' : 'job-finished-execution-result');
  });
  const ran = await flink(['run', '-m', server.url, '-p', '2', '-c', 'a.Main', jar, '--name', 'two words', 'it\'s "x"']);
  const [sent] = posted(server.seen, '/run');
  expect(sent).toEqual({
    jobId: expect.stringMatching(/^[0-9a-f]{32}$/),
    parallelism: 2,
    entryClass: 'a.Main',
    programArgsList: ['--name', 'two words', 'it\'s "x"'],
  });
  expect(ran).toMatchObject({
    code: 0,
    stderr: '',
    stdout: `Job has been submitted with JobID ${sent?.['jobId']}\nProgram execution finished\nJob with JobID ${sent?.['jobId']} has finished.\nJob Runtime: 1920 ms\n\n`,
  });
});

test('run -d returns at once, and the same jar is not sent again', async () => {
  await using server = await cluster();
  const first = JSON.parse((await flink(['run', '-d', '-m', server.url, '-o', 'json', jar])).stdout) as Record<string, unknown>;
  const second = JSON.parse((await flink(['run', '-d', '-m', server.url, '-o', 'json', jar])).stdout) as Record<string, unknown>;
  expect(first).toMatchObject({
    jobId: expect.any(String),
    jar: { uploaded: true, name: expect.stringMatching(/^orders-[0-9a-f]{12}\.jar$/) },
  });
  expect(second).toMatchObject({ jar: { ...(first['jar'] as object), uploaded: false } });
  expect(second['jobId']).not.toBe(first['jobId']);
  expect(server.seen.filter(({ path }) => path === '/jars/upload').length).toBe(1);
});

test('run sends the settings of the job, and not those of the client or the cluster', async () => {
  await using server = await cluster((request) => (request.path === '/config' ? capture('idle-config') : undefined));
  const file = {
    'parallelism.default': 3,
    'pipeline.name': 'of the file',
    'taskmanager.numberOfTaskSlots': 4,
    'rest.port': 8081,
    'execution.checkpointing.interval': '10 s',
  };
  await flink(
    [
      'run',
      '-d',
      '-t',
      'remote',
      '-Drest.address=x',
      '-Dexecution.attached=true',
      '-Dmy.own=1',
      '-Dpipeline.name=mine',
      '-s',
      's3://b/sp',
      '-n',
      '-cm',
      'claim',
      jar,
    ],
    { url: server.url, file },
  );
  expect(posted(server.seen, '/run')).toEqual([
    {
      jobId: expect.any(String),
      parallelism: 3,
      flinkConfiguration: { 'my.own': '1', 'pipeline.name': 'mine', 'execution.checkpointing.interval': '10 s' },
      savepointPath: 's3://b/sp',
      allowNonRestoredState: true,
      claimMode: 'CLAIM',
    },
  ]);
});

test('a job that fails or is cancelled ends an attached run with 1', async () => {
  await using server = await cluster((request) =>
    request.path.endsWith('/execution-result')
      ? capture(request.path.includes('0000') ? 'job-canceled-execution-result' : 'job-failed-execution-result')
      : undefined,
  );
  const failed = await flink(['run', '-m', server.url, '-D$internal.pipeline.job-id=c5b1eb18d3d03b79da913c90afba79eb', jar]);
  expect([failed.code, failed.stderr]).toEqual([
    1,
    expect.stringMatching(/\nJob c5b1eb18d3d03b79da913c90afba79eb failed: disk quota exceeded .*\.\n$/),
  ]);
  const cancelled = await flink(['run', '-m', server.url, `-D$internal.pipeline.job-id=${'0'.repeat(32)}`, jar]);
  expect([cancelled.code, cancelled.stderr]).toEqual([1, expect.stringContaining('was cancelled.')]);
});

test('an attached run whose JobManager was replaced says that the job is gone', async () => {
  await using server = await cluster((request, nth) => {
    if (!request.path.endsWith('/execution-result')) return undefined;
    if (nth === 1) return capture('job-running-execution-result');
    return nth < 20 ? 'cut' : capture('error-job-unknown', 404);
  });
  const ran = await flink(['run', '-m', server.url, jar]);
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringMatching(/\nJob [0-9a-f]{32} is gone: .* Without high availability/)]);
});

test.each([
  [[], 0, 'keeps running without this command'],
  [['-sae'], 1, 'is being cancelled, as -sae asks for'],
])('Ctrl+C during an attached run %j', async (options, cancellations, words) => {
  const interrupted = new AbortController();
  await using server = await cluster((request, nth) => {
    if (!request.path.endsWith('/execution-result')) return undefined;
    if (nth === 2) interrupted.abort();
    return capture('job-running-execution-result');
  });
  const ran = await flink(['run', ...options, '-m', server.url, jar], { signal: interrupted.signal });
  expect(ran.code).toBe(130);
  expect(ran.stderr).toContain(words);
  expect(server.seen.filter(({ method }) => method === 'PATCH').length).toBe(cancellations);
});

test.each([
  [['-py', 'job.py'], 'A Python program needs a Python client'],
  [['-C', 'file:///a.jar', 'x.jar'], '-C cannot be passed to a session cluster over REST.'],
  [['local:///opt/x.jar'], 'JAR file does not exist: local:///opt/x.jar is not a local file.'],
])('run %j names the other way', async (argv, sentence) => {
  const ran = await flink(['run', '-m', 'x:1', ...argv]);
  expect(ran).toMatchObject({ code: 1, targets: [] });
  expect(ran.stdout).toContain(sentence);
  expect(ran.stdout).toContain('-t kubernetes-application');
});

test('a jar is looked into before the cluster is looked for; its path may be relative or a URL', async () => {
  expect(await flink(['run', '-m', 'x:1', 'nope.jar'], { cwd: folder })).toMatchObject({
    code: 1,
    targets: [],
    stdout: expect.stringContaining('JAR file does not exist: nope.jar\n'),
  });
  await using server = await cluster();
  expect((await flink(['run', '-d', '-m', server.url, 'orders.jar'], { cwd: folder })).code).toBe(0);
  expect((await flink(['run', '-d', '-m', server.url, `file://${jar}`])).code).toBe(0);
  expect((await flink(['run', '-d', '-m', server.url, '-j', jar, 'an-argument'])).code).toBe(0);
  expect(posted(server.seen, '/run').at(-1)).toMatchObject({ programArgsList: ['an-argument'] });
});

test('a cluster that takes no jars says how to go on', async () => {
  await using server = await restServer(() => capture('adaptive-error-jars', 404));
  expect((await flink(['run', '-m', server.url, jar])).stderr).toContain(
    'web.submit.enable is false there. Set web.submit.enable to true on the cluster, or run the job as an application.',
  );
});

test('info shows the plan between the lines that Flink draws', async () => {
  await using server = await cluster((request) => (request.path.endsWith('/plan') ? capture('jars-plan-post') : undefined));
  const ran = await flink(['info', '-m', server.url, '-p', '3', jar]);
  expect(ran.stdout).toMatch(/^-+ Execution Plan -+\n\{\n {2}"jid"[\s\S]*\}\n-{62}\n\nNo description provided\.\n$/);
  expect(posted(server.seen, '/plan')).toEqual([{ parallelism: 3 }]);
  expect(JSON.parse((await flink(['info', '-m', server.url, '-o', 'json', jar])).stdout)).toMatchObject({
    plan: { name: 'CarTopSpeedWindowingExample' },
  });
});

test('run -t kubernetes-application hands the program over, unlooked', async () => {
  const ran = await flink([
    'run',
    '-t',
    'kubernetes-application',
    '-Dkubernetes.cluster-id=c1',
    '-p',
    '4',
    '-C',
    'file:///a.jar',
    'local:///opt/x.jar',
    '--input',
    'a b',
  ]);
  expect(ran).toMatchObject({ code: 0, stdout: '', targets: [] });
  expect(ran.deployed).toMatchObject([
    {
      json: false,
      program: { jar: 'local:///opt/x.jar', parallelism: 4, classpaths: ['file:///a.jar'], arguments: ['--input', 'a b'], detached: false },
    },
  ]);
  expect(ran.deployed[0]?.config.raw('execution.target')).toBe('kubernetes-application');
  expect((await flink(['run', '-t', 'kubernetes-application'])).stdout).toBe(`Java program should be specified a JAR file.\n${help}`);
});

test('a savepoint in the dark: trouble is reported once, and waited out', async () => {
  await using server = await cluster((request, nth) => {
    if (request.method === 'POST') return capture('savepoint-trigger', 202);
    if (!request.path.includes('/savepoints/')) return undefined;
    return nth > 1 && nth < 20 ? 'cut' : capture(nth === 1 ? 'savepoint-in-progress' : 'savepoint-done');
  });
  const ran = await flink(['savepoint', running, '-m', server.url]);
  expect(ran.code).toBe(0);
  expect(ran.stderr.match(/Waiting for it to come back/g)?.length).toBe(1);
  expect(ran.stdout).toContain('Savepoint completed. Path: ');
});

test('a configuration that cannot be read names the option', async () => {
  const ran = await flink(['list', '-m', 'host', '-Drest.port=many']);
  expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining('rest.port')]);
});

test('nothing is left open when the clock of the patience never ends', async () => {
  await using server = await cluster();
  const clock = skippingClock();
  const slept = vi.spyOn(clock, 'sleep');
  await flink(['list', '-m', server.url, '--timeout', '1 h'], { clock });
  expect(slept.mock.calls.every(([, signal]) => signal?.aborted !== false)).toBe(true);
});
