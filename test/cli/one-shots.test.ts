import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api } from '../sandbox/sandboxes.ts';
import { type Ended, runProgram, type Surroundings } from '../goldens/run-program.ts';

let sandbox: Sandbox;
let home: string;
const homes: string[] = [];

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 10 });
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'drey-one-shots-'));
  homes.push(home);
});
afterAll(async () => {
  await sandbox.close();
  for (const folder of homes) rmSync(folder, { recursive: true });
});

const drey = (line: string, around: Partial<Surroundings> = {}): Promise<Ended> =>
  runProgram('drey', line.split(' '), { env: { KUBECONFIG: sandbox.kubeconfig }, cwd: home, home, ...around });

interface Document {
  readonly ok: boolean;
  readonly messages: readonly string[];
  readonly error: { readonly kind: string; readonly message: string } | null;
  readonly operations: readonly {
    readonly kind: string;
    readonly state: string;
    readonly result: string;
    readonly checkpointId: number | null;
  }[];
}
const json = async (line: string): Promise<Document & { readonly code: number }> => {
  const { code, stdout } = await drey(`${line} -o json`);
  return { ...(JSON.parse(stdout) as Document), code };
};
const cluster = 'my-first-flink-cluster';

describe('-o json of a command', () => {
  test('holds the savepoint that this run took, and none of the runs before', async () => {
    const paths: string[] = [];
    for (let run = 0; run < 3; run += 1) {
      const { code, ok, operations, messages } = await json(`savepoint ${cluster} orders-enrichment`);
      expect({ code, ok, operations }).toEqual({
        code: 0,
        ok: true,
        operations: [expect.objectContaining({ kind: 'savepoint', state: 'succeeded', result: expect.stringMatching(/^s3:/) })],
      });
      expect(messages[0]).toContain(operations[0]?.result);
      paths.push(operations[0]?.result ?? '');
    }
    expect(new Set(paths).size).toBe(3);
  });

  test('holds the number of a checkpoint as a number', async () => {
    const { operations } = await json(`checkpoint ${cluster} orders-enrichment`);
    expect(operations).toMatchObject([{ kind: 'checkpoint', state: 'succeeded', checkpointId: expect.any(Number) }]);
    expect(operations[0]?.result).toBe(String(operations[0]?.checkpointId));
  });

  test.each([
    ['a job that is not there', `savepoint ${cluster} nosuch`, 'not-found', []],
    ['a pod that is not there', `describe ${cluster} nosuch`, 'not-found', []],
    ['a cluster that is not there', 'savepoint nosuch orders-enrichment', 'not-found', []],
    ['a session that may only read', `savepoint ${cluster} orders-enrichment --read-only`, 'forbidden', []],
    ['a savepoint that cannot be written', `savepoint ${cluster} orders-enrichment nosuch://x`, 'failed', [{ state: 'failed' }]],
  ])('tells %s by the kind of its error', async (_, line, kind, begun) => {
    const { ok, error, operations, code } = await json(line);
    expect({ ok, kind: error?.kind, code }).toEqual({ ok: false, kind, code: 1 });
    expect(operations).toMatchObject(begun);
  });
});

