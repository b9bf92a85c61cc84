import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Incident } from './incident.ts';
import { play } from './play.ts';
import { causes } from './scenarios/causes.ts';
import { decoys } from './scenarios/decoys.ts';

/** All options of Flink 2.3.0, as its classes declare them. */
const options = new Set(
  readFileSync(new URL('flink-2.3-options.txt', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n'),
);
const families = new Set([...options].map((option) => option.split('.')[0]));

/** Any variable of the environment can be behind these, and they stand in no class. */
const open = /^containerized\.(?:master|taskmanager)\.env\.[A-Z_]+$/;

/** `taskmanager.memory.jvm-overhead.fraction` in a sentence; `flink-s3-fs-hadoop-2.3.0.jar` is not an option. */
const named = (sentence: string): readonly string[] =>
  [...sentence.matchAll(/(?<![\w./-])[a-z][a-z0-9-]*(?:\.[A-Za-z0-9_-]+)+/g)]
    .map(([option]) => option)
    .filter((option) => families.has(option.split('.')[0] ?? ''));

/** A session of an older Flink gets the names of that. */
const isNew = (incident: Incident): boolean => {
  const overview = incident.moments.at(-1)?.rest['/overview'] as { readonly 'flink-version'?: string } | undefined;
  return overview?.['flink-version']?.startsWith('1.') !== true;
};

test('every option that an advice names is one of Flink 2.3', async () => {
  const incidents = [...causes, ...decoys].map((scenario) => scenario.incident()).filter(isNew);
  const advice = new Set<string>();
  for (const incident of incidents)
    for (const { advice: own, also, possible } of (await play(incident)).findings)
      for (const sentence of [...own, ...[...also, ...possible].flatMap((each) => each.advice)]) advice.add(sentence);
  const all = new Set([...advice].flatMap(named));
  expect(all.size).toBeGreaterThan(25);
  expect([...all].filter((option) => !options.has(option) && !open.test(option))).toEqual([]);
});
