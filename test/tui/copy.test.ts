import { describe, expect, test } from 'vitest';
import type { Operation, Session } from '../../src/session/types.ts';
import { clipboardSequence, mostCopied } from '../../src/tui/terminal/clipboard.ts';
import { ScreenWriter, type TerminalOutput } from '../../src/tui/terminal/screen-writer.ts';
import { logsOf, now, richLines, richSession } from './fixtures.ts';
import { ScreenUnderTest, type ScreenOptions } from './harness.ts';

/** What a terminal makes of OSC 52. */
const copied = (written: string): string | undefined => {
  const [, base64] = [...written.matchAll(/\u001b\]52;c;([A-Za-z0-9+/=]*)\u0007/g)].at(-1) ?? [];
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64').toString('utf8');
};

const inPanels = async (options: ScreenOptions = {}): Promise<ScreenUnderTest> => {
  const screen = new ScreenUnderTest(options);
  await screen.panel('Pods').sees('jobmanager');
  screen.type('⎋');
  await screen.panel('Pods').sees('d describe');
  return screen;
};

const operation = (over: Partial<Operation>): Operation => ({
  id: '1',
  title: 'Savepoint of orders',
  kind: 'savepoint',
  jobId: undefined,
  startedAt: now - 9_000,
  endedAt: now,
  state: 'succeeded',
  progress: undefined,
  result: 's3://savepoints/savepoint-1',
  ...over,
});
const withOperation = (over: Partial<Operation> = {}): Session => ({ ...richSession(), operations: [operation(over)] });

describe('y copies', () => {
  test('the full name of a pod', async () => {
    await using screen = await inPanels();
    screen.type('jy');
    await screen.result.sees('Copied the pod name my-first-flink-cluster-taskmanager-1-1.');
    expect(copied(screen.stdout.written)).toBe('my-first-flink-cluster-taskmanager-1-1');
  });

  test('the full id of a job', async () => {
    await using screen = await inPanels();
    screen.type('2y');
    await screen.result.sees('Copied the job id 9f13c2');
    expect(copied(screen.stdout.written)).toBe('9f13c2'.padEnd(32, '0'));
  });

  test.each([
    [{}, 'Copied the savepoint path.', 's3://savepoints/savepoint-1'],
    [{ kind: 'submit', result: '9f13c2' } as const, 'Copied the job id.', '9f13c2'],
    [{ state: 'failed', result: 'The JobManager is away.' } as const, 'Copied the reason of the failure.', 'The JobManager is away.'],
    [{ state: 'running', result: undefined } as const, 'Savepoint of orders has no result yet.', undefined],
  ])('the result of an operation: %j', async (over, sentence, text) => {
    await using screen = await inPanels({ session: withOperation(over) });
    screen.type('3jy');
    await screen.result.sees(sentence);
    expect(copied(screen.stdout.written)).toBe(text);
  });

  test('a line of the log, whole and without its colours', async () => {
    const text = `2026-11-22 11:34:16,221 INFO  a.B [] - \u001b[32mgreen\u001b[39m ${'word '.repeat(60)}end`;
    await using screen = await inPanels({ logs: logsOf([{ at: now, pod: 'p', level: 'INFO', timeline: undefined, text }]) });
    screen.type('5y');
    await screen.result.sees(/Copied the line of \d\d:34:20\.500\./);
    expect(copied(screen.stdout.written)).toBe(text.replace('\u001b[32m', '').replace('\u001b[39m', ''));
  });

  test('the line that was found', async () => {
    await using screen = await inPanels();
    screen.type('5fframe9⏎');
    await screen.panel('Log').sees('find frame9');
    screen.type('y');
    await screen.when('copied', () => copied(screen.stdout.written)?.includes('frame9(Task.java:109)') === true);
  });

  test('the exception where its frames are folded away', async () => {
    const trace = richLines().findLastIndex(({ text }) => text.includes('frame13'));
    await using screen = await inPanels({ logs: logsOf(richLines().slice(0, trace + 1)) });
    screen.type('5y');
    await screen.when('copied', () => copied(screen.stdout.written) === 'java.lang.OutOfMemoryError: Java heap space');
  });

  test('all of a text, or the line that was found', async () => {
    await using screen = await inPanels();
    screen.front?.show({ kind: 'help', text: ['one', 'two words', 'three'] }) as void;
    await screen.panel('Help').sees('y copy');
    screen.type('y');
    await screen.result.sees('Copied all 3 lines.');
    expect(copied(screen.stdout.written)).toBe('one\ntwo words\nthree');
    screen.type('ftwo⏎');
    await screen.panel('Help').sees('▸two words');
    screen.type('y');
    await screen.result.sees('Copied line 2.');
    expect(copied(screen.stdout.written)).toBe('two words');
  });

  test('what is too long is cut, and said', async () => {
    await using screen = await inPanels();
    screen.front?.show({ kind: 'help', text: ['ü'.repeat(60_000)] }) as void;
    await screen.panel('Help').sees('y copy');
    screen.type('y');
    await screen.result.sees('Copied the first 74 kB of the line: a terminal takes no more at once.');
    expect(copied(screen.stdout.written)).toBe('ü'.repeat(37_000));
  });
});

describe('the sequence', () => {
  test('never ends within a character', () => {
    const { sequence, bytes, cut } = clipboardSequence(`x${'語'.repeat(30_000)}`, {});
    expect({ bytes, cut }).toEqual({ bytes: 73_999, cut: true });
    expect(copied(sequence)).toBe(`x${'語'.repeat(24_666)}`);
    expect(sequence.length).toBeLessThan(100_000);
    expect(clipboardSequence('x'.repeat(mostCopied), {}).cut).toBe(false);
  });

  test('is handed through tmux, for the one as for the other setting', () => {
    expect(clipboardSequence('a', { TMUX: '/tmp/tmux' }).sequence).toBe(
      '\u001b]52;c;YQ==\u0007\u001bPtmux;\u001b\u001b]52;c;YQ==\u0007\u001b\\',
    );
  });

  test('is handed through screen in parts that it takes', () => {
    const { sequence } = clipboardSequence('word '.repeat(1_000), { STY: '1.pts' });
    const parts = [...sequence.matchAll(/\u001bP([^]*?)\u001b\\/g)].map(([, part = '']) => part);
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(768);
    expect(copied(parts.join(''))).toBe('word '.repeat(1_000));
  });

  test('stands between frames, and is dropped while the terminal is not ours', () => {
    const written: string[] = [];
    const output: TerminalOutput = {
      columns: 20,
      rows: 2,
      writableLength: 0,
      write: (text) => {
        written.push(text);
        return true;
      },
      on() {},
      off() {},
    };
    using writer = new ScreenWriter(output, () => 0);
    writer.send('lost');
    writer.start();
    writer.paint('one\ntwo');
    writer.send('\u001b]52;c;YQ==\u0007');
    writer.paint('one\nthree');
    expect(written).toHaveLength(3);
    expect(written[1]).toBe('\u001b]52;c;YQ==\u0007');
    expect(written[2]).toMatch(/^\u001b\[\?2026h.*three.*\u001b\[\?2026l$/);
  });
});
