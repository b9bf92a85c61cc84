import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { looksSecret, openHistory, searchHistory } from '../../src/commands/line/history.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drey-history-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('lines that were typed are there in the next run, in a file of the user alone', async () => {
  const path = join(folder, 'state', 'history');
  const first = await openHistory(path);
  expect(first.lines()).toEqual([]);
  first.add('list');
  first.add(`submit 'my job.jar'`);
  await first.settled();
  expect((await openHistory(path)).lines()).toEqual(['list', `submit 'my job.jar'`]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('a line is kept once, at its latest place', async () => {
  const history = await openHistory(join(folder, 'once'));
  for (const line of ['list', 'pods', 'list', '  ', '']) history.add(line);
  await history.settled();
  expect(history.lines()).toEqual(['pods', 'list']);
  expect((await openHistory(join(folder, 'once'))).lines()).toEqual(['pods', 'list']);
});

test('two sessions at the same time lose nothing of each other', async () => {
  const path = join(folder, 'two');
  const [one, other] = [await openHistory(path), await openHistory(path)];
  one.add('list');
  await one.settled();
  other.add('pods');
  await other.settled();
  one.add('why');
  await one.settled();
  expect((await openHistory(path)).lines()).toEqual(['list', 'pods', 'why']);
});

test('the newest thousand are kept, and the file is cut when it has grown', async () => {
  const path = join(folder, 'long');
  await writeFile(path, Array.from({ length: 2_500 }, (_, index) => `logs pod-${index}\n`).join(''));
  const history = await openHistory(path);
  expect(history.lines()).toHaveLength(1_000);
  expect(history.lines()[0]).toBe('logs pod-1500');
  expect((await readFile(path, 'utf8')).split('\n')).toHaveLength(1_001);
  history.add('list');
  expect(history.lines()).toHaveLength(1_000);
  expect(history.lines().at(-1)).toBe('list');
});

test.each<[line: string, secret: boolean]>([
  ['submit a.jar -Ds3.secret-key=abc', true],
  ['submit a.jar -D s3.access-key=abc', true],
  ['submit a.jar -- --password hunter2', true],
  ['submit a.jar -- --password=hunter2', true],
  ['submit a.jar -- db.password=hunter2', true],
  ['submit a.jar -- jdbc:postgresql://me:hunter2@db/x', true],
  ...[
    '--pw X',
    '--pass X',
    '--pwd X',
    '--auth X',
    '--key X',
    'AccountKey=X',
    'Authorization:X',
    'jdbc:mysql://h/db?user=u&password=X',
    'username=u,password=X',
    'me:X@host',
    '-Dx=-Djavax.net.ssl.keyStorePassword=X',
  ].map((words): [string, boolean] => [`submit a.jar -- ${words}`, true]),
  ...[
    '-pX7',
    '-p hunter',
    '-u me:X',
    '-ume:X',
    'Bearer abcdef0123',
    'https://ghp_abcdefghijklmnopqrstuvwxyz0123456789@github.com/x',
    'https://x-access-token:X@github.com/x',
    'mysql -phunter',
    'AKIAIOSFODNN7EXAMPLE',
  ].map((words): [string, boolean] => [`submit a.jar -- ${words}`, true]),
  ['submit a.jar -p 4 -c org.example.Class', false],
  ['submit a.jar -p4 -- -u host:8081 -port 1', false],
  ['submit a.jar -- --input password.txt', false],
  ['submit a.jar -- --key-by customer --pattern x:y', false],
  ['submit secret-service.jar', false],
  ['submit a.jar -Dparallelism.default=2', false],
  ['cancel token-refresher', false],
])('%s looks secret: %s', async (line, secret) => {
  expect(looksSecret(line)).toBe(secret);
  const history = await openHistory(join(folder, 'secret'));
  history.add(line);
  expect(history.lines().includes(line)).toBe(!secret);
  await history.settled();
});

test('a folder that cannot be written leaves a history of this run', async () => {
  const path = join(folder, 'a-file');
  await writeFile(path, '');
  const history = await openHistory(join(path, 'history'));
  history.add('list');
  await history.settled();
  expect(history.lines()).toEqual(['list']);
});

test('a search goes back from the newest, and further back when it is asked again', () => {
  const lines = ['cancel orders', 'list', 'cancel Cars', 'pods'];
  const first = searchHistory(lines, 'cancel');
  expect(first).toEqual({ index: 2, line: 'cancel Cars' });
  expect(searchHistory(lines, 'cancel', first?.index)).toEqual({ index: 0, line: 'cancel orders' });
  expect(searchHistory(lines, 'cars')).toEqual({ index: 2, line: 'cancel Cars' });
  expect(searchHistory(lines, 'Orders')).toBeUndefined();
  expect(searchHistory(lines, 'cancel', 0)).toBeUndefined();
});
