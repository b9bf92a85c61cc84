import { Program } from './program.ts';
import { startServer } from './server.ts';
import { rest, type Suite } from './suite.ts';

const away = /k8s \S (lost|stale)/;
const back = /k8s \S live/;

/** How soon a user reads that the API server refuses or is silent, and that it is back. */
export const outage: Suite = async ({ workshop }) => {
  await using server = await startServer(workshop);
  await using program = new Program(workshop.bin('drey'), ['attach', server.clusterId], {
    env: { ...workshop.env, KUBECONFIG: server.kubeconfig },
  });
  await program.sees((text) => text.includes(' 3 ╮') && text.includes('INFO'), 'pods and their logs');
  /** Seconds until the screen shows it. */
  const seconds = async (wanted: RegExp, since: number): Promise<number> => {
    await program.sees((text) => wanted.test(text), String(wanted), 40_000);
    return (performance.now() - since) / 1_000;
  };
  const forMs = 10_000;
  const refusedAt = performance.now();
  // The connection of this request is cut along with the others.
  const restarted = server.control({ kind: 'api-restart', forMs }).catch(() => undefined);
  const refused = await seconds(away, refusedAt);
  await rest(Math.max(0, refusedAt + forMs - performance.now()));
  const recovered = await seconds(back, refusedAt + forMs);
  await restarted;
  await rest(2_000);

  const silentAt = performance.now();
  await server.control({ kind: 'api-pause', forMs: 14_000 });
  const silent = await seconds(away, silentAt);
  await rest(Math.max(0, silentAt + 14_000 - performance.now()));
  const answered = await seconds(back, silentAt + 14_000);
  return [
    { name: 'refused, until it is said', value: refused, unit: 's', target: 3 },
    { name: 'back again, until it is said', value: recovered, unit: 's', target: 10 },
    { name: 'silent, until it is said', value: silent, unit: 's', target: 10 },
    { name: 'answers again, until it is said', value: answered, unit: 's', target: 10 },
  ];
};
