// bench [--json FILE] [--assert FACTOR] [SUITE …]: measures and prints a table; with --assert it fails where a target is missed by more than FACTOR.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { startUp } from './start-up.ts';
import { type Figure, meets } from './statistics.ts';

const suites: Readonly<Record<string, () => Promise<readonly Figure[]>>> = { 'start-up': startUp };

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' }, assert: { type: 'string' } } });
const report: Record<string, readonly Figure[]> = {};
for (const [name, measure] of Object.entries(suites)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const figures = await measure();
  report[name] = figures;
  console.log(`\n${name}`);
  for (const figure of figures) {
    const wanted = figure.target === undefined ? '' : `${figure.atLeast === true ? '>=' : '<='} ${figure.target} ${figure.unit}`;
    console.log(`  ${meets(figure) ? ' ' : '!'} ${figure.name.padEnd(52)} ${figure.value.toFixed(figure.value < 10 ? 2 : 0).padStart(8)} ${figure.unit.padEnd(6)} ${wanted.padEnd(14)} ${figure.note ?? ''}`);
  }
}
if (values.json === undefined) console.log(`\n${JSON.stringify(report)}`);
else writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);

const factor = Number(values.assert ?? Number.NaN);
const missed = Object.values(report).flat().filter(({ value, target, atLeast }) => target !== undefined && (atLeast === true ? value * factor < target : value > target * factor));
for (const { name, value, target, unit } of missed) console.error(`${name}: ${value.toFixed(1)} ${unit} misses ${target} by more than ${factor} times`);
process.exit(missed.length === 0 ? 0 : 1);
