import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Shell, shells } from '../../src/cli/command-line/completion-line.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { journalled } from '../support/journalled.ts';
import { Terminal } from './harness.ts';

const programs = join(import.meta.dirname, '../../bin');
const state = mkdtempSync(join(tmpdir(), 'drey-completion-'));
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox();
  journalled(join(state, 'drey'), { result: 's3://savepoints/savepoint 1' });
  for (const [at, result] of ['s3://harmless', `s3://harm/$(touch me)'"`, 's3://`touch me`', 's3://\\', 's3://!!'].entries())
    journalled(join(state, 'drey'), { clusterId: 'harmful', id: `harmful-${at}`, result });
});
afterAll(async () => {
  await sandbox.close();
  rmSync(state, { recursive: true });
});

/** How each begins without the files of a user, and what it is told in the README. */
const loading: Readonly<Record<Shell, readonly [args: readonly string[], line: string]>> = {
  bash: [['--norc', '--noprofile', '-i'], 'source <(drey completion bash)'],
  zsh: [['-f', '-i'], 'autoload -Uz compinit; compinit -u -D; source <(drey completion zsh)'],
  fish: [['--no-config', '-i'], 'drey completion fish | source'],
};

const installed = (shell: Shell): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, shell))
    .find((path) => existsSync(path));

/** A shell that has read the script of drey; undefined, and said so, where there is none of this name. */
async function opened(shell: Shell): Promise<Terminal | undefined> {
  const program = installed(shell);
  if (program === undefined) {
    console.warn(`${shell} is not installed: its completion was not tried.`);
    return undefined;
  }
  const [args, line] = loading[shell];
  const path = `${programs}${delimiter}${process.env['PATH'] ?? ''}`;
  const env = { PATH: path, KUBECONFIG: sandbox.kubeconfig, XDG_STATE_HOME: state, PS1: '> ' };
  const terminal = new Terminal(args, { program, env });
  // The quotes keep what is typed apart from what is printed.
  return terminal.type(`${line}; echo rea''dy⏎`).sees(/^ready/m);
}

test.each(shells)('Tab completes drey in %s', { timeout: 120_000 }, async (shell) => {
  await using terminal = await opened(shell);
  if (terminal === undefined) return;
  for (const [typed, completed] of [
    ['drey dep', 'drey deploy'],
    ['kubectl-flink comp', 'kubectl-flink completion'],
    ['drey pods my', 'drey pods my-first-flink-cluster'],
    ['drey --context to', 'drey --context token-file'],
    ['drey --theme=d', 'drey --theme=dark'],
    ['drey --context token-file savepoint my-first-flink-cluster ord', 'my-first-flink-cluster orders-enrichment'],
    ["drey cancel my-first-flink-cluster 'CarT", "my-first-flink-cluster 'CarTopSpeedWindowing'"],
    ['drey dispose my-first-flink-cluster s3://sav', 's3://savepoints/savepoint\\ 1'],
    ['drey pods --kubeconfig vitest.conf', 'drey pods --kubeconfig vitest.config.ts'],
    ['drey sandbox outa', 'drey sandbox outage'],
  ] as const) {
    expect(terminal.text()).not.toContain(completed);
    await (await terminal.type(`${typed}⇥`).sees(completed)).type('⌃u').seesNo(completed);
  }
});

test('in bash no name that is offered behind a quote ends it', { timeout: 120_000 }, async () => {
  await using terminal = await opened('bash');
  if (terminal === undefined) return;
  await terminal.type('drey dispose harmful "s3://⇥').sees('"s3://harmless"');
  await terminal.type("⌃udrey dispose harmful 's3://⇥").sees("'s3://harmless'");
  expect(terminal.text()).not.toContain('touch me');
  await terminal.type('⌃udrey dispose harmful s3://harm/⇥').sees('harm/\\$\\(touch\\ me\\)\\\'\\"');
});
