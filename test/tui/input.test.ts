import { describe, expect, test } from 'vitest';
import type { Input } from '../../src/tui/terminal/input.ts';
import { InputParser } from '../../src/tui/terminal/parser.ts';
import { random } from '../support/random.ts';
import { fakeRunner, ScreenUnderTest } from './harness.ts';

/** What was done, in one list: texts joined as they are typed. */
function read(pieces: readonly string[], silent: (piece: number, parser: InputParser) => boolean = () => false): readonly Input[] {
  const parser = new InputParser();
  const all = pieces.flatMap((piece, index) => [...parser.push(piece), ...(silent(index, parser) ? parser.silence() : [])]);
  // What is still open at the end ends by silence.
  while (parser.patience !== undefined) all.push(...parser.silence());
  const joined: Input[] = [];
  for (const input of all) {
    const last = joined.at(-1);
    if (input.kind === 'text' && last?.kind === 'text') joined[joined.length - 1] = { kind: 'text', text: last.text + input.text };
    else joined.push(input);
  }
  return joined;
}

/** `up`, `"text"`, `paste "text"`, for tables. */
const words = (inputs: readonly Input[]): string =>
  inputs
    .map((input) => {
      switch (input.kind) {
        case 'key':
          return input.name;
        case 'report':
          return JSON.stringify(input.report);
        default:
          return `${input.kind === 'paste' ? 'paste ' : ''}${JSON.stringify(input.text)}`;
      }
    })
    .join(' ');

const keys: readonly (readonly [string, string])[] = [
  ['j', '"j"'],
  ['日👍 x', '"日👍 x"'],
  ['\r', 'enter'],
  ['\n', 'enter'],
  ['\t', 'tab'],
  ['\u007f', 'backspace'],
  ['\b', 'backspace'],
  ['\u0003', 'ctrl+c'],
  ['\u0012', 'ctrl+r'],
  ['\u0000', 'ctrl+space'],
  ['\u001b', 'esc'],
  ['\u001b\u001b', 'esc esc'],
  ['\u001bb', 'alt+b'],
  ['\u001b\u007f', 'alt+backspace'],
  ['\u001b\r', 'alt+enter'],
  ['\u001b日', 'alt+日'],
  ['\u001b[A', 'up'],
  ['\u001b[B', 'down'],
  ['\u001b[C', 'right'],
  ['\u001b[D', 'left'],
  ['\u001bOA', 'up'],
  ['\u001bOD', 'left'],
  ['\u001b[H', 'home'],
  ['\u001b[F', 'end'],
  ['\u001bOH', 'home'],
  ['\u001b[1~', 'home'],
  ['\u001b[4~', 'end'],
  ['\u001b[7~', 'home'],
  ['\u001b[8~', 'end'],
  ['\u001b[5~', 'pageup'],
  ['\u001b[6~', 'pagedown'],
  ['\u001b[3~', 'delete'],
  ['\u001b[2~', 'insert'],
  ['\u001b[Z', 'shift+tab'],
  ['\u001b[1;2A', 'up'],
  ['\u001b[1;3D', 'alt+left'],
  ['\u001b[1;5D', 'ctrl+left'],
  ['\u001b[1;7C', 'ctrl+alt+right'],
  ['\u001bO1;5D', 'ctrl+left'],
  ['\u001b\u001b[D', 'alt+left'],
  ['\u001b\u001bOC', 'alt+right'],
  ['\u001b[3;5~', 'ctrl+delete'],
  ['\u001b[3^', 'ctrl+delete'],
  ['\u001b[3$', 'delete'],
  ['\u001b[3@', 'ctrl+delete'],
  ['\u001bOd', 'ctrl+left'],
  ['\u001b[d', 'left'],
  ['\u001bOM', 'enter'],
  ['\u001bOj', '"*"'],
  ['\u001bOp', '"0"'],
  ['\u001bOy', '"9"'],
  ['\u001bOn', '"."'],
  ['\u001bOX', '"="'],
  ['\u001bOP', 'f1'],
  ['\u001b[11~', 'f1'],
  ['\u001b[[A', 'f1'],
  ['\u001b[15~', 'f5'],
  ['\u001b[24~', 'f12'],
  ['\u001b[27;5;13~', 'ctrl+enter'],
  ['\u001b[127;5u', 'ctrl+backspace'],
  ['\u001b[97;5u', 'ctrl+a'],
  ['\u001b[97u', '"a"'],
  ['\u001b[97;2u', '"A"'],
  ['\u001b[97;1:3u', ''],
  ['\u001b[9;2u', 'shift+tab'],
  ['\u001b[57414u', 'enter'],
];

