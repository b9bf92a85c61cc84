import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { median, type Figure } from './statistics.ts';
import { rest, type Suite } from './suite.ts';

/** Small enough for any node; a JVM starts even though it needs more. */
const modest = [
  '-Dkubernetes.container.image.ref=flink:2.3.0',
  '-Dkubernetes.jobmanager.cpu.amount=0.1',
  '-Dkubernetes.jobmanager.cpu.limit-factor=20',
  '-Dkubernetes.taskmanager.cpu.amount=0.1',
  '-Djobmanager.memory.process.size=1100m',
];

/** Too large for any node: only the clients are measured, while no JobManager runs. */
const nowhere = ['-Dkubernetes.container.image.ref=flink:2.3.0', '-Dkubernetes.jobmanager.cpu.amount=4096'];

/** drey's command lines against the scripts of the Flink in FLINK_HOME, in turn, on the cluster in KUBECONFIG. */
export const flink: Suite = async ({ workshop, long }) => {
  const home = process.env['FLINK_HOME'];
  if (home === undefined || process.env['KUBECONFIG'] === undefined)
    return 'Not measured: FLINK_HOME and KUBECONFIG do not name a Flink and a cluster.';
  const rounds = long ? 7 : 3;
  const namespace = `drey-bench-${process.pid}`;
  const kubectl = (...args: readonly string[]): string => execFileSync('kubectl', [...args], { encoding: 'utf8' });
  const clients = { ours: workshop.bin('').replace(/\/$/, ''), theirs: join(home, 'bin') };
  const scripts = (whose: keyof typeof clients): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } => ({
    cwd: home,
    env: { ...process.env, ...(whose === 'ours' ? workshop.env : {}) },
  });
  /** Milliseconds until the program has written `wanted`, and until it has ended. */
  const timed = (
    whose: keyof typeof clients,
    program: string,
    args: readonly string[],
    wanted: RegExp,
  ): Promise<{ readonly said: number; readonly ended: number }> =>
    new Promise((resolve, reject) => {
      const begin = performance.now();
      const child = spawn(join(clients[whose], program), [...args], { ...scripts(whose), stdio: ['ignore', 'pipe', 'pipe'] });
      let text = '';
      let said: number | undefined;
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (said === undefined && wanted.test(text)) said = performance.now() - begin;
        });
      }
      child.once('error', reject);
      child.once('close', () => {
        if (said === undefined) reject(new Error(`${program} of ${clients[whose]} never said ${String(wanted)}:\n${text}`));
        else resolve({ said, ended: performance.now() - begin });
      });
    });

  kubectl('create', 'namespace', namespace);
  kubectl('create', 'clusterrolebinding', namespace, '--clusterrole=edit', `--serviceaccount=${namespace}:default`);
  try {
    const created = /Create flink session cluster .* successfully/;
    const session = (whose: keyof typeof clients, clusterId: string, more: readonly string[]) =>
      timed(
        whose,
        'kubernetes-session.sh',
        [`-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace}`, ...more],
        created,
      );
    const deploy = { ours: [] as number[], theirs: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      for (const whose of ['ours', 'theirs'] as const) deploy[whose].push((await session(whose, `bench-${whose}-${round}`, nowhere)).said);
    }
    const clusterId = 'bench';
    await session('ours', clusterId, modest);
    kubectl('--namespace', namespace, 'wait', '--for=condition=Available', `deployment/${clusterId}`, '--timeout=180s');
    // The same open port for both, because the endpoint is not reachable from everywhere.
    const port = spawn(workshop.bin('drey'), ['web', clusterId, '--namespace', namespace, '--open'], {
      ...scripts('ours'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const list = { ours: [] as number[], theirs: [] as number[], target: [] as number[] };
    try {
      const address = await new Promise<string>((resolve) =>
        createInterface(port.stdout).on('line', (line) => {
          const found = /http:\/\/(127\.0\.0\.1:\d+)\S* follows/.exec(line)?.[1];
          if (found !== undefined) resolve(found);
        }),
      );
      await answers(`http://${address}/overview`);
      const listed = /No running jobs|Running\/Restarting|No scheduled jobs/;
      for (let round = 0; round < rounds; round++) {
        list.ours.push((await timed('ours', 'flink', ['list', '-m', address], listed)).ended);
        list.theirs.push((await timed('theirs', 'flink', ['list', '-m', address], listed)).ended);
        list.target.push(
          (
            await timed(
              'ours',
              'flink',
              ['list', '--target', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${namespace}`],
              listed,
            )
          ).ended,
        );
      }
    } finally {
      port.kill('SIGTERM');
    }
    const figure = (name: string, sample: readonly number[]): Figure => ({
      name,
      value: median(sample),
      unit: 'ms',
      note: `median of ${sample.length}`,
    });
    return [
      figure('kubernetes-session.sh, until the cluster is created', deploy.ours),
      figure("the same with Flink's script", deploy.theirs),
      { name: 'kubernetes-session.sh / Flink', value: median(deploy.ours) / median(deploy.theirs), unit: 'x', target: 0.1 },
      figure('flink list', list.ours),
      figure("the same with Flink's script", list.theirs),
      { name: 'flink list / Flink', value: median(list.ours) / median(list.theirs), unit: 'x', target: 0.1 },
      figure('flink list through the API server', list.target),
    ];
  } finally {
    kubectl('delete', 'clusterrolebinding', namespace);
    kubectl('delete', 'namespace', namespace, '--wait=false');
  }
};

/** Waits until something answers there. */
async function answers(url: string): Promise<void> {
  const end = performance.now() + 120_000;
  for (;;) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => undefined,
    ); // Not yet: keep waiting.
    if (status === 200) return;
    if (performance.now() > end) throw new Error(`${url} does not answer`);
    await rest(500);
  }
}
