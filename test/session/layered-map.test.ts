import { expect, test } from 'vitest';
import { LayeredMap } from '../../src/session/layered-map.ts';

test('it is a map, whatever is done to it and however often it is copied', () => {
  let seed = 3;
  const roll = (most: number): number => (seed = (seed * 48_271) % 2_147_483_647) % most;
  for (let round = 0; round < 6; round += 1) {
    let model = new Map(Array.from({ length: roll(200) }, (_, n) => [n, n]));
    let map = LayeredMap.from<number, number>(new Map(model));
    for (let step = 0; step < 80; step += 1) {
      const before = { model, map, entries: [...map] };
      model = new Map(model);
      map = LayeredMap.from(map);
      for (let change = roll(5); change >= 0; change -= 1) {
        const key = roll(250);
        const remove = roll(3) === 0;
        const [inModel, inMap] = [model, map].map((each) => (remove ? each.delete(key) : each.set(key, step).has(key)));
        expect(inMap).toBe(inModel);
      }
      expect([...map]).toEqual([...model]);
      expect([map.size, [...map.keys()].length, [...map.values()].length]).toEqual([model.size, model.size, model.size]);
      expect([...before.map]).toEqual(before.entries);
      const key = roll(260);
      expect([map.get(key), map.has(key)]).toEqual([model.get(key), model.has(key)]);
      const seen: number[] = [];
      map.forEach((value) => seen.push(value));
      expect(seen).toEqual([...model.values()]);
    }
  }
});
