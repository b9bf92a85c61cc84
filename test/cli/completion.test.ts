import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { objectFormats, outputFormats, reportFormats } from '../../src/cli/command-line/connection-options.ts';
import { catalogue } from '../../src/commands/catalogue.ts';
import { shells } from '../../src/cli/command-line/completion-line.ts';
import { knownFlinkVersions } from '../../src/config/options/flink-version.ts';
import { actions } from '../../src/sandbox/control/actions.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { type Clock, systemClock } from '../../src/support/clock.ts';
import { themeNames } from '../../src/tui/look/theme.ts';
import { type Ended, runProgram } from '../goldens/run-program.ts';
import { journalled } from '../support/journalled.ts';

let sandbox: Sandbox;
let home: string;

beforeAll(async () => {
  sandbox = await startSandbox({ speed: 10, neighbour: true });
  home = mkdtempSync(join(tmpdir(), 'drey-completion-'));
  const state = join(home, '.local', 'state', 'drey');
  mkdirSync(state, { recursive: true });
  journalled(state, { result: 's3://savepoints/one' });
  journalled(state, { clusterId: 'other', result: 's3://savepoints/two lines\nof it' });
  journalled(state, { clusterId: 'another', result: 's3://savepoints/of another' });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(home, { recursive: true });
});

/** A second is a minute: what is offered does not depend on how busy the machine is. */
const slowly: Clock = { ...systemClock, sleep: (ms, signal) => systemClock.sleep(ms * 60, signal) };

/** Tab at the end of this line, which stands behind `drey `. */
const tab = (line: string, { kubeconfig = sandbox.kubeconfig, clock = slowly }: Around = {}): Promise<Ended> =>
  runProgram('drey', ['__complete', ...line.split(' ')], { env: { KUBECONFIG: kubeconfig }, cwd: home, home, isTty: true, clock });

interface Around {
  readonly kubeconfig?: string;
  readonly clock?: Clock;
}

/** What it offers, without descriptions. */
async function offered(line: string, around?: Around): Promise<readonly string[]> {
  const { code, stdout, stderr } = await tab(line, around);
  expect({ code, stderr, end: stdout.split('\n').slice(-2) }).toEqual({ code: 0, stderr: '', end: [':4', ''] });
  return stdout
    .split('\n')
    .slice(0, -2)
    .map((each) => each.replace(/\t.*/, ''));
}

const cluster = 'my-first-flink-cluster';
const [jobs, pods] = [
  ['CarTopSpeedWindowing', 'orders-enrichment'],
  [expect.stringMatching(/^jobmanager-/), 'taskmanager-1-1', 'taskmanager-1-2'],
];
const contexts = ['sandbox', 'token-file'];

test.each<readonly [line: string, offers: readonly unknown[]]>([
  ['dep', ['deploy']],
  ['lis', ['list']],
  ['nosuch', []],
  ['nosuch ', []],
  ['deploy ', ['session', 'application']],
  ['help deploy a', ['application']],
  ['completion ', shells],
  ['sandbox ', actions.map(({ name }) => name)],
  ['sandbox fail ', jobs],
  ['sandbox oom task', pods.slice(1)],
  ['pods ', [cluster]],
  [`pods ${cluster} `, pods],
  [`pods ${cluster} taskmanager-1-1 `, []],
  [`list ${cluster} o`, ['orders-enrichment']],
  [`why ${cluster} `, [...jobs, ...pods]],
  [`vertex ${cluster} orders-enrichment So`, ['Source: orders']],
  [`rescale ${cluster} orders-enrichment So`, ['Source: orders=']],
  [`metrics ${cluster} orders-enrichment enrich busy`, ['busyTimeMsPerSecond']],
  [`vertex ${cluster} nosuch `, []],
  [`savepoint ${cluster} C`, ['CarTopSpeedWindowing']],
  [`savepoint -o json ${cluster} C`, ['CarTopSpeedWindowing']],
  [`-Dkubernetes.cluster-id=${cluster} pods `, [cluster]],
  ['kill my', [cluster]],
  ['deploy session my', []],
  ['--context ', contexts],
  ['pods --context t', ['token-file']],
  ['pods --context=t', ['--context=token-file']],
  ['--context token-file pods my', [cluster]],
  ['--context nosuch pods my', []],
  ['-n default pods ', [cluster]],
  ['-n nosuch pods ', []],
  ['pods -n ', ['default']],
  ['--context sandbox --context token-file pods ', []],
  ['pods --nosuch ', []],
  ['pods -o ', outputFormats],
  ['pods -oj', ['-ojson']],
  ['why --output=y', ['--output=yaml']],
  ['why -o ', reportFormats],
  ['doctor -o ', objectFormats],
  ['--theme ', themeNames],
  ['--flink-version ', knownFlinkVersions],
  ['deploy application --claim-mode ', ['claim', 'no_claim', 'legacy']],
  ['deploy session --wait --y', ['--yes']],
  ['pods --wa', ['--watch']],
  ['why --exit', ['--exit-code']],
  ['pods --watch --watch', []],
  ['pods -- --w', []],
])('drey %s: Tab offers %j', async (line, offers) => {
  const found = await offered(line);
  // Flink names its jobs in any order, and a shell sorts what it shows.
  expect(found).toEqual(expect.arrayContaining([...offers]));
  expect(found).toHaveLength(offers.length);
});

