import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { Terminal } from './harness.ts';

let sandbox: Sandbox;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'drey-exec-'));
  sandbox = await startSandbox({ speed: 10 });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

/** What `stty size` answers, until it is this: the signal of a new size comes when it comes. */
async function sizeBecomes(terminal: Terminal, size: string): Promise<void> {
  const answers = (text: string): readonly string[] => text.match(/^\d+ \d+$/gm) ?? [];
  do {
    const before = answers(terminal.text()).length;
    terminal.type('stty size⏎');
    await terminal.when('has an answer', (text) => answers(text).length > before);
  } while (answers(terminal.text()).at(-1) !== size);
}

const prompt = /flink@\S+:~\$/;

test('S on a pod opens a shell of the size of the terminal, and its end brings the screen back as it was', async () => {
  await using terminal = new Terminal(['attach', '--sandbox']);
  await terminal.sees('taskmanager-1-1');
  terminal.type('⎋');
  await terminal.sees('S shell');
  terminal.type('S');
  await terminal.sees(prompt);
  expect(terminal.fullScreen).toBe(false);
  await terminal.sees('Enter ~ . leaves it if it hangs.');
  await sizeBecomes(terminal, '40 120');
  terminal.resize(100, 30);
  await sizeBecomes(terminal, '30 100');
  terminal.type('exit 3⏎');
  await terminal.when('is the full screen again', () => terminal.fullScreen);
  await terminal.sees(/The shell in pod jobmanager-\S+ ended with exit code 3\./);
  await terminal.sees('S shell');
  terminal.type('?');
  await terminal.sees('Open a shell in it');
});

test('drey exec is a shell on a terminal: Ctrl+C is for its programs, and its exit code is kept', async () => {
  await using terminal = new Terminal(['exec', sandbox.clusterId, 'jm'], { env: { KUBECONFIG: sandbox.kubeconfig } });
  await terminal.sees(prompt);
  terminal.type('typed in vain⌃c');
  await terminal.sees('typed in vain^C');
  terminal.type('hostnam');
  terminal.type('\u007fme⏎');
  await terminal.sees(/\n\S+-\S+\nflink@/);
  terminal.type('exit 7⏎');
  expect(await terminal.exit).toBe(7);
});

test('files can be written and read in a shell of the sandbox, and Ctrl+C ends a program and not the shell', async () => {
  await using terminal = new Terminal(['exec', sandbox.clusterId, 'jm'], { env: { KUBECONFIG: sandbox.kubeconfig } });
  await terminal.sees(prompt);
  terminal.type('cd /tmp⏎');
  await terminal.sees(/flink@\S+:\/tmp\$/);
  terminal.type('cat > notes⏎hello⏎⌃d');
  terminal.type('if [ -s notes ]; then⏎');
  await terminal.sees(/^> /m);
  terminal.type('cat notes; fi⏎');
  await terminal.sees(/fi\nhello\n/);
  terminal.type('sleep 1000 && echo over⏎');
  await terminal.sees('sleep 1000');
  terminal.type('⌃c');
  await terminal.sees(/\^C\nflink@\S+:\/tmp\$/);
  terminal.type('echo $?⏎');
  await terminal.sees(/\n130\n/);
  terminal.type('exit⏎');
  await terminal.exit;
});

test('Enter ~ . leaves a shell that hangs', async () => {
  await using terminal = new Terminal(['exec', sandbox.clusterId, 'jm'], { env: { KUBECONFIG: sandbox.kubeconfig } });
  await terminal.sees(prompt);
  terminal.type('⏎~.');
  await terminal.sees('The shell was left; it may go on in pod jobmanager-');
  expect(await terminal.exit).toBe(130);
});
