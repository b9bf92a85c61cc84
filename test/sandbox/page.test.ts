import { expect, test } from 'vitest';
import { startSandbox } from '../../src/sandbox/start.ts';
import { rest } from './sandboxes.ts';

test('a browser that opens the address of the sandbox finds a page that says what it is, and leads to the jobs', async () => {
  await using sandbox = await startSandbox();
  for (const path of ['/', '/v1/']) {
    const { status, body } = await rest(sandbox, path);
    expect(status).toBe(200);
    expect(body).toMatch(/<title>Flink in the sandbox<\/title>[^]*<a href="\/jobs\/[0-9a-f]{32}">orders-enrichment<\/a>: RUNNING/);
  }
  expect((await rest(sandbox, '/nosuch')).status).toBe(404);
});
