import { describe, expect, test } from 'vitest';
import type { Card, Incident } from '../../src/commands/model/card.ts';
import { cardMarkdown } from '../../src/commands/model/card-markdown.ts';
import type { Session } from '../../src/session/types.ts';
import { anIncident, cardOf, whyOf } from '../support/cards.ts';
import { logsOf, now, richLines, richSession } from './fixtures.ts';
import { ScreenUnderTest, type ScreenOptions } from './harness.ts';

const orders = '9f13c2'.padEnd(32, '0');
const tm = 'my-first-flink-cluster-taskmanager-1-1';

const link = (secondsAgo: number, text: string, over: Partial<Incident['chain'][number]> = {}): Incident['chain'][number] => ({
  at: now - secondsAgo * 1_000,
  from: 'k8s',
  severity: 'warn',
  text,
  place: { kind: 'log', pod: tm, at: now - secondsAgo * 1_000 },
  ...over,
});

const first = anIncident({
  at: now - 4_000,
  evidence: [
    {
      source: { kind: 'exception', task: 'Enrich (5/12)', pod: 'taskmanager-1-1' },
      at: now - 4_000,
      text: 'java.io.IOException: disk quota exceeded, which is a sentence that has no room in one row of a small screen',
    },
  ],
  conclusions: ['The disk is full.'],
  advice: ['ask for a larger disk.'],
  attempts: [{ at: now - 600_000, text: 'Rescale orders-enrichment to 4, which succeeded; it failed 9 min later' }],
  chain: [
    link(9, 'pod taskmanager-1-1 is low on disk'),
    link(4, 'it failed in Enrich', { from: 'flink', place: { kind: 'failure', job: orders, id: 'of then' } }),
  ],
});
const second = anIncident({
  subject: { kind: 'pod', name: tm },
  what: 'Pod taskmanager-1-1: Error (1).',
  cause: 'it ran out of file handles',
  at: now - 60_000,
});
const places: NonNullable<Parameters<typeof cardOf>[1]>['places'] = ({ subject }) => ({
  subject: subject.kind === 'job' ? { kind: 'job', job: subject.id } : { kind: 'pod', pod: tm },
  of: () => ({ kind: 'failure', job: orders, id: 'of then' }),
});
const both = cardOf([first, second], { places, unknown: ['what events tell: you may not list events.'] });

/** The screen with a card; `again`: what it says when it is read once more. */
async function onCard(card: Card = both, options: ScreenOptions & { readonly again?: () => Card } = {}): Promise<ScreenUnderTest> {
  const { again = () => card, ...rest } = options;
  const screen = new ScreenUnderTest({ session: richSession(), logs: logsOf(richLines()), ...rest });
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  await screen.front?.show(whyOf(card, again));
  await screen.place.sees('Why');
  return screen;
}

/** The rows of the card, without the room between their columns. */
const rowsOf = (screen: ScreenUnderTest): readonly string[] =>
  screen
    .panel('Why')
    .rows()
    .slice(1)
    .map((row) => row.replaceAll(/ +/g, ' ').trim())
    .filter((row) => row !== '');

describe('the card of an incident', () => {
  test('says in words what is a fact, what follows and what helps, and then what happened in order of time', async () => {
    await using screen = await onCard();
    await screen.panel('Why').sees('2 incidents');
    expect(rowsOf(screen)).toEqual([
      '▸ 11:34:16 1 of 2 Job orders-enrichment (9f13c2) is RESTARTING.',
      'Root cause java.io.IOException: disk quota exceeded',
      expect.stringMatching(/^11:34:16 Fact exception in Enrich \(5\/12\) on taskmanager-1-1: java.io.IOException: disk quota/),
      expect.stringMatching(/sentence that has no room in one row of a small screen$/),
      'It follows The disk is full.',
      'What helps ask for a larger disk.',
      expect.stringMatching(/^11:24:20 Tried Rescale orders-enrichment to 4, which succeeded; it failed 9 min later$/),
      'In order of time',
      '11:34:11 k8s pod taskmanager-1-1 is low on disk',
      '11:34:16 flink it failed in Enrich',
      '11:33:20 2 of 2 Pod taskmanager-1-1: Error (1).',
      'Root cause it ran out of file handles',
      'Not known what events tell: you may not list events.',
    ]);
  });

  test.each([
    [80, 24],
    [200, 50],
  ])('cuts nothing off at %dx%d', async (columns, rows) => {
    await using screen = await onCard(both, { columns, rows });
    const text = (): string => rowsOf(screen).join(' ').replaceAll(/ +/g, ' ');
    await screen.when('all of the fact is there', () => text().includes('no room in one row of a small screen'));
    expect(text()).not.toContain('…');
    screen.type('G');
    await screen.panel('Why').sees('you may not list events.');
  });

  test('has the incident of the worst problem selected', async () => {
    const session: Session = { ...richSession(), jobs: richSession().jobs.filter(({ state }) => state === 'RUNNING') };
    const bad = [...session.pods.values()].find(({ role }) => role === 'taskmanager');
    const pods = new Map(session.pods).set(tm, {
      ...(bad as NonNullable<typeof bad>),
      name: tm,
      severity: 'error',
      state: 'Error (1)',
      createdAt: 0,
    });
    await using screen = await onCard(both, { session: { ...session, pods } });
    await screen.panel('Why').sees('▸ 11:33:20 2 of 2');
  });

  test('without anything wrong is one sentence, which n has nothing to add to', async () => {
    await using screen = await onCard(cardOf([], { calm: ['No problems found.', 'The last one ended 26 min ago.'] }));
    expect(rowsOf(screen)).toEqual(['▸ No problems found.', 'The last one ended 26 min ago.']);
    await screen.panel('Why').sees('no incident');
    screen.type('n');
    await screen.result.sees('Nothing is wrong: there is no incident.');
  });
});

