import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import headless from '@xterm/headless';
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { lazySegmenter, leanModules, leanStart } from '../../tools/lean-start.ts';
import { bundledStandIns, standIns } from '../../tools/stand-ins.ts';
import InkOutput from '../../node_modules/ink/build/output.js';
import { Output } from '../../src/tui/ink/output.ts';
import { stylesAfter } from '../../src/tui/ink/styles.ts';
import { lineOf } from '../../src/tui/state/line-text.ts';
import { withKeys } from './where.ts';
import type { Size } from '../../src/tui/state/layout.ts';
import { emptyCommandLine, type Frame, type Ui } from '../../src/tui/state/ui.ts';
import { frameOf, now, viewOf } from './fixtures.ts';

const root = join(import.meta.dirname, '../..');
interface Drawing {
  readonly drawScreens: (frames: readonly Frame[]) => readonly string[];
  readonly drawTrees: (size: Size) => readonly string[];
}

const entry = `
import { EventEmitter } from 'node:events';
import { Box, render, Text } from 'ink';
import { createElement as h } from 'react';
import { Screen } from './src/tui/components/screen.tsx';
import { createFrameStore } from './src/tui/components/base/frame.ts';

function draw(tree, { columns, rows }) {
  const stdin = Object.assign(new EventEmitter(), { isTTY: true, setEncoding() {}, setRawMode() {}, ref() {}, unref() {}, read: () => null });
  let last = '';
  const stdout = Object.assign(new EventEmitter(), { isTTY: true, columns, rows, write(text, done) { if (text !== '' && !text.startsWith('\\u001b[?')) last = text; done?.(); return true; } });
  const ink = render(tree, { stdout, stdin, debug: true, interactive: true, patchConsole: false, exitOnCtrlC: false });
  ink.unmount();
  return last;
}

const onDefect = (error) => { throw error; };
export const drawScreens = (frames) => frames.map((frame) => draw(h(Screen, { frames: createFrameStore(frame), onReady() {}, onDefect }), frame.size));

export function drawTrees(size) {
  const whole = { width: size.columns, height: size.rows };
  const at = (top, left, more) => ({ position: 'absolute', top, left, ...more });
  return [
    h(Box, { ...whole, borderStyle: 'round', borderColor: 'green', flexDirection: 'column' },
      h(Box, at(-1, 2), h(Text, { bold: true }, ' title 語 ')),
      h(Text, { color: 'red' }, 'several\\nlines 語 that wrap '.repeat(9)),
      h(Box, { borderStyle: 'single', width: 20, height: 4, overflow: 'hidden', marginLeft: -3 }, h(Text, { wrap: 'truncate' }, '語'.repeat(12))),
      h(Text, null, h(Text, { inverse: true }, 'in'), ' and ', h(Text, { backgroundColor: 'blue', dimColor: true }, 'out   '))),
    h(Box, whole,
      h(Box, at(1, 1, { width: 30, height: 5, backgroundColor: 'yellow' }), h(Text, null, '\\u001b[31mover 語語語 lap')),
      h(Box, at(1, 6, { width: 9, height: 3, borderStyle: 'double' }), h(Text, null, '👨‍👩‍👧 e\\u0301')),
      h(Box, at(3, 9, { width: 4, height: 1 }), h(Text, null, 'xyz'))),
    h(Box, { ...whole, flexDirection: 'column' }, ...Array.from({ length: 5 }, (_, i) => h(Box, { key: i, gap: 1, height: 1 },
      h(Box, { width: 8, flexShrink: 0, justifyContent: 'flex-end' }, h(Text, { wrap: 'truncate', color: '#ff8800' }, 'cell 語 ' + i)),
      h(Text, { wrap: 'truncate' }, 'rest '.repeat(i * 6))))),
    // With room between them, and styles that nobody switches off.
    h(Box, whole, ...[['\\u001b[35mleft open', '語', '\\u001b[44m blue  '], ['beside', '\\u001b[1mbold', ''], ['third', 'third', 'third']].map((lines, i) =>
      h(Box, { key: i, ...at(1, 2 + i * 9, { width: 9, height: 3, flexDirection: 'column' }) }, ...lines.map((line, row) => h(Text, { key: row, wrap: 'truncate' }, line))))),
    h(Box, { ...whole, flexDirection: 'column' },
      h(Text, null, '\\u001b[1;38;5;200;4mopen over\\nthe line \\u001b[22;49mend\\nand 語 on'),
      h(Box, { width: 10, height: 2, overflow: 'hidden' }, h(Box, { marginLeft: -4, flexShrink: 0 }, h(Text, { wrap: 'truncate' }, '\\u001b[42m語語語語語語語語')))),
  ].map((tree) => draw(tree, size));
}`;

