import { createHash } from 'node:crypto';

export type Ship = 'HASH' | 'REBALANCE' | 'FORWARD';

export interface GraphVertex {
  readonly name: string;
  /** As in the plan, with `<br/>`. */
  readonly description: string;
  /** Index of the vertex before it, and how records get here; absent for a source. */
  readonly input?: { readonly from: number; readonly ship: Ship };
  /** Runs with one task whatever the job's parallelism. */
  readonly single?: boolean;
  /** Average records per second that a task reads (a source: emits). */
  readonly rate: number;
}

/** The job that a program builds in its `main`. */
export interface JobGraph {
  readonly name: string;
  readonly type: 'STREAMING' | 'BATCH';
  readonly vertices: readonly GraphVertex[];
  /** Milliseconds between checkpoints; undefined: off. */
  readonly checkpointEvery: number | undefined;
  /** Milliseconds after which a bounded input has been read. */
  readonly finishesAfter?: number;
  /** Milliseconds of running after which a task throws, each time. */
  readonly failsAfter?: number;
  /** Restarts before the job fails for good. */
  readonly restarts: number;
}

const TOP_SPEED: readonly GraphVertex[] = [
  {
    name: 'Source: Car data generator source -> Timestamps/Watermarks',
    description: 'Source: Car data generator source<br/>+- Timestamps/Watermarks<br/>',
    single: true,
    rate: 10,
  },
  {
    name: 'GlobalWindows -> Sink: Print to Std. Out',
    description:
      'Window(GlobalWindows(trigger=NeverTrigger), DeltaTrigger, TimeEvictor, ComparableAggregator, PassThroughWindowFunction)<br/>+- Sink: Print to Std. Out<br/>',
    input: { from: 0, ship: 'HASH' },
    rate: 5,
  },
];

const ENRICHMENT: readonly GraphVertex[] = [
  { name: 'Source: orders', description: 'Source: orders<br/>', rate: 1_850 },
  {
    name: 'enrich with customers -> filter test orders',
    description: 'enrich with customers<br/>+- filter test orders<br/>',
    input: { from: 0, ship: 'HASH' },
    rate: 1_850,
  },
  {
    name: 'orders sink: Writer -> orders sink: Committer',
    description: 'orders sink: Writer<br/>+- orders sink: Committer<br/>',
    input: { from: 1, ship: 'FORWARD' },
    rate: 1_790,
  },
];

const WORD_COUNT: readonly GraphVertex[] = [
  { name: 'Source: in-memory-input -> tokenizer', description: 'Source: in-memory-input<br/>+- tokenizer<br/>', single: true, rate: 240 },
  { name: 'counter -> Sink: print-sink', description: 'counter<br/>+- Sink: print-sink<br/>', input: { from: 0, ship: 'HASH' }, rate: 240 },
];

const FAILING: readonly GraphVertex[] = [
  { name: 'Source: numbers', description: 'Source: numbers<br/>', rate: 100 },
  { name: 'bomb -> discard: Writer', description: 'bomb<br/>+- discard: Writer<br/>', input: { from: 0, ship: 'REBALANCE' }, rate: 100 },
];

const BACKPRESSURED: readonly GraphVertex[] = [
  { name: 'Source: fast source', description: 'Source: fast source<br/>', rate: 20_000 },
  { name: 'slow map', description: 'slow map<br/>', input: { from: 0, ship: 'REBALANCE' }, rate: 900 },
  { name: 'discard: Writer', description: 'discard: Writer<br/>', input: { from: 1, ship: 'FORWARD' }, rate: 900 },
];

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
      return {
        ...streaming,
        name: option('name') ?? short,
        vertices: [
          { name: `Source: ${short}`, description: `Source: ${short}<br/>`, rate: 100 },
          { name: 'process -> Sink: print', description: 'process<br/>+- Sink: print<br/>', input: { from: 0, ship: 'HASH' }, rate: 100 },
        ],
      };
  }
}

/** Ids of vertices depend on the program alone, as Flink's do: the same jar has the same ids on every cluster. */
export const vertexId = (graph: JobGraph, index: number): string =>
  createHash('md5')
    .update(`${graph.vertices[index]?.name ?? ''}/${index}`)
    .digest('hex');
