import { execFileSync, spawn } from 'node:child_process';
import { Attached, moveSelection } from './attached.ts';
import { residentMegabytes, usageOf } from './program.ts';
import { percentile } from './statistics.ts';
import { rest, type Suite } from './suite.ts';

const pods = 5_000;
const clusterId = 'scale';

/**
 * 5,000 pods on the real API server in KUBECONFIG. `DREY_BENCH_PODS` names a program that creates, changes and removes pods of a cluster
 * `scale` in the namespace `default`: it is called with `create 5000`, `churn RATE SECONDS` and `delete`.
 */
export const scale: Suite = async ({ workshop, long }) => {
  const kubeconfig = process.env['KUBECONFIG'];
  const program = process.env['DREY_BENCH_PODS'];
  if (kubeconfig === undefined || program === undefined)
    return 'Not measured: KUBECONFIG and DREY_BENCH_PODS do not name a cluster and a program that fills it with pods.';
  const fill = (...args: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });
      child.once('error', reject);
      child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${program} ${args.join(' ')} ended with ${code}`))));
    });
  const seconds = long ? 60 : 15;
  await using opened = new AsyncDisposableStack();
  // Pods alone are not a cluster: it needs a Deployment.
  execFileSync('kubectl', ['--namespace', 'default', 'apply', '-f', '-'], {
    input: JSON.stringify(deployment),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  opened.defer(
    () =>
      void execFileSync('kubectl', ['--namespace', 'default', 'delete', 'deployment', clusterId], {
        stdio: ['ignore', 'ignore', 'inherit'],
      }),
  );
  opened.defer(() => removed(fill));
  await fill('create', String(pods));
  const all = (text: string): boolean => new RegExp(`[ /]${pods} (·|╮)`).test(text);
  const rows: number[] = [];
  const complete: number[] = [];
  for (let round = 0; round < 3; round++) {
    await using attached = new Attached(workshop, clusterId, kubeconfig, ['--namespace', 'default']);
    const [first, last] = await Promise.all([attached.until([/taskmanager-1-1\b/]), attached.shows(all, `${pods} pods`)]);
    rows.push(first);
    complete.push(last);
  }
  await using attached = new Attached(workshop, clusterId, kubeconfig, ['--namespace', 'default']);
  await Promise.all([attached.shows(all, `${pods} pods`), attached.until([/taskmanager-1-1\b/]).then(() => attached.report())]);
  const { longestBlock: atStart } = await attached.report();
  await rest(5_000);
  const quiet = usageOf(attached.pid);
  await rest(seconds * 1_000);
  const idlePercent = quiet.percent();
  const memory = residentMegabytes(attached.pid);
  await attached.report();
  const [{ churnPercent, keys }] = await Promise.all([whilePodsChange(attached, seconds), fill('churn', '50', String(seconds + 2))]);
  const { longestBlock, frames } = await attached.report();
  return [
    { name: 'first rows', value: percentile(rows, 0.5), unit: 'ms', target: 800, note: 'median of 3' },
    { name: 'all rows', value: percentile(complete, 0.5), unit: 'ms' },
    { name: 'resident', value: memory, unit: 'MB', target: 220 },
    { name: 'processor, nothing changes', value: idlePercent, unit: '%', target: 2, note: `${seconds} s` },
    { name: 'processor, 50 changes a second', value: churnPercent, unit: '%', target: 10 },
    { name: 'key to paint p50, 50 changes a second', value: percentile(keys, 0.5), unit: 'ms', target: 8 },
    { name: 'frame p50, 50 changes a second', value: percentile(frames, 0.5), unit: 'ms', target: 7 },
    { name: 'longest block of the event loop, the rest of the list', value: atStart, unit: 'ms', target: 20 },
    { name: 'longest block, 50 changes a second', value: longestBlock, unit: 'ms', target: 20 },
  ];
};

/** The experience of a user who moves among them meanwhile. */
async function whilePodsChange(
  attached: Attached,
  seconds: number,
): Promise<{ readonly churnPercent: number; readonly keys: readonly number[] }> {
  await rest(2_000);
  const busy = usageOf(attached.pid);
  await rest(seconds * 500);
  const churnPercent = busy.percent();
  attached.write('\t');
  await attached.sees((text) => text.includes(': command'), 'the keys of a panel');
  return { churnPercent, keys: await moveSelection(attached, 32) };
}

/** A busy server ends the connection before all pods are gone: the next request removes the rest. */
async function removed(fill: (...args: readonly string[]) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fill('delete');
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

const labels = { app: clusterId, type: 'flink-native-kubernetes', component: 'jobmanager' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: clusterId, labels },
  spec: {
    replicas: 0,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'flink-main-container', image: 'flink:2.3.0' }] } },
  },
};