/** What terminals answer, and what programs before left to be answered. */
const replies = [
  '\u001b]11;rgb:1e1e/1e1e/1e1e\u001b\\',
  '\u001b]11;rgb:1e1e/1e1e/1e1e\u0007',
  '\u001b]52;c;c3RvcA==\u0007',
  '\u001b]4;1;rgb:cdcd/0000/0000\u001b\\',
  '\u001b]lstop\u001b\\',
  '\u001b]Lstop\u001b\\',
  '\u001b]8;;http://x\u001b\\',
  '\u001bP1$r0m\u001b\\',
  '\u001bP>|xterm(390)\u001b\\',
  '\u001bP1+r544e=787465726d\u001b\\',
  '\u001bP!|00000000\u001b\\',
  '\u001b_Gi=31;OK\u001b\\',
  '\u001b^stop\u001b\\',
  '\u001bXstop\u001b\\',
  '\u001b[24;80R',
  '\u001b[?1;2c',
  '\u001b[>0;276;0c',
  '\u001b[0n',
  '\u001b[?2026;2$y',
  '\u001b[8;24;80t',
  '\u001b[?1u',
  '\u001b[?62;22c',
  '\u001b[?997;1n',
  '\u001b[=1;0c',
  '\u001b[1;1;1;1;1;128;1x',
  '\u001b[M !!',
  '\u009d11;rgb:1e1e/1e1e/1e1e\u009c',
  '\u009b24;80R',
  '\u009f0stop\u009c',
];

describe('keys as terminals send them', () => {
  test.each(keys)('%j is %s', (bytes, expected) => {
    expect(words(read([bytes]))).toBe(expected);
  });

  test('focus, wheel and click are reports', () => {
    expect(read(['\u001b[I\u001b[<64;3;4M\u001b[<0;10;20M\u001b[<0;10;20m\u001b[O'])).toEqual([
      { kind: 'report', report: { kind: 'focus', focused: true } },
      { kind: 'report', report: { kind: 'wheel', x: 2, y: 3, down: false } },
      { kind: 'report', report: { kind: 'click', x: 9, y: 19 } },
      { kind: 'report', report: { kind: 'focus', focused: false } },
    ]);
  });

  test('what was broken off does not swallow what follows', () => {
    expect(words(read(['\u001b[1;5\u001b[A']))).toBe('up');
    expect(words(read(['\u001b[12\rx']))).toBe('enter "x"');
    expect(words(read(['\u001b]11;rgb:\u0003x']))).toBe('ctrl+c "x"');
    expect(words(read(['\u001b]11;rgb:\rlist\r']))).toBe('"list" enter');
  });
});

describe('answers of the terminal are never typed', () => {
  test.each(replies)('%j', (bytes) => {
    expect(words(read([bytes]))).toBe('');
  });

  test.each(replies)('%j, cut in two anywhere, however late the second part comes', (bytes) => {
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(words(read([bytes.slice(0, cut), bytes.slice(cut)])), `cut at ${cut}`).toBe('');
      // A lone ESC is told as the key after 20 ms: all that may be seen of the answer.
      const late = words(read([bytes.slice(0, cut), bytes.slice(cut)], (piece, parser) => piece === 0 && parser.patience === 20));
      expect(['', 'esc'], `cut at ${cut}`).toContain(late);
    }
  });

  test.each(replies.filter((bytes) => !/^\u001b[X^_]/.test(bytes)))('%j, sign by sign with a pause behind each ESC', (bytes) => {
    expect(
      words(read([...bytes], (_, parser) => parser.patience === 20))
        .replaceAll('esc', '')
        .trim(),
    ).toBe('');
  });

  test('one that never ends is left by Esc, by Ctrl+C and by silence', () => {
    expect(words(read(['\u001b]11;rgb:12', '\u0003', 'x']))).toBe('ctrl+c "x"');
    expect(words(read(['\u001b]11;rgb:12', '\u001b', 'x'], (piece) => piece === 1))).toBe('esc "x"');
    expect(words(read(['\u001b]11;rgb:12', 'x'], (piece) => piece === 0))).toBe('"x"');
  });
});

describe('a paste', () => {
  const bytes = '\u001b[200~stop\ryes\r\u001b[A\u0003日\u001b[201~j';

  test('is one text, wherever its bytes are cut', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1)
      expect(words(read([bytes.slice(0, cut), bytes.slice(cut)]))).toBe('paste "stop\\ryes\\r\\u001b[A\\u0003日" "j"');
    expect(words(read([...bytes].map((sign) => (sign === '\u0003' ? 'x' : sign))))).toBe('paste "stop\\ryes\\r\\u001b[Ax日" "j"');
  });

  test('runs nothing when its first mark comes late and in pieces', () => {
    for (let cut = 1; cut < '\u001b[200~'.length; cut += 1) {
      expect(
        words(read([bytes.slice(0, cut), bytes.slice(cut)], (piece, parser) => piece === 0 && parser.patience === 20)).replace(/^esc /, ''),
      ).toMatch(/^paste "stop/);
    }
  });

  test('whose end never comes is left by Ctrl+C, and ends by silence', () => {
    expect(words(read(['\u001b[200~abc', '\u0003', 'j']))).toBe('paste "abc" ctrl+c "j"');
    expect(words(read(['\u001b[200~abc\u001b[20', 'j'], (piece) => piece === 0))).toBe('paste "abc\\u001b[20" "j"');
  });

  test('a million characters are read in one go, and so are as many that are typed', () => {
    const million = 'a'.repeat(1_000_000);
    expect(read([`\u001b[200~${million}\u001b[201~`])).toEqual([{ kind: 'paste', text: million }]);
    expect(read([million])).toEqual([{ kind: 'text', text: million }]);
    expect(read(million.match(/.{1,1000}/g) ?? [])).toEqual([{ kind: 'text', text: million }]);
  });
});

