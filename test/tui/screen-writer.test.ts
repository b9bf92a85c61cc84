import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import { describe, expect, test } from 'vitest';
import { width } from '../../src/support/text-width.ts';
import { commonEnd, commonStart, ScreenWriter } from '../../src/tui/terminal/screen-writer.ts';

class Output extends EventEmitter {
  columns = 40;
  rows = 8;
  /** Signs that it has not taken. */
  writableLength = 0;
  full = false;
  #untaken: (() => void)[] = [];
  readonly written: string[] = [];
  readonly screen = new headless.Terminal({ cols: 40, rows: 8, allowProposedApi: true, scrollback: 0 });

  write(text: string, written: () => void = () => {}): boolean {
    this.written.push(text);
    this.screen.write(text);
    if (this.full) {
      this.writableLength += text.length;
      this.#untaken.push(written);
    } else queueMicrotask(written);
    return true;
  }

  /** Takes what was written. */
  take(): void {
    this.full = false;
    this.writableLength = 0;
    for (const written of this.#untaken.splice(0)) written();
  }

  /** Every cell with its style, when all that was written is drawn. */
  async picture(): Promise<string> {
    await new Promise<void>((resolve) => this.screen.write('', resolve));
    const { active } = this.screen.buffer;
    const rows = Array.from({ length: this.rows }, (_, y) =>
      Array.from({ length: this.columns }, (__, x) => {
        const cell = active.getLine(y)?.getCell(x);
        return cell === undefined ? '' : `${cell.getChars()}/${cell.getFgColor()}/${cell.isBold()}/${cell.isInverse()}`;
      }).join(','),
    );
    return rows.join('\n');
  }
}

/** The same numbers each time. */
function numbers(seed: number): (most: number) => number {
  let state = seed;
  return (most) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % most;
  };
}

const pieces = [
  'a',
  'b ',
  'long word ',
  '│',
  '──',
  '日本',
  '👍',
  'e\u0301',
  '\u001b[31mred\u001b[39m',
  '\u001b[1mbold\u001b[22m ',
  '\u001b[7m语 inverse\u001b[27m',
  '\u001b[38;5;99mx\u001b[39m',
  '◽',
  '⚡️',
  ' ',
];

function randomFrame(next: (most: number) => number, before: string | undefined): string {
  const rows = before?.split('\n') ?? Array.from({ length: 8 }, () => '');
  return rows
    .map((row) => {
      if (before !== undefined && next(3) > 0) return row;
      // And often something in the middle, as an age does.
      const letters = [...row.matchAll(/\u001b\[[\d;]*m|[a-z0-9日語]/g)].filter(({ 0: sign, index }) => sign.length === 1 && index >= 12);
      const letter = letters[next(Math.max(1, letters.length))];
      if (letter !== undefined && next(2) === 0)
        return row.slice(0, letter.index) + (['7', 'x', '語', 'e\u0301', '\u001b[1mb'][next(5)] ?? '') + row.slice(letter.index + 1);
      // Often only the end changes, as in a log or a table.
      let text = next(2) === 0 ? '' : row.slice(0, row.indexOf('\u001b') === -1 ? 12 : row.indexOf('\u001b'));
      for (let count = next(7); count > 0; count--) text += pieces[next(pieces.length)] ?? '';
      return [...text].length > 18 ? '' : text;
    })
    .join('\n');
}

// The emulator has the widths of Unicode 6, where an emoji is one cell and its parts are one each: it disagrees with all of these.
test.each(['👩\u200d👩\u200d👧\u200d👦', '❤\ufe0f', '🏳\ufe0f\u200d🌈', '🇩🇪', '👍🏽', '🧑🏽\u200d💻', 'e\u0301\u0302', 'क्षि', '☺\ufe0f'])(
  'a border stands where it belongs behind %j, and nothing is left behind',
  async (text) => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.start();
    const row = (content: string): string => {
      const cells = width(content);
      return `│${content}${' '.repeat(37 - cells)} │`;
    };
    const frame = (content: string): string => Array.from({ length: 8 }, (_, y) => row(y % 2 === 0 ? content : 'plain text')).join('\n');
    const column = (x: number): string[] =>
      Array.from({ length: 8 }, (_, y) => output.screen.buffer.active.getLine(y)?.getCell(x)?.getChars() ?? '');
    for (const content of [`a ${text} b`, `${text}${text} x`, `a name that is long ${text} c`]) {
      writer.paint(frame(content));
      await output.picture();
      expect(column(39)).toEqual(Array.from({ length: 8 }, () => '│'));
      expect(column(0)).toEqual(Array.from({ length: 8 }, () => '│'));
    }
    writer.paint(frame('gone'));
    const bare = new Output();
    using other = new ScreenWriter(bare, () => 0);
    other.start();
    other.paint(frame('gone'));
    expect(await output.picture()).toBe(await bare.picture());
  },
);

