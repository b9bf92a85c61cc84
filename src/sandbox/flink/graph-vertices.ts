import type { GraphInput, GraphVertex, Ship } from './graph-types.ts';

const by = (ship: Ship, ...from: readonly number[]): readonly GraphInput[] => from.map((one) => ({ from: one, ship }));

/** As the plan describes a chain of operators. */
const chain = (name: string): Pick<GraphVertex, 'name' | 'description'> => ({
  name,
  description: name
    .split(' -> ')
    .map((operator, depth) => `${depth === 0 ? '' : `${'   '.repeat(depth - 1)}+- `}${operator}<br/>`)
    .join(''),
});

export const TOP_SPEED: readonly GraphVertex[] = [
  { ...chain('Source: Car data generator source -> Timestamps/Watermarks'), single: true, rate: 10, cost: 0.4 },
  {
    name: 'GlobalWindows -> Sink: Print to Std. Out',
    description:
      'Window(GlobalWindows(trigger=NeverTrigger), DeltaTrigger, TimeEvictor, ComparableAggregator, PassThroughWindowFunction)<br/>+- Sink: Print to Std. Out<br/>',
    inputs: by('HASH', 0),
    cost: 9,
  },
];

/** The second step is as fast as its busiest task: one customer places many orders. */
export const ENRICHMENT: readonly GraphVertex[] = [
  { ...chain('Source: orders'), rate: 2_400, cost: 0.09 },
  {
    ...chain('enrich with customers -> filter test orders'),
    inputs: by('HASH', 0),
    cost: 0.44,
    gain: 0.97,
    hot: { subtask: 2, share: 1.3, behindMs: 90_000 },
  },
  { ...chain('orders sink: Writer -> orders sink: Committer'), inputs: by('FORWARD', 1), cost: 0.16 },
];

export const WORD_COUNT: readonly GraphVertex[] = [
  { ...chain('Source: in-memory-input -> tokenizer'), single: true, rate: 240, cost: 0.5 },
  { ...chain('counter -> Sink: print-sink'), inputs: by('HASH', 0), cost: 0.4 },
];

export const FAILING: readonly GraphVertex[] = [
  { ...chain('Source: numbers'), rate: 100, cost: 0.3 },
  { ...chain('bomb -> discard: Writer'), inputs: by('REBALANCE', 0), cost: 0.5 },
];

export const BACKPRESSURED: readonly GraphVertex[] = [
  { ...chain('Source: fast source'), rate: 20_000, cost: 0.03 },
  { ...chain('slow map'), inputs: by('REBALANCE', 0), cost: 1.1 },
  { ...chain('discard: Writer'), inputs: by('FORWARD', 1), cost: 0.008 },
];

/** Two streams that are split and joined again: a diamond with two sources and two sinks. The scoring of payments is slow. */
export const ORDER_JOIN: readonly GraphVertex[] = [
  { ...chain('Source: orders -> parse orders'), rate: 900, cost: 0.21 },
  { ...chain('Source: payments -> parse payments'), rate: 1_400, cost: 0.19 },
  { ...chain('currency rates'), inputs: by('BROADCAST', 0), cost: 0.1, gain: 0.01 },
  { ...chain('score payments'), inputs: by('HASH', 1), cost: 1.05 },
  { ...chain('count orders by customer'), inputs: by('HASH', 0), cost: 0.3, hot: { subtask: 0, share: 1.8, behindMs: 25_000 } },
  {
    ...chain('join orders with payments'),
    inputs: [...by('HASH', 4, 3), ...by('BROADCAST', 2)],
    cost: 0.25,
    gain: 0.5,
  },
  { ...chain('settled sink: Writer -> settled sink: Committer'), inputs: by('REBALANCE', 5), cost: 0.3 },
  { ...chain('alerts: Writer'), inputs: by('REBALANCE', 5), cost: 0.05 },
];

const REGIONS = ['africa', 'america', 'asia', 'europe', 'oceania', 'online'] as const;

/** Thirty vertices: six lines that are joined in pairs, united, and written to five places. */
export function regions(): readonly GraphVertex[] {
  const parsed = REGIONS.length;
  const summed = 2 * parsed;
  const joined = 3 * parsed;
  const pairs = [0, 1, 2] as const;
  return [
    ...REGIONS.map((region, index): GraphVertex => ({ ...chain(`Source: ${region}`), rate: 300 + 90 * index, cost: 0.12 })),
    ...REGIONS.map((region, index): GraphVertex => ({
      ...chain(`parse ${region} -> filter ${region}`),
      inputs: by('FORWARD', index),
      cost: 0.4,
    })),
    ...REGIONS.map((region, index): GraphVertex => ({
      ...chain(`sum ${region} by shop`),
      inputs: by('HASH', parsed + index),
      cost: 0.5,
      gain: 0.2,
      ...(region === 'asia' ? { hot: { subtask: 1, share: 2.1, behindMs: 40_000 } } : {}),
    })),
    ...pairs.map((pair): GraphVertex => ({
      ...chain(`join ${REGIONS[2 * pair]} with ${REGIONS[2 * pair + 1]}`),
      inputs: by('HASH', summed + 2 * pair, summed + 2 * pair + 1),
      cost: 1.2,
    })),
    ...pairs.map((pair): GraphVertex => ({
      ...chain(`look up prices ${pair + 1}`),
      inputs: by('REBALANCE', joined + pair),
      cost: 2 + 3 * pair,
    })),
    { ...chain('unite regions'), inputs: by('HASH', joined + 3, joined + 4, joined + 5), cost: 0.4 },
    ...['warehouse', 'dashboard', 'alerts', 'archive', 'audit'].map((sink): GraphVertex => ({
      ...chain(`${sink}: Writer`),
      inputs: by('REBALANCE', joined + 6),
      cost: 0.1,
    })),
  ];
}

/** Lines of four vertices beside each other, for a job with very many tasks. The window of one line is slow. */
export const lines = (count: number): readonly GraphVertex[] =>
  Array.from({ length: count }, (_, line): readonly GraphVertex[] => [
    { ...chain(`Source: clicks ${line}`), rate: 40, cost: 1 },
    { ...chain(`sessions ${line}`), inputs: by('HASH', 4 * line), cost: 5, hot: { subtask: 617, share: 3, behindMs: 60_000 } },
    { ...chain(`window ${line}`), inputs: by('HASH', 4 * line + 1), cost: line === 3 ? 40 : 8 },
    { ...chain(`sink ${line}: Writer`), inputs: by('FORWARD', 4 * line + 2), cost: 2 },
  ]).flat();

export const unknownProgram = (name: string): readonly GraphVertex[] => [
  { ...chain(`Source: ${name}`), rate: 100, cost: 0.3 },
  { ...chain('process -> Sink: print'), inputs: by('HASH', 0), cost: 0.9 },
];
