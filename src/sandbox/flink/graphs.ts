import { createHash } from 'node:crypto';
import { BACKPRESSURED, ENRICHMENT, FAILING, ORDER_JOIN, TOP_SPEED, WORD_COUNT, lines, regions, unknownProgram } from './graph-vertices.ts';
import type { JobGraph } from './graph-types.ts';

const FOREVER = Number.MAX_SAFE_INTEGER;

/** The job that an entry class builds. An unknown class streams something under its own name. `--fail` makes any program throw. */
export function graphOf(entryClass: string, args: readonly string[]): JobGraph {
  const short = entryClass.split('.').at(-1)?.replace(/\$$/, '') ?? entryClass;
  const option = (name: string): string | undefined => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  const seconds = (text: string | undefined, fallback: number): number =>
    text === undefined || Number.isNaN(Number(text)) ? fallback : Number(text) * 1000;
  const failing = args.includes('--fail')
    ? { failsAfter: seconds(option('fail'), 4_000), restarts: Number(option('restarts') ?? '2') }
    : {};
  const streaming = { type: 'STREAMING', checkpointEvery: 5_000, restarts: FOREVER, ...failing } as const;
  switch (short) {
    case 'TopSpeedWindowing':
      return { ...streaming, name: 'CarTopSpeedWindowingExample', vertices: TOP_SPEED };
    case 'OrdersEnrichment':
      return { ...streaming, name: 'orders-enrichment', vertices: ENRICHMENT };
    case 'Backpressured':
      return { ...streaming, name: 'Backpressured', vertices: BACKPRESSURED };
    case 'OrderJoin':
      return { ...streaming, name: 'orders-and-payments', vertices: ORDER_JOIN };
    case 'Regions':
      return { ...streaming, name: 'regional-sales', vertices: regions() };
    case 'ManyTasks':
      return { ...streaming, name: 'many-tasks', vertices: lines(10), checkpointEvery: 30_000 };
    case 'WordCount':
      return {
        ...streaming,
        name: 'WordCount',
        vertices: WORD_COUNT,
        checkpointEvery: undefined,
        finishesAfter: seconds(option('seconds'), 12_000),
      };
    case 'FailAfter':
      return {
        ...streaming,
        name: option('name') ?? 'Fails after a while',
        vertices: FAILING,
        failsAfter: seconds(option('seconds'), 4_000),
        restarts: Number(option('restarts') ?? '2'),
      };
    case 'BatchReport':
      return {
        ...streaming,
        name: 'Batch report',
        type: 'BATCH',
        vertices: WORD_COUNT,
        checkpointEvery: undefined,
        finishesAfter: seconds(option('seconds'), 12_000),
      };
    default:
      return { ...streaming, name: option('name') ?? short, vertices: unknownProgram(short) };
  }
}

/** Ids of vertices depend on the program alone, as Flink's do: the same jar has the same ids on every cluster. */
export const vertexId = (graph: JobGraph, index: number): string =>
  createHash('md5')
    .update(`${graph.vertices[index]?.name ?? ''}/${index}`)
    .digest('hex');
