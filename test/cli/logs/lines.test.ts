import { describe, expect, test } from 'vitest';
import { byTime, Handover } from '../../../src/support/by-time.ts';
import { type KeptLine, lineChooser, type Wish } from '../../../src/cli/logs/kept-lines.ts';
import { jsonFormat, type PodLine, textFormat } from '../../../src/cli/logs/line-format.ts';
import { detectLevel } from '../../../src/session/logs/log4j.ts';
import { usualReader } from '../../support/fakes.ts';
import { logLine } from '../../support/log-line.ts';
import { random } from '../../support/random.ts';

const log = [
  '2026-11-22 11:27:32,618 INFO  a.B [] - Triggering checkpoint 1',
  '2026-11-22 11:27:32,619 WARN  a.B [] - Could not load it',
  'java.io.IOException: no such bucket',
  '\tat x.Y.read(Y.java:1)',
  'printed by a program',
  '2026-11-22 11:27:32,620 ERROR a.B [] - Gave up',
];

const kept = (wish: Partial<Wish>): readonly string[] => {
  const choose = lineChooser(detectLevel, { level: undefined, matches: undefined, firstMatches: undefined, ...wish });
  return log.flatMap((text) => choose(logLine(1, text))).map(({ text }) => text);
};

describe('which lines are printed', () => {
  test('all of them without a wish', () => {
    expect(kept({})).toEqual(log);
  });

  test('a level brings the stack traces of its entries, and no line without a level', () => {
    expect(kept({ level: 'WARN' })).toEqual([log[1], log[2], log[3], log[5]]);
  });

  test('a match anywhere in an entry brings all of its lines', () => {
    expect(kept({ matches: (text) => text.includes('bucket') })).toEqual([log[1], log[2], log[3]]);
    expect(kept({ matches: (text) => text.includes('Y.java') })).toEqual([log[1], log[2], log[3]]);
    expect(kept({ matches: (text) => text.includes('program') })).toEqual([log[4]]);
  });

  test('an inverted pattern leaves out entries whose first line has it, with their stack traces', () => {
    expect(kept({ firstMatches: (text) => !text.includes('Could not') })).toEqual([log[0], log[4], log[5]]);
    expect(kept({ firstMatches: (text) => !text.includes('bucket') })).toEqual(log);
  });

  test('what is looked for may be in another line than what is left out', () => {
    const matches = (text: string): boolean => text.includes('bucket') || text.includes('Gave');
    expect(kept({ matches, firstMatches: (text) => !text.includes('ERROR') })).toEqual([log[1], log[2], log[3]]);
  });

  test('both wishes must hold', () => {
    expect(kept({ level: 'ERROR', matches: (text) => text.includes('no such') })).toEqual([]);
  });
});

describe('in the order of time', () => {
  interface Item {
    readonly at: number;
    readonly from: number;
    readonly number: number;
  }
  async function* source(batches: readonly (readonly Item[])[]): AsyncGenerator<readonly Item[], void, undefined> {
    yield* batches;
  }

  test('no line is lost, the lines of a log stay in their order, and no older one comes after a younger one', async () => {
    const roll = random(5);
    for (let round = 0; round < 200; round += 1) {
      const logs = Array.from({ length: roll(5) }, (_, from) => {
        let at = 0;
        let number = 0;
        return Array.from({ length: roll(6) }, () =>
          Array.from({ length: roll(4) }, (): Item => ({ at: (at += roll(3)), from, number: number++ })),
        );
      });
      const merged: Item[] = [];
      for await (const items of byTime(logs.map(source))) merged.push(...items);
      expect(merged.map(({ at }) => at)).toEqual(merged.map(({ at }) => at).toSorted((a, b) => a - b));
      for (const [from, batches] of logs.entries()) expect(merged.filter((item) => item.from === from)).toEqual(batches.flat());
    }
  });

  test('a line that is stamped a moment too early does not overtake the one before it', async () => {
    const items = [5, 4, 6].map((at, number) => ({ at, from: 0, number }));
    const other = [{ at: 4, from: 1, number: 0 }];
    const merged: Item[] = [];
    for await (const some of byTime([source([items]), source([other])])) merged.push(...some);
    expect(merged.map(({ from, number }) => `${from}.${number}`)).toEqual(['1.0', '0.0', '0.1', '0.2']);
  });

  test('whoever gives lines waits until they are taken', async () => {
    const handover = new Handover<number>();
    const told: string[] = [];
    const giving = handover.give([1, 2]).then(() => told.push('taken'));
    const taking = handover[Symbol.asyncIterator]();
    expect(told).toEqual([]);
    expect(await taking.next()).toEqual({ done: false, value: [1, 2] });
    await giving;
    handover.end();
    expect(await taking.next()).toEqual({ done: true, value: undefined });
    expect(told).toEqual(['taken']);
  });
});

describe('how a line looks', () => {
  const line = (over: Partial<PodLine> & Partial<KeptLine>): PodLine => ({
    at: Date.UTC(2026, 10, 22, 11, 27, 32, 619),
    pod: { name: 'c1-taskmanager-1-3', brief: 'tm1-3' },
    text: log[1] ?? '',
    level: 'WARN',
    begins: true,
    ...over,
  });

  test('behind the name of its pod, or alone', () => {
    expect(textFormat({ named: true, coloured: false })(line({}))).toBe(`tm1-3  ${log[1]}`);
    expect(textFormat({ named: false, coloured: false })(line({}))).toBe(log[1]);
  });

  test('a pod has one colour, and a pipe has none, not even those of the line', () => {
    const coloured = textFormat({ named: true, coloured: true });
    const text = '\u001b[31mred\u001b[0m';
    const start = /^\u001b\[\d+m/.exec(coloured(line({})))?.[0];
    expect(coloured(line({ text }))).toBe(`${start}tm1-3 \u001b[0m ${text}`);
    expect(textFormat({ named: true, coloured: false })(line({ text }))).toBe('tm1-3  red');
  });

  test('as JSON with the parts that its layout has', () => {
    const json = jsonFormat(usualReader.head);
    expect(JSON.parse(json(line({})))).toEqual({
      time: '2026-11-22T11:27:32.619Z',
      pod: 'c1-taskmanager-1-3',
      level: 'WARN',
      logger: 'a.B',
      thread: null,
      message: 'Could not load it',
      begins: true,
    });
    expect(JSON.parse(json(line({ text: log[3] ?? '', begins: false })))).toMatchObject({
      level: 'WARN',
      logger: null,
      message: log[3],
      begins: false,
    });
  });
});
