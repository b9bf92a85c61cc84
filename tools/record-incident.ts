// record-incident CLUSTER NAMESPACE FILE: writes what Kubernetes and Flink tell of a cluster in trouble to FILE, for test/causes: its pods,
// events, quotas, nodes, logs and the answers about its jobs. Without what identifies the machine that it ran on, without environment and
// data that may hold secrets, and with other secrets masked as in a recording. With an older FILE, the moment is added to those that it has:
// what went in between is known by then.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { lineOf, restored } from '../src/session/recording/written.ts';
import { systemClock } from '../src/support/clock.ts';
import type { Incident, Moment } from '../test/causes/incident.ts';

const [, , cluster, namespace, file] = process.argv;
if (cluster === undefined || namespace === undefined || file === undefined) throw new Error('record-incident CLUSTER NAMESPACE FILE');

/** What kubectl prints; undefined: it refuses. */
async function kubectl(...args: readonly string[]): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('kubectl', ['-n', namespace ?? '', ...args], { maxBuffer: 64 << 20 })).stdout;
  } catch {
    // Whether there is a log before, or a REST endpoint, is part of the incident.
    return undefined;
  }
}

const json = async <T>(...args: readonly string[]): Promise<T | undefined> => {
  const text = await kubectl(...args);
  return text === undefined ? undefined : (JSON.parse(text) as T);
};

interface Item {
  readonly metadata: { readonly name: string };
  readonly involvedObject?: { readonly name: string };
}

/** Fields that say nothing about a failure, or may hold what nobody else should read. */
const leftOut = new Set(['managedFields', 'env', 'envFrom', 'data', 'resourceVersion', 'nodeInfo', 'images', 'annotations', 'projected']);

const cleaned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(cleaned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !leftOut.has(name))
      .map(([name, inner]) => [name, cleaned(inner)]),
  );
};

const items = async (...args: readonly string[]): Promise<readonly Item[]> =>
  (cleaned((await json<{ readonly items: readonly Item[] }>('get', ...args, '-o', 'json'))?.items ?? []) as readonly Item[]) ?? [];

const restOf = (path: string): Promise<unknown> =>
  json('get', '--raw', `/api/v1/namespaces/${namespace}/services/${cluster}-rest:8081/proxy${path}`);

/** Lines of a log that are kept. */
const keptLines = 250;

const pods = await items('pods', '-l', `app=${cluster}`);
const events = (await items('events')).filter(({ involvedObject }) => involvedObject?.name.startsWith(cluster) === true);
const logs: Record<string, readonly string[]> = {};
for (const { metadata } of pods) {
  for (const [key, more] of [
    [metadata.name, []],
    [`${metadata.name} before`, ['--previous']],
  ] as const) {
    const text = await kubectl('logs', metadata.name, `--tail=${keptLines}`, ...more);
    if (text !== undefined && text !== '') logs[key] = text.trimEnd().split('\n');
  }
}

const rest: Record<string, unknown> = {};
async function keep<T>(path: string): Promise<T | undefined> {
  const answer = await restOf(path);
  if (answer !== undefined) rest[path] = answer;
  return answer as T | undefined;
}

interface Overview {
  readonly jobs: readonly { readonly jid: string }[];
}
interface Checkpoints {
  readonly history?: readonly { readonly id: number; readonly status: string }[];
}

for (const path of ['/overview', '/config', '/jobmanager/config', '/taskmanagers']) await keep(path);
for (const { jid } of (await keep<Overview>('/jobs/overview'))?.jobs ?? []) {
  for (const path of ['', '/exceptions']) await keep(`/jobs/${jid}${path}`);
  const failed = (await keep<Checkpoints>(`/jobs/${jid}/checkpoints`))?.history?.find(({ status }) => status === 'FAILED');
  if (failed !== undefined) await keep(`/jobs/${jid}/checkpoints/details/${failed.id}`);
}

const moment: Moment = {
  at: systemClock.now(),
  objects: {
    pods,
    events,
    nodes: await items('nodes'),
    resourcequotas: await items('resourcequotas'),
    configmaps: await items('configmaps'),
  },
  logs,
  rest,
};
const before: Incident = existsSync(file)
  ? (JSON.parse(readFileSync(file, 'utf8')) as Incident)
  : { clusterId: cluster, namespace, moments: [] };
const masked = restored(JSON.parse(lineOf(moment)));
writeFileSync(file, `${JSON.stringify({ ...before, moments: [...before.moments, masked] }, undefined, 1)}\n`);
