import { expect, test } from 'vitest';
import { PanelSafely } from '../../../src/tui/components/base/panel-safely.tsx';
import { TextPanel } from '../../../src/tui/components/text-panel.tsx';
import type { TextState } from '../../../src/tui/state/places/text.ts';
import { withText } from '../../../src/tui/state/trail.ts';
import { filterOf, now } from '../fixtures.ts';
import { area, frame, show } from './show.tsx';
import { reading } from '../where.ts';

const all = Array.from({ length: 30 }, (_, index) => `line ${index} of the text`);
const open = (over: Partial<TextState> = {}) => frame({}, reading(all, { title: 'Pod taskmanager-1-1', top: 4, ...over }));

test('a text from its place on, with its title and a thumb', () => {
  expect(show(<TextPanel area={area} />, open({ asOf: now })).text()).toMatchInlineSnapshot(`
    "╭ Pod taskmanager-1-1 ────────────────────────── as of 11:34:20 · 5/30 ╮
    │ line 4 of the text                                                   │
    │ line 5 of the text                                                   ┃
    │ line 6 of the text                                                   ┃
    │ line 7 of the text                                                   │
    │ line 8 of the text                                                   │
    │ line 9 of the text                                                   │
    │ line 10 of the text                                                  │
    ╰──────────────────────── f find  y copy  Esc close  / filter  z zoom ─╯"
  `);
});

test('of a text about a job or a pod the border names the key that leads to its log', () => {
  expect(show(<TextPanel area={area} />, open()).text()).not.toContain('l log');
  expect(show(<TextPanel area={area} />, open({ about: { kind: 'pod', name: 'p' } })).text()).toContain('l log');
});

test('what is found is marked, and stands in the title', () => {
  const { text, raw } = show(<TextPanel area={area} />, open({ search: filterOf('line 5'), found: 5 }));
  expect(text()).toContain('▸line 5 of the text');
  expect(text()).toContain('find line 5 ↓ 1 of 1');
  expect(raw()).toMatch(/\u001b\[7m.*line 5\u001b\[/);
});

test('a filter stands in the title, and says when no line matches', () => {
  expect(show(<TextPanel area={area} />, open({ filter: filterOf('line 2'), lines: all.slice(20), top: 0 })).text()).toMatch(
    /Pod taskmanager-1-1 \/line 2 .* 10 of 30 lines/,
  );
  expect(show(<TextPanel area={area} />, open({ filter: filterOf('zzz'), lines: [], top: 0 })).text()).toContain('No line matches zzz');
});

test('it is drawn again when it is scrolled, and not for what happens elsewhere', async () => {
  const { drawnSince, next, text } = show(<TextPanel area={area} />, open());
  drawnSince();
  await next((before) => ({ now: before.now + 5_000, session: { ...before.session, jobs: [], pods: new Map() } }));
  expect(drawnSince()).toBe(0);
  await next((before) => ({ ui: { ...before.ui, trail: withText(before.ui.trail, (read) => ({ ...read, top: 5 })) } }));
  expect(drawnSince()).toBe(1);
  expect(text()).not.toContain('line 4 ');
});

test('a defect is shown in its place', () => {
  expect(
    show(
      <PanelSafely name="text" area={area}>
        <TextPanel area={area} />
      </PanelSafely>,
      open({ lines: null as never }),
    ).text(),
  ).toContain('This panel cannot be drawn:');
});
