import { expect, test } from 'vitest';
import type { TimelineEntry } from '../../src/session/types.ts';
import { start as T } from '../support/fake-clock.ts';
import { FakeClock, testStore } from '../support/fakes.ts';
import { job, pod } from '../support/pods-and-jobs.ts';
import { desk, type Desk } from './desk.ts';

const orders = job({ id: 'a'.repeat(32), name: 'orders' });
const entry = (ago: number, text: string, over: Partial<TimelineEntry> = {}): TimelineEntry => ({
  at: T - ago,
  from: 'k8s',
  severity: 'warn',
  subject: undefined,
  text,
  ...over,
});
const hour = 3_600_000;

const recorded: readonly TimelineEntry[] = [
  entry(30 * hour, 'long ago'),
  entry(3 * hour, 'pod taskmanager-1-9: OOMKilled', { subject: 'c1-taskmanager-1-9' }),
  entry(hour, 'failed', { from: 'flink', subject: orders.id }),
  entry(500, 'just now'),
];

/** On the screen, or as one shot; another session has seen what was recorded. */
function at(mode: 'tui' | 'one-shot'): Desk {
  const store = testStore(new FakeClock());
  store.pods(pod({ shortName: 'taskmanager-1-1' }));
  store.jobs(orders);
  store.tell([
    { kind: 'events-listed', at: T },
    { kind: 'timeline', at: T, line: entry(500, 'just now') },
  ]);
  return desk({ store, mode, recorded: async ({ since }) => [recorded.filter((each) => each.at >= since)] });
}

const textsOf = async (line: string, mode: 'tui' | 'one-shot' = 'one-shot'): Promise<unknown> => {
  const { run, front } = at(mode);
  expect(await run(line)).toEqual({ kind: 'done' });
  const [view] = front.views;
  return view?.kind === 'facts' ? (view.data as readonly { readonly text: string }[]).map(({ text }) => text) : view;
};
const oom = 'pod taskmanager-1-9: OOMKilled';

test('on the screen timeline alone goes to its panel', async () => {
  expect(await textsOf('timeline', 'tui')).toEqual({ kind: 'timeline' });
});

test('in a shell timeline tells the last day, what other sessions saw as well, and nothing twice', async () => {
  expect(await textsOf('timeline')).toEqual([oom, 'failed', 'just now']);
});

test.each([
  ['timeline --since 2h', ['failed', 'just now']],
  ['timeline --since 40h --grep "long|oom"', ['long ago', oom]],
  ['timeline taskmanager-1-9', [oom]],
  ['timeline orders --since 2h', ['failed']],
])('%s tells only what is meant', async (line, texts) => {
  expect(await textsOf(line, 'tui')).toEqual(texts);
  expect(await textsOf(line)).toEqual(texts);
});

test('nothing that matches is a sentence', async () => {
  const { run, front } = at('tui');
  await run('timeline nothing-of-the-kind');
  expect(front.views[0]).toMatchObject({
    title: 'Timeline of nothing-of-the-kind',
    text: [expect.stringMatching(/^Nothing that matches has happened since /)],
  });
});

test.each([
  ['timeline --since yesterday', /"yesterday" is not a time/],
  ['timeline --grep "("', /"\(" is not a regular expression/],
])('%s is refused', async (line, says) => {
  expect(await at('tui').says(line)).toMatch(says);
});
