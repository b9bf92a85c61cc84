import { expect, test } from 'vitest';
import { type KnownNames, plainWords } from '../../../src/inside/log/plain-words.ts';
import { random } from '../../support/random.ts';

const job = 'a3a95f7ce9badeeda733d2390ecd94e3';
const other = 'e7e05fd3c791a48438132d2cc23e0b5c';
const attempt = `${other}_0a448493b4782967b150582570326227_4_3`;
const names: KnownNames = { clusterId: 'c1', jobs: new Map([[job, 'orders']]) };

test.each([
  [`Completed checkpoint 710 for job ${job} (84417 bytes).`, 'Completed checkpoint 710 for job orders (84417 bytes).'],
  [`Job orders (${job}) switched from state RUNNING to FAILING.`, 'Job orders (a3a95f) switched from state RUNNING to FAILING.'],
  [`Completed checkpoint 1 for job ${other}.`, 'Completed checkpoint 1 for job e7e05f.'],
  [`Enrich (5/12)#3 (${attempt}) switched from RUNNING to FAILED.`, 'Enrich (5/12)#3 switched from RUNNING to FAILED.'],
  [`Enrich (5/12) (${attempt}) switched from RUNNING to FAILED.`, 'Enrich (5/12) (#3) switched from RUNNING to FAILED.'],
  [`Discarding the results of ${attempt}.`, 'Discarding the results of #3.'],
  ['Lost connection to c1-taskmanager-1-13.', 'Lost connection to tm1-13.'],
  [
    'The container of other-c1-taskmanager-1-1x and c1-taskmanager-x ended.',
    'The container of other-c1-taskmanager-1-1x and c1-taskmanager-x ended.',
  ],
  [`${job}0 is longer than an id, and so is f${job}`, `${job}0 is longer than an id, and so is f${job}`],
  ['Triggering checkpoint 12', 'Triggering checkpoint 12'],
])('%s reads %s', (message, words) => {
  expect(plainWords(message, names)).toBe(words);
});

test('whatever a line says, it is said again in no more characters than the names need, and twice changes nothing', () => {
  const roll = random(3);
  const pieces = [job, other, attempt, 'c1-taskmanager-1-2', 'orders', '#1', ' (', ')', '_', 'a', ' ', '0', '-'];
  const wrong: string[] = [];
  for (let round = 0; round < 20_000; round += 1) {
    const message = Array.from({ length: roll(9) }, () => pieces[roll(pieces.length)] ?? '').join('');
    const words = plainWords(message, names);
    if (words.length > message.length || plainWords(words, names) !== words) wrong.push(message);
  }
  expect(wrong).toEqual([]);
});

test('a megabyte without an end is searched at its beginning only', () => {
  const message = `${job} ${`${attempt}_`.repeat(20_000)}`;
  expect(plainWords(message, names).slice(0, 7)).toBe('orders ');
  expect(plainWords(message, names).endsWith(message.slice(-1_000))).toBe(true);
});
