import { describe, expect, test } from 'vitest';
import { LINE_LIMIT, logCutter } from '../../src/kubernetes/logs/log-lines.ts';
import { resumePoint } from '../../src/kubernetes/logs/log-resume.ts';
import { textOf } from '../support/log-line.ts';
import { cutAtCharacter, harmless, isHarmless } from '../../src/kubernetes/logs/log-text.ts';

const stamp = (nanos: number, second = 56): string => `2026-11-22T12:34:${second}.${String(nanos).padStart(9, '0')}Z`;
const at = (ms: number): number => Date.UTC(2026, 10, 22, 12, 34, 56, ms);

function shown(text: string | Uint8Array): string {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return Buffer.from(isHarmless(bytes, 0, bytes.length) ? bytes : harmless(bytes)).toString('utf8');
}

describe('what a line may do to a terminal', () => {
  test.each([
    ['plain text stays', 'INFO  Job übergeben ▶ 日本', 'INFO  Job übergeben ▶ 日本'],
    ['colours stay', '\x1b[1;31mERROR\x1b[0m x', '\x1b[1;31mERROR\x1b[0m x'],
    ['a colour that is left open is closed', '\x1b[38:5:9mred', '\x1b[38:5:9mred\x1b[0m'],
    ['cursor movement goes', 'a\x1b[2Jb\x1b[10;10Hc\x1b[?1049hd', 'abcd'],
    ['SGR with a private mark goes', 'a\x1b[>4;2mb', 'ab'],
    ['a title goes', 'a\x1b]0;title\x07b', 'ab'],
    ['the clipboard is not reached', 'a\x1b]52;c;ZXZpbA==\x1b\\b', 'ab'],
    ['a string sequence without an end leaves its text readable', 'a\x1b]0;rest of line', 'a0;rest of line'],
    ['device control goes', 'a\x1bPq#0\x1b\\b', 'ab'],
    ['other escapes go', 'a\x1b(0b\x1bcc\x1b7d', 'abcd'],
    ['an escape at the end goes', 'abc\x1b', 'abc'],
    ['an unfinished sequence at the end goes', 'abc\x1b[31', 'abc'],
    ['8-bit controls go', 'a\u009b2Jb\u009d0;t\u009cc\u0084d', 'abcd'],
    ['bells, backspaces and other controls go', 'a\x07b\x08c\x00d\x7fe', 'abcde'],
    ['ends of lines that are not line feeds become blanks', 'a\x0bb\x0cc\u0085d\u2028e\u2029f', 'a b c d e f'],
    ['marks that reorder text and characters that nobody sees go', 'a\u202eb\u2066c\u200fd\ufeffe\u00adf\u{e0041}g', 'abcdefg'],
    ['dashes, quotes and joined emoji stay', '“a” – b\u200d… 👩\u200d👩\u200d👧 🏳\ufe0f', '“a” – b\u200d… 👩\u200d👩\u200d👧 🏳\ufe0f'],
    ['tabs stay', '\tat org.apache', '\tat org.apache'],
    ['text that a carriage return would overwrite can be read', '10 %\r50 %\r\r100 %', '10 %␍50 %␍100 %'],
    ['a carriage return at the beginning or the end goes', '\rdone\r\r', 'done'],
    [
      'a colour that hides or blinks goes, a bright one stays',
      '\x1b[8ma\x1b[1;5mb\x1b[38;5;8mc\x1b[98;58:2::8:5:6md\x1b[m',
      'ab\x1b[38;5;8mc\x1b[98;58:2::8:5:6md\x1b[m',
    ],
    ['an escape split by a control is no escape', 'a\x1b\x1b[2Jb', 'ab'],
  ])('%s', (_, input, output) => {
    expect(shown(input)).toBe(output);
  });

  test('bytes that are not UTF-8 become the replacement character', () => {
    expect(shown(Buffer.from([0x61, 0x9b, 0x32, 0x4a, 0xff, 0x62]))).toBe('a\ufffd2J\ufffdb');
  });

  // Each of these took minutes when an introducer looked for its end in all that followed; the time of a test is bound enough for that.
  test.each([
    ['OSC', '\x1b]'],
    ['DCS', '\x1bP'],
    ['SOS', '\x1bX'],
    ['PM', '\x1b^'],
    ['APC', '\x1b_'],
    ['CSI', '\x1b['],
    ['8-bit OSC', '\u009d'],
    ['8-bit DCS', '\u0090'],
    ['8-bit CSI', '\u009b'],
    ['OSC with text', '\x1b]0;t'],
    ['OSC between other controls', '\x1b]a\x00'],
    ['CSI without an end', '\x1b[1;2'],
    ['colours', '\x1b[31m'],
    ['escapes', '\x1b('],
    ['carriage returns', '\r'],
    ['carriage returns and blanks', '\r '],
    ['all kinds of introducers', '\x1b]\x1bP\x1b_\u009d\u0090\x1b[\r'],
  ])('a line of nothing but %s takes no longer than it is long', (_, piece) => {
    const bytes = Buffer.from(
      shown(piece.repeat((1 << 20) / piece.length))
        .replaceAll('\x1b[31m', '')
        .replace('\x1b[0m', ''),
    );
    expect(isHarmless(bytes, 0, bytes.length)).toBe(true);
  });

  test('nothing that is left moves a cursor, whatever the bytes were', () => {
    let seed = 7;
    const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
    const alphabet = [
      0x1b, 0x5b, 0x5d, 0x50, 0x6d, 0x3b, 0x31, 0x07, 0x5c, 0xc2, 0x9b, 0x9d, 0x9c, 0x80, 0xe2, 0x96, 0xb6, 0x0d, 0x09, 0x41, 0x00, 0x7f,
    ];
    for (let round = 0; round < 20_000; round++) {
      const bytes = Buffer.from(
        Array.from({ length: 1 + Math.floor(random() * 16) }, () => alphabet[Math.floor(random() * alphabet.length)] as number),
      );
      const rest = shown(bytes).replaceAll(/\x1b\[[0-9;:]*m/g, '');
      expect({
        bytes: bytes.toString('hex'),
        left: [...rest].filter((c) => (c < ' ' && c !== '\t') || (c >= '\x7f' && c < '\xa0')),
      }).toMatchObject({ left: [] });
    }
  });
});

describe('lines of a stream', () => {
  const text =
    [
      `${stamp(1)} first`,
      `${stamp(2)} `,
      `${stamp(3)}`,
      `${stamp(1_000_000)} grün ▶ 日本 🐿 \x1b[31mred\x1b[0m`,
      `2026-11-22T14:34:56.25+02:00 a node with a zone\r`,
      `${stamp(300_000_000)} bad \x1b]0;t\x07 title`,
      `${stamp(400_000_000)} last`,
    ].join('\n') + '\n';
  const expected = ['first', '', '', 'grün ▶ 日本 🐿 \x1b[31mred\x1b[0m', 'a node with a zone', 'bad  title', 'last'];

  test('have their text and the time of their stamp', () => {
    const lines = logCutter(resumePoint()).push(Buffer.from(text));
    expect(lines.map(textOf)).toEqual(expected);
    expect(lines.map((line) => line.at)).toEqual([at(0), at(0), at(0), at(1), at(250), at(300), at(400)]);
  });

  test('are the same wherever the stream is cut', () => {
    const bytes = Buffer.from(text);
    for (let first = 0; first <= bytes.length; first++) {
      for (const second of [first, first + 1, first + 7, bytes.length].filter((end) => end <= bytes.length)) {
        const cutter = logCutter(resumePoint());
        const lines = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)].flatMap((chunk) =>
          cutter.push(Buffer.from(chunk)).map(textOf),
        );
        expect(lines).toEqual(expected);
      }
    }
  });

  test('do not change when the socket uses its buffer again', () => {
    const chunk = Buffer.from(`${stamp(1)} kept\n${stamp(2)} beg`);
    const cutter = logCutter(resumePoint());
    const lines = cutter.push(chunk);
    chunk.fill(0x58);
    expect(lines.map(textOf)).toEqual(['kept']);
    expect(cutter.push(Buffer.from('un\n')).map(textOf)).toEqual(['begun']);
  });

  test('longer than 64 KiB are cut at a character, with a mark, and the next one is whole', () => {
    const long = `${stamp(1)} ${'ä'.repeat(LINE_LIMIT)}\n${stamp(2)} next\n`;
    const bytes = Buffer.from(long);
    for (const size of [bytes.length, 1_000, 65_537]) {
      const cutter = logCutter(resumePoint());
      const lines: unknown[] = [];
      for (let start = 0; start < bytes.length; start += size)
        lines.push(...cutter.push(bytes.subarray(start, start + size)).map((line) => [line.cut, textOf(line)]));
      expect(lines).toEqual([
        [true, 'ä'.repeat(LINE_LIMIT / 2)],
        [false, 'next'],
      ]);
    }
  });

  test('of exactly 64 KiB are whole', () => {
    const lines = logCutter(resumePoint()).push(Buffer.from(`${stamp(1)} ${'x'.repeat(LINE_LIMIT)}\n`));
    expect(lines.map(({ cut, from, to }) => [cut, to - from])).toEqual([[false, LINE_LIMIT]]);
  });

  test('without an end come out when the log is over, and only then', () => {
    const cutter = logCutter(resumePoint());
    expect(cutter.push(Buffer.from(`${stamp(1)} half`))).toEqual([]);
    expect(cutter.flush().map(textOf)).toEqual(['half']);
  });

  test('before the asked time are left out', () => {
    const cutter = logCutter(resumePoint(), at(2));
    expect(cutter.push(Buffer.from(`${stamp(1_000_000)} early\n${stamp(2_000_000)} due\n`)).map(textOf)).toEqual(['due']);
  });

  test('that the kubelet says instead of a log are told apart from the log', () => {
    const notes: string[] = [];
    const cutter = logCutter(resumePoint(), 0, (note) => notes.push(note));
    expect(cutter.push(Buffer.from('unable to retrieve container logs for containerd://abc\n'))).toEqual([]);
    expect(notes).toEqual(['unable to retrieve container logs for containerd://abc']);
  });
});

