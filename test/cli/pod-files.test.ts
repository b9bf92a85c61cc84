import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { type Ended, runProgram } from '../goldens/run-program.ts';

/** Into the pods of the sandbox, as into those of a cluster. */

let sandbox: Sandbox;
let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'drey-pod-files-'));
  sandbox = await startSandbox({ speed: 10 });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(home, { recursive: true });
});

const drey = (command: string, ...words: readonly string[]): Promise<Ended> =>
  runProgram('drey', [command, sandbox.clusterId, ...words], { env: { KUBECONFIG: sandbox.kubeconfig }, cwd: home, home });
const inPod = async (script: string): Promise<string> => (await drey('exec', 'jm', '--', 'sh', '-c', script)).stdout;

test('a file comes there and back as it is, and nothing else is left', async () => {
  const bytes = randomBytes(3_000_000);
  const sum = createHash('sha256').update(bytes).digest('hex');
  writeFileSync(join(home, 'large'), bytes, { mode: 0o640 });
  expect(await drey('put', 'large', 'jm:/tmp/nosuch/')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no folder') });
  expect(await drey('put', 'large', 'jm:/tmp/')).toMatchObject({ code: 0, stdout: expect.stringContaining(`SHA-256 ${sum}.`) });
  expect(await inPod('cd /tmp; ls; stat -c %a large; sha256sum large')).toBe(`large\n640\n${sum}  large\n`);
  expect(await drey('put', 'large', 'jm:/tmp/large')).toMatchObject({ code: 1, stderr: expect.stringContaining('--force overwrites it.') });
  expect(await drey('get', 'jm:/tmp/large', 'back')).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(join(home, 'back')).equals(bytes)).toBe(true);
  expect(readdirSync(home).filter((name) => name.includes('part'))).toEqual([]);
  expect(await inPod('rm /tmp/large; ls /tmp')).toBe('');
});

test('the log and the configuration of a process are files, which may be read and not written', async () => {
  expect(await inPod('ls conf log')).toMatch(/^conf:\nconfig\.yaml\n[^]*\nlog:\nflink--kubernetes-session-0-\S+\.log\n$/);
  expect(await drey('get', 'jm:conf/config.yaml')).toMatchObject({ code: 0 });
  expect(readFileSync(join(home, 'config.yaml'), 'utf8')).toContain('numberOfTaskSlots');
  expect(await inPod('grep -c "Rest endpoint listening" log/*.log')).toBe('1\n');
  expect(await drey('put', 'config.yaml', 'jm:conf/config.yaml', '--force')).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/cannot be written: .*Permission denied\.\n$/),
  });
});

test('savepoints of a folder are whole, and have the operators of their job', async () => {
  const jobs = JSON.parse((await drey('jobs', '-o', 'json')).stdout) as readonly { readonly name: string; readonly state: string }[];
  const job = jobs.find(({ state }) => state === 'RUNNING')?.name ?? '';
  expect(await drey('savepoint', job, 'file:///flink/savepoints')).toMatchObject({ code: 0 });
  const found = await drey('savepoints', 'file:///flink/savepoints');
  expect(found.stderr).toBe('');
  expect(found.stdout).toMatch(/ whole +\d+ .*\/flink\/savepoints\/savepoint-/);
  const [name = ''] = (await inPod('ls /flink/savepoints')).split('\n');
  const one = await drey('savepoints', `file:///flink/savepoints/${name}`);
  expect(one.stdout).toMatch(/^OPERATOR .*PARALLELISM/m);
  expect(await drey('savepoints', 'file:///flink/nosuch')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no such folder'),
  });
});

test('a program that is not there ends with 127, as in a container', async () => {
  expect(await drey('exec', 'jm', '--', 'nosuch')).toMatchObject({ code: 127, stderr: expect.stringContaining('nosuch') });
  expect(await drey('exec', 'jm', '--', 'sh', '-c', 'nosuch; echo $?')).toMatchObject({
    stdout: '127\n',
    stderr: 'sh: 1: nosuch: not found\n',
  });
});