describe('keys of a card', () => {
  test('n and N step through the incidents, after the last one to the first', async () => {
    await using screen = await onCard();
    screen.type('n');
    await screen.panel('Why').sees('▸ 11:33:20 2 of 2');
    screen.type('n');
    await screen.panel('Why').sees('▸ 11:34:16 1 of 2');
    screen.type('N');
    await screen.panel('Why').sees('▸ 11:33:20 2 of 2');
  });

  test('n of a search goes to its next match', async () => {
    await using screen = await onCard();
    screen.type('fdisk⏎');
    await screen.panel('Why').sees(/▸ +Root cause/);
    screen.type('n');
    await screen.panel('Why').sees(/▸ 11:34:16 Fact/);
  });

  test.each([
    ['a job', '', '[1 Overview]'],
    ['a failure', 'j', '› failure'],
  ])('Enter leads to %s, and Esc back to the line', async (_, keys, place) => {
    await using screen = await onCard();
    screen.type(`${keys}⏎`);
    await screen.place.sees(place);
    screen.type('⎋');
    await screen.panel('Why').sees(keys === '' ? '▸ 11:34:16 1 of 2' : /▸ +Root cause/);
  });

  test('Enter on what happened leads to the log at that moment, and Esc back to the line', async () => {
    await using screen = await onCard();
    screen.type('/low on disk⏎⏎');
    await screen.panel('Log').sees('taskmanager-1-1');
    await screen.hints.sees('n N incidents');
    screen.type('⎋');
    await screen.panel('Why').sees('▸ 11:34:11 k8s');
  });

  test('Enter on a pod describes it', async () => {
    await using screen = await onCard();
    screen.type('n⏎');
    await screen.when('asks', () => screen.runner.ran.length > 0);
    expect(screen.runner.ran).toEqual([`describe ${tm}`]);
  });

  test('y copies what why -o markdown prints', async () => {
    await using screen = await onCard();
    screen.type('y');
    await screen.result.sees('Copied 2 incidents as Markdown.');
    const encoded = /\u001b\]52;c;([A-Za-z0-9+/=]*)/.exec(screen.stdout.written)?.[1] ?? '';
    expect(Buffer.from(encoded, 'base64').toString()).toBe(cardMarkdown(both, screen.store.get().target, now).join('\n'));
  });
});

/** Something happened, which the card tells. */
const happens = (screen: ScreenUnderTest): void =>
  screen.store.tell([
    { kind: 'timeline', at: now, line: { at: now, from: 'k8s', severity: 'warn', subject: undefined, text: 'something happened' } },
  ]);

test('a card on the screen follows what happens, and the selection follows its line', async () => {
  const newest = anIncident({ subject: { kind: 'job', id: 'b'.repeat(32), name: 'cars' }, what: 'Job cars failed.', at: now });
  let card = both;
  await using screen = await onCard(both, { again: () => card });
  screen.type('n');
  await screen.panel('Why').sees('▸ 11:33:20 2 of 2');
  card = cardOf([newest, first, second], { places });
  happens(screen);
  await screen.panel('Why').sees('▸ 11:33:20 3 of 3');
  await screen.panel('Why').sees('3 incidents');
});