describe('on a terminal', () => {
  test('cancel asks first; another word than y changes nothing', async () => {
    const { code, stderr } = await drey(`cancel ${cluster} CarTopSpeedWindowing`, { isTty: true, stdin: 'no\n' });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringMatching(/This cancels CarTopSpeedWindowing[^]*\[y\/N\] cancel: nothing was changed\.\n$/),
    });
    expect((await drey(`jobs ${cluster} CarTopSpeedWindowing`)).stdout).toContain('RUNNING');
    // Nobody there: the end of the input.
    expect((await drey(`cancel ${cluster} CarTopSpeedWindowing`, { isTty: true })).code).toBe(1);
  });

  test('a savepoint needs no question', async () => {
    expect(await drey(`savepoint ${cluster} orders-enrichment`, { isTty: true })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('--timeout', () => {
  const ended = 'It was ended before it was done.';

  test.each([
    ['why', ended],
    [`why ${cluster}`, ended],
    [`describe ${cluster} orders-enrichment`, ended],
    [`bundle ${cluster}`, ended],
    [`savepoint ${cluster} orders-enrichment`, 'The wait was ended; what was started continues.'],
  ])('%s that has no time ends with a sentence', async (line, message) => {
    expect(await drey(`${line} --timeout 0ms`)).toEqual({ code: 1, stdout: '', stderr: `${message}\n` });
    expect(await json(`${line} --timeout 0ms`)).toMatchObject({ code: 1, ok: false, error: { kind: 'unavailable', message } });
  });

  test.each(['700h', '999999999h'])('of %s is not over at once', async (time) => {
    expect(await drey(`why ${cluster} --timeout ${time}`)).toMatchObject({ code: 0, stderr: '' });
  });

  test('is heeded while the API server says nothing', async () => {
    await using silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const kubeconfig = join(home, 'silent');
    writeFileSync(
      kubeconfig,
      readFileSync(sandbox.kubeconfig, 'utf8').replaceAll(sandbox.url, `http://127.0.0.1:${(silent.address() as AddressInfo).port}`),
    );
    expect(await drey(`why ${cluster} --timeout 100ms`, { env: { KUBECONFIG: kubeconfig } })).toEqual({
      code: 1,
      stdout: '',
      stderr: `${ended}\n`,
    });
  });
});

test('a misspelt option of Flink is reported, and counts as nothing', async () => {
  expect((await drey(`pods ${cluster} -Dkubernetes.namespce=x`)).stderr).toBe(
    'kubernetes.namespce is not an option of Flink; did you mean kubernetes.namespace?\n',
  );
});

test.each([
  ['flink', `list -Dkubernetes.cluster-id=${cluster} -t kubernetes-session`],
  ['drey', `jobs ${cluster}`],
  ['drey', `savepoint ${cluster} orders-enrichment`],
] as const)('%s %s says once that the address of the load balancer does not answer', async (program, line) => {
  await using exposed = await startSandbox({ speed: 10 });
  const service = { spec: { type: 'LoadBalancer', ports: [{ name: 'rest', port: 1, targetPort: 8081 }] } };
  expect(
    (
      await api(exposed, `/api/v1/namespaces/default/services/${cluster}-rest`, {
        method: 'PATCH',
        body: service,
        type: 'application/merge-patch+json',
      })
    ).status,
  ).toBe(200);
  const { code, stderr } = await runProgram(program, line.split(' '), { env: { KUBECONFIG: exposed.kubeconfig }, cwd: home, home });
  expect(code).toBe(0);
  expect(stderr.match(/.*API server.*/g)).toEqual([
    'Flink does not answer at http://127.0.0.1:1 from this machine; the requests go through the API server instead.',
  ]);
});

test('behind a gateway that upgrades no connection requests and uploads go through the proxy of the API server, which is reported once', async () => {
  await using gateway = await startSandbox({ speed: 10 });
  const around = { env: { KUBECONFIG: gateway.kubeconfig } };
  await gateway.control({ kind: 'port-forward', mode: 'gateway' });
  const said =
    'No port of the JobManager can be forwarded from here; the requests go through the proxy of the API server (services/proxy) instead.\n';
  const submitted = await drey(`submit ${cluster} ${join(gateway.examples, 'TopSpeedWindowing.jar')}`, around);
  expect(submitted).toMatchObject({ code: 0, stderr: expect.stringContaining(said) });
  expect(submitted.stderr.split(said)).toHaveLength(2);
  await gateway.control({ kind: 'deny', right: { verb: 'create', resource: 'services', subresource: 'proxy' } });
  expect(await drey(`savepoint ${cluster} orders-enrichment`, around)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('forbidden: create services/proxy in namespace default (User "sandbox-user").'),
  });
  await gateway.control({ kind: 'deny', right: { resource: 'services', subresource: 'proxy' } });
  const refused = await drey(`jobs ${cluster}`, around);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Upgrade is not supported') });
  expect(refused.stderr).not.toContain('services/proxy');
});

describe('lists', () => {
  test('one job or one pod can be named', async () => {
    const { stdout } = await drey(`jobs ${cluster} orders-enrichment`);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect((await drey(`pods ${cluster} jm -o name`)).stdout).toMatch(/^my-first-flink-cluster-[\w-]+\n$/);
    expect(await drey(`jobs ${cluster} nosuch`)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('There is no job "nosuch"'),
    });
  });

  test('-o name prints what a loop needs, -o=json is -o json', async () => {
    expect((await drey('clusters -o name')).stdout).toBe(`${cluster}\n`);
    expect((await drey(`list ${cluster} -o=name`)).stdout).toMatch(/^([0-9a-f]{32}\n){2}/);
    expect(JSON.parse((await drey(`jobs ${cluster} -o=json`)).stdout)).toHaveLength(2);
  });

  test('an empty one says so, and is an empty list for programs', async () => {
    expect(await drey('clusters -n nosuch')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No Flink clusters in namespace nosuch. drey clusters -A lists those of all namespaces.\n',
    });
    expect(await drey('clusters -n nosuch -o json')).toEqual({ code: 0, stdout: '[]\n', stderr: '' });
    expect(await drey('operations')).toEqual({ code: 0, stdout: '', stderr: 'No operations are recorded on this machine.\n' });
  });

  test.each(['pods', 'jobs', 'web', 'why'])('%s of a cluster that is not there says that, and what there is', async (what) => {
    expect(await drey(`${what} nosuch`)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^There is no Flink cluster nosuch in namespace default\./),
    });
  });

  test('--watch prints the list again when it is another one, until Ctrl+C', async () => {
    const end = new AbortController();
    const { promise: printedTwice, resolve } = Promise.withResolvers<void>();
    const { promise: printed, resolve: first } = Promise.withResolvers<void>();
    const watching = drey(`jobs ${cluster} CarTopSpeedWindowing --watch`, {
      signal: end.signal,
      onOutput: (text) => (text.includes('CANCELED') ? resolve() : first()),
    });
    await printed;
    expect((await drey(`cancel ${cluster} CarTopSpeedWindowing`)).code).toBe(0);
    await printedTwice;
    end.abort();
    expect(await watching).toMatchObject({ code: 130, stdout: expect.stringMatching(/RUNNING[^]*CANCELED/) });
  });
});

