import { expect, test } from 'vitest';
import type { EarlierLines } from '../../src/session/types.ts';
import { OnDisk } from '../../src/tui/state/on-disk.ts';
import { settle } from '../support/fakes.ts';

test('what lies before the first line of one log never stands above that of another', async () => {
  const onDisk = new OnDisk({ found: () => {}, background: () => {}, failed: () => {} });
  const ofOne: EarlierLines = { kept: { lines: 8_900, from: 0, isMost: false }, fellOut: 0, beganWith: undefined };
  onDisk.earlier('one', 'first line', async () => ofOne);
  await settle();
  // While its own is read again, because its first line fell out, the last that is known stays.
  const never = (): Promise<EarlierLines> => new Promise(() => {});
  expect(onDisk.earlier('one', 'second line', never)).toBe(ofOne);
  expect(onDisk.earlier('other', 'first line', never)).toBeUndefined();
});
