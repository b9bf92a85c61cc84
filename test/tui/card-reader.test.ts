import { expect, test } from 'vitest';
import type { Card } from '../../src/commands/model/card.ts';
import type { Session } from '../../src/session/types.ts';
import { CardReader } from '../../src/tui/actions/card-reader.ts';
import { atStart } from '../../src/tui/state/places/home.ts';
import { incidentPlace } from '../../src/tui/state/places/incident.ts';
import { enter, leave, type Trail } from '../../src/tui/state/trail.ts';
import { anIncident, cardOf } from '../support/cards.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { frameOf, now, richSession } from './fixtures.ts';

const size = { columns: 100, rows: 40 };
const shown = cardOf([anIncident()]);

/** A card on the screen, and how often it is read again and drawn. */
function following(read: () => Card = () => shown) {
  const clock = new FakeClock();
  const signals: AbortSignal[] = [];
  const news: Card[] = [];
  const work: Promise<void>[] = [];
  const place = incidentPlace(
    {
      about: undefined,
      card: shown,
      async again(signal) {
        signals.push(signal);
        return read();
      },
    },
    atStart,
  );
  const reader = new CardReader({ clock, show: (_, card) => news.push(card), background: (each) => void work.push(each) });
  const onIt: Trail = enter([atStart], place);
  return {
    signals,
    news,
    /** A frame some time later, and what it led to. */
    async frame(session: Session, laterMs: number, trail = onIt) {
      await clock.advance(laterMs);
      reader.look(frameOf(size, { session }, { trail }));
      await Promise.all(work);
    },
    away: leave(onIt),
  };
}

const session = richSession();
const happened: Session = {
  ...session,
  timeline: [...session.timeline, { at: now, from: 'k8s', severity: 'warn', subject: undefined, text: 'something happened' }],
};

test('a card is read again when something happened, at most once a second', async () => {
  const at = following();
  await at.frame(session, 0);
  await at.frame(session, 5_000);
  expect(at.signals).toHaveLength(0);
  await at.frame(happened, 10);
  expect(at.signals).toHaveLength(1);
  await at.frame({ ...happened, timeline: [] }, 500);
  expect(at.signals).toHaveLength(1);
  await at.frame({ ...happened, timeline: [] }, 500);
  expect(at.signals).toHaveLength(2);
});

test('lines of logs, usage and what places read are no reason to read it again', async () => {
  const at = following();
  await at.frame(session, 0);
  await at.frame({ ...session, logs: new Map(), usage: new Map(), inspections: new Map() }, 5_000);
  expect(at.signals).toHaveLength(0);
});

test('what counts as recent ends by itself: it is looked at every half minute', async () => {
  const at = following();
  await at.frame(session, 0);
  await at.frame(session, 30_000);
  expect(at.signals).toHaveLength(1);
});

test('a moment of the past has a card of its own', async () => {
  const at = following();
  await at.frame(session, 0);
  await at.frame({ ...session, past: now - 60_000 }, 1_000);
  expect(at.signals).toHaveLength(1);
});

test('a card that says the same is not drawn again, one that says something else is', async () => {
  let card = cardOf([anIncident()]);
  const at = following(() => card);
  await at.frame(session, 0);
  await at.frame(happened, 1_000);
  expect(at.news).toEqual([]);
  card = cardOf([]);
  await at.frame(session, 1_000);
  expect(at.news).toEqual([card]);
});

test('a card that was left is not read, and the reading of it ends', async () => {
  const at = following();
  await at.frame(session, 0);
  await at.frame(happened, 1_000);
  await at.frame(happened, 10, at.away);
  await at.frame(session, 60_000, at.away);
  expect(at.signals).toHaveLength(1);
  expect(at.news).toEqual([]);
});
