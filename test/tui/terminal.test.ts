import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isUtf8Locale, onlyAscii } from '../../src/tui/glyphs.ts';
import { keyPresses } from '../../src/tui/input/key-names.ts';
import { Loop } from '../../src/tui/loop.ts';
import { backgroundTheme, colourDepth } from '../../src/tui/terminal/colours.ts';
import { createReportReader } from '../../src/tui/terminal/reports.ts';
import { createTheme, themeNames } from '../../src/tui/theme.ts';
import type { Key } from 'ink';

describe('colours', () => {
  test.each([
    [{ COLORTERM: 'truecolor', TERM: 'xterm' }, 'true'], [{ TERM: 'xterm-256color' }, '256'], [{ TERM: 'xterm' }, '16'], [{ TERM: 'dumb' }, 'none'], [{}, 'none'],
    [{ TERM: 'xterm-kitty' }, 'true'], [{ NO_COLOR: '1', COLORTERM: 'truecolor', TERM: 'xterm' }, 'none'], [{ NO_COLOR: '', TERM: 'xterm' }, '16'],
    [{ FORCE_COLOR: '0', COLORTERM: 'truecolor' }, 'none'], [{ FORCE_COLOR: '1' }, '16'], [{ FORCE_COLOR: '2' }, '256'], [{ FORCE_COLOR: '3', NO_COLOR: '1' }, 'true'],
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
  test.each([[{ LANG: 'de_DE.UTF-8' }, true], [{ LC_ALL: 'C', LANG: 'C.UTF-8' }, false], [{ LC_CTYPE: 'C.utf8' }, true], [{}, false]] as const)('%j is UTF-8: %s', (env, expected) => {
    expect(isUtf8Locale(env, 'linux')).toBe(expected);
  });

  test('what has no likeness in ASCII becomes question marks of the same width', () => {
    expect(onlyAscii('a─b 語 é ▶')).toBe('a-b ?? ? ?');
  });
});

describe('keys', () => {
  const none = Object.fromEntries(['upArrow', 'downArrow', 'leftArrow', 'rightArrow', 'pageDown', 'pageUp', 'home', 'end', 'return', 'escape', 'ctrl', 'shift', 'tab', 'backspace', 'delete', 'meta', 'super', 'hyper', 'capsLock', 'numLock'].map((name) => [name, false])) as unknown as Key;
  const names = (input: string, key: Partial<Key> = {}): string[] => keyPresses(input, { ...none, ...key }).map(({ name }) => name);

  test('several that come together are single keys', () => {
    expect(names('jjG')).toEqual(['j', 'j', 'G']);
    expect(names('stop\r')).toEqual(['s', 't', 'o', 'p', 'enter']);
    expect(names('日 👍')).toEqual(['日', 'space', '👍']);
  });

  test('names are those of the key table', () => {
    expect(names('r', { ctrl: true })).toEqual(['ctrl+r']);
    expect(names('b', { meta: true })).toEqual(['alt+b']);
    expect(names('', { tab: true, shift: true })).toEqual(['shift+tab']);
    expect(names('', { leftArrow: true, ctrl: true })).toEqual(['ctrl+left']);
    expect(names('', { escape: true, meta: true })).toEqual(['esc']);
    expect(names('a', { eventType: 'release' })).toEqual([]);
  });
});

describe('reports of the terminal', () => {
  test('focus, wheel and click, also cut anywhere', () => {
    const bytes = '\u001b[Ix\u001b[<64;3;4M\u001b[<0;10;20M\u001b[<0;10;20m\u001b[O';
    const expected = [{ kind: 'focus', focused: true }, { kind: 'wheel', x: 2, y: 3, down: false }, { kind: 'click', x: 9, y: 19 }, { kind: 'focus', focused: false }];
    for (let cut = 0; cut <= bytes.length; cut++) {
      const read = createReportReader();
      expect([...read(bytes.slice(0, cut)), ...read(bytes.slice(cut))]).toEqual(expected);
    }
  });
});

describe('when frames are drawn', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
  afterEach(() => void vi.useRealTimers());

  const loopOf = (pause = () => 0) => {
    const draw = vi.fn();
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
