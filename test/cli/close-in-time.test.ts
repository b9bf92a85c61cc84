import { expect, test } from 'vitest';
import { closeInTime } from '../../src/cli/attach/close-in-time.ts';
import { FakeClock } from '../support/fakes.ts';

/** Whether the prompt is back after that many milliseconds. */
async function isBackAfter(ms: number, opening: Promise<AsyncDisposable> | undefined): Promise<boolean> {
  const clock = new FakeClock();
  let back = false;
  const closed = closeInTime(opening, clock).then(() => (back = true));
  await clock.advance(ms);
  const then = back;
  await clock.advance(60_000);
  await closed;
  return then;
}
const never = new Promise<never>(() => {});

test.each<readonly [what: string, opening: () => Promise<AsyncDisposable> | undefined, ms: number]>([
  ['nothing was opened', () => undefined, 0],
  ['it closes at once', async () => ({ [Symbol.asyncDispose]: async () => undefined }), 0],
  ['it cannot be opened', () => Promise.reject(new Error('no such cluster')), 0],
  ['a connection does not close', async () => ({ [Symbol.asyncDispose]: () => never }), 500],
  ['it does not even open', () => never, 500],
])('a user who leaves has the prompt back if %s', async (_, opening, ms) => {
  expect(await isBackAfter(ms, opening())).toBe(true);
});

test('a user who leaves waits until a connection is closed that closes in time', async () => {
  const clock = new FakeClock();
  let closed = false;
  const slow = { [Symbol.asyncDispose]: () => clock.sleep(100).then(() => void (closed = true)) };
  const back = closeInTime(Promise.resolve(slow), clock);
  await clock.advance(100);
  await back;
  expect(closed).toBe(true);
});
