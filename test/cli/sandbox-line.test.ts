import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseInvocation } from '../../src/cli/command-line/invocation.ts';
import { actions } from '../../src/sandbox/control/actions.ts';
import type { SandboxState } from '../../src/sandbox/control/command.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { type Ended, runProgram, type Surroundings } from '../goldens/run-program.ts';
import { api, PODS } from '../sandbox/sandboxes.ts';
import { until } from '../support/until.ts';

let sandbox: Sandbox;
let home: string;

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 20 });
  home = mkdtempSync(join(tmpdir(), 'drey-sandbox-line-'));
});
afterAll(async () => {
  await sandbox.close();
  rmSync(home, { recursive: true });
});

const drey = (line: string, around: Partial<Surroundings> = {}): Promise<Ended> =>
  runProgram('drey', line.split(' '), { env: { KUBECONFIG: sandbox.kubeconfig }, cwd: home, home, ...around });
const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
const jobState = async (job: string): Promise<string | undefined> =>
  ((await sandbox.control({ kind: 'state' })) as unknown as SandboxState).jobs.find(({ name }) => name === job)?.status;

describe('drey sandbox ACTION, in another shell than the sandbox', () => {
  test('a TaskManager is killed for its memory; pods and jobs may be named as everywhere', async () => {
    expect(await drey('sandbox oom tm1-1')).toMatchObject({
      code: 0,
      stdout: 'my-first-flink-cluster-taskmanager-1-1 was killed: it ran out of memory.\n',
      stderr: '',
    });
    await until(async () =>
      JSON.stringify((await api(sandbox, `${PODS}/my-first-flink-cluster-taskmanager-1-1`)).body).includes('OOMKilled'),
    );
    expect(await drey('sandbox fail-for-good CarTopSpeedWindowing')).toMatchObject({
      code: 0,
      stdout: 'A task of CarTopSpeedWindowing has thrown an exception, and the job has no restart left.\n',
    });
    expect(await drey('sandbox finish orders-enrichment')).toMatchObject({
      code: 0,
      stdout: 'The input of orders-enrichment has ended.\n',
    });
    await until(async () => (await jobState('CarTopSpeedWindowing')) === 'FAILED');
  });

  test('an outage is ended by heal, which needs no API server', async () => {
    expect(await drey('sandbox outage 1h')).toMatchObject({ code: 0, stdout: 'sandbox outage: done.\n' });
    await expect(fetch(`${sandbox.url}/version`)).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    expect(await drey('sandbox heal')).toMatchObject({ code: 0, stdout: 'sandbox heal: done.\n' });
    expect((await fetch(`${sandbox.url}/version`)).status).toBe(200);
  });

  test('its answer is a document with -o json', async () => {
    const { stdout } = await drey('sandbox state -o json');
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      error: null,
      messages: expect.arrayContaining([expect.stringMatching(/^pods: my-first-flink-cluster-/)]),
    });
  });

  test.each([
    ['an unknown action', 'sandbox ooom', 2, 'drey sandbox has no ooom. Did you mean oom? drey sandbox --help shows the options.\n'],
    ['a missing argument', 'sandbox kill', 2, 'sandbox kill needs POD. drey sandbox kill --help shows the options.\n'],
    ['too many arguments', 'sandbox heal all', 2, 'sandbox heal does not take "all". drey sandbox heal --help shows the options.\n'],
    ['an argument that is not one', 'sandbox token maybe', 2, expect.stringContaining('maybe')],
    [
      'a job that is not there',
      'sandbox fail nosuch',
      1,
      expect.stringMatching(/^There is no job "nosuch" on my-first-flink-cluster\. Jobs: /),
    ],
    ['what the sandbox refuses', 'sandbox write tm1-99 3', 1, expect.stringMatching(/^There is no pod "tm1-99"/)],
    ['a session that may only read', 'sandbox oom --read-only', 1, 'sandbox oom changes the cluster, and this session is read-only.\n'],
    [
      'an option of the sandbox itself',
      'sandbox --port 1 heal',
      2,
      'sandbox heal has no option --port. drey sandbox heal --help shows the options.\n',
    ],
  ])('%s is one sentence', async (_what, line, code, stderr) => {
    expect(await drey(line)).toMatchObject({ code, stderr });
  });

  test.each(['sandbox oom', 'sandbox heal'])('%s of a cluster that is not a sandbox says so', async (line) => {
    const kubeconfig = join(home, 'real');
    writeFileSync(
      kubeconfig,
      `{ clusters: [{ name: a, cluster: { server: 'http://127.0.0.1:1', extensions: [{ name: drey.sandbox, extension: { control: 'http://10.0.0.1:80', clusterId: a, examples: / } }] } }], contexts: [{ name: a, context: { cluster: a } }], current-context: a }`,
    );
    expect(await drey(line, { env: { KUBECONFIG: kubeconfig } })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^This cluster is not a sandbox\. drey attach --sandbox starts one;/),
    });
  });

  test('a sandbox that has ended says so', async () => {
    const other = await startSandbox({ scenario: 'empty' });
    const kubeconfig = join(home, 'ended');
    copyFileSync(other.kubeconfig, kubeconfig);
    await other.close();
    expect(await drey('sandbox heal', { env: { KUBECONFIG: kubeconfig } })).toMatchObject({
      code: 1,
      stderr: 'The sandbox of this kubeconfig has ended. drey sandbox and drey attach --sandbox start a new one.\n',
    });
  });

  test('every action is on the command line, with its arguments and their choices', async () => {
    const help = async (...words: readonly string[]): Promise<string> => {
      const found = await parseInvocation(words, 'x');
      return found.kind === 'text' ? found.text : '';
    };
    const all = await help('sandbox', '--help');
    for (const { name, summary } of actions) expect(all.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(` ${name} .*${literal(summary)}`));
    expect(await help('help', 'sandbox', 'forward')).toMatch(/drey sandbox forward [^]*<how>[^]*close, stall, refuse,/);
  });
});
