import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Attached, moveSelection } from './attached.ts';
import { residentMegabytes, usageOf } from './program.ts';
import { startServer } from './server.ts';
import { percentile } from './statistics.ts';
import { rest, type Suite } from './suite.ts';

const parallelism = 1_000;
const jobs = 1_000;

/** What Flink lists: the job, and all the others, which have ended. */
function overview(job: string): string {
  const now = Date.now();
  const entry = (jid: string, name: string, state: string, total: number): object => ({
    jid,
    name,
    state,
    'start-time': now - 600_000,
    'end-time': state === 'RUNNING' ? -1 : now - 60_000,
    duration: 540_000,
    'last-modification': now - 60_000,
    tasks: { total, [state.toLowerCase()]: total },
  });
  const ended = Array.from({ length: jobs - 1 }, (_, nth) => entry(nth.toString(16).padStart(32, 'e'), `nightly-${nth}`, 'FINISHED', 8));
  return JSON.stringify({ jobs: [entry(job, 'many-tasks', 'RUNNING', 40 * parallelism), ...ended] });
}

/** An open job of 40 vertices with 1,000 subtasks each, one of 1,000 jobs: what it costs the JobManager, and the frame. */
export const inside: Suite = async ({ workshop, long }) => {
  const seconds = long ? 60 : 15;
  const trace = join(workshop.folder, 'inside-requests');
  await using server = await startServer(workshop);
  const { job } = await server.control({ kind: 'job-large', parallelism });
  await server.control({ kind: 'rest-shape', path: '/jobs/overview', body: overview(String(job)), times: 1e9 });
  await using program = new Attached(workshop, server.clusterId, server.kubeconfig, ['--trace', trace]);
  await program.until(['Running', /many-tasks/]);
  await program.sees((text) => text.includes(`/${jobs} ╮`) || text.includes(`${jobs} · `), `${jobs} jobs`);
  const before = residentMegabytes(program.pid);
  program.write('job many-tasks\r');
  await program.sees((text) => text.includes('Source: clicks 0'), 'the vertices of the job');
  program.write('\t');
  await program.sees((text) => text.includes(': command'), 'the keys of a panel');
  // The graph is first, the table comes after it.
  program.write('1');
  await program.sees((text) => /╰─+ ⏎ open .* zoom in /.test(text), 'the keys of the graph');
  program.write('\t');
  await program.sees((text) => /╰─+ ⏎ open .* sort /.test(text), 'the keys of the table');
  await rest(3_000);
  const { looks, asked } = requestsIn(trace, String(job));
  await program.report();
  const usage = usageOf(program.pid);
  const began = performance.now();
  const keys: number[] = [];
  while (performance.now() - began < seconds * 1_000) keys.push(...(await moveSelection(program, 16)));
  const percent = usage.percent();
  const { frames, longestBlock } = await program.report();
  const after = requestsIn(trace, String(job));
  return [
    {
      name: 'requests a refresh',
      value: (after.asked - asked) / (after.looks - looks),
      unit: '',
      target: 6,
      note: `${after.looks - looks} refreshes`,
    },
    { name: 'key to paint p50', value: percentile(keys, 0.5), unit: 'ms', target: 8, note: `${keys.length} keys` },
    { name: 'key to paint p99', value: percentile(keys, 0.99), unit: 'ms', target: 20 },
    { name: 'frame p50', value: percentile(frames, 0.5), unit: 'ms', target: 7, note: `${frames.length} frames` },
    { name: 'frame p99', value: percentile(frames, 0.99), unit: 'ms', target: 15 },
    { name: 'longest block of the event loop', value: longestBlock, unit: 'ms' },
    { name: 'processor', value: percent, unit: '%' },
    { name: 'resident more than at home', value: residentMegabytes(program.pid) - before, unit: 'MB', target: 40 },
  ];
};

/** The requests for the job and its vertices so far; each look begins with the job itself. What home asks for any job is not counted. */
function requestsIn(trace: string, job: string): { readonly looks: number; readonly asked: number } {
  const paths = readFileSync(trace, 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[2] ?? '')
    .filter((path) => new RegExp(`/jobs/${job}(?:$|/vertices/)`).test(path));
  return { looks: paths.filter((path) => path.endsWith(job)).length, asked: paths.length };
}
