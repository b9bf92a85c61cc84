import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { json, restServer, type Seen } from '../../flink/rest-server.ts';
import { flink } from './harness.ts';

interface RecordedCall {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly response: unknown;
}

const folder = join(import.meta.dirname, '../../goldens/rest');
const names = readdirSync(folder).filter((name) => name.startsWith('rest-'));
const read = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');

/** Trigger ids are chosen anew in every run; the version in the path may be left out. */
const keyOf = (method: string, path: string): string =>
  `${method} ${path
    .replace(/^\/v1(?=\/)/, '')
    .replace(/\?.*$/, '')
    .replace(/(?<=\/)(savepoints|checkpoints|savepoint-disposal)\/[0-9a-f]{32}$/, '$1/<trigger>')}`;

/** The next answer to a method and path, and the last one again. */
function replay(calls: readonly RecordedCall[]) {
  const left = new Map<string, RecordedCall[]>();
  for (const call of calls) left.set(keyOf(call.method, call.path), [...(left.get(keyOf(call.method, call.path)) ?? []), call]);
  return (request: Seen) => {
    const queue = left.get(keyOf(request.method, request.path));
    const call = queue !== undefined && queue.length > 1 ? queue.shift() : queue?.[0];
    return call === undefined ? json({ errors: [`Not found: ${request.path}`] }, 404) : json(call.response, call.status);
  };
}

/** What was asked of Flink: without the trigger ids and what is empty or a default. */
const meaning = (body: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== null && name !== 'triggerId' && name !== 'formatType'));
const formats = (bodies: readonly Readonly<Record<string, unknown>>[]) => bodies.map((body) => body['formatType']);

const scrubbed = (text: string): string => text.replaceAll(/(?<=triggerId: )[0-9a-f]{32}/g, '<trigger>');

test('there are recorded runs', () => {
  expect(names.length).toBeGreaterThan(20);
});

test.each(names)('%s: asks of Flink and prints what Flink itself does', async (name) => {
  const calls = JSON.parse(read(name, 'rest-requests.json')) as RecordedCall[];
  const { args } = JSON.parse(read(name, 'case.json')) as { args: string[] };
  await using server = await restServer(replay(calls));
  const address = server.url.replace('http://', '');
  const ran = await flink(args, {
    url: server.url,
    announcement: `Retrieve flink cluster c1 successfully, JobManager Web Interface: ${server.url}`,
  });

  const changes = calls.filter(({ method }) => method !== 'GET');
  const asked = server.seen.filter(({ method }) => method !== 'GET');
  const bodies = asked.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  expect(asked.map(({ method, path }) => keyOf(method, path))).toEqual(changes.map(({ method, path }) => keyOf(method, path)));
  expect(asked.map(({ path }) => Object.fromEntries(new URL(path, server.url).searchParams))).toEqual(changes.map(({ query }) => query));
  expect(bodies.map(meaning)).toEqual(changes.map(({ body }) => meaning(body)));
  expect(formats(bodies)).toEqual(formats(changes.map(({ body }) => body)));

  const failed = read(name, 'exit.txt').trim() !== '0';
  expect(ran.code).toBe(failed ? 1 : 0);
  const printed = ran.stdout.split('\n').filter((line) => line.trim() !== '');
  expect(scrubbed(printed.join('\n'))).toBe(scrubbed(read(name, 'stdout.txt').trim().replaceAll('${REST}', address)));
  expect(ran.stderr).toMatch(failed ? /^\n-{60}\n The program finished with the following exception:\n\n\S.+\n$/ : /^$/);
  expect(ran.stdout + ran.stderr).not.toMatch(/^\s+at |Exception: /m);
});
