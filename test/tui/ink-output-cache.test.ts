import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import headless from '@xterm/headless';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inkOutputCache, keepCaches, keepSanitized } from '../../tools/ink-output-cache.ts';
import { lean, leanStart } from '../../tools/lean-start.ts';
import { lineOf } from '../../src/tui/input/line-text.ts';
import { compose, type Screen } from '../../src/tui/screen.ts';
import { emptyCommandLine, type Ui } from '../../src/tui/ui.ts';
import { frameOf, now, viewOf } from './fixtures.ts';

const root = join(import.meta.dirname, '../..');
type DrawScreens = (screens: readonly Screen[]) => readonly string[];

const entry = `
import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { createElement } from 'react';
import { createScreenSource } from './src/tui/screen-source.ts';
import { Root } from './src/tui/view.tsx';
export function drawScreens(screens) {
  return screens.map((screen) => {
    const source = createScreenSource();
    source.publish(screen);
    const stdin = Object.assign(new EventEmitter(), { isTTY: true, setEncoding() {}, setRawMode() {}, ref() {}, unref() {}, read: () => null });
    let last = '';
    const stdout = Object.assign(new EventEmitter(), { isTTY: true, columns: screen.size.columns, rows: screen.size.rows, write(text, done) { if (text !== '' && !text.startsWith('\\u001b[?')) last = text; done?.(); return true; } });
    const ink = render(createElement(Root, { source, onKey() {}, onPaste() {}, onHandled() {}, onReady() {} }), { stdout, stdin, debug: true, interactive: true, patchConsole: false, exitOnCtrlC: false });
    ink.unmount();
    return last;
  });
}`;

const noDevtools: Plugin = {
  name: 'no-devtools',
  setup(b) {
    b.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'none', namespace: 'none' }));
    b.onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export default undefined' }));
  },
};

async function bundled(outfile: string, plugins: readonly Plugin[]): Promise<DrawScreens> {
  await build({
    stdin: { contents: entry, resolveDir: root, loader: 'ts' }, outfile, bundle: true, format: 'esm', platform: 'node', jsx: 'automatic', logLevel: 'silent',
    define: { 'process.env.NODE_ENV': '"production"' }, plugins: [noDevtools, ...plugins],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return ((await import(pathToFileURL(outfile).href)) as { readonly drawScreens: DrawScreens }).drawScreens;
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drey-ink-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Screens of a session that goes on: the same texts again, others beside them, and every kind of sign. */
function screens(): Screen[] {
  const texts = ['plain text', '日本語 wide text', '\u001b[31mred\u001b[39m and \u001b[1;4mbold\u001b[0m', '👨‍👩‍👧 e\u0301 ⚡ ◽ joined', '\u001b[38;5;200mmany\u001b[39m \u001b[48;2;1;2;3mcolours 語\u001b[49m', '', 'tab\there'];
  const all: Screen[] = [];
  for (let step = 0; step < 12; step++) {
    const lines = viewOf(Array.from({ length: 60 + step }, (_, index) => ({ at: now + index, pod: 'p', level: index % 4 === 0 ? 'WARN' as const : undefined, story: undefined, text: `${texts[index % texts.length] ?? ''} ${index % 9}` })));
    const ui: Partial<Ui> = step % 6 === 5 ? { keys: true } : step % 6 === 4 ? { command: { ...emptyCommandLine, line: lineOf('語 typed 👍 text') } } : {};
    const size = step % 3 === 0 ? { columns: 120, rows: 40 } : step % 3 === 1 ? { columns: 80, rows: 24 } : { columns: 200, rows: 50 };
    all.push(compose(frameOf(size, { logView: lines, now: now + step * 1_000 }, ui)));
  }
  // With room between the blocks, and styles that nobody switches off.
  const area = { y: 1, width: 12, height: 3 };
  all.push({ size: { columns: 60, rows: 6 }, cursor: undefined, blocks: [
    { id: 'a', area: { ...area, x: 2 }, lines: ['\u001b[35mleft open', '語', '\u001b[44m blue  '] },
    { id: 'b', area: { ...area, x: 20 }, lines: ['beside', '\u001b[1mbold', ''] },
    { id: 'c', area: { ...area, x: 40 }, lines: ['third', 'third', 'third'] },
  ] });
  return all;
}

/** What a terminal shows of a frame: each cell with its sign, its colours and its styles. */
async function cellsOf(frame: string, { columns, rows }: Screen['size']): Promise<readonly string[]> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(frame.replaceAll('\n', '\r\n'), resolve));
  return Array.from({ length: rows }, (_, y) => {
    const line = terminal.buffer.active.getLine(y);
    return Array.from({ length: columns }, (_, x) => {
      const cell = line?.getCell(x);
      if (cell === undefined) throw new Error(`there is no cell ${x}, ${y}`);
      const styles = [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isInverse(), cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()];
      return `${cell.getChars() || ' '}\u0000${styles.map(Number).join()}`;
    }).join('');
  });
}

test('with its caches kept, Ink draws every frame as it does without', async () => {
  const stock = await bundled(join(folder, 'stock.mjs'), []);
  const kept = await bundled(join(folder, 'kept.mjs'), [inkOutputCache(), leanStart()]);
  const all = screens();
  const expected = stock(all);
  for (const [index, frame] of kept(all).entries()) {
    const { size } = all[index] ?? { size: { columns: 0, rows: 0 } };
    expect(await cellsOf(frame, size)).toEqual(await cellsOf(expected[index] ?? '', size));
  }
}, 60_000);

test('another Ink than the one it was written for is refused', async () => {
  const output = await readFile(join(root, 'node_modules/ink/build/output.js'), 'utf8');
  expect(() => keepCaches(output)).not.toThrow();
  expect(() => keepCaches(output.replace('caches = new OutputCaches();', 'caches = make();'))).toThrow('ink/build/output.js is not the one');
  expect(() => keepSanitized('')).toThrow('ink/build/sanitize-ansi.js is not the one');
});

test('a library that is not the one whose start was made lean stops the build', () => {
  expect(() => lean('/x/node_modules/string-width/index.js', 'export default () => 1;')).toThrow('is not the one that tools/lean-start.ts knows');
  expect(lean('/x/node_modules/wrap-ansi/index.js', 'const segmenter = new Intl.Segmenter();\n')).toContain('segmenter$made ??= new Intl.Segmenter()');
  expect(lean('/x/node_modules/other/index.js', 'anything')).toBe('anything');
});
