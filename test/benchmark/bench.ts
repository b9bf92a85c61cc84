// bench [--long] [--keep] [--json FILE] [--assert FACTOR] [--settings JSON] [SUITE …]: measures and prints a table and JSON; with --assert it fails if a target is
// missed by more than FACTOR. Targets that depend on the speed of the machine were set on one machine, and are multiplied by how much
// longer a minimal Ink program takes here and now. --settings is the settings file of the measured program, to compare two of them.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { causes } from './causes.ts';
import { flink } from './flink.ts';
import { flood } from './flood.ts';
import { folds } from './folds.ts';
import { idle } from './idle.ts';
import { inside } from './inside.ts';
import { load } from './load.ts';
import { logs } from './logs.ts';
import { outage } from './outage.ts';
import { recording } from './recording.ts';
import { scale } from './scale.ts';
import { startUp } from './start-up.ts';
import { minimalFirstFrames, paced, paceOf } from './pace.ts';
import { type Figure, median, meets, missesBy } from './statistics.ts';
import type { Suite } from './suite.ts';
import { trickle } from './trickle.ts';
import { openWorkshop } from './workshop.ts';

const suites: Readonly<Record<string, Suite>> = {
  'start-up': startUp,
  load,
  flood,
  logs,
  folds,
  trickle,
  inside,
  recording,
  causes,
  idle,
  outage,
  scale,
  flink,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    assert: { type: 'string' },
    settings: { type: 'string' },
    long: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
for (const name of positionals)
  if (!(name in suites)) throw new Error(`There is no suite ${name}; there are ${Object.keys(suites).join(', ')}.`);

using workshop = openWorkshop(values.settings);
const report: Record<string, readonly Figure[]> = {};
for (const [name, measure] of Object.entries(suites)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`\n${name}`);
  const before = await minimalFirstFrames(workshop);
  const figures = await measure({ workshop, long: values.long, keep: values.keep });
  if (typeof figures === 'string') console.log(`    ${figures}`);
  else {
    const frames = [...before, ...(await minimalFirstFrames(workshop))];
    const pace = paceOf(frames);
    console.log(`    minimal Ink program meanwhile ${median(frames).toFixed(0)} ms: targets in ms and % of a core x ${pace.toFixed(2)}`);
    report[name] = figures.map((figure) => paced(figure, pace));
  }
  for (const figure of report[name] ?? []) console.log(row(figure));
}
if (values.json === undefined) console.log(`\n${JSON.stringify(report)}`);
else writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);

const factor = values.assert === undefined ? Number.POSITIVE_INFINITY : Number(values.assert);
const missed = Object.entries(report).flatMap(([suite, figures]) =>
  figures.filter((figure) => missesBy(figure, factor)).map((figure) => ({ suite, ...figure })),
);
for (const { suite, name, value, target, unit } of missed)
  console.error(`${suite}: ${name}: ${value.toFixed(1)} ${unit} misses ${target} by more than ${factor} times`);
process.exitCode = missed.length === 0 ? 0 : 1;

function row(figure: Figure): string {
  const { name, value, unit, target, atLeast, note } = figure;
  const wanted =
    target === undefined ? '' : `${atLeast === true ? '>=' : '<='} ${target < 10 ? Number(target.toFixed(1)) : target.toFixed(0)} ${unit}`;
  return `  ${meets(figure) ? ' ' : '!'} ${name.padEnd(50)} ${value.toFixed(value < 10 ? 2 : 0).padStart(8)} ${unit.padEnd(5)} ${wanted.padEnd(11)} ${note ?? ''}`.trimEnd();
}
