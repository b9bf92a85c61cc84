import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { isHarmless } from '../../src/support/foreign-text.ts';
import { attack, hostileCluster, type HostileCluster } from '../support/hostile-cluster.ts';
import { jobs as jobsOf } from '../sandbox/sandboxes.ts';

const folder = mkdtempSync(join(tmpdir(), 'drey-foreign-'));
const cluster = 'my-first-flink-cluster';
let sandbox: Sandbox;
let hostile: HostileCluster;
beforeAll(async () => {
  sandbox = await startSandbox();
  hostile = await hostileCluster(sandbox, folder);
});
beforeEach(() => {
  hostile.refuse(undefined);
  hostile.trouble(false);
});
afterAll(async () => {
  await hostile[Symbol.asyncDispose]();
  await sandbox.close();
  await rm(folder, { recursive: true });
});

interface Printed {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The built program, as a script calls it, with a cluster that attacks wherever it can. */
function run(program: 'drey' | 'flink', words: readonly string[], input?: string): Promise<Printed> {
  return new Promise((resolve, reject) => {
    const child = spawn(join(import.meta.dirname, '../../bin', program), [...words], {
      env: { ...process.env, KUBECONFIG: hostile.kubeconfig, HOME: folder },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const out = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => void (out.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => void (out.stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...out }));
    child.stdin.end(input);
  });
}

/** Nothing that a terminal obeys, and no row that a text made of itself. */
function expectHarmless({ stdout, stderr }: Printed): void {
  for (const text of [stdout, stderr]) {
    expect(text.split('\n').filter((line) => !isHarmless(line))).toEqual([]);
    expect(text).not.toMatch(/^FORGED/m);
  }
}

describe('names and messages that attack a terminal reach it as text', () => {
  test.each([
    ['drey', ['clusters']],
    ['drey', ['clusters', '-o', 'wide']],
    ['drey', ['pods', cluster]],
    ['drey', ['pods', cluster, '-o', 'wide']],
    ['drey', ['jobs', cluster]],
    ['drey', ['jobs', cluster, '-o', 'wide']],
    ['drey', ['jars', cluster]],
    ['drey', ['why', cluster]],
    ['drey', ['why', cluster, 'jm']],
    ['drey', ['web', cluster]],
    ['drey', ['describe', cluster, 'jm']],
    ['drey', ['yaml', cluster, 'jm']],
    ['drey', ['yaml', cluster, 'configmap']],
    ['drey', ['events', cluster]],
    ['drey', ['top', cluster]],
    ['drey', ['diff', cluster]],
    ['drey', ['doctor']],
    ['flink', ['list', '-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${cluster}`, '-a']],
  ] as const)(
    '%s %j',
    async (program, words) => {
      const printed = await run(program, words);
      expectHarmless(printed);
      expect(printed.stdout, printed.stderr).not.toBe('');
    },
    60_000,
  );

  test.each([
    ['pods', cluster, '-o', 'wide'],
    ['why', cluster],
    ['describe', cluster, 'jm'],
    ['jobs', cluster],
  ])(
    'of pods in trouble: %s',
    async (...words) => {
      hostile.trouble(true);
      expectHarmless(await run('drey', words));
    },
    60_000,
  );

  test('of a job, however it is asked for', async () => {
    const [id = ''] = (JSON.parse((await run('drey', ['jobs', cluster, '-o', 'json'])).stdout) as readonly { readonly id: string }[]).map(
      (job) => job.id,
    );
    for (const words of [
      ['describe', cluster, id],
      ['why', cluster, id],
      ['savepoint', cluster, id, '-o', 'json'],
    ])
      expectHarmless(await run('drey', words));
  }, 60_000);

  test('in the line mode', async () => {
    const printed = await run(
      'drey',
      ['attach', cluster],
      'list\npods\njobs\noperations\nwhy\ndescribe jm\njars\nlogs jm\nsavepoint nosuch\nquit\n',
    );
    expectHarmless(printed);
    expect(printed.stdout).toContain('link');
  }, 60_000);

  test.each(['api', 'rest'] as const)(
    'when the %s refuses',
    async (what) => {
      hostile.refuse(what);
      for (const words of [
        ['jobs', cluster],
        ['pods', cluster],
        ['describe', cluster, 'jm'],
        ['jars', cluster, '-o', 'json'],
        ['kill', cluster, '--yes'],
      ]) {
        if (what === 'rest' && words[0] === 'kill') continue;
        const printed = await run('drey', words);
        expectHarmless(printed);
      }
      expectHarmless(await run('flink', ['list', '-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${cluster}`]));
    },
    120_000,
  );

  test('of a context, a file or an option that is not there', async () => {
    expectHarmless(await run('drey', ['pods', '--context', attack]));
    expectHarmless(await run('drey', [`pods${attack}`]));
    expectHarmless(await run('drey', ['submit', cluster, `/nosuch/${attack}.jar`]));
    expectHarmless(await run('drey', ['pods', '--kubeconfig', `/nosuch/${attack}`]));
    expectHarmless(await run('flink', [`run${attack}`]));
  }, 60_000);
});

test('a program gets names as they are, escaped', async () => {
  const names = [...(await jobsOf(sandbox)).keys()].map((name) => name + attack).toSorted();
  for (const format of ['json', 'yaml'] as const) {
    const { stdout } = await run('drey', ['jobs', cluster, '-o', format]);
    expect(stdout.split('\n').filter((line) => !isHarmless(line))).toEqual([]);
    const rows = (format === 'json' ? JSON.parse(stdout) : parse(stdout)) as readonly { readonly name: string }[];
    expect(rows.map(({ name }) => name).toSorted()).toEqual(names);
  }
}, 60_000);
