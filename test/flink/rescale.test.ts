import { expect, test } from 'vitest';
import { createFlinkClient } from '../../src/flink/client.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { capture, json, restServer, skippingClock, type RestServer } from './rest-server.ts';

const jobId = '69ee22bd29977a0a9d59b88bfb6d19b6';
const [source, count] = ['ca88eee0095684d687a1b6495617f957', 'b71731f1c0df9c3076c4a455334d0ad6'];
const clientOf = (server: RestServer) => createFlinkClient({ router: fixedRoute(server.url), clock: skippingClock() });

test('the bounds of each vertex are read, and sent back in the same form', async () => {
  await using server = await restServer(({ method }) => (method === 'GET' ? capture('adaptive-job-resource-requirements') : json({})));
  await using client = clientOf(server);
  const bounds = await client.resourceRequirements(jobId);
  expect([...bounds]).toEqual([
    [source, { least: 1, most: 2 }],
    [count, { least: 1, most: 2 }],
  ]);
  await client.setResourceRequirements(jobId, new Map([...bounds].map(([id, { least }]) => [id, { least, most: 4 }])));
  const sent = server.seen.find(({ method }) => method === 'PUT');
  expect(sent?.path).toBe(`/jobs/${jobId}/resource-requirements`);
  expect(JSON.parse(sent?.body ?? '')).toEqual({
    [source]: { parallelism: { lowerBound: 1, upperBound: 4 } },
    [count]: { parallelism: { lowerBound: 1, upperBound: 4 } },
  });
});

test('bounds whose answer is lost are sent again: the same bounds again change nothing', async () => {
  await using server = await restServer((_request, nth) => (nth === 1 ? 'cut' : json({})));
  await using client = clientOf(server);
  await client.setResourceRequirements(jobId, new Map([[source, { least: 1, most: 4 }]]));
  expect(server.seen).toHaveLength(2);
});

test('a scheduler that does not rescale is asked once, and is a conflict', async () => {
  await using server = await restServer(() => capture('job-running-resource-requirements', 500));
  await using client = clientOf(server);
  await expect(client.resourceRequirements(jobId)).rejects.toMatchObject({ kind: 'conflict' });
  expect(server.seen).toHaveLength(1);
});

test('the history of rescales is read, and is unknown if there is none', async () => {
  await using server = await restServer(({ path }) =>
    path.includes(jobId) ? capture('adaptive-rescaled-rescales-history') : capture('error-rescales-default-scheduler', 404),
  );
  await using client = clientOf(server);
  expect(await client.rescales(jobId)).toMatchObject([
    { trigger: 'UPDATE_REQUIREMENT', state: 'COMPLETED', reason: 'SUCCEEDED', startedAt: 1795345627870, endedAt: 1795345651902 },
    { trigger: 'INITIAL_SCHEDULE', state: 'COMPLETED' },
  ]);
  expect(await client.rescales('other')).toBeUndefined();
});

test('how long the scheduler waits is read', async () => {
  await using server = await restServer(() => capture('adaptive-rescales-config'));
  await using client = clientOf(server);
  expect(await client.rescaleSettings(jobId)).toEqual({ historySize: 5, cooldownMs: 30_000, stabilizationMs: 60_000 });
});
