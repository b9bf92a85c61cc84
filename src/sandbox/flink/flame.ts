import type { Frame, Stack } from './stacks.ts';

/** A node of a flame graph as the REST API has it. */
export interface FlameNode {
  readonly name: string;
  readonly value: number;
  readonly children: readonly FlameNode[];
}

/** A stack, and in how many samples it was found. */
export interface CountedStack {
  readonly frames: readonly Frame[];
  readonly samples: number;
}

export const FLAME_TYPES = ['FULL', 'ON_CPU', 'OFF_CPU'] as const;
export type FlameType = (typeof FLAME_TYPES)[number];

/** Source: VertexFlameGraphFactory, Flink 2.3: a thread that is neither new nor runnable is off the CPU. */
export const counts = (type: FlameType, { state }: Pick<Stack, 'state'>): boolean =>
  type === 'FULL' || (type === 'ON_CPU') === (state === 'RUNNABLE');

/** Stacks that begin alike become one node. */
export function flameTree(name: string, stacks: readonly CountedStack[], depth = 0): FlameNode {
  const below = Map.groupBy(
    stacks.filter(({ frames, samples }) => samples > 0 && frames.length > depth),
    ({ frames }) => frames[depth] ?? '',
  );
  return {
    name,
    value: stacks.reduce((sum, { samples }) => sum + samples, 0),
    children: [...below].map(([frame, same]) => flameTree(frame, same, depth + 1)),
  };
}

/** `f(level,left,width,type,'title')` of each node, as async-profiler 2.9 writes its page. Type 1 is Java, 3 native. */
export function profileLines(node: FlameNode, level = 0, left = 0): readonly string[] {
  const method = node.name.replace(/:-?\d+$/, '');
  const java = /^[\w$.]+\.[\w$<>]+$/.test(method);
  const title = java ? method.replace(/\.(?=.*\.)/g, '/') : method;
  let at = left;
  const lines = [`f(${level},${left},${node.value},${java ? 1 : 3},'${title.replace(/['\\]/g, '\\$&')}')`];
  for (const child of node.children) {
    lines.push(...profileLines(child, level + 1, at));
    at += child.value;
  }
  return lines;
}