const noDevtools: Plugin = {
  name: 'no-devtools',
  setup(b) {
    b.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'none', namespace: 'none' }));
    b.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export default undefined' }));
  },
};

async function bundled(outfile: string, plugins: readonly Plugin[], lazy: Pick<BuildOptions, 'define' | 'inject'> = {}): Promise<Drawing> {
  await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    jsx: 'automatic',
    logLevel: 'silent',
    inject: lazy.inject ?? [],
    define: { ...lazy.define, 'process.env.NODE_ENV': '"production"' },
    plugins: [noDevtools, ...plugins],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return (await import(pathToFileURL(outfile).href)) as Drawing;
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drey-ink-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Screens of a session that goes on: the same texts again, others beside them, and every kind of sign. */
function screens(): Frame[] {
  const texts = [
    'plain text',
    '日本語 wide text',
    '\u001b[31mred\u001b[39m and \u001b[1;4mbold\u001b[0m',
    '👨‍👩‍👧 e\u0301 ⚡ ◽ joined',
    '\u001b[38;5;200mmany\u001b[39m \u001b[48;2;1;2;3mcolours 語\u001b[49m',
    '',
    'tab\there',
  ];
  const all: Frame[] = [];
  for (let step = 0; step < 12; step++) {
    const lines = viewOf(
      Array.from({ length: 60 + step }, (_, index) => ({
        at: now + index,
        pod: 'p',
        level: index % 4 === 0 ? ('WARN' as const) : undefined,
        timeline: undefined,
        text: `${texts[index % texts.length] ?? ''} ${index % 9}`,
      })),
    );
    const ui: Partial<Ui> =
      step % 6 === 5 ? withKeys : step % 6 === 4 ? { command: { ...emptyCommandLine, line: lineOf('語 typed 👍 text') } } : {};
    const size = step % 3 === 0 ? { columns: 120, rows: 40 } : step % 3 === 1 ? { columns: 80, rows: 24 } : { columns: 200, rows: 50 };
    all.push(frameOf(size, { logView: lines, now: now + step * 1_000 }, ui));
  }
  return all;
}

/** What a terminal shows of a frame: each cell with its sign, its colours and its styles. */
async function cellsOf(frame: string, { columns, rows }: Size): Promise<readonly string[]> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(frame.replaceAll('\n', '\r\n'), resolve));
  return Array.from({ length: rows }, (_, y) => {
    const line = terminal.buffer.active.getLine(y);
    return Array.from({ length: columns }, (_, x) => {
      const cell = line?.getCell(x);
      if (cell === undefined) throw new Error(`there is no cell ${x}, ${y}`);
      const styles = [
        cell.isBold(),
        cell.isDim(),
        cell.isItalic(),
        cell.isUnderline(),
        cell.isInverse(),
        cell.getFgColorMode(),
        cell.getFgColor(),
        cell.getBgColorMode(),
        cell.getBgColor(),
      ];
      return `${cell.getChars() || ' '}\u0000${styles.map(Number).join()}`;
    }).join('');
  });
}

let stock: Drawing;
let ours: Drawing;
beforeAll(async () => {
  stock = await bundled(join(folder, 'stock.mjs'), []);
  ours = await bundled(join(folder, 'ours.mjs'), [bundledStandIns([...standIns, ...leanModules]), leanStart()], lazySegmenter);
}, 60_000);

async function expectSameCells(drawn: readonly string[], expected: readonly string[], sizeOf: (index: number) => Size): Promise<void> {
  expect(drawn).toHaveLength(expected.length);
  for (const [index, frame] of drawn.entries())
    expect(await cellsOf(frame, sizeOf(index))).toEqual(await cellsOf(expected[index] ?? '', sizeOf(index)));
}

test('every frame of the screen is the one that stock Ink draws', async () => {
  const all = screens();
  const sizes = all.map(({ size }) => size);
  await expectSameCells(ours.drawScreens(all), stock.drawScreens(all), (index) => sizes[index] ?? { columns: 0, rows: 0 });
});

test.for([
  { columns: 80, rows: 24 },
  { columns: 31, rows: 9 },
])('trees of boxes with borders, overlaps, clips and styles over several lines are those that stock Ink draws, at %o', async (size) => {
  await expectSameCells(ours.drawTrees(size), stock.drawTrees(size), () => size);
});

