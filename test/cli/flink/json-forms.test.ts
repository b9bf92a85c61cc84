import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { jsonForms, type JsonMember } from '../../../src/cli/flink/json-forms.ts';
import { jarStore } from '../../flink/jar-store.ts';
import { writeJar } from '../../support/jar.ts';
import { capture, restServer, type Reply, type Seen } from '../../flink/rest-server.ts';
import { flink } from './harness.ts';

const job = 'ed6343ac9b1da27daf2eea66e265264e';
const folder = mkdtempSync(join(tmpdir(), 'drey-forms-'));
const jar = writeJar(join(folder, 'orders.jar'));
const seen = new Set<string>();
afterAll(() => rmSync(folder, { recursive: true }));

/** Every operation succeeds at once. */
function answer({ method, path }: Seen): Reply | undefined {
  if (path === '/jobs/overview') return capture('jobs-overview');
  if (path.endsWith('/execution-result')) return capture('job-finished-execution-result');
  if (path.endsWith('/plan')) return capture('jars-plan-post');
  if (/\/checkpoints\/[0-9a-f]{32}$/.test(path)) return capture('checkpoint-full-done');
  if (path.includes('/savepoints/')) return capture('savepoint-done');
  if (path.startsWith('/savepoint-disposal/')) return capture('savepoint-disposal-done');
  return method === 'POST' && !path.startsWith('/jars') ? capture('savepoint-trigger', 202) : undefined;
}

const typeOf = (value: unknown): JsonMember['type'] => {
  if (Array.isArray(value)) return 'list';
  return ({ string: 'text', number: 'number', boolean: 'boolean' } as const)[typeof value as 'string'] ?? 'object';
};

test.each([
  ['run', ['run', jar]],
  ['run', ['run', '-d', jar]],
  ['info', ['info', jar]],
  ['list', ['list', '-a']],
  ['stop', ['stop', job]],
  ['stop', ['stop', '-detached', job]],
  ['stop', ['stop', '--wait', job]],
  ['cancel', ['cancel', job]],
  ['cancel', ['cancel', '-s', job]],
  ['savepoint', ['savepoint', job]],
  ['savepoint', ['savepoint', '-detached', job]],
  ['savepoint -d', ['savepoint', '-d', 's3://b/s']],
  ['checkpoint', ['checkpoint', '--full', job]],
] as const)('the document of %s (%j) is as the reference says', async (form, argv) => {
  await using server = await restServer(jarStore(answer).serve);
  const ran = await flink([argv[0], '-o', 'json', '-m', server.url, ...argv.slice(1)]);
  expect(ran.code).toBe(0);
  const document = Object.entries(JSON.parse(ran.stdout) as Record<string, unknown>);
  const members = jsonForms[form];
  for (const [name] of document) seen.add(`${form} ${name}`);
  expect(document.filter(([name, value]) => members.find((member) => member.name === name)?.type !== typeOf(value))).toEqual([]);
  expect(members.filter(({ name, when }) => when === undefined && !document.some(([found]) => found === name))).toEqual([]);
});

test('every member of the reference was seen in a document', () => {
  const missing = Object.entries(jsonForms).flatMap(([form, members]) =>
    members.filter(({ name }) => !seen.has(`${form} ${name}`)).map(({ name }) => `${form} ${name}`),
  );
  expect(missing).toEqual([]);
});
