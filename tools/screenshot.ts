// screenshot [--columns N] [--rows N] [--out FILE.svg] [KEYS | wait:PATTERN …]: runs `drey attach --sandbox` on a pseudo-terminal, types
// and waits as told, and draws what stands on it. Without steps: the picture of the README.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Cell, Terminal } from '../test/terminal/harness.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    columns: { type: 'string', default: '120' },
    rows: { type: 'string', default: '40' },
    out: { type: 'string', default: 'docs/screen.svg' },
  },
});

const cell = { width: 8.4, height: 18, font: 14 };
const background = '#16181d';
const foreground = '#d6d9df';

await using terminal = new Terminal(['attach', '--sandbox'], { columns: Number(values.columns), rows: Number(values.rows) });
await terminal.sees(/orders-enrichment +▶ Running|Jobs 2/);
const steps = positionals.length > 0 ? positionals : ['submit FailAfter.jar⏎', 'wait:⟳ Restarting'];
for (const step of steps) {
  if (step.startsWith('wait:')) await terminal.sees(new RegExp(step.slice(5)), 60_000);
  else terminal.type(step);
  await terminal.settled(300);
}
writeFileSync(values.out, svg(terminal.cells()));
console.log(values.out);

function svg(rows: readonly (readonly Cell[])[]): string {
  const width = (rows[0]?.length ?? 0) * cell.width + 24;
  const height = rows.length * cell.height + 24;
  const parts: string[] = [];
  rows.forEach((row, y) => {
    for (const run of runs(row)) {
      const x = 12 + run.at * cell.width;
      const top = 12 + y * cell.height;
      if (run.background !== undefined) parts.push(`<rect x="${x}" y="${top}" width="${run.cells * cell.width}" height="${cell.height}" fill="${run.background}"/>`);
      if (run.text.trim() === '') continue;
      const style = `${run.bold ? ' font-weight="bold"' : ''}${run.dim ? ' opacity="0.6"' : ''}`;
      parts.push(`<text x="${x}" y="${top + 13.5}" fill="${run.foreground ?? foreground}" textLength="${run.cells * cell.width}" lengthAdjust="spacingAndGlyphs"${style} xml:space="preserve">${escape(run.text)}</text>`);
    }
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${cell.font}">\n<rect width="100%" height="100%" rx="8" fill="${background}"/>\n${parts.join('\n')}\n</svg>\n`;
}

interface Run extends Omit<Cell, 'width'> {
  readonly at: number;
  cells: number;
  text: string;
}

/** Neighbours that look the same, as one piece. */
function runs(row: readonly Cell[]): readonly Run[] {
  const found: Run[] = [];
  row.forEach(({ width, ...look }, at) => {
    if (width === 0) return;
    const last = found.at(-1);
    if (last !== undefined && last.foreground === look.foreground && last.background === look.background && last.bold === look.bold && last.dim === look.dim) {
      last.text += look.text;
      last.cells += width;
    } else found.push({ ...look, at, cells: width });
  });
  return found;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
