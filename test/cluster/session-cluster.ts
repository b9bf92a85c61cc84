import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');

/** Where the example jobs are. */
export const examples = join(process.env['FLINK_HOME'] ?? '/opt/flink', 'examples');
const image = process.env['DREY_TEST_IMAGE'] ?? 'flink:2.3.0';

/** A program of bin/ that ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** What it wrote on its standard output up to now. */
  readonly stdout: () => string;
  readonly child: ReturnType<typeof spawn>;
}

/** Starts a program: of bin/, or of anywhere when it is a path. */
export function start(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
  const child = spawn(program.includes('/') ? program : join(root, 'bin', program), [...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const out = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    out.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    out.stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...out }));
  });
  return { ended, stdout: () => out.stdout, child };
}

/** Runs a program to its end, without anything on its standard input. */
export function run(program: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ended> {
  const running = start(program, args, env);
  running.child.stdin?.end();
  return running.ended;
}

/** A namespace of its own in which a session cluster may run. */
export interface TestNamespace extends AsyncDisposable {
  readonly name: string;
  kubectl(...args: readonly string[]): Promise<string>;
}

export async function testNamespace(purpose: string): Promise<TestNamespace> {
  const name = `drey-${purpose}-${process.pid}`;
  const kubectl = async (...args: readonly string[]): Promise<string> =>
    (await promisify(execFile)('kubectl', ['--namespace', name, ...args], { maxBuffer: 64 << 20 })).stdout;
  await kubectl('create', 'namespace', name);
  await kubectl('create', 'rolebinding', 'flink', '--clusterrole=edit', `--serviceaccount=${name}:default`);
  return {
    name,
    kubectl,
    async [Symbol.asyncDispose]() {
      await kubectl('delete', 'namespace', name, '--wait=false');
    },
  };
}

/**
 * What a small cluster is deployed with. Little CPU is asked for, so that the pods fit on a small node; a JVM starts with more. Savepoints and
 * checkpoints are in the JobManager's own file system: the state of the tests is so small that Flink keeps it in the metadata, which only the
 * JobManager writes (`execution.checkpointing.data-inline-threshold`).
 */
export const smallCluster = (namespace: string): readonly string[] => [
  `-Dkubernetes.namespace=${namespace}`,
  `-Dkubernetes.container.image.ref=${image}`,
  '-Dkubernetes.jobmanager.cpu.amount=0.1',
  '-Dkubernetes.jobmanager.cpu.limit-factor=20',
  '-Dkubernetes.taskmanager.cpu.amount=0.1',
  '-Dkubernetes.taskmanager.cpu.limit-factor=20',
  '-Djobmanager.memory.process.size=1100m',
  '-Dtaskmanager.memory.process.size=1100m',
  '-Dtaskmanager.numberOfTaskSlots=4',
  '-Dexecution.checkpointing.dir=file:///tmp/checkpoints',
  '-Dexecution.checkpointing.savepoint-dir=file:///tmp/savepoints',
];

/** Deploys a session with `bin/kubernetes-session.sh`; resolves when `bin/flink` gets an answer. */
export async function deploySession({ name, kubectl }: TestNamespace, clusterId: string, ...more: readonly string[]): Promise<void> {
  const deployed = await run('kubernetes-session.sh', [`-Dkubernetes.cluster-id=${clusterId}`, ...smallCluster(name), ...more]);
  if (deployed.code !== 0) throw new Error(`${clusterId} could not be deployed: ${deployed.stdout}${deployed.stderr}`);
  await kubectl('rollout', 'status', `deployment/${clusterId}`, '--timeout=180s');
  // It waits for a minute itself; a JVM on a machine with other work may need longer.
  await eventually(
    `${clusterId} answers`,
    async () =>
      (await run('flink', ['list', '-t', 'kubernetes-session', `-Dkubernetes.cluster-id=${clusterId}`, `-Dkubernetes.namespace=${name}`]))
        .code === 0,
    240_000,
  );
}

/** The name of the JobManager's pod that runs. */
export async function jobManagerPod({ kubectl }: TestNamespace, clusterId: string): Promise<string> {
  const names = await kubectl(
    'get',
    'pods',
    '-l',
    `app=${clusterId},component=jobmanager`,
    '--field-selector=status.phase=Running',
    '-o',
    'jsonpath={.items[0].metadata.name}',
  );
  return names.trim();
}
