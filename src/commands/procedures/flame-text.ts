import { type Flame, stackOf } from '../../inside/flame/flame.ts';
import { methodsOf } from '../../inside/flame/methods.ts';
import { flameRows } from '../../inside/flame/text.ts';
import { methodColumns, methodRows } from '../../session/tables/methods.ts';
import { textTable } from '../../session/tables/text-table.ts';
import { formatPercent } from '../../support/format.ts';
import { isoTime } from '../../support/machine-text.ts';

/** Methods that are listed for a person; programs get all of them. */
const mostMethods = 15;

/** Cells of the flame graph: it fits into most windows. */
const graphColumns = 100;

/** A flame graph, and what is to be said of it. */
export interface SampledFlame {
  readonly flame: Flame;
  /** What was sampled, and how: `Enrich, on CPU`. */
  readonly title: string;
  readonly at: number | undefined;
}

/** Where the time went, for a person: the methods that are most often on top, and the stack that is sampled most. */
export function flameLines({ flame, title }: SampledFlame, now: number): readonly string[] {
  const methods = methodsOf(flame);
  const rows = methodRows(methods.slice(0, mostMethods), flame.total);
  const more = methods.length > rows.length ? [`${methods.length - rows.length} more methods: -o json has them all.`] : [];
  return [
    `${title}: ${flame.total} samples.`,
    '',
    ...textTable(methodColumns, rows, { now, whole: true }),
    ...more,
    '',
    'The flame graph; each frame was called by the one above it:',
    ...flameRows(flame, graphColumns).map((row) => `  ${row}`),
    '',
    'The stack that was sampled most:',
    ...hottest(flame).map(({ name, total }) => `  ${formatPercent(total / flame.total).padStart(4)}  ${name}`),
  ];
}

/** The stack with the most samples of its own. */
function hottest(flame: Flame): ReturnType<typeof stackOf> {
  const top = flame.frames.reduce((best, { own }, index) => (own > (flame.frames[best]?.own ?? 0) ? index : best), 0);
  return stackOf(flame, top);
}

/** The documented form for programs. */
export const flameData = ({ flame, title, at }: SampledFlame): unknown => ({
  title,
  samples: flame.total,
  at: isoTime(at) ?? null,
  methods: methodsOf(flame),
  frames: flame.frames.map(({ name, depth, total, own }) => ({ depth, name, total, own })),
});
