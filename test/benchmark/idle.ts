import { Program, residentMegabytes, usageOf } from './program.ts';
import { startServer } from './server.ts';
import { rest, type Suite } from './suite.ts';

/** A session of ten pods in which nothing happens. */
export const idle: Suite = async ({ workshop, long }) => {
  const seconds = long ? 60 : 20;
  await using server = await startServer(workshop);
  // Without jobs nothing is logged and no checkpoint is taken; seven pods more make ten.
  for (const job of ['CarTopSpeedWindowing', 'orders-enrichment']) await server.control({ kind: 'job-finish', job });
  await server.control({ kind: 'pods-create', count: 7 });
  await using program = new Program(workshop.bin('drey'), ['attach', server.clusterId], { env: { ...workshop.env, KUBECONFIG: server.kubeconfig } });
  await program.sees((text) => text.includes(' 10 ╮') && /Finished/.test(text), 'ten pods and no running job');
  await rest(3_000);
  const usage = usageOf(program.pid);
  const bytes = program.written;
  await rest(seconds * 1_000);
  return [
    { name: 'processor', value: usage.percent(), unit: '%', target: 1, note: `${seconds} s` },
    { name: 'to the terminal', value: (program.written - bytes) / seconds, unit: 'B/s' },
    { name: 'resident with ten pods', value: residentMegabytes(program.pid), unit: 'MB', target: 150 },
  ];
};
