import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';

const bin = join(import.meta.dirname, '../../bin');
const folder = mkdtempSync(join(tmpdir(), 'drey-surroundings-'));
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

const { NO_COLOR: _, FORCE_COLOR: __, HOME: ___, ...inherited } = process.env;

/** A line of a shell; `$D` is the folder of the launchers. */
function shell(line: string, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', line], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 60_000,
    env: { ...inherited, HOME: folder, KUBECONFIG: sandbox.kubeconfig, D: bin, ...env },
  });
  return { status, stdout, stderr };
}
const defects = (): readonly string[] =>
  existsSync(join(folder, '.local/state/drey'))
    ? readdirSync(join(folder, '.local/state/drey')).filter((name) => name.startsWith('defect'))
    : [];

describe('who reads the output', () => {
  test.each([
    ['stops reading both', '"$D/drey" pods 2>&1 | true; echo ${PIPESTATUS[0]}', '0'],
    ['stops reading an error', '"$D/drey" nosuch 2>&1 | true; echo ${PIPESTATUS[0]}', '2'],
    ['reads one line', '"$D/drey" pods -o json | head -n 1 >&2; echo ${PIPESTATUS[0]}', '0'],
    ['finds what it looked for', '"$D/drey" clusters 2>&1 | grep -q NAME; echo ${PIPESTATUS[0]}', '0'],
    ['reads nothing of what never ends', '"$D/drey" pods --watch | true; echo ${PIPESTATUS[0]}', '0'],
  ])('%s: no defect, and the documented exit code', (_what, line, code) => {
    const { stdout } = shell(line);
    expect(stdout.trim()).toBe(code);
    expect(defects()).toEqual([]);
  });

  test('has a full disk: it is reported, exit 1', () => {
    expect(shell('"$D/drey" pods > /dev/full')).toEqual({
      status: 1,
      stdout: '',
      stderr: 'Standard output cannot be written: no space left on device.\n',
    });
    expect(defects()).toEqual([]);
  });

  test('has a full disk for a trace: it is reported once, and what was asked for is done', () => {
    const { status, stdout, stderr } = shell('"$D/drey" savepoint my-first-flink-cluster orders-enrichment --trace /dev/full');
    expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringMatching(/^Savepoint of orders-enrichment/) });
    expect(stderr).toMatch(
      /^The trace file \/dev\/full cannot be written any more: .*no space left on device.*\. It ends here; nothing else changes\.\n$/,
    );
    expect(shell('"$D/drey" pods --trace /nosuch/file')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('The trace file /nosuch/file cannot be written'),
    });
  });

  test('has closed all of them', () => {
    expect(shell('"$D/drey" pods <&- >&- 2>&-').status).toBe(0);
  });
});

describe('where it runs', () => {
  test('a folder that was deleted: only what is in it is missing', () => {
    const line = (words: string) => shell(`mkdir -p d && cd d && rmdir ../d && "$D/drey" ${words}`);
    expect(line('clusters -o name')).toMatchObject({ status: 0, stdout: 'my-first-flink-cluster\n' });
    expect(line('submit my-first-flink-cluster job.jar')).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/JAR file does not exist: .*job\.jar/),
    });
  });

  test('no kubeconfig at all: drey says how to try it without a cluster', () => {
    expect(shell('"$D/drey"', { KUBECONFIG: '/nosuch' })).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/npm start or drey --sandbox shows one at work/),
    });
  });

  test('warnings of Node.js wait until a screen is gone, and are reported once', () => {
    const { stderr } = shell('"$D/drey" clusters', { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
    expect(stderr.split('\n').filter((line) => line.includes('NODE_TLS_REJECT_UNAUTHORIZED')).length).toBeLessThan(2);
    expect(stderr).not.toMatch(/^\(node:/m);
  });

  test.each(['drey --version', 'flink --version', 'kubectl-flink --version', 'kubernetes-session.sh --help'])(
    '%s starts with options for another Node.js in NODE_OPTIONS',
    (line) => {
      expect(shell(`"$D/${line.replace(' ', '" ')}`, { NODE_OPTIONS: '--no-such-option' })).toMatchObject({ status: 0, stderr: '' });
    },
  );

  test('kubectl asks a program of its own what can stand behind kubectl flink', () => {
    expect(shell('"$D/kubectl_complete-flink" --context tok')).toMatchObject({
      status: 0,
      stderr: '',
      stdout: 'token-file\tsandbox\n:4\n',
    });
  });

  test('an empty HOME is not a reason to look into a folder that others can write to', () => {
    const shared = join(tmpdir(), 'drey-home');
    const planted = !existsSync(shared);
    const proof = join(folder, 'ran');
    try {
      if (planted) {
        mkdirSync(join(shared, '.kube'), { recursive: true });
        writeFileSync(
          join(shared, '.kube/config'),
          `apiVersion: v1
kind: Config
current-context: x
contexts: [{name: x, context: {cluster: x, user: x}}]
clusters: [{name: x, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: x, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: ["${proof}"], interactiveMode: Never}}}]
`,
        );
      }
      shell('unset KUBECONFIG; HOME= "$D/drey" pods x');
      expect(existsSync(proof)).toBe(false);
    } finally {
      if (planted) rmSync(shared, { recursive: true });
    }
  });

  test.runIf(process.getuid?.() === 0)('a user whom the system does not know, without HOME, can use all of it', ({ skip }) => {
    const kubeconfig = join(folder, 'kubeconfig');
    copyFileSync(sandbox.kubeconfig, kubeconfig);
    chmodSync(folder, 0o755);
    chmodSync(kubeconfig, 0o644);
    const { status, stdout, stderr } = shell(
      `unset HOME; cd /; setpriv --reuid=54321 --clear-groups "$D/drey" clusters -o name --kubeconfig ${kubeconfig}`,
    );
    skip(stderr.includes('Permission denied'), 'the checkout itself is closed to others');
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'my-first-flink-cluster\n', stderr: '' });
  });
});
