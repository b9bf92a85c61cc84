import { Attached, moveSelection, typeFilter } from './attached.ts';
import { linesSeen, settledLines } from './counters.ts';
import { type Program, residentMegabytes, usageOf } from './program.ts';
import { startServer } from './server.ts';
import { percentile } from './statistics.ts';
import { rest, type Suite } from './suite.ts';

const pods = 1_000;
const linesPerSecond = 100_000;
/** As long as an average line of Flink. */
const prefix =
  '2026-11-22 13:31:11,715 INFO  org.apache.flink.runtime.taskmanager.Task [] - Source: orders -> filter (2/4) switched to RUNNING, step';

/** It repeats, so JavaScript's own engine does not run it. */
const expression = String.raw`(filter|map) .*step \d*7$`;

/** 1,000 pods, 20 of which change each second, and 100,000 log lines a second, on a screen of 200x50 that shows all logs. */
export const load: Suite = async ({ workshop, long }) => {
  const seconds = long ? 60 : 15;
  await using server = await startServer(workshop);
  await using program = new Attached(workshop, server.clusterId, server.kubeconfig);
  await program.until(['Running', /CarTopSpeedWindowing/]);
  // Pods with logs come first: the others only fill the list, and its slots for followed logs.
  await program.sees((text) => text.includes(' 3 ╮') && text.includes('INFO'), 'pods and their logs');
  await server.control({ kind: 'pods-create', count: pods });
  await program.sees((text) => text.includes(`/${pods + 3} ╮`), `${pods + 3} pods`);
  await showAllLogs(program);
  const writers = ((await server.control({ kind: 'state' }))['pods'] as readonly string[]).filter(
    (pod) => !pod.includes('-taskmanager-9-'),
  );
  const before = await linesSeen(program);

  const perWriter = Math.floor(linesPerSecond / writers.length);
  const lines = perWriter * (seconds + 3);
  const [measured] = await Promise.all([
    underLoad(program, seconds),
    ...writers.map((pod) => server.control({ kind: 'logs-write', pod, lines, perSecond: perWriter, prefix })),
    server.control({ kind: 'pods-churn', perSecond: 20, forMs: (seconds + 3) * 1_000 }),
  ]);
  const { keys, took, percent, frames, writes, longestBlock, memory, parts, painted } = measured;
  const all = lines * writers.length;
  const seen = (await settledLines(program)) - before;
  const typed = await typeFilter(program, expression);
  return [
    // The cluster's own lines are added: more than was written is not an error.
    { name: 'lines lost', value: Math.max(0, all - seen), unit: '', target: 0, note: `of ${all}` },
    { name: 'key to paint p50', value: percentile(keys, 0.5), unit: 'ms', target: 8, note: `${keys.length} keys` },
    { name: 'key to paint p99', value: percentile(keys, 0.99), unit: 'ms', target: 20 },
    { name: 'frame p50', value: percentile(frames, 0.5), unit: 'ms', target: 7, note: `${frames.length} frames` },
    { name: 'frame p99', value: percentile(frames, 0.99), unit: 'ms', target: 15 },
    {
      name: 'of which the terminal p50',
      value: percentile(writes, 0.5),
      unit: 'ms',
      note: `p99 ${percentile(writes, 0.99).toFixed(1)} ms`,
    },
    { name: 'frames', value: frames.length / took, unit: '/s' },
    { name: 'processor', value: percent, unit: '%', target: 30 },
    {
      name: `resident after ${seconds} s`,
      value: memory,
      unit: 'MB',
      target: 250,
      note: Object.entries(parts)
        .map(([part, megabytes]) => `${part} ${megabytes}`)
        .join(', '),
    },
    { name: 'longest block of the event loop', value: longestBlock, unit: 'ms' },
    {
      name: 'key to paint p99, all lines are searched',
      value: percentile(typed, 0.99),
      unit: 'ms',
      target: 20,
      note: `${typed.length} keys, p50 ${percentile(typed, 0.5).toFixed(1)} ms`,
    },
    { name: 'to the terminal', value: painted / took / 1_000, unit: 'kB/s' },
  ];
};

/** The experience of a user who moves among the pods meanwhile. */
async function underLoad(program: Attached, seconds: number) {
  await rest(3_000);
  await program.report();
  const usage = usageOf(program.pid);
  const bytes = program.written;
  const began = performance.now();
  const keys: number[] = [];
  while (performance.now() - began < seconds * 1_000) keys.push(...(await moveSelection(program, 16)));
  const took = (performance.now() - began) / 1_000;
  const percent = usage.percent();
  const { frames, writes, longestBlock, memory: parts } = await program.report();
  return {
    keys,
    took,
    percent,
    frames,
    writes,
    longestBlock,
    parts,
    memory: residentMegabytes(program.pid),
    painted: program.written - bytes,
  };
}

/** Moves to the panels, to the log, to all logs in it, and back to the pods. */
async function showAllLogs(program: Program): Promise<void> {
  program.write('\t');
  await program.sees((text) => text.includes(': command'), 'the keys of a panel');
  program.write('5');
  program.write('a');
  await program.sees((text) => /all \d+ logs/.test(text), 'all logs');
  program.write('1');
  await program.sees((text) => /╰─+ ⏎ open +d describe +l log /.test(text), 'the keys of the pods');
}
