import { expect, test } from 'vitest';
import { mapState, plannedVertices, type StatePart } from '../../src/inside/state-mapping.ts';

const part = (id: string, given: Partial<StatePart> = {}): StatePart => ({ id, name: id, sizeBytes: 10, maxParallelism: 128, ...given });
const plan = (...nodes: readonly { readonly id: string; readonly parallelism?: number; readonly description?: string }[]) =>
  plannedVertices({ nodes: nodes.map((node) => ({ parallelism: 2, ...node })) }) ?? [];

const counter = plan(
  { id: 'source', description: 'Source: numbers<br/>' },
  { id: 'count', description: 'count per key<br/>+- discard: Writer<br/>' },
);

test('state of the first operators of the vertices has a place, and what has no state needs none', () => {
  expect(mapState([part('source'), part('count'), part('writer', { sizeBytes: 0 })], counter)).toEqual({ kind: 'fits' });
});

const writer = part('writer', { name: 'discard: Writer' });

test('state of an operator whose name is behind the first one of a vertex is not known to have a place', () => {
  expect(mapState([part('source'), writer], counter)).toEqual({ kind: 'unknown', parts: [writer] });
  const inOneLine = plan({ id: 'count', description: 'count per key -> (discard: Writer, log)' });
  expect(mapState([writer], inOneLine)).toEqual({ kind: 'unknown', parts: [writer] });
});

test('state of an operator that is neither by its id nor by its name in the plan is absent', () => {
  const old = part('old', { sizeBytes: undefined });
  expect(mapState([part('source'), old, writer], counter)).toEqual({ kind: 'absent', parts: [old] });
  // The name of a first operator does not help: its id is known, and is another one.
  expect(mapState([part('renewed', { name: 'count per key' })], counter)).toMatchObject({ kind: 'absent' });
});

test('without its name an operator can be any that is behind another one, and none if there is none', () => {
  const nameless = part('old', { name: undefined });
  expect(mapState([nameless], counter)).toEqual({ kind: 'unknown', parts: [nameless] });
  expect(mapState([nameless], plan({ id: 'source', description: 'Source: numbers<br/>' }))).toEqual({ kind: 'absent', parts: [nameless] });
});

test('state that can be divided among fewer subtasks than the plan has is too narrow', () => {
  const narrow = part('count', { maxParallelism: 4 });
  expect(mapState([narrow], plan({ id: 'count', parallelism: 4 }))).toEqual({ kind: 'fits' });
  expect(mapState([narrow], plan({ id: 'count', parallelism: 5 }))).toEqual({ kind: 'too-wide', part: narrow, parallelism: 5 });
  expect(mapState([part('count', { maxParallelism: undefined })], plan({ id: 'count', parallelism: 900 }))).toEqual({ kind: 'fits' });
});

test('a plan of another form is not read', () => {
  expect(plannedVertices({ nodes: [{ id: 1 }] })).toBeUndefined();
  expect(plannedVertices('no plan')).toBeUndefined();
});
