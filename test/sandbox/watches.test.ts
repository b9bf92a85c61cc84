import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/start.ts';
import { api, at } from './sandboxes.ts';
import { until } from '../support/until.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';
const map = (name: string, labels: object = {}): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } });

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ scenario: 'empty', speed: 50 });
});
afterAll(() => sandbox.close());

interface Watch extends Disposable {
  /** What came so far: `ADDED a`. */
  readonly seen: string[];
  readonly raw: unknown[];
  readonly ended: Promise<void>;
}

function watch(query: string): Watch {
  const abort = new AbortController();
  const seen: string[] = [];
  const raw: unknown[] = [];
  const ended = (async () => {
    const response = await fetch(`${sandbox.url}${MAPS}?watch=true&${query}`, { signal: abort.signal });
    let rest = '';
    for await (const chunk of response.body ?? []) {
      const lines = (rest + Buffer.from(chunk).toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const event: unknown = JSON.parse(line);
        raw.push(event);
        seen.push(
          `${at(event, 'type')} ${at<string | undefined>(event, 'object.metadata.name') ?? at<string | undefined>(event, 'object.reason') ?? ''}`.trim(),
        );
      }
    }
  })().catch(() => undefined);
  return { seen, raw, ended, [Symbol.dispose]: () => abort.abort() };
}

const version = async (): Promise<string> => at((await api(sandbox, MAPS)).body, 'metadata.resourceVersion');

test('a watch tells of what appears, changes and goes', async () => {
  using told = watch(`resourceVersion=${await version()}`);
  await api(sandbox, MAPS, { method: 'POST', body: map('moves') });
  await api(sandbox, `${MAPS}/moves`, { method: 'PATCH', type: 'application/merge-patch+json', body: { data: { a: '1' } } });
  await api(sandbox, `${MAPS}/moves`, { method: 'DELETE' });
  await until(() => told.seen.length >= 3);
  expect(told.seen).toEqual(['ADDED moves', 'MODIFIED moves', 'DELETED moves']);
});

test('a watch that resumes gets what it missed, once', async () => {
  const from = await version();
  await api(sandbox, MAPS, { method: 'POST', body: map('missed') });
  using told = watch(`resourceVersion=${from}`);
  await until(() => told.seen.length >= 1);
  await api(sandbox, MAPS, { method: 'POST', body: map('later') });
  await until(() => told.seen.includes('ADDED later'));
  expect(told.seen).toEqual(['ADDED missed', 'ADDED later']);
});

test('an object that stops matching the selector is gone, and appears when it matches again', async () => {
  await api(sandbox, MAPS, { method: 'POST', body: map('labelled', { app: 'x' }) });
  using told = watch(`resourceVersion=${await version()}&labelSelector=app%3Dx`);
  const label = (app: string): Promise<unknown> =>
    api(sandbox, `${MAPS}/labelled`, { method: 'PATCH', type: 'application/merge-patch+json', body: { metadata: { labels: { app } } } });
  await label('y');
  await label('x');
  await until(() => told.seen.length >= 2);
  expect(told.seen).toEqual(['DELETED labelled', 'ADDED labelled']);
});

test('bookmarks carry the version to resume from, and stop when the fault is on', async () => {
  using told = watch(`resourceVersion=${await version()}&allowWatchBookmarks=true`);
  await until(() => told.seen.includes('BOOKMARK'));
  expect(at(told.raw[0], 'object.metadata.resourceVersion')).toBe(await version());
  await sandbox.control({ kind: 'bookmarks', on: false });
  using silent = watch(`resourceVersion=${await version()}&allowWatchBookmarks=true`);
  await api(sandbox, MAPS, { method: 'POST', body: map('after-bookmarks') });
  await until(() => silent.seen.length > 0);
  expect(silent.seen).toEqual(['ADDED after-bookmarks']);
  await sandbox.control({ kind: 'heal' });
});

test('an expired watch ends with 410, and so does one that resumes from before', async () => {
  const from = await version();
  await api(sandbox, MAPS, { method: 'POST', body: map('old') });
  using open = watch(`resourceVersion=${await version()}`);
  await until(async () => at<number>(await sandbox.control({ kind: 'state' }), 'streams') >= 1);
  await sandbox.control({ kind: 'watches-expire' });
  await open.ended;
  expect(open.seen.at(-1)).toBe('ERROR Expired');
  using late = watch(`resourceVersion=${from}`);
  await late.ended;
  expect(late.raw).toMatchObject([
    { type: 'ERROR', object: { code: 410, reason: 'Expired', message: expect.stringContaining('too old resource version') as string } },
  ]);
});

test('a watch ends when its time is over', async () => {
  using told = watch(`resourceVersion=${await version()}&timeoutSeconds=1`);
  await expect(told.ended).resolves.toBeUndefined();
});

test('a fault cuts all streams', async () => {
  using told = watch(`resourceVersion=${await version()}`);
  await until(async () => at<number>(await sandbox.control({ kind: 'state' }), 'streams') >= 1);
  await sandbox.control({ kind: 'streams-cut' });
  await told.ended;
});