test('any split of the bytes gives the same keys', () => {
  const atoms = [
    ...keys.map(([bytes]) => bytes),
    ...replies,
    '\u001b[200~a paste\r\u001b[201~',
    'words ',
    '\u001b[<0;1;1M',
    '\u001b[I',
  ].filter((bytes) => bytes !== '\u001b' && bytes !== '\u001b\u001b' && bytes !== '\u0003');
  for (let seed = 0; seed < 300; seed += 1) {
    const next = random(seed);
    const bytes = Array.from({ length: 12 }, () => atoms[next(atoms.length)]).join('');
    const pieces: string[] = [];
    for (let at = 0; at < bytes.length;) {
      const length = 1 + next(seed % 3 === 0 ? 2 : 9);
      pieces.push(bytes.slice(at, at + length));
      at += length;
    }
    expect(words(read(pieces)), `seed ${seed}: ${JSON.stringify(pieces)}`).toBe(words(read([bytes])));
  }
});

test('whatever comes, nothing is thrown and nothing stays open', () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const next = random(seed);
    const parser = new InputParser();
    for (let piece = 0; piece < 40; piece += 1)
      parser.push(
        Array.from({ length: next(12) }, () =>
          next(3) === 0 ? '\u001b[]PX_^O~M2001;<\u0007\\'.charAt(next(20)) : String.fromCharCode(next(0x180)),
        ).join(''),
      );
    for (let silences = 0; parser.patience !== undefined; silences += 1) {
      parser.silence();
      expect(silences).toBeLessThan(4);
    }
    expect(parser.push('j')).toEqual([{ kind: 'text', text: 'j' }]);
  }
});

describe('on the screen', () => {
  test('an answer of the terminal, in pieces, puts nothing on the command line', async () => {
    await using screen = new ScreenUnderTest();
    await screen.panel('Pods').sees('jobmanager');
    for (const piece of ['\u001b]11;rgb:1e1e', '/1e1e/1e1e\u001b', '\\', '\u001bP>|xterm', '(390)\u001b\\', '\u001b[24;', '80R'])
      screen.stdin.write(piece);
    screen.type('typed');
    await screen.when('has what was typed, and nothing else', () => screen.cursorRow().startsWith(' › typed█'));
  });

  test('a paste that never ends is left by Ctrl+C', async () => {
    await using screen = new ScreenUnderTest();
    await screen.panel('Pods').sees('jobmanager');
    screen.stdin.write('\u001b[200~stop\rnothing ends this\r');
    await screen.when('has taken it', () => screen.stdin.readableLength === 0);
    screen.type('⌃c');
    screen.type('help⏎');
    await screen.when('runs what comes then', () => screen.runner.ran.length === 1);
    expect(screen.runner.ran).toEqual(['help']);
  });

  test('100,000 signs that come without the marks of a paste can be edited at once', async () => {
    await using screen = new ScreenUnderTest();
    await screen.panel('Pods').sees('jobmanager');
    for (let part = 0; part < 25; part += 1) screen.stdin.write('abc def '.repeat(500));
    screen.type('END');
    await screen.when('holds all of it', () => screen.cursorRow().includes('abc def END█'));
    screen.type('⌃u');
    await screen.when('is empty', () => screen.cursorRow().startsWith(' › █'));
  });

  test('keys that come together are told apart from text: what is typed behind Enter belongs to the next line', async () => {
    await using screen = new ScreenUnderTest({ runner: fakeRunner() });
    await screen.panel('Pods').sees('jobmanager');
    screen.type('help⏎?');
    await screen.panel('Keys').sees('any key closes');
    expect(screen.runner.ran).toEqual(['help']);
  });

  test('Ctrl+Delete deletes the word to the right, and Enter of the keypad runs', async () => {
    await using screen = new ScreenUnderTest();
    await screen.panel('Pods').sees('jobmanager');
    screen.type('list extra⌃a');
    screen.stdin.write('\u001b[3;5~\u001b[3~');
    await screen.when('lost a word', () => screen.cursorRow().startsWith(' › █extra'));
    screen.stdin.write('\u001bOM');
    await screen.when('runs', () => screen.runner.ran.includes('extra'));
  });
});