/** A generator of numbers from 0 to 1 that begins anew with its seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const signs = [
  'a',
  'b',
  ' ',
  ' ',
  '語',
  '⚡',
  'e\u0301',
  '👨‍👩‍👧',
  '│',
  '\u00ad',
  '\u001b[31m',
  '\u001b[39m',
  '\u001b[1;44m',
  '\u001b[49m',
  '\u001b[0m',
  '\u001b[7m',
  '\u001b[27;22m',
  '\u001b[38;2;1;2;3m',
  '\n',
];

test('any sequence of writes and clips gives the cells that stock Ink gives', async () => {
  // So wide that no text reaches beyond the frame, where Ink lets half a wide character stand out.
  const size = { columns: 60, rows: 6 };
  const random = randomFrom(11);
  const below = (most: number): number => Math.floor(random() * most);
  for (let round = 0; round < 400; round++) {
    const outputs: readonly Pick<InkOutput, 'write' | 'clip' | 'unclip' | 'get'>[] = [
      new InkOutput({ width: size.columns, height: size.rows }),
      new Output({ width: size.columns, height: size.rows }),
    ];
    let open = 0;
    const done: unknown[] = [];
    for (let step = 0; step < 9; step++) {
      const kind = below(6);
      if (kind === 0) {
        const [x1, y1] = [below(20), below(5)];
        const clip = { x1, x2: x1 + below(14), y1, y2: y1 + below(4) };
        done.push(clip);
        for (const output of outputs) output.clip(clip);
        open++;
      } else if (kind === 1 && open > 0) {
        done.push('unclip');
        for (const output of outputs) output.unclip();
        open--;
      } else {
        const text = Array.from({ length: 1 + below(12) }, () => signs[below(signs.length)]).join('');
        const [x, y] = [below(24), below(7) - 1];
        done.push([x, y, text]);
        for (const output of outputs) output.write(x, y, text, { transformers: [] });
      }
    }
    const [theirs, own] = outputs.map((output) => output.get().output);
    expect(await cellsOf(own ?? '', size), JSON.stringify(done)).toEqual(await cellsOf(theirs ?? '', size));
  }
});

test('a wide character that would stand half outside of the frame is a blank', () => {
  const output = new Output({ width: 4, height: 1 });
  output.write(0, 0, 'abc語', { transformers: [] });
  output.write(-1, 0, '語', { transformers: [] });
  expect(output.get().output).toBe(' bc');
});

test('the sides of a box are split into lines for the first frame, and not again for the next one', () => {
  const draw = (): string => {
    const output = new Output({ width: 4, height: 3 });
    output.write(0, 0, '\u001b[33m│\n│\n│\u001b[39m', { transformers: [] });
    return output.get().output;
  };
  const first = draw();
  const split = vi.spyOn(String.prototype, 'split');
  onTestFinished(() => split.mockRestore());
  expect(draw()).toBe(first);
  expect(split).not.toHaveBeenCalledWith('\n');
});

test('the sides of a box are drawn without a segmenter, whose first use takes as long as a frame', () => {
  const segment = vi.spyOn(Intl.Segmenter.prototype, 'segment');
  onTestFinished(() => segment.mockRestore());
  const output = new Output({ width: 4, height: 3 });
  output.write(0, 0, '\u001b[32m│\n│\n│\u001b[39m', { transformers: [] });
  expect(output.get().output).toContain('│');
  expect(segment).not.toHaveBeenCalled();
});

test.for([
  ['plain', ''],
  ['\u001b[31mred\u001b[39m', ''],
  ['\u001b[1;31;44mall\u001b[39m', '\u001b[1m\u001b[44m'],
  ['\u001b[1m\u001b[2mbold and faint', '\u001b[1m\u001b[2m'],
  ['\u001b[38;5;1;4mcolour 1 is not bold', '\u001b[38;5;1m\u001b[4m'],
  ['\u001b[48;2;0;22;39mthe numbers of a colour end nothing', '\u001b[48;2;0;22;39m'],
  ['\u001b[7mon\u001b[m off', ''],
] as const)('the styles that are on after %j', ([text, expected]) => {
  expect(stylesAfter(text)).toBe(expected);
});

test('a library that does not import what a stand-in stands in for stops the build', async () => {
  const build = bundled(join(folder, 'none.mjs'), [
    bundledStandIns([{ name: 'nothing.js', specifier: /^\.\/nothing\.js$/, importer: /ink/, source: '' }]),
  ]);
  await expect(build).rejects.toThrow('Nothing in the bundle imports nothing.js');
});
