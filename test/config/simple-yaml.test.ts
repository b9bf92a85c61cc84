import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readSimpleYaml } from '../../src/config/yaml/simple-yaml.ts';
import { readYaml } from '../../src/config/yaml/yaml-read.ts';

test.each(['../../conf/config.yaml', '../goldens/conf/config.yaml'])('the file %s is simple', (path) => {
  const text = readFileSync(join(import.meta.dirname, path), 'utf8');
  expect(readSimpleYaml(text)).toEqual(readYaml(text));
});

const pieces = [
  'a: 1',
  'b: x',
  'c:',
  'd.e: f g',
  ' x: y',
  '  k: v',
  '  l:',
  '    m: n',
  '   odd: 1',
  '# comment',
  '',
  '  # c',
  'a: 1 # c',
  'a: b #c',
  'a: b#c',
  "q: 'x'",
  'r: [a]',
  's: a: b',
  't: a:b',
  'u: - x',
  'v: -x',
  'w: ~',
  'on: off',
  'true: 1',
  'null: x',
  '1: x',
  'y: 012',
  'z: 1e3',
  'text',
  '  text',
  'e: ',
  'e:  spaced  ',
  'f: x:',
  'g: *a',
  'h: &a b',
  'i: !!str 5',
  'j: |',
  'k: a, b',
  'l: 1_000',
  'm: http://x:1/y?z=1',
  'n: %x',
  'o: a %x',
  'p: @x',
  'q: null',
  'r: 0x1F',
  's: .5',
  't: +1',
  'u: a\tb',
  '\tv: x',
  'w: x\r',
  '---',
  '...',
  '? a',
  '- a',
  'x: {a: b}',
  '$y: z',
  'a-b: c',
  'A: TRUE',
  'f: =',
  'g: a  b',
  'h: .inf',
  'i: a? b',
  'j: x -y',
  'k: --add-opens=java.base/java.lang=ALL-UNNAMED --x',
  'l: -1.5',
  'm: -.inf',
  'n: --- x',
  'o: -',
];

/** Numbers from 0 to below 1, the same each time. */
function* numbers(): Generator<number, never> {
  for (let seed = 7; ;) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    yield seed / 2 ** 32;
  }
}

describe('what is read quickly is what the parser of all YAML reads', () => {
  test.each(pieces)('%j alone and below a key', (piece) => {
    const texts = [piece, `top:\n  ${piece}`, `${piece}\n  more`, `${piece}\nz9: 1`].filter((text) => readSimpleYaml(text) !== undefined);
    expect(texts.map(readSimpleYaml)).toEqual(texts.map((text) => readYaml(text) ?? new Map()));
  });

  test('in any combination', () => {
    const random = numbers();
    let quickly = 0;
    for (let round = 0; round < 3000; round += 1) {
      const text = Array.from(
        { length: 1 + Math.floor(random.next().value * 5) },
        () => pieces[Math.floor(random.next().value * pieces.length)],
      ).join('\n');
      const quick = readSimpleYaml(text);
      if (quick === undefined) continue;
      quickly += 1;
      expect(quick, text).toEqual(readYaml(text) ?? new Map());
    }
    expect(quickly).toBeGreaterThan(200);
  });
});
