import { Attached } from './attached.ts';
import { linesSeen, settledLines } from './counters.ts';
import { residentMegabytes, usageOf } from './program.ts';
import { startServer } from './server.ts';
import { percentile } from './statistics.ts';
import { rest, type Suite } from './suite.ts';

/** Four slots in each TaskManager: 97 of them, beside the pods of the cluster itself. */
const parallelism = 388;
const prefix =
  '2026-11-22 13:31:11,715 INFO  org.apache.flink.runtime.taskmanager.Task [] - Source: orders -> filter (2/4) switched to RUNNING, step';

/** A hundred pods that all write: 100,000 lines a second while their templates are looked at, then as many as get through. */
export const flood: Suite = async ({ workshop, long }) => {
  const seconds = long ? 60 : 15;
  await using server = await startServer(workshop);
  await server.control({ kind: 'job-large', parallelism });
  await using program = new Attached(workshop, server.clusterId, server.kubeconfig);
  await program.until(['Running', /many-tasks/]);
  program.write('\t');
  await program.sees((text) => text.includes(': command'), 'the keys of a panel');
  program.write('5');
  program.write('a');
  const pods = (await server.control({ kind: 'state' }))['pods'] as readonly string[];
  await program.sees((text) => text.includes(`all ${pods.length} logs`), `all ${pods.length} logs`);
  const writes = (lines: number, perSecond: number) =>
    Promise.all(
      pods.map((pod) =>
        server.control({
          kind: 'logs-write',
          pod,
          lines: Math.floor(lines / pods.length),
          perSecond: Math.floor(perSecond / pods.length),
          prefix,
        }),
      ),
    );
  const writtenOf = (lines: number): number => Math.floor(lines / pods.length) * pods.length;

  const templated = writtenOf(100_000 * (seconds + 3));
  let before = await linesSeen(program);
  program.write('T');
  await program.sees((text) => text.includes('Templates of all logs'), 'the templates');
  const writing = writes(templated, 100_000);
  await rest(3_000);
  await program.report();
  const usage = usageOf(program.pid);
  await writing;
  const percent = usage.percent();
  const { frames, longestBlock } = await program.report();
  program.write('\u001b');
  // A key right after it would be taken for Alt and that key.
  await rest(2_000);
  await program.sees((text) => text.includes(`all ${pods.length} logs`), 'the log again');
  const lostWithTemplates = before + templated - (await settledLines(program));

  const flatOut = writtenOf(500_000 * 6);
  before = await linesSeen(program);
  const began = performance.now();
  await writes(flatOut, 500_000);
  for (let seen = 0; seen < flatOut && performance.now() - began < 120_000; seen = (await linesSeen(program)) - before) await rest(100);
  const took = (performance.now() - began) / 1_000;
  const lost = before + flatOut - (await settledLines(program));
  return [
    { name: 'lines lost, templates are looked at', value: Math.max(0, lostWithTemplates), unit: '', target: 0, note: `of ${templated}` },
    { name: 'frame p50', value: percentile(frames, 0.5), unit: 'ms', target: 7, note: `${frames.length} frames` },
    { name: 'frame p99', value: percentile(frames, 0.99), unit: 'ms', target: 15 },
    { name: 'processor', value: percent, unit: '%', target: 45 },
    { name: 'longest block of the event loop', value: longestBlock, unit: 'ms' },
    { name: 'lines lost, as many as get through', value: Math.max(0, lost), unit: '', target: 0, note: `of ${flatOut}` },
    { name: 'lines a second, all that get through', value: flatOut / took, unit: '/s', target: 500_000, atLeast: true },
    { name: 'resident', value: residentMegabytes(program.pid), unit: 'MB', target: 250 },
  ];
};
