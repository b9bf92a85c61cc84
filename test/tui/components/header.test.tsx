import { expect, test } from 'vitest';
import { Header } from '../../../src/tui/components/header.tsx';
import { emptySession } from '../../../src/session/empty-session.ts';
import type { SourceName, SourceStatus } from '../../../src/session/types.ts';
import { live, now, richSession } from '../fixtures.ts';
import { frame, show } from './show.tsx';

const row = { x: 0, y: 0, width: 100, height: 1 };
const withSources = (...sources: readonly (readonly [SourceName, SourceStatus])[]) =>
  frame({ session: { ...richSession(), sources: new Map(sources) } });
const lost = { ...live(now - 44_000), state: 'lost' as const };

test('which cluster this is, what it runs on, and whether it can be heard', () => {
  expect(show(<Header area={row} />).text()).toMatchInlineSnapshot(
    `" my-first-flink-cluster  default · prod-eu    k8s ● live           flink ● live           slots 8/8"`,
  );
});

test('what is lost says since when, in the colour of an error', () => {
  const { raw, text } = show(<Header area={row} />, withSources(['pods', lost], ['flink', live()]));
  expect(text()).toMatch(/k8s ○ lost 44s/);
  expect(raw()).toContain('38;2;240;113;120m○ lost 44s');
});

test('before there is a connection it says what is waited for', () => {
  const session = emptySession({ clusterId: 'c', namespace: 'n', context: undefined, server: '' });
  expect(show(<Header area={row} />, frame({ session, starting: 'Reading the kubeconfig' })).text()).toContain('◐ Reading the kubeconfig');
});

test('it is drawn again when a source changes, and not for pods and lines', async () => {
  const { drawnSince, next, text } = show(<Header area={row} />);
  drawnSince();
  await next((before) => ({ now: before.now + 10, session: { ...before.session, timeline: [], logs: new Map(), pods: new Map() } }));
  expect(drawnSince()).toBe(0);
  await next((before) => ({ session: { ...before.session, sources: new Map([['pods', lost]]) } }));
  expect(drawnSince()).toBe(1);
  expect(text()).toContain('○ lost');
});
