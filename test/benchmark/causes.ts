import { writeFileSync } from 'node:fs';
import { crowded, judgeInCrowd, largeCrowd } from '../causes/crowd.ts';
import { measuredFile, type Measured } from '../causes/measured.ts';
import { stageOf } from '../causes/play.ts';
import type { Scenario } from '../causes/scenario.ts';
import { causes as known } from '../causes/scenarios/causes.ts';
import { decoys } from '../causes/scenarios/decoys.ts';
import { Attached } from './attached.ts';
import { startServer } from './server.ts';
import { percentile, type Figure } from './statistics.ts';
import type { Suite } from './suite.ts';

/** The quickest of these counts: other work of the machine only ever adds. */
const rounds = 3;

interface Result {
  readonly scenario: Scenario;
  readonly right: boolean;
  readonly false: boolean;
  readonly ms: number;
}

async function resultOf(scenario: Scenario): Promise<Result> {
  const incident = crowded(scenario.incident(), largeCrowd);
  await using stage = await stageOf(incident);
  const took: number[] = [];
  let report = await stage.explain();
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    report = await stage.explain();
    took.push(performance.now() - began);
  }
  return { scenario, ...judgeInCrowd(scenario, incident.clusterId, report), ms: Math.min(...took) };
}

/** From the key to the cause on the screen, with all that is asked of both servers of the sandbox. */
async function onScreen(workshop: Parameters<Suite>[0]['workshop']): Promise<Figure> {
  await using server = await startServer(workshop);
  await server.control({ kind: 'pods-create', count: largeCrowd.pods, clusterId: server.clusterId });
  await using program = new Attached(workshop, server.clusterId, server.kubeconfig);
  await program.until(['Running']);
  await server.control({ kind: 'taskmanager-oom' });
  await program.sees((text) => /^ ?! .*(?:out of memory|OOMKilled)/m.test(text), 'the line of the TaskManager that was killed');
  const ms = await program.answer('!', /used more memory than its limit/);
  return { name: 'on the screen, asked of the sandbox', value: ms, unit: 'ms', target: 1_000, note: `${largeCrowd.pods} pods` };
}

/** What `why` costs in a large session, and whether it is right there. */
export const causes: Suite = async ({ workshop, keep }) => {
  const right: Result[] = [];
  const alike: Result[] = [];
  for (const scenario of known) right.push(await resultOf(scenario));
  for (const scenario of decoys) alike.push(await resultOf(scenario));
  const all = [...right, ...alike];
  for (const each of all.filter((result) => !result.right || result.false)) console.log(`    wrong: ${each.scenario.name}`);
  if (keep) {
    const ms: Measured = Object.fromEntries(all.map(({ scenario, ms: took }) => [scenario.name, Math.max(1, Math.round(took))]));
    writeFileSync(measuredFile, `${JSON.stringify(ms, undefined, 2)}\n`);
  }
  const took = all.map(({ ms }) => ms);
  const slowest = all.toSorted((a, b) => b.ms - a.ms)[0];
  return [
    { name: 'causes that are named', value: right.filter((result) => result.right).length, unit: '', target: right.length, atLeast: true },
    { name: 'false causes', value: all.filter((result) => result.false).length, unit: '', target: 0, note: `${all.length} scenarios` },
    { name: 'among 1,000 pods and 50 jobs p50', value: percentile(took, 0.5), unit: 'ms' },
    {
      name: 'among 1,000 pods and 50 jobs, the slowest',
      value: slowest?.ms ?? Number.NaN,
      unit: 'ms',
      target: 1_000,
      note: slowest?.scenario.name ?? '',
    },
    await onScreen(workshop),
  ];
};
