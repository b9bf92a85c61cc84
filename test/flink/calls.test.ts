import * as z from 'zod/mini';
import { expect, test } from 'vitest';
import { createCalls } from '../../src/flink/calls.ts';
import { fixedRoute } from '../../src/flink/route.ts';
import { skippingClock } from './rest-server.ts';

test('callers that read the same path in different ways at the same time each get their own reading', async () => {
  let asked = 0;
  const calls = createCalls({
    router: fixedRoute('http://flink'),
    transport: {
      async exchange() {
        asked += 1;
        return { status: 200, headers: {}, text: '{"name":"orders","state":"RUNNING"}' };
      },
      [Symbol.asyncDispose]: async () => {},
    },
    clock: skippingClock(),
    maxAttempts: 1,
    backoff: { first: 1, most: 1 },
    trace: undefined,
  });
  const [name, state] = [z.object({ name: z.string() }), z.object({ state: z.string() })];
  const found = await Promise.all([calls.get('/jobs/a', name), calls.get('/jobs/a', state), calls.get('/jobs/a', state)]);
  expect(found).toEqual([{ name: 'orders' }, { state: 'RUNNING' }, { state: 'RUNNING' }]);
  expect(asked).toBe(2);
});
