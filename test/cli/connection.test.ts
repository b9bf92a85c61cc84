import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectionOptions } from '../../src/cli/command-line/connection-options.ts';
import type { CliIo } from '../../src/cli/process/io.ts';
import { connect } from '../../src/cli/wiring/services.ts';
import { systemClock } from '../../src/support/clock.ts';

let home = '';
const file = (name: string): string => join(home, name);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'drey-connection-'));
  const kubeconfig = (prefix: string): string =>
    JSON.stringify({
      'current-context': `${prefix}-one`,
      users: [],
      clusters: [1, 2].map((n) => ({ name: `${prefix}${n}`, cluster: { server: `https://${prefix}${n}.example` } })),
      contexts: [
        { name: `${prefix}-one`, context: { cluster: `${prefix}1`, namespace: 'orders' } },
        { name: `${prefix}-two`, context: { cluster: `${prefix}2` } },
      ],
    });
  for (const prefix of ['a', 'b', 'c']) await writeFile(file(prefix), kubeconfig(prefix));
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** Where a command line would connect to. */
async function target(
  given: Partial<ConnectionOptions>,
  env: Readonly<Record<string, string>> = { KUBECONFIG: file('a') },
): Promise<readonly [server: string, context: string | undefined, namespace: string]> {
  const io = {
    env,
    cwd: '/',
    home: '/nobody',
    clock: systemClock,
    isTty: { stdin: false, stdout: false },
    stderr: () => {},
  } as unknown as CliIo;
  await using connection = await connect(
    {
      kubeconfig: undefined,
      context: undefined,
      namespace: undefined,
      allNamespaces: false,
      properties: {},
      flinkVersion: undefined,
      trace: undefined,
      ...given,
    },
    io,
  );
  return [connection.kubernetes.server, connection.kubernetes.context, connection.namespace];
}

test('the kubeconfig is the one of --kubeconfig, else of kubernetes.config.file, else those of KUBECONFIG', async () => {
  expect(await target({})).toEqual(['https://a1.example', 'a-one', 'orders']);
  expect(await target({}, { KUBECONFIG: [file('missing'), file('b'), file('a')].join(delimiter) })).toEqual([
    'https://b1.example',
    'b-one',
    'orders',
  ]);
  const properties = { 'kubernetes.config.file': file('b') };
  expect(await target({ properties })).toEqual(['https://b1.example', 'b-one', 'orders']);
  expect(await target({ properties, kubeconfig: file('c') })).toEqual(['https://c1.example', 'c-one', 'orders']);
});

test('the context is the one of --context, else of kubernetes.context, in any of the files of KUBECONFIG', async () => {
  const properties = { 'kubernetes.context': 'a-two' };
  expect(await target({ properties })).toEqual(['https://a2.example', 'a-two', 'default']);
  expect(await target({ properties, context: 'a-one' })).toEqual(['https://a1.example', 'a-one', 'orders']);
  expect(await target({ context: 'b-two' }, { KUBECONFIG: [file('a'), file('b')].join(delimiter) })).toEqual([
    'https://b2.example',
    'b-two',
    'default',
  ]);
  await expect(target({ properties: { 'kubernetes.context': 'nope' } })).rejects.toMatchObject({
    message: 'The kubeconfig has no context named nope.',
    hint: 'It has: a-one, a-two.',
  });
});

test('the namespace is the one of -n, else of kubernetes.namespace, else that of the context', async () => {
  const properties = { 'kubernetes.namespace': 'flink' };
  expect((await target({ properties }))[2]).toBe('flink');
  expect((await target({ properties, namespace: 'other' }))[2]).toBe('other');
});

test('a kubernetes.config.file that is not there is reported', async () => {
  await expect(target({ properties: { 'kubernetes.config.file': file('nope') } })).rejects.toMatchObject({
    message: `The kubeconfig file ${file('nope')} does not exist.`,
  });
});
