import { expect, test } from 'vitest';
import { apply, applyAll } from '../../src/session/apply.ts';
import { emptySession } from '../../src/session/empty-session.ts';
import type { Change, Session } from '../../src/session/types.ts';
import { target } from './build.ts';
import { changesOf } from './random-changes.ts';

const seeds = Array.from({ length: 40 }, (_, n) => 1_000 + n * 97);

test('every kind of change is there to be tried', () => {
  expect(new Set(seeds.flatMap((seed) => changesOf(seed, 150)).map(({ kind }) => kind)).size).toBe(16);
});

test('changes lead to the same session one by one, and in batches of any size', () => {
  for (const seed of seeds) {
    const changes = changesOf(seed, 150);
    const oneByOne = changes.reduce(apply, emptySession(target));
    let batched = emptySession(target);
    for (let from = 0; from < changes.length; from += 1 + (seed % 13))
      batched = applyAll(batched, changes.slice(from, from + 1 + (seed % 13)));
    expect(batched).toEqual(oneByOne);
  }
});

/** Changes that say how something is: told twice they change nothing the second time. */
const sayOnce: readonly string[] = [
  'pods-seen',
  'leader',
  'usage',
  'jobs-seen',
  'overview',
  'config',
  'log',
  'source',
  'stopped',
  'target',
] satisfies readonly Change['kind'][];

test('a session is never changed, and a change that says nothing new gives the same one', () => {
  const frozen = (session: Session): Session => {
    for (const value of Object.values(session)) if (Array.isArray(value)) Object.freeze(value);
    return Object.freeze(session);
  };
  for (const seed of seeds) {
    let session = frozen(emptySession(target));
    for (const change of changesOf(seed, 150)) {
      const podsBefore = [...session.pods];
      const next = frozen(apply(session, change));
      expect([...session.pods]).toEqual(podsBefore);
      for (const [name, pod] of [...next.pods].filter(([name, pod]) => session.pods.get(name) !== pod))
        expect(session.pods.get(name)).not.toEqual(pod);
      const before = (id: string) => session.jobs.find((job) => job.id === id);
      for (const job of next.jobs.filter((job) => before(job.id) !== job)) expect(before(job.id)).not.toEqual(job);
      expect(sayOnce.includes(change.kind) ? apply(next, change) : next).toBe(next);
      session = next;
    }
  }
});
