import { rules } from '../../src/causes/rules.ts';
import { measured } from '../../test/causes/measured.ts';
import { play } from '../../test/causes/play.ts';
import { judge, type Scenario } from '../../test/causes/scenario.ts';
import { causes } from '../../test/causes/scenarios/causes.ts';
import { decoys } from '../../test/causes/scenarios/decoys.ts';
import { code, escaped, page, table } from './markdown.ts';

interface Result {
  readonly scenario: Scenario;
  readonly right: boolean;
  readonly false: boolean;
}

const resultOf = async (scenario: Scenario): Promise<Result> => ({ scenario, ...judge(scenario, await play(scenario.incident())) });

const answer = ({ scenario, right, false: wrong }: Result): string =>
  wrong ? 'a false cause' : right ? (scenario.rule ?? 'not known') : 'missed';

const count = (results: readonly Result[], of: (result: Result) => boolean): string => `${results.filter(of).length} of ${results.length}`;

/** How long it took in a large session; a scenario that is new was not measured yet. */
const time = ({ name }: Scenario): string => {
  const ms = measured()[name];
  return ms === undefined ? '' : `${ms} ms`;
};

/** docs/causes.md */
export async function causesPage(): Promise<string> {
  const [right, alike] = await Promise.all([Promise.all(causes.map(resultOf)), Promise.all(decoys.map(resultOf))]);
  return page(
    '# Causes',
    '`why` names a cause only if the evidence proves it for the pod or the job at hand. Each cause has a rule; a rule reads more (a log, the configuration, the nodes, a checkpoint operator by operator) only if it could apply. What no source says is marked with `It follows`, and what the evidence only speaks for with `Possible, not proved`.',
    'Words that only follow from something else, such as a lost connection, missing slots or a restart that was not allowed, are never a cause. Causes that do not follow from each other are all named.',
    '## Rules',
    'In their order: of one pod or one failure, the first that proves something is the cause. `-o json` has its name as `rule`.',
    table(
      ['rule', 'what is wrong'],
      rules.map(({ id, finds }) => [code(id), escaped(finds)]),
    ),
    '## How well they work',
    `These scenarios go through the code of ${code('why')}: ${count(right, (result) => result.right && !result.false)} causes are named, and ${count(alike, (result) => result.false)} scenarios that only look like one get a false cause. The milliseconds are those in a session of 1,000 pods and 50 jobs, some of which have troubles of their own: ${code('npm run bench -- --keep causes')} measures them, with the answers of the servers but without their delay, and counts what is right and false there as well.`,
    table(
      ['scenario', 'from', 'answer', 'time'],
      right.map((result) => [
        escaped(result.scenario.name),
        result.scenario.recorded ? 'a real cluster' : 'written by hand',
        answer(result),
        time(result.scenario),
      ]),
    ),
    '## What only looks like a cause',
    table(
      ['scenario', 'answer', 'time'],
      alike.map((result) => [
        escaped(result.scenario.name),
        result.scenario.rule === 'none' && !result.false ? 'nothing is wrong' : answer(result),
        time(result.scenario),
      ]),
    ),
  );
}