describe('only what changed is written', () => {
  test('after any stream of frames the screen is as after drawing the last one whole', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const next = numbers(seed);
      const output = new Output();
      using writer = new ScreenWriter(output, () => 0);
      writer.start();
      let frame = randomFrame(next, undefined);
      for (let step = 0; step < 30; step++) {
        writer.paint(frame);
        frame = randomFrame(next, frame);
      }
      writer.paint(frame);
      const picture = await output.picture();
      writer.repaint();
      expect(await output.picture(), `seed ${seed}`).toBe(picture);
    }
  });

  test('a line that did not change is not written, a beginning that did not change neither', () => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.start();
    writer.paint('first line\nthe second line ends with 1\nlast');
    writer.paint('first line\nthe second line ends with 2\nlast');
    expect(output.written[1]).toBe('\u001b[?2026h\u001b[2;27H2\u001b[0m\u001b[K\u001b[?2026l');
    writer.paint('first line\nthe second line ends with 2\nlast');
    expect(output.written).toHaveLength(2);
  });

  test('an end that did not change is not written, where what comes before it takes as many cells', () => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.start();
    writer.paint('taskmanager-1 \u001b[32mRunning 59s │ the same\u001b[39m');
    writer.paint('taskmanager-1 \u001b[32mRunning 60s │ the same\u001b[39m');
    expect(output.written[1]).toBe('\u001b[?2026h\u001b[1;23H\u001b[32m60\u001b[0m\u001b[?2026l');
  });

  test('the last cell of a full line stays: nothing is erased behind it', async () => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.start();
    writer.paint('x'.repeat(40));
    writer.paint(`${'x'.repeat(39)}y`);
    expect(await output.picture()).toContain('y/');
    // Terminals differ in where the cursor is after the last cell; this one would forgive it.
    for (const text of output.written) expect(text).not.toContain('\u001b[K');
  });

  test('a frame that is too tall never scrolls the screen', async () => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.start();
    writer.paint(Array.from({ length: 20 }, (_, row) => `row ${row}`).join('\n'));
    expect((await output.picture()).split('\n')[0]).toMatch(/^r.*,o.*,w/);
  });

  test('what somebody else wrote is drawn over after forgetting', async () => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.start();
    writer.paint('mine\nand mine');
    const picture = await output.picture();
    output.write('\u001b[1;1Hsomebody else\u001b[5;5Htoo');
    writer.repaint();
    expect(await output.picture()).toBe(picture);
  });
});

describe('the cursor', () => {
  test('stands where it was placed after each frame, and moves alone', async () => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.start();
    writer.placeCursor({ x: 3, y: 1 });
    writer.paint('one\ntwo');
    await output.picture();
    expect([output.screen.buffer.active.cursorX, output.screen.buffer.active.cursorY]).toEqual([3, 1]);
    writer.placeCursor({ x: 0, y: 0 });
    writer.settle();
    await output.picture();
    expect([output.screen.buffer.active.cursorX, output.screen.buffer.active.cursorY]).toEqual([0, 0]);
    writer.placeCursor(undefined);
    writer.settle();
    expect(output.written.at(-1)).toContain('\u001b[?25l');
  });
});

describe('a slow terminal', () => {
  test('while it takes nothing only the newest frame is kept', () => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.start();
    output.full = true;
    writer.paint('one');
    writer.paint('two');
    writer.paint('three');
    expect(output.written).toHaveLength(1);
    expect(writer.pause).toBeGreaterThan(0);
    output.take();
    expect(output.written).toHaveLength(2);
    expect(output.written[1]).toContain('three');
    expect(output.written[1]).not.toContain('two');
  });

  test('after one that was taken late the next frame waits four times as long, as the one after a key does not', () => {
    let time = 0;
    let idle = 0;
    const output = new Output();
    using writer = new ScreenWriter(
      output,
      () => time,
      () => idle,
    );
    writer.start();
    output.full = true;
    writer.paint('one');
    time = 60;
    // What the program did in the other 10 ms is not the terminal's time.
    idle = 50;
    output.take();
    expect(writer.pause).toBe(200);
    writer.paint('two');
    expect(output.written.at(-1)).toContain('two');
  });

  test('a frame that the terminal took while the program was busy does not make the next one wait', () => {
    let time = 0;
    const output = new Output();
    using writer = new ScreenWriter(
      output,
      () => time,
      () => 1,
    );
    writer.start();
    output.full = true;
    writer.paint('one');
    time = 60;
    output.take();
    expect(writer.pause).toBe(0);
  });

  test('after a slow write the next frame waits four times as long', () => {
    let time = 0;
    const output = new Output();
    output.write = () => {
      time += 50;
      return true;
    };
    using writer = new ScreenWriter(output, () => time);
    writer.start();
    writer.paint('one');
    expect(writer.pause).toBe(200);
    time += 200;
    expect(writer.pause).toBe(0);
  });

  test('nothing is written while the terminal belongs to somebody else', () => {
    const output = new Output();
    using writer = new ScreenWriter(output, () => 0);
    writer.paint('early');
    expect(output.written).toEqual([]);
    writer.start();
    writer.settle();
    writer.stop();
    writer.paint('late');
    expect(output.written.join('')).toContain('early');
    expect(output.written.join('')).not.toContain('late');
  });
});

test('a common beginning ends before a sign that could join the next, and never within a style', () => {
  expect(commonStart('abcX', 'abcY')).toEqual({ index: 3, styles: '' });
  expect(commonStart('abce', 'abce\u0301')).toEqual({ index: 3, styles: '' });
  expect(commonStart('ab\u001b[31mc', 'ab\u001b[32mc')).toEqual({ index: 2, styles: '' });
  expect(commonStart('ab\u001b[31mcd', 'ab\u001b[31mce')).toEqual({ index: 8, styles: '\u001b[31m' });
  expect(commonStart('日本x', '日本y')).toEqual({ index: 0, styles: '' });
});

test('a common end begins behind signs of one cell each, and where no style changed', () => {
  expect(commonEnd('59s x', '60s x')).toBe(3);
  expect(commonEnd('9s x', '10s x')).toBe(0);
  expect(commonEnd('日 x', '語 x')).toBe(0);
  expect(commonEnd('a\u0301 x', 'b\u0301 x')).toBe(0);
  expect(commonEnd('\u001b[31ma x', '\u001b[32ma x')).toBe(0);
  expect(commonEnd('1\u001b[39m x', '2\u001b[39m x')).toBe(7);
  expect(commonEnd('\ud83d\udc4d x', '\ud83e\udc4d x')).toBe(0);
});
