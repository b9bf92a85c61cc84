import { Program, residentMegabytes, usageOf } from './program.ts';
import { startServer } from './server.ts';
import type { Figure } from './statistics.ts';
import { rest, type Suite } from './suite.ts';

/**
 * A session of ten pods in which nothing happens: first old pods, whose ages are in minutes, then young ones, whose ages are in seconds.
 */
export const idle: Suite = async ({ workshop, long }) => {
  const seconds = long ? 60 : 20;
  await using server = await startServer(workshop);
  // Without jobs, nothing is logged and no checkpoint is taken. The TaskManagers go after a while: nine other pods make it ten again.
  for (const job of ['CarTopSpeedWindowing', 'orders-enrichment']) await server.control({ kind: 'job-finish', job });
  while (((await server.control({ kind: 'state' }))['pods'] as readonly string[]).length > 1) await rest(500);
  await server.control({ kind: 'pods-create', count: 9, ageMs: 3_600_000 });
  await using program = new Program(workshop.bin('drey'), ['attach', server.clusterId], {
    env: { ...workshop.env, KUBECONFIG: server.kubeconfig },
  });
  await program.sees((text) => /[ /]10 ╮/.test(text) && /Finished/.test(text), 'ten pods and no running job');
  await rest(3_000);
  const usage = usageOf(program.pid);
  const bytes = program.written;
  await rest(seconds * 1_000);
  const still: readonly Figure[] = [
    { name: 'processor', value: usage.percent(), unit: '%', target: 1, note: `${seconds} s` },
    { name: 'to the terminal', value: (program.written - bytes) / seconds, unit: 'B/s' },
    { name: 'resident with ten pods', value: residentMegabytes(program.pid), unit: 'MB', target: 150 },
  ];
  await server.control({ kind: 'pods-remove' });
  await server.control({ kind: 'pods-create', count: 9 });
  await program.sees((text) => /[ /]10 ╮/.test(text) && / [1-9]s /.test(text), 'ten pods, nine of them young');
  await rest(3_000);
  const ticking = usageOf(program.pid);
  const written = program.written;
  await rest(seconds * 1_000);
  return [
    ...still,
    { name: 'processor, nine ages in seconds', value: ticking.percent(), unit: '%' },
    { name: 'to the terminal, nine ages in seconds', value: (program.written - written) / seconds, unit: 'B/s' },
  ];
};
