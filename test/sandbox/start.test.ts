import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { runSandboxCommand } from '../../src/cli/one-shot/sandbox-command.ts';
import { openSandboxServer } from '../../src/sandbox/server.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { api, at, podNames, rest } from './sandboxes.ts';
import { until } from '../support/until.ts';

test('the same seed tells the same story, another seed another one', async () => {
  const story = async (seed: number): Promise<unknown> => {
    await using sandbox = await startSandbox({ seed });
    const { body } = await rest(sandbox, '/jobs');
    return { pods: await podNames(sandbox), jobs: at<readonly unknown[]>(body, 'jobs').map((job) => at(job, 'id')) };
  };
  const first = await story(7);
  expect(await story(7)).toEqual(first);
  expect(await story(8)).not.toEqual(first);
});

test('a port that is taken is reported in a sentence', async () => {
  await using sandbox = await startSandbox({ scenario: 'empty' });
  const port = Number(new URL(sandbox.url).port);
  await expect(startSandbox({ scenario: 'empty', port })).rejects.toThrow(/^The sandbox does not start: .*EADDRINUSE/);
});

test('a sandbox serves in the thread of its caller as well, and once closed answers nowhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'drey-sandbox-test-'));
  const options = { clusterId: 'c', scenario: 'empty', seed: 1, highAvailability: true, neighbour: false, speed: 1, folder } as const;
  const urls: string[] = [];
  {
    await using server = await openSandboxServer({ ...options, port: 0 });
    urls.push(`${server.url}/version`, `${server.controlUrl}/sandbox/control`);
    for (const url of urls) await (await fetch(url)).text();
    await expect(openSandboxServer({ ...options, port: Number(new URL(server.url).port) })).rejects.toThrow('EADDRINUSE');
    expect(await server.control({ kind: 'state' })).toMatchObject({ jobs: [], pods: [] });
  }
  for (const url of urls) await expect(fetch(url)).rejects.toThrow('fetch failed');
  rmSync(folder, { recursive: true });
});

test('closing removes its folder and refuses what is asked afterwards', async () => {
  const sandbox = await startSandbox({ scenario: 'empty' });
  const folder = dirname(sandbox.kubeconfig);
  expect(existsSync(sandbox.examples)).toBe(true);
  await sandbox.close();
  expect(existsSync(folder)).toBe(false);
  await expect(sandbox.control({ kind: 'state' })).rejects.toThrow('The sandbox is closed.');
});

test('a command that makes no sense is refused with the reason', async () => {
  await using sandbox = await startSandbox({ scenario: 'empty' });
  await expect(sandbox.control({ kind: 'pod-kill', pod: 'none' })).rejects.toThrow('The sandbox refuses: no pod none.');
});

test('another cluster id names the cluster', async () => {
  await using sandbox = await startSandbox({ clusterId: 'mine' });
  expect((await api(sandbox, '/apis/apps/v1/namespaces/default/deployments/mine')).status).toBe(200);
  expect((await podNames(sandbox)).every((name) => name.startsWith('mine-'))).toBe(true);
});

test('drey sandbox prints its kubeconfig when it answers, and removes it when it is interrupted', async () => {
  const interrupt = new AbortController();
  let printed = '';
  const ended = runSandboxCommand({ stdout: (text) => void (printed += text), signal: interrupt.signal });
  const path = await until(() => /^KUBECONFIG=(.*)\n$/.exec(printed)?.[1]);
  expect(existsSync(path)).toBe(true);
  interrupt.abort();
  expect(await ended).toBe(0);
  expect(existsSync(path)).toBe(false);
});
