import { expect, test } from 'vitest';
import { monkey } from './monkey/monkey.ts';

const minutes = Number(process.env['DREY_MONKEY_MINUTES'] ?? '0');
const wanted = process.env['DREY_MONKEY_SEED'];

/** Moves of one seed. */
const MOVES = 300;

test(
  'random keys, pastes, sizes, commands and faults: nothing goes that was not agreed to, and the terminal can always be left whole',
  async () => {
    const end = wanted === undefined ? Date.now() + minutes * 60_000 : 0;
    let seed = Number(wanted ?? '1');
    do {
      const feats = await monkey(seed, MOVES);
      expect(feats.sessions).toBeGreaterThan(0);
      if (minutes > 0) console.log(`seed ${seed}: ${JSON.stringify(feats)}`);
      seed += 1;
    } while (Date.now() < end);
  },
  (minutes + 5) * 60_000,
);
