import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../src/sandbox/api/objects.ts';
import { patched, patchType, type PatchType } from '../../src/sandbox/api/patches.ts';

const pod: JsonObject = {
  metadata: { name: 'p', labels: { app: 'c1', role: 'jm' } },
  spec: { containers: [{ name: 'main', image: 'flink:2.2' }, { name: 'sidecar' }], tolerations: [{ key: 'a' }] },
};
/** What is left of the pod, without its metadata if that is as it was. */
const after = (patch: unknown, type: PatchType): unknown => patched(pod, patch, type);
const spec = (value: object): object => ({ metadata: pod['metadata'], spec: value });

test.each([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json; charset=utf-8', 'strategic'],
  ['application/apply-patch+yaml', 'apply'],
])('%s is a patch of its kind', (type, kind) => {
  expect(patchType(type)).toBe(kind);
});

test('a patch of another type is refused with the types that are read', () => {
  expect(() => patchType('application/json')).toThrow(/accepted media types include: application\/json-patch\+json/);
});

describe('a merge patch', () => {
  test('takes members away by null, and replaces lists whole', () => {
    expect(after({ metadata: { labels: { role: null } }, spec: { containers: [{ name: 'other' }] } }, 'merge')).toEqual({
      metadata: { name: 'p', labels: { app: 'c1' } },
      spec: { containers: [{ name: 'other' }], tolerations: [{ key: 'a' }] },
    });
  });

  test('has to be an object', () => {
    expect(() => after([], 'merge')).toThrow('the patch is not an object');
  });
});

describe('a strategic merge patch', () => {
  const { tolerations } = pod['spec'] as { readonly tolerations: unknown };

  test('changes, adds and deletes the items of a list by their name', () => {
    const containers = [
      { name: 'main', image: 'flink:2.3' },
      { name: 'sidecar', $patch: 'delete' },
      { name: 'never-there', $patch: 'delete' },
      { name: 'new' },
    ];
    expect(after({ spec: { $setElementOrder: ['main'], containers } }, 'strategic')).toEqual(
      spec({ tolerations, containers: [{ name: 'main', image: 'flink:2.3' }, { name: 'new' }] }),
    );
  });

  test('replaces a list whose items have no name', () => {
    expect(after({ spec: { tolerations: [{ key: 'b' }] } }, 'strategic')).toMatchObject({ spec: { tolerations: [{ key: 'b' }] } });
  });
});

describe('a JSON patch', () => {
  test('does one operation after the other, in objects and lists', () => {
    expect(
      after(
        [
          { op: 'test', path: '/spec/containers/0/name', value: 'main' },
          { op: 'add', path: '/metadata/labels/a~1b', value: 'slash' },
          { op: 'remove', path: '/metadata/labels/app' },
          { op: 'copy', from: '/metadata/labels/a~1b', path: '/metadata/labels/copy' },
          { op: 'move', from: '/metadata/labels/role', path: '/metadata/labels/moved' },
          { op: 'replace', path: '/spec/containers/1', value: { name: 'second' } },
          { op: 'add', path: '/spec/containers/-', value: { name: 'last' } },
          { op: 'remove', path: '/spec/containers/0' },
        ],
        'json',
      ),
    ).toEqual({
      metadata: { name: 'p', labels: { 'a/b': 'slash', copy: 'slash', moved: 'jm' } },
      spec: { containers: [{ name: 'second' }, { name: 'last' }], tolerations: [{ key: 'a' }] },
    });
    expect(pod['metadata']).toEqual({ name: 'p', labels: { app: 'c1', role: 'jm' } });
  });

  test.each([
    ['that is not a list', {}, 'a JSON patch is a list of operations'],
    ['with an operation without a path', [{ op: 'add' }], 'a JSON patch operation needs op and path'],
    ['with an operation that nobody knows', [{ op: 'double', path: '/a' }], 'unknown JSON patch operation double'],
    ['that leaves no object', [{ op: 'replace', path: '', value: 1 }], 'the patch leaves no object'],
    ['whose test fails', [{ op: 'test', path: '/metadata/name', value: 'q' }], 'the server rejected our request'],
    ['that replaces what is not there', [{ op: 'replace', path: '/metadata/none', value: 1 }], 'the server rejected our request'],
    ['that adds below a text', [{ op: 'add', path: '/metadata/name/x', value: 1 }], 'the server rejected our request'],
  ])('%s is refused', (_, patch, reason) => {
    expect(() => after(patch, 'json')).toThrow(reason);
  });

  test('moves a value whose place it takes away', () => {
    expect(after([{ op: 'move', from: '/spec/containers/0/image', path: '/spec/image' }], 'json')).toMatchObject({
      spec: { image: 'flink:2.2', containers: [{ name: 'main' }, { name: 'sidecar' }] },
    });
  });
});
