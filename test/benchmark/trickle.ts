import { Attached } from './attached.ts';
import { linesSeen } from './counters.ts';
import { usageOf } from './program.ts';
import { startServer } from './server.ts';
import { rest, type Suite } from './suite.ts';

/** A pod writes 1,000 lines a second in portions every 20 ms: how often is that painted, and do all lines arrive? */
export const trickle: Suite = async ({ workshop, long }) => {
  const seconds = long ? 30 : 8;
  const lines = 1_000 * seconds;
  await using server = await startServer(workshop);
  await using program = new Attached(workshop, server.clusterId, server.kubeconfig);
  await program.until(['Running', /CarTopSpeedWindowing/]);
  await program.sees((text) => text.includes(' 3 ╮') && text.includes('INFO'), 'pods and their logs');
  const pod = `${server.clusterId}-taskmanager-1-1`;
  program.write('logs tm1-1\r');
  await program.sees((text) => /taskmanager-1-1 · following/.test(text), 'the log of taskmanager-1-1');
  // Only the lines written here, which can be counted exactly.
  program.write('\t');
  await program.sees((text) => text.includes(': command'), 'the keys of a panel');
  program.write('5');
  program.write('/');
  await program.sees((text) => text.includes('a regular expression'), 'the prompt of the filter');
  program.write('trickle \\d+');
  program.write('\r');
  await program.sees((text) => text.includes('/trickle'), 'the filter');
  await program.report();
  const usage = usageOf(program.pid);
  await server.control({ kind: 'logs-write', pod, lines, perSecond: 1_000, prefix: 'INFO trickle' });
  const percent = usage.percent();
  const { frames } = await program.report();
  await rest(500);
  const seen = await linesSeen(program);
  return [
    { name: 'repaints', value: frames.length / seconds, unit: '/s', target: 10, atLeast: true },
    { name: 'lines lost or doubled', value: Math.abs(lines - seen), unit: '', target: 0, note: `of ${lines}` },
    { name: 'processor', value: percent, unit: '%' },
  ];
};
