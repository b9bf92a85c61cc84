import { describe, expect, test } from 'vitest';
import { highlight, matchAt, matches, readFilter } from '../../src/tui/state/filter.ts';
import { filterOf, log4j, logsOf, now } from './fixtures.ts';
import { ScreenUnderTest } from './harness.ts';

const lines = ['orders: checkpoint 7', 'orders: record 8', 'payments: record 9', 'Orders: slot'];
const passing = (text: string): readonly string[] => lines.filter((line) => matches(filterOf(text), line));

describe('a filter of several expressions', () => {
  test('shows what matches all of them, and leaves out what matches one behind !', () => {
    expect(passing('orders && record')).toEqual([lines[1]]);
    expect(passing('orders && !checkpoint && !slot')).toEqual([lines[1]]);
    expect(passing('!orders && !7')).toEqual([lines[2]]);
    expect(passing('Orders && slot')).toEqual([lines[3]]);
  });

  test('is what it was while the next one is not typed yet', () => {
    for (const typed of ['orders', 'orders &&', 'orders && ', 'orders && !'])
      expect(passing(typed)).toEqual([lines[0], lines[1], lines[3]]);
    expect(readFilter('!')).toEqual({ kind: 'filter', filter: undefined });
    expect(readFilter(' && ')).toEqual({ kind: 'filter', filter: undefined });
  });

  test('is told from && in an expression by the spaces around it', () => {
    expect(matches(filterOf('a&&b'), 'if (a&&b)')).toBe(true);
    expect(matches(filterOf('a&&b'), 'a and b')).toBe(false);
  });

  test('of which one is none says so', () => {
    expect(readFilter('orders && [z-a]').kind).not.toBe('filter');
  });

  test('marks what it looks for, also where two match the same', () => {
    const paint = (hit: string): string => `<${hit}>`;
    expect(highlight(filterOf('record && orders && !slot'), 'orders: record', paint)).toBe('<orders>: <record>');
    expect(highlight(filterOf('orders && ders: r'), 'orders: record', paint)).toBe('<orders><: r>ecord');
    expect(highlight(filterOf('!slot'), 'orders', paint)).toBe('orders');
    expect(matchAt(filterOf('record && orders'), 'the orders: record')).toBe(4);
  });
});

test('in the log, what is left out goes and what is left is marked and counted', async () => {
  const log = lines.map((message, index) => log4j(now + index, 'p', 'INFO', message));
  await using screen = new ScreenUnderTest({ logs: logsOf(log) });
  await screen.panel('Log').sees('following');
  screen.type('⎋5/orders && !checkpoint && !slot');
  await screen.commandLine.sees('! in front leaves out, && adds another');
  screen.type('⏎');
  await screen.panel('Log').sees('/orders && !checkpoint && !slot');
  await screen.panel('Log').sees('orders: record 8');
  await screen.panel('Log').seesNo('checkpoint 7');
  expect(screen.panel('Log').text()).toContain('1 of ');
});
