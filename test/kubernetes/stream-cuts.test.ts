import { expect, test } from 'vitest';
import { itemSplitter } from '../../src/kubernetes/watch/json-items.ts';
import { jsonMarks } from '../../src/kubernetes/watch/json-marks.ts';
import { beforeList, closed, opened } from '../../src/kubernetes/watch/list-place.ts';
import { lineSplitter } from '../../src/kubernetes/model/line-splitter.ts';

const items = [
  { metadata: { name: 'a', labels: { 'x"y': 'brace } and ] and \\' } }, list: [1, [2, { items: ['inner'] }]] },
  { metadata: { name: 'ünï ▶ 🐿' }, empty: {}, none: null },
  {},
];
const lists = {
  'as Kubernetes sends it': JSON.stringify({
    kind: 'PodList',
    apiVersion: 'v1',
    metadata: { resourceVersion: '7', continue: 'abc' },
    items,
  }),
  'with the items first': JSON.stringify({ items, metadata: { resourceVersion: '7', continue: 'abc' }, kind: 'items' }),
  'printed for a person': `${JSON.stringify({ kind: 'PodList', metadata: { resourceVersion: '7', continue: 'abc', items: ['not these'] }, items }, null, 2)}\n`,
};

for (const [how, json] of Object.entries(lists)) {
  test(`a list ${how} gives the same objects wherever it is cut`, () => {
    const bytes = Buffer.from(json);
    for (let first = 0; first <= bytes.length; first++) {
      for (const second of [first, first + 1, first + 13].filter((end) => end <= bytes.length)) {
        const splitter = itemSplitter();
        const found = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)].flatMap((chunk) =>
          splitter.push(Buffer.from(chunk)).map((item) => JSON.parse(item.toString('utf8')) as unknown),
        );
        expect(found).toEqual(items);
        expect(JSON.parse(splitter.envelope() ?? '')).toEqual({ ...(JSON.parse(json) as object), items: [] });
      }
    }
  });
}

test('a list byte by byte is the same list', () => {
  const splitter = itemSplitter();
  const found = [...Buffer.from(lists['as Kubernetes sends it'])].flatMap((byte) =>
    splitter.push(Buffer.from([byte])).map((item) => JSON.parse(item.toString('utf8')) as unknown),
  );
  expect(found).toEqual(items);
});

test.each(['{"metadata":{},"items":[]}', '{"metadata":{},"items":null}', '{"items":[\n]\n,"metadata":{}}'])(
  'an empty list has no objects: %s',
  (json) => {
    const splitter = itemSplitter();
    expect(splitter.push(Buffer.from(json))).toEqual([]);
    expect(JSON.parse(splitter.envelope() ?? '')).toMatchObject({ metadata: {} });
  },
);

test('a list that was cut off is not taken for a whole one', () => {
  const bytes = Buffer.from(lists['as Kubernetes sends it']);
  for (let end = 0; end < bytes.length; end++) {
    const splitter = itemSplitter();
    splitter.push(bytes.subarray(0, end));
    expect(splitter.envelope()).toBeUndefined();
  }
});

test('an item that is not an object is handed out as null, once, wherever the list is cut', () => {
  const json = '{"items":[12 , {"a":1},true,\n[3],null]}';
  for (let cut = 0; cut <= json.length; cut++) {
    const splitter = itemSplitter();
    const found = [json.slice(0, cut), json.slice(cut)].flatMap((chunk) => splitter.push(Buffer.from(chunk)).map(String));
    expect(found).toEqual(['null', '{"a":1}', 'null', '[3]', 'null']);
  }
});

/** What begins and ends in a list, in order, in short. */
function eventsOf(json: string): string {
  const place = beforeList();
  const marks = jsonMarks(place);
  const data = Buffer.from(json);
  const events: string[] = [];
  for (let at = marks.first(data, 0); at < data.length; at = marks.next(data, at + 1)) {
    const byte = json[at] ?? '';
    if ('{['.includes(byte)) events.push(`+${opened(place, byte === '[')}`);
    else if ('}]'.includes(byte)) events.push(`-${closed(place)}`);
  }
  return events.filter((event) => !event.endsWith('other')).join(' ');
}

test.each([
  ['{"items":[{"items":[{}]},[[]]]}', '+items +item -item +item -item -items -list'],
  ['{"metadata":{"items":[{}]},"items":[]}', '+items -items -list'],
  ['{"x":"items","y":[{}]}', '-list'],
  ['{"items":{"a":[{}]},"y":[{}]}', '-list'],
  ['{"items":[{}],"items":[{}]}', '+items +item -item -items +items +item -item -items -list'],
  ['{"it\\"ems":[{}],"]}":[]}', '-list'],
  [']}', ''],
])('only what stands in the items of the list itself is an item: %s', (json, events) => {
  expect(eventsOf(json)).toBe(events);
});

test('lines are the same wherever the stream is cut', () => {
  const bytes = Buffer.from('one\n\nzwölf ▶\nlast\nrest');
  for (let first = 0; first <= bytes.length; first++) {
    for (let second = first; second <= bytes.length; second++) {
      const splitter = lineSplitter();
      const lines = [bytes.subarray(0, first), bytes.subarray(first, second), bytes.subarray(second)].flatMap((chunk) =>
        splitter.push(Buffer.from(chunk)).map((line) => line.toString('utf8')),
      );
      expect(lines).toEqual(['one', '', 'zwölf ▶', 'last']);
      expect(splitter.pending).toBe(4);
    }
  }
});
