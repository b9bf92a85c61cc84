import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually } from '../support/until.ts';
import { kit } from './kit.ts';
import { deploySession, jobManagerPod, run, testNamespace, type TestNamespace } from './session-cluster.ts';

/** Log levels of a real Flink: changed in its ConfigMap, brought by a real kubelet, and read again by log4j. */

const clusterId = 'levels';
const configMap = `flink-config-${clusterId}`;
const file = 'log4j-console.properties';

/** Milliseconds. A JVM starts slowly if little CPU is left. */
const patience = 400_000;

let namespace: TestNamespace;
let pod: string;
let shipped: string;

beforeAll(async () => {
  namespace = await testNamespace('loglevel');
  await deploySession(namespace, clusterId);
  pod = await jobManagerPod(namespace, clusterId);
  shipped = await logFile();
}, patience);
afterAll(async () => await namespace[Symbol.asyncDispose]());

const drey = (...words: readonly string[]) => run('drey', ['loglevel', '--namespace', namespace.name, clusterId, ...words]);
const logFile = (): Promise<string> =>
  namespace.kubectl('get', 'configmap', configMap, '-o', `jsonpath={.data.${file.replaceAll('.', '\\.')}}`);
const log = (since: string): Promise<string> => namespace.kubectl('logs', pod, `--since=${since}`);

test(
  'the level is DEBUG for a while, and then what it was, and both are seen and timed',
  async () => {
    const { code, stdout, stderr } = await drey('DEBUG', '--for', '20s', '--yes');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Lines at DEBUG are written: jobmanager-\S+ after \d+ s\.$/m);
    expect(stdout).toMatch(/^The level of root is taken back after 20 s\.$/m);
    expect(stdout).toMatch(/^log4j-console\.properties is in the pods: jobmanager-\S+ after \d+ s\. They read it within 5 s\.$/m);
    expect(await log('10m')).toMatch(/ DEBUG org\.apache\.flink\./);
    expect(await logFile()).toBe(shipped);
    await eventually('no line at DEBUG comes any more', async () => !/ DEBUG /.test(await log('8s')));
  },
  patience,
);

test(
  'a level that is set stays when drey has ended, and is taken back by another drey',
  async () => {
    expect(await drey('org.apache.flink.kubernetes', 'WARN', '--yes')).toMatchObject({ code: 0 });
    const { stdout } = await drey('-o', 'json');
    const { data } = JSON.parse(stdout) as { readonly data: { readonly intervalSeconds: number; readonly loggers: readonly object[] } };
    expect(data.intervalSeconds).toBe(5);
    expect(data.loggers).toContainEqual(
      expect.objectContaining({ logger: 'org.apache.flink.kubernetes', level: 'WARN', setAt: expect.stringMatching(/^20/) }),
    );
    expect((await drey('--undo', '--yes')).stdout).toContain('is in the pods');
    expect(await logFile()).toBe(shipped);
  },
  patience,
);

test('a viewer sees the levels, and is refused in one sentence to change them', async () => {
  const KUBECONFIG = await kit('kubeconfig', 'viewer', namespace.name);
  const asViewer = (...words: readonly string[]) =>
    run('drey', ['loglevel', '--namespace', namespace.name, clusterId, ...words], { KUBECONFIG });
  expect((await asViewer()).stdout).toContain('root');
  expect(await asViewer('DEBUG')).toEqual({
    code: 1,
    stdout: '',
    stderr: `You are not allowed to patch configmaps in namespace ${namespace.name}.\n`,
  });
  expect(await logFile()).toBe(shipped);
}, 60_000);
