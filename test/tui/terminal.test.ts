import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ascii, isUtf8Locale, onlyAscii } from '../../src/tui/look/glyphs.ts';
import { Loop } from '../../src/tui/loop.ts';
import { backgroundTheme, colourDepth } from '../../src/tui/terminal/colours.ts';
import { createTheme, themeNames } from '../../src/tui/look/theme.ts';

describe('colours', () => {
  test.each([
    [{ COLORTERM: 'truecolor', TERM: 'xterm' }, 'true'],
    [{ TERM: 'xterm-256color' }, '256'],
    [{ TERM: 'xterm' }, '16'],
    [{ TERM: 'dumb' }, 'none'],
    [{}, 'none'],
    [{ TERM: 'xterm-kitty' }, 'true'],
    [{ NO_COLOR: '1', COLORTERM: 'truecolor', TERM: 'xterm' }, 'none'],
    [{ NO_COLOR: '', TERM: 'xterm' }, '16'],
    [{ FORCE_COLOR: '0', COLORTERM: 'truecolor' }, 'none'],
    [{ FORCE_COLOR: '1' }, '16'],
    [{ FORCE_COLOR: '2' }, '256'],
    [{ FORCE_COLOR: '3', NO_COLOR: '1' }, 'true'],
  ] as const)('%j shows %s', (env, depth) => {
    expect(colourDepth(env, 'linux')).toBe(depth);
  });

  test('a light background is known where the terminal tells', () => {
    expect(backgroundTheme({ COLORFGBG: '0;15' })).toBe('light');
    expect(backgroundTheme({ COLORFGBG: '15;default;0' })).toBe('dark');
    expect(backgroundTheme({})).toBe('dark');
  });

  test('every theme has each depth, and uses no more than it', () => {
    for (const name of themeNames) {
      expect(createTheme(name, 'none').paint('error', 'x')).not.toMatch(/\[(3|9)\d|38;/);
      expect(createTheme(name, '16').paint('error', 'x')).not.toContain('38;');
      expect(createTheme(name, '256').paint('error', 'x')).not.toContain('38;2');
    }
    expect(createTheme('dark', 'true').paint('error', 'x')).toBe('\u001b[38;2;240;113;120mx\u001b[39m');
    expect(createTheme('mono', 'true').paint('error', 'x')).toBe('\u001b[1mx\u001b[22m');
  });
});

describe('signs', () => {
  test.each([
    [{ LANG: 'de_DE.UTF-8' }, true],
    [{ LC_ALL: 'C', LANG: 'C.UTF-8' }, false],
    [{ LC_CTYPE: 'C.utf8' }, true],
    [{}, false],
  ] as const)('%j is UTF-8: %s', (env, expected) => {
    expect(isUtf8Locale(env, 'linux')).toBe(expected);
  });

  test('no two of the ASCII signs that tell what something is are the same', () => {
    const { pointer, prompt, star, running, busy, done, failed, canceled, pending, live, stale, lost } = ascii;
    const signs = [pointer, prompt, star, running, busy, done, failed, canceled, pending, live, stale, lost];
    expect(new Set(signs).size).toBe(signs.length);
  });

  test('an ASCII sign of a direction is not a key: neither a letter nor the sign of Ctrl', () => {
    for (const sign of [ascii.ascending, ascii.descending]) expect(sign).toMatch(/^[^A-Za-z^]$/);
    expect(ascii.ascending).not.toBe(ascii.descending);
  });

  test('what has no likeness in ASCII becomes question marks of the same width', () => {
    expect(onlyAscii('a─b 語 é ▶')).toBe('a-b ?? ? ?');
  });
});

describe('when frames are drawn', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  const loopOf = (pause = () => 0) => {
    const draw = vi.fn<() => void>();
    return { draw, loop: new Loop({ draw, pause, untilNextSecond: () => 1_000 }) };
  };

  test('a thousand changes in a second are 30 frames at most', () => {
    const { draw, loop } = loopOf();
    for (let ms = 0; ms < 1_000; ms++) {
      loop.invalidate();
      vi.advanceTimersByTime(1);
    }
    expect(draw.mock.calls.length).toBeGreaterThanOrEqual(28);
    expect(draw.mock.calls.length).toBeLessThanOrEqual(31);
    loop[Symbol.dispose]();
  });

  test('the first change after a quiet time is drawn at once', () => {
    const { draw, loop } = loopOf();
    loop.flush();
    vi.advanceTimersByTime(500);
    loop.invalidate();
    vi.advanceTimersByTime(1);
    expect(draw).toHaveBeenCalledTimes(2);
    loop[Symbol.dispose]();
  });

  test('while nothing happens it looks once a second', () => {
    const { draw, loop } = loopOf();
    loop.flush();
    vi.advanceTimersByTime(10_000);
    expect(draw).toHaveBeenCalledTimes(11);
    loop[Symbol.dispose]();
  });

  test('a slow terminal is given its time, a key is not kept waiting', () => {
    const { draw, loop } = loopOf(() => 400);
    loop.invalidate();
    vi.advanceTimersByTime(399);
    expect(draw).toHaveBeenCalledTimes(0);
    loop.flush();
    expect(draw).toHaveBeenCalledTimes(1);
    loop[Symbol.dispose]();
  });

  test('after the end nothing is drawn', () => {
    const { draw, loop } = loopOf();
    loop.invalidate();
    loop[Symbol.dispose]();
    loop.invalidate();
    loop.flush();
    vi.advanceTimersByTime(5_000);
    expect(draw).not.toHaveBeenCalled();
  });
});