test.each(catalogue.filter(({ shell }) => shell?.kind === 'run').map(({ name }) => name))(
  'drey %s takes the options of the catalogue and of every command line',
  async (name) => {
    const options = await offered(`${name} --`);
    expect(options).toEqual(expect.arrayContaining(['--context', '--timeout', '--help']));
    // What a program in a pod prints has no other format.
    expect(options.includes('--output')).toBe(name !== 'exec');
    expect(new Set(options).size).toBe(options.length);
  },
);

test('options say what they are, and those that only an alias has are not among them', async () => {
  const { stdout } = await tab('pods --');
  expect(stdout).toContain('--watch\tPrint it again whenever it changes, until Ctrl+C\n');
  expect(stdout).not.toContain('--theme');
});

test.each([`submit ${cluster} `, 'pods --kubeconfig ', '--trace=x', `submit ${cluster} ./x`])(
  'drey %s: the shell completes files',
  async (line) => {
    expect(await tab(line)).toEqual({ code: 0, stdout: ':0\n', stderr: '' });
  },
);

describe('savepoints', () => {
  test('that were taken of this cluster from here are offered', async () => {
    expect(await offered(`dispose ${cluster} `)).toEqual(['s3://savepoints/one']);
    expect(await offered(`submit ${cluster} --from-savepoint s3:`)).toEqual(['s3://savepoints/one']);
    expect(await offered('dispose another s3://savepoints/of')).toEqual(['s3://savepoints/of another']);
  });

  test('that no line can hold are not', async () => {
    expect(await offered('dispose other ')).toEqual([]);
  });
});

describe('nothing is offered, and nothing is reported', () => {
  test('if the API server does not answer: after a second', async () => {
    await using silent = createServer((socket) => socket.resume());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const kubeconfig = join(home, 'silent');
    const address = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    writeFileSync(kubeconfig, readFileSync(sandbox.kubeconfig, 'utf8').replaceAll(sandbox.url, address));
    expect(await offered('pods ', { kubeconfig, clock: systemClock })).toEqual([]);
    expect(await offered(`jobs ${cluster} `, { kubeconfig, clock: systemClock })).toEqual([]);
    // What needs no server is offered all the same.
    expect(await offered('pods --context ', { kubeconfig })).toEqual(contexts);
  });

  test('if the kubeconfig cannot be read', async () => {
    const kubeconfig = join(home, 'broken');
    writeFileSync(kubeconfig, '{');
    expect(await offered('pods ', { kubeconfig })).toEqual([]);
    expect(await offered('pods --context ', { kubeconfig })).toEqual([]);
  });

  test('and no file is written, not even a trace that was asked for', async () => {
    const files = readdirSync(home);
    expect(await offered('--trace trace pods ')).toEqual([cluster]);
    expect(readdirSync(home)).toEqual(files);
  });
});
