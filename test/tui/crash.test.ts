import { noTemplates, usualReader, noContainer, notKept } from '../support/fakes.ts';
import { expect, test } from 'vitest';
import type { SessionLogs } from '../../src/session/types.ts';
import { fakeRunner, ScreenUnderTest } from './harness.ts';

test('a defect behind a key gives the terminal back and is reported, not lost', async () => {
  const logs: SessionLogs = {
    follow: () => {},
    unfollow: () => {},
    container: noContainer,
    ...notKept,
    reader: usualReader,
    templates: noTemplates,
    view: () => {
      throw new Error('no view today');
    },
  };
  await using screen = new ScreenUnderTest({ logs });
  await expect(screen.end).rejects.toThrow('no view today');
  await screen.when('is the main screen again', () => !screen.fullScreen);
  expect(screen.stdin.raw).toBe(false);
});

test('a defect of a command that was not awaited is reported as well', async () => {
  await using screen = new ScreenUnderTest({ runner: fakeRunner({}, [], () => Promise.reject(new Error('broken command'))) });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('list⏎');
  await expect(screen.end).rejects.toThrow('broken command');
});

test('many keys that come together are drawn together', async () => {
  await using screen = new ScreenUnderTest();
  await screen.panel('Pods').sees('jobmanager');
  const before = screen.stdout.written.split('\u001b[?2026h').length;
  screen.type('←'.repeat(10) + 'x'.repeat(30) + '←'.repeat(60));
  await screen.when('stands at the start', () => screen.cursorRow().startsWith(` › █${'x'.repeat(30)}`));
  expect(screen.stdout.written.split('\u001b[?2026h').length - before).toBeLessThan(12);
});
