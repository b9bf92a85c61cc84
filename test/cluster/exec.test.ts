import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Terminal } from '../terminal/harness.ts';
import { kit } from './kit.ts';
import { deploySession, run, start, testNamespace, type Ended, type TestNamespace } from './session-cluster.ts';

/** Into the pod of a real JobManager: a shell, a pipe, files, and who may not. */

const clusterId = 'exec';
/** Milliseconds: a machine with other work. */
const patience = 400_000;
const size = 200_000_000;

let namespace: TestNamespace;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drey-exec-'));
  namespace = await testNamespace('exec');
  await deploySession(namespace, clusterId);
}, patience);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await namespace[Symbol.asyncDispose]();
});

const drey = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  run('drey', [words[0] ?? '', '--namespace', namespace.name, clusterId, ...words.slice(1)], env);

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

test(
  'a shell has the size of the terminal and follows it, Ctrl+C is for its programs, and its exit code is kept',
  async () => {
    const env = { KUBECONFIG: process.env['KUBECONFIG'] ?? '' };
    const words = ['exec', '-n', namespace.name, clusterId, 'jm'];
    await using terminal = new Terminal(words, { env, patience: 90_000, columns: 100, rows: 30 });
    await terminal.sees(/flink@exec-\S+:~\$/);
    terminal.type('stty size⏎');
    await terminal.sees('30 100');
    terminal.resize(132, 43);
    terminal.type('echo; stty size⏎');
    await terminal.sees('43 132');
    // Only what the program writes shows that it runs: before that, Ctrl+C would be for the shell.
    terminal.type(`sh -c "echo be''gan; sleep 1000" && echo over⏎`);
    await terminal.sees('began');
    terminal.type('⌃c');
    await terminal.sees('^C');
    terminal.type('exit 37⏎');
    expect(await terminal.exit).toBe(37);
  },
  patience,
);

test(
  'Enter ~ . leaves a program that does not end',
  async () => {
    const env = { KUBECONFIG: process.env['KUBECONFIG'] ?? '' };
    const words = ['exec', '-n', namespace.name, clusterId, 'jm', '--', 'sh', '-c', 'echo began; sleep 1000'];
    await using terminal = new Terminal(words, { env, patience: 90_000 });
    await terminal.sees('began');
    terminal.type('⏎~.');
    await terminal.sees('sh was left; it may go on in pod jobmanager-');
    expect(await terminal.exit).toBe(130);
  },
  patience,
);

test(
  'bytes pass as they are through a pipe, and the exit code is that of the command',
  async () => {
    const bytes = randomBytes(3_000_000);
    const running = start('drey', ['exec', '-n', namespace.name, clusterId, 'jm', '--', 'sh', '-c', 'base64 -w 0; echo oh >&2; exit 7']);
    running.child.stdin?.end(bytes);
    const { code, stdout, stderr } = await running.ended;
    expect([code, stderr]).toEqual([7, 'oh\n']);
    expect(Buffer.from(stdout, 'base64').equals(bytes)).toBe(true);
  },
  patience,
);

test(
  'a program that is not there, and a file that may not be written, are one sentence',
  async () => {
    expect(await drey(['exec', 'jm', '--', 'nosuch'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^There is no program nosuch in container flink-main-container of pod jobmanager-\S+\.\n$/),
    });
    expect(await drey(['put', import.meta.filename, 'jm:/etc/nosuch'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/cannot be written: .*Permission denied\.\n$/),
    });
  },
  patience,
);

test(
  'a file of 200 MB comes there and back as it is, and nothing else is left',
  async () => {
    const file = join(folder, 'large');
    await using written = await open(file, 'w');
    for (let at = 0; at < size; at += 10_000_000) await written.write(randomBytes(10_000_000));
    const sum = await hashOf(file);
    expect(await drey(['put', file, 'jm:/tmp/there/'])).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no folder') });
    expect(await drey(['put', file, 'jm:/tmp/'])).toMatchObject({ code: 0, stdout: expect.stringContaining(`SHA-256 ${sum}.`) });
    expect((await drey(['exec', 'jm', '--', 'sha256sum', '/tmp/large'])).stdout).toBe(`${sum}  /tmp/large\n`);
    expect((await drey(['exec', 'jm', '--', 'ls', '/tmp'])).stdout).not.toContain('.part');
    expect(await drey(['get', 'jm:/tmp/large', join(folder, 'back')])).toMatchObject({ code: 0, stderr: '' });
    expect(await hashOf(join(folder, 'back'))).toBe(sum);
    expect(readdirSync(folder).toSorted()).toEqual(['back', 'large']);
    await drey(['exec', 'jm', '--', 'rm', '/tmp/large']);
  },
  patience,
);

test(
  'a user who may only read is refused; one who may create pods/exec is served, though not allowed to get it',
  async () => {
    const viewer = { KUBECONFIG: await kit('kubeconfig', 'viewer', namespace.name) };
    expect(await drey(['exec', 'jm', '--', 'true'], viewer)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`You are not allowed to create pods/exec in namespace ${namespace.name}`),
    });
    await namespace.kubectl('create', 'role', 'exec', '--verb=create', '--resource=pods/exec');
    await namespace.kubectl('create', 'rolebinding', 'exec', '--role=exec', '--user=viewer');
    expect(await drey(['exec', 'jm', '--', 'sh', '-c', 'echo in; exit 5'], viewer)).toEqual({ code: 5, stdout: 'in\n', stderr: '' });
  },
  patience,
);
