import { describe, expect, test } from 'vitest';
import {
  ask,
  belowQuestion,
  dialogOf,
  nothingOpen,
  open,
  promptOf,
  showsKeys,
  type Overlay,
  type PromptState,
} from '../../src/tui/state/overlay.ts';
import { detachQuestion, openQuestion } from '../../src/tui/state/question.ts';
import { scopesHere } from '../../src/tui/state/scopes.ts';
import { goTo } from '../../src/tui/state/trail.ts';
import { initialUi, type Ui } from '../../src/tui/state/ui.ts';
import { lineOf } from '../../src/tui/state/line-text.ts';
import { asking } from './states.ts';
import { reading } from './where.ts';

const prompt: PromptState = {
  purpose: 'filter',
  panel: 'pods',
  line: lineOf('task'),
  read: 'task',
  problem: undefined,
  before: { filter: undefined, search: undefined },
};
const prompting: Overlay = open(nothingOpen, { kind: 'prompt', prompt });
const keys: Overlay = open(nothingOpen, { kind: 'keys' });
const detach = openQuestion(detachQuestion('my-cluster'));
const phrase = asking({ phrase: 'my-cluster' });

describe('a question comes over what is open, and gives it back', () => {
  test.each([
    ['nothing', nothingOpen],
    ['a prompt', prompting],
    ['the list of keys', keys],
  ])('%s', (_, before) => {
    const asked = ask(before, detach);
    expect(dialogOf(asked)).toBe(detach);
    expect(belowQuestion(asked)).toEqual(before);
    expect(dialogOf(belowQuestion(asked))).toBeUndefined();
  });
});

test('what is behind a question is open still, and can be closed behind it', () => {
  expect(promptOf(ask(prompting, detach))).toBe(prompt);
  expect(showsKeys(ask(keys, detach))).toBe(true);
  expect(open(ask(keys, detach), nothingOpen)).toEqual(ask(nothingOpen, detach));
});

test('a question that is asked as it is now keeps what is behind it', () => {
  expect(ask(ask(prompting, detach), { ...detach, problem: 'no' })).toEqual(ask(prompting, { ...detach, problem: 'no' }));
});

describe('a key is looked for in what lies uppermost', () => {
  const ui = initialUi({ theme: 'dark', mouse: false });
  const inPods: Ui = { ...ui, trail: goTo(ui.trail, 'pods') };
  const size = { columns: 120, rows: 40 };
  test.each<readonly [string, Ui, readonly string[]]>([
    ['the command line', ui, ['command', 'edit', 'everywhere']],
    ['a table', inPods, ['pods', 'list', 'panel', 'everywhere']],
    ['a text', { ...ui, ...reading(['one']) }, ['text', 'panel', 'everywhere']],
    ['a prompt over a text', { ...ui, ...reading(['one']), overlay: prompting }, ['prompt', 'edit', 'everywhere']],
    [
      'a question over a prompt over a text',
      { ...ui, ...reading(['one']), overlay: ask(prompting, detach) },
      ['dialog', 'decline', 'agree', 'everywhere'],
    ],
    ['a question that asks for a phrase', { ...inPods, overlay: ask(nothingOpen, phrase) }, ['dialog', 'edit', 'everywhere']],
    ['the panel below the list of keys', { ...inPods, overlay: keys }, ['pods', 'list', 'panel', 'everywhere']],
  ])('%s', (_, now, wanted) => {
    expect(scopesHere(now, size)).toEqual(wanted);
  });

  test('and on a screen that is too small only everywhere', () => {
    expect(scopesHere({ ...inPods, overlay: ask(nothingOpen, detach) }, { columns: 40, rows: 10 })).toEqual(['everywhere']);
  });
});
