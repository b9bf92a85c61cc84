import { describe, expect, test } from 'vitest';
import { rules } from '../../src/causes/rules.ts';
import { crowded, judgeInCrowd, smallCrowd } from './crowd.ts';
import { play } from './play.ts';
import { judge, type Scenario } from './scenario.ts';
import { causes } from './scenarios/causes.ts';
import { decoys } from './scenarios/decoys.ts';

const table = (scenarios: readonly Scenario[]) => scenarios.map((scenario) => [scenario.name, scenario] as const);

describe('why names the cause, with its evidence and what helps', () => {
  test.each(table(causes))('%s', async (_name, scenario) => {
    const { right, false: wrong, told } = judge(scenario, await play(scenario.incident()));
    expect({ right, wrong }, told).toEqual({ right: true, wrong: false });
  });
});

describe('why names no cause that is not proved', () => {
  test.each(table(decoys))('%s', async (_name, scenario) => {
    const { right, false: wrong, told } = judge(scenario, await play(scenario.incident()));
    expect({ right, wrong }, told).toEqual({ right: true, wrong: false });
  });
});

describe('why names the same in a session of many pods and jobs that have troubles of their own', () => {
  test.each(table([...causes, ...decoys]))('%s', async (_name, scenario) => {
    const incident = crowded(scenario.incident(), smallCrowd);
    const { right, false: wrong, told } = judgeInCrowd(scenario, incident.clusterId, await play(incident));
    expect({ right, wrong }, told).toEqual({ right: true, wrong: false });
  });
});

test('every rule has a scenario that shows it at work', () => {
  const shown = new Set([...causes, ...decoys].flatMap(({ rule, possible }) => [rule, possible]));
  expect(rules.map(({ id }) => id).filter((id) => !shown.has(id))).toEqual([]);
});
