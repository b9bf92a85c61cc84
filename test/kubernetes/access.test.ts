import { expect, test } from 'vitest';
import { apiServer } from './api-server.ts';
import { connectTo } from './connect-to.ts';
import { FakeClock } from '../support/fake-clock.ts';

const question = { verb: 'delete', group: 'apps', resource: 'deployments', namespace: 'orders' };

test.each([
  [true, 60_000],
  [false, 10_000],
])('what this user may do (%s) is asked once in %i ms, however many ask', async (allowed, keptMs) => {
  const bodies: unknown[] = [];
  await using server = await apiServer(async (call, answer) => {
    bodies.push(JSON.parse(await call.body()));
    answer.json({ status: { allowed, reason: 'so' } }, 201);
  });
  const clock = new FakeClock();
  const client = await connectTo(server.url, {}, { clock });
  const answers = await Promise.all([client.can(question), client.can(question), client.can(question)]);
  const said = { allowed, reason: 'so' };
  expect(answers).toEqual([said, said, said]);
  expect(bodies).toEqual([
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes: { verb: 'delete', group: 'apps', resource: 'deployments', namespace: 'orders' } },
    },
  ]);
  await clock.advance(keptMs - 1_000);
  await client.can(question);
  await client.can({ ...question, verb: 'create' });
  expect(bodies).toHaveLength(2);
  await clock.advance(1_000);
  await client.can(question);
  expect(bodies).toHaveLength(3);
});

test('a failure is not kept', async () => {
  await using server = await apiServer((_, answer) => answer.fail(500, 'no'));
  const client = await connectTo(server.url);
  await expect(client.can(question)).rejects.toMatchObject({ kind: 'unavailable' });
  server.handle((_, answer) => answer.json({ status: { allowed: true } }, 201));
  expect(await client.can(question)).toEqual({ allowed: true });
});
