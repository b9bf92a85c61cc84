import { expect, test } from 'vitest';
import type { Card } from '../../../src/commands/model/card.ts';
import { IncidentPanel } from '../../../src/tui/components/incident-panel.tsx';
import { atStart } from '../../../src/tui/state/places/home.ts';
import { incidentPlace } from '../../../src/tui/state/places/incident.ts';
import { enter } from '../../../src/tui/state/trail.ts';
import type { Frame } from '../../../src/tui/state/ui.ts';
import { anIncident, cardOf } from '../../support/cards.ts';
import { filterOf, now, richSession } from '../fixtures.ts';
import { frame, show, withList } from './show.tsx';

const room = { width: 100, height: 9 };
const area = { x: 0, y: 0, ...room };
const trailOf = (card: Card) => enter([atStart], incidentPlace({ about: undefined, card, again: async () => card }, atStart));
const card = cardOf([anIncident({ at: now, conclusions: ['The disk is full.'], advice: ['ask for a larger disk.'] })]);

const panel = (shown: Card, over: Partial<Frame> = {}) => show(<IncidentPanel area={area} />, frame(over, { trail: trailOf(shown) }), room);

test('an incident: what is wrong, why, what follows and what helps', () => {
  expect(panel(card).text()).toMatchInlineSnapshot(`
    "╭ Why ───────────────────────────────────────────────────────────────────────────── 4 · 1 incident ╮
    │   WHEN     WHAT       IN WORDS                                                                   │
    │   11:34:20            Job orders-enrichment (9f13c2) is RESTARTING.                              │
    │            Root cause java.io.IOException: disk quota exceeded                                   │
    │            It follows The disk is full.                                                          │
    │            What helps ask for a larger disk.                                                     │
    │                                                                                                  │
    │                                                                                                  │
    ╰──────────────────────────────────────────────────────────────────────────────────────────────────╯"
  `);
});

test('nothing wrong is a sentence; without a match, so is that', () => {
  expect(panel(cardOf([], { calm: ['No problems found.'] })).text()).toContain('No problems found.');
  const filtered = withList('incident', { filter: filterOf('zzz') }, {}, { trail: trailOf(card) });
  expect(show(<IncidentPanel area={area} />, filtered, room).text()).toContain('No line matches zzz');
});

test('what is only possible says so without a colour', () => {
  const possible = { rule: 'heartbeat', text: 'it is cut off', evidence: [], conclusions: [], advice: [] };
  const unproved = panel(cardOf([anIncident({ cause: undefined, possible: [possible] })])).text();
  expect(unproved).toMatch(/Root cause not known/);
  expect(unproved).toMatch(/Not proved it is cut off/);
});

test('it is drawn again for another card, and not for what it does not show', async () => {
  const { drawnSince, next, text } = panel(card);
  drawnSince();
  await next((before) => ({ now: before.now + 10, session: { ...richSession(), pods: new Map(), jobs: [], timeline: [] } }));
  expect(drawnSince()).toBe(0);
  await next(({ ui }) => ({ ui: { ...ui, trail: trailOf(cardOf([], { calm: ['No problems found.'] })) } }));
  expect(drawnSince()).toBe(1);
  expect(text()).toContain('No problems found.');
});