test('drey operations lists savepoints of this machine, of one cluster or all, without a server', async () => {
  const {
    operations: [taken],
  } = await json(`savepoint ${cluster} orders-enrichment`);
  const path = taken?.result ?? '';
  const away = { env: { KUBECONFIG: '/nosuch' } };
  expect((await drey('operations -o name', away)).stdout).toBe(`${path}\n`);
  expect((await drey(`operations ${cluster}`, away)).stdout).toMatch(
    new RegExp(
      `^CLUSTER +NAMESPACE +OPERATION +STATE +TOOK +STARTED +RESULT\\n${cluster} +default +Savepoint of orders-enrichment \\(\\w{6}\\) +succeeded +\\w+ +[-0-9]+ [0-9:]+ \\S+ +${path}\\n$`,
    ),
  );
  expect(JSON.parse((await drey('operations -o json', away)).stdout)).toEqual([
    expect.objectContaining({ cluster, namespace: 'default', server: sandbox.url, kind: 'savepoint', state: 'succeeded', result: path }),
  ]);
  expect(await drey('operations other', away)).toEqual({
    code: 0,
    stdout: '',
    stderr: 'No operations of other are recorded on this machine.\n',
  });
  expect((await drey(`operations --kubeconfig ${sandbox.kubeconfig} -o name`, away)).stdout).toBe(`${path}\n`);
});

describe('why --exit-code', () => {
  const why = (more = '') => drey(`why ${cluster} --exit-code${more}`);

  test('is 0 if nothing is wrong, and 3 if that cannot be found out', async () => {
    await using quiet = await startSandbox();
    const around = { env: { KUBECONFIG: quiet.kubeconfig } };
    expect(await drey('why --exit-code', around)).toMatchObject({ code: 0, stdout: 'No problems found.\n' });
    await quiet.control({ kind: 'deny', right: { verb: 'list', resource: 'events' } });
    expect(await drey('why --exit-code', around)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('Not known: what events tell'),
    });
    expect((await drey('why', around)).code).toBe(0);
  });

  test('is 1 if something is wrong', async () => {
    await sandbox.control({ kind: 'job-fail', job: 'orders-enrichment', final: true, message: 'disk quota exceeded' });
    await expect.poll(async () => (await drey(`jobs ${cluster} orders-enrichment`)).stdout, { timeout: 30_000 }).toContain('FAILED');
    expect(await why()).toMatchObject({ code: 1, stdout: expect.stringContaining('disk quota exceeded') });
    // The channel of an incident gets headings and lists, and the exit code stays.
    expect(await why(' -o markdown')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^## my-first-flink-cluster in \S+, .*\n\n### .*[\s\S]*\n- \*\*Root cause:\*\* .*disk quota exceeded/),
    });
    expect((await why(' -o json')).code).toBe(1);
    expect((await drey(`why ${cluster}`)).code).toBe(0);
  });
});