describe('a stream that begins again', () => {
  /** All lines of a log in the order of its file. */
  const log = [
    [1, 'a'],
    [2, 'b'],
    [5, 'c'],
    [5, 'c'],
    [5, 'd'],
    // stderr was written a little later than it was stamped
    [4, 'late'],
    [7, 'e'],
    [900_000_000, 'f'],
  ] as const;
  const file = [
    ...log.map(([nanos, text]) => `${stamp(nanos)} ${text}\n`),
    `${stamp(1, 57)} g\n`,
    `${stamp(999_999_999, 56)} stderr of the second before\n`,
    `${stamp(2, 57)} h\n`,
  ];
  const texts = file.map((line) => line.slice(31, -1));
  const whole = Buffer.from(file.join(''));

  /** What the server sends for a whole second: all lines with a stamp from then on. */
  const since = (second: number): Buffer => Buffer.from(file.filter((line) => Number(line.slice(17, 19)) >= second % 60).join(''));

  test('neither loses nor repeats a line, wherever it was cut', () => {
    for (let cut = 0; cut <= whole.length; cut++) {
      const resume = resumePoint();
      const before = logCutter(resume).push(whole.subarray(0, cut)).map(textOf);
      const again = resume.second === undefined ? whole : since(resume.second);
      resume.restart();
      const after = logCutter(resume).push(again).map(textOf);
      expect({ cut, texts: [...before, ...after] }).toEqual({ cut, texts });
    }
  });

  test('is right when it began in the middle of lines with one and the same stamp', () => {
    const resume = resumePoint();
    const tail = `${stamp(1)} third one\n${stamp(1)} fourth\n`;
    logCutter(resume).push(Buffer.from(tail));
    resume.restart();
    const lines = logCutter(resume).push(
      Buffer.from(`${stamp(1)} first\n${stamp(1)} second!\n${tail}${stamp(1)} fifth\n${stamp(2)} sixth\n`),
    );
    expect(lines.map(textOf)).toEqual(['fifth', 'sixth']);
  });

  test('goes on with what is later when its file was rotated away, and says between which moments lines may be missing', () => {
    const missing: (readonly number[])[] = [];
    const resume = resumePoint((from, to) => missing.push([from, to]));
    logCutter(resume).push(Buffer.from(`${stamp(1_000_000)} a\n${stamp(2_000_000)} b\n`));
    resume.restart();
    expect(
      logCutter(resume)
        .push(Buffer.from(`${stamp(2_000_000)} b\n${stamp(3_000_000)} c\n`))
        .map(textOf),
    ).toEqual(['c']);
    expect(missing).toEqual([]);
    resume.restart();
    const lines = logCutter(resume).push(Buffer.from(`${stamp(5_000_000)} d\n${stamp(6_000_000)} e\n`));
    expect(lines.map(textOf)).toEqual(['d', 'e']);
    expect(missing).toEqual([[at(3), at(5)]]);
  });
});

test('a cut never goes through a character', () => {
  const bytes = Buffer.from('aä▶🐿'.repeat(5));
  for (let most = 0; most <= bytes.length; most++) {
    const cut = cutAtCharacter(bytes, most);
    expect(Buffer.from(cut).toString('utf8')).not.toContain('\ufffd');
    expect(most - cut.length).toBeLessThan(4);
  }
});
