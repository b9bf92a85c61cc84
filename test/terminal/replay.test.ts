import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { until } from '../support/until.ts';
import { Terminal } from './harness.ts';

let sandbox: Sandbox;
const state = mkdtempSync(join(tmpdir(), 'drey-replay-'));
const recordings = join(state, 'drey/recordings');
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(state, { recursive: true, force: true });
});

/** Nothing can be reached from there. */
const nowhere = { KUBECONFIG: join(state, 'none'), XDG_STATE_HOME: state };

/** Lines in a pipe: the exit code, what was printed, and what was said beside. */
const lines = (args: readonly string[], input: string): Promise<{ readonly code: number; readonly out: string; readonly beside: string }> =>
  new Promise((done) => {
    const env = { ...process.env, ...nowhere, HOME: state };
    const child = execFile(resolve('bin/drey'), [...args], { env }, (error, out, beside) =>
      done({ code: Number(error?.code ?? 0), out, beside }),
    );
    child.stdin?.end(input);
  });

/** What is served as both APIs until the work is done. */
async function served<T>(args: readonly string[], work: (rest: string, kubeconfig: string) => Promise<T>): Promise<T> {
  const child = spawn(resolve('bin/drey'), ['replay', ...args, '--serve'], { env: { ...process.env, ...nowhere, HOME: state } });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (out += text));
  const ended = once(child, 'exit');
  await until(() => /^REST=.*\n/m.test(out));
  try {
    return await work(/^REST=(.*)$/m.exec(out)?.[1] ?? '', /^KUBECONFIG=(.*)$/m.exec(out)?.[1] ?? '');
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

const json = async (url: string): Promise<unknown> => (await fetch(url)).json();

test('a session that was recorded in one process is replayed in another one, which reaches no cluster', async () => {
  {
    await using terminal = new Terminal(['attach', sandbox.clusterId], {
      env: { KUBECONFIG: sandbox.kubeconfig, XDG_STATE_HOME: state },
      columns: 140,
    });
    await terminal.sees(/orders-enrichment .*Running/);
    terminal.type('⎋');
    await terminal.sees('d describe');
    terminal.type(':sandbox oom⏎');
    await terminal.sees(/taskmanager-1-1 .*OOMKilled/);
    await terminal.sees(/orders-enrichment .*Running.*████ 12\/12 .* 1 [0-9a-f]{6}/);
    terminal.type(':quit⏎');
    expect(await terminal.exit).toBe(0);
  }
  const [folder = ''] = readdirSync(recordings);
  {
    await using terminal = new Terminal(['replay', join(recordings, folder)], { env: nowhere, columns: 140 });
    await terminal.sees(/^ my-first-flink-cluster .*past \d\d:\d\d:\d\d · recording/);
    await terminal.sees(/orders-enrichment .*Running.*████ 12\/12 .* 1 [0-9a-f]{6}/);
    await terminal.sees(/INFO {2}.*checkpoint/);
    await terminal.seesNo('recording logs in');
    terminal.type('⎋');
    await terminal.sees('d describe');
    terminal.type('[');
    await terminal.sees('OOMKilled (137), limit');
    terminal.type(':cancel orders-enrichment⏎');
    await terminal.sees('This is a recording: nothing can be changed in it.');
    terminal.type('⌃u:live⏎');
    await terminal.sees(/This is .*, the end of the recording\./);
    terminal.type(':quit⏎');
    expect(await terminal.exit).toBe(0);
    expect(terminal.text()).toContain('Closed the recording of my-first-flink-cluster.');
  }
  const replayed = await lines(['replay', '--cluster', sandbox.clusterId], 'pods\nrewind\nwhy taskmanager-1-1\nlogs taskmanager-1-2\n');
  expect(replayed).toMatchObject({ code: 0, out: expect.stringContaining('OOMKilled (137)') });
  expect(replayed.out).toMatch(/the kernel killed it because it used more memory than its limit/);
  expect(replayed.out).toMatch(/INFO {2}org\.apache\.flink\./);
  expect(replayed.out + replayed.beside).toMatch(
    /looking at my-first-flink-cluster in default \(recording, past \d\d:\d\d:\d\d\): 1 JobManager/,
  );
  expect(await lines(['replay', '--cluster', sandbox.clusterId], 'cancel orders-enrichment\n')).toMatchObject({
    code: 1,
    beside: expect.stringContaining('This is a recording: nothing can be changed in it.'),
  });
  const bundle = join(state, 'a.zip');
  await promisify(execFile)(resolve('bin/drey'), ['bundle', sandbox.clusterId, bundle], {
    env: { ...process.env, KUBECONFIG: sandbox.kubeconfig, XDG_STATE_HOME: state, HOME: state },
  });
  // What was unpacked is there until the end.
  const unpacked = await lines(['replay', bundle], 'rewind\nwhy taskmanager-1-1\nlogs taskmanager-1-2\n');
  expect(unpacked).toMatchObject({ code: 0, out: expect.stringMatching(/the kernel killed it[^]*INFO {2}org\.apache\.flink\./) });
  await served([bundle], async (rest) => {
    expect(await json(`${rest}/taskmanagers`)).toMatchObject({ taskmanagers: [{}, {}] });
  });
  await served(['--cluster', sandbox.clusterId, '--at', '1s'], async (rest, kubeconfig) => {
    expect(await json(`${rest}/jobs/overview`)).toMatchObject({ jobs: [{ state: 'RUNNING' }, { state: 'RUNNING' }] });
    expect(await json(`${rest}/taskmanagers`)).toMatchObject({ errors: [expect.stringContaining('was not recorded')] });
    const listed = await promisify(execFile)(resolve('bin/drey'), ['pods', sandbox.clusterId], {
      env: { ...process.env, KUBECONFIG: kubeconfig, XDG_STATE_HOME: state, HOME: state },
    });
    expect(listed.stdout).toMatch(/taskmanager-1-1 +OOMKilled \(137\)/);
  });
});
