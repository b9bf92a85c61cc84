import { expect, test } from 'vitest';
import { turnOver } from '../../src/support/turns.ts';

test('long work lets what waits have its turn, and goes on then', async () => {
  const timer = { ran: false };
  setTimeout(() => {
    timer.ran = true;
  });
  let bites = 0;
  while (!timer.ran) {
    const end = performance.now() + 1;
    while (performance.now() < end);
    bites++;
    // Without a turn in between, the timer would never run.
    await turnOver();
    expect(bites).toBeLessThan(10_000);
  }
  expect(bites).toBeGreaterThan(0);
});

test('a short bite is not held up', () => {
  expect(turnOver()).toBeUndefined();
});
