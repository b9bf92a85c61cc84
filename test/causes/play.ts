import type { Asked } from '../../src/commands/why/ask.ts';
import { explainSession } from '../../src/commands/why/explain.ts';
import type { Report } from '../../src/causes/finding.ts';
import { createFlinkClient } from '../../src/flink/client.ts';
import type { FlinkClient } from '../../src/flink/types.ts';
import type { KubernetesClient, KubernetesObject } from '../../src/kubernetes/model/types.ts';
import { warningOf } from '../../src/native/events.ts';
import type { EventObject } from '../../src/native/objects.ts';
import { projectPod } from '../../src/native/pod-projection.ts';
import { createSessionStore } from '../../src/session/store.ts';
import type { Change, SessionLogs, SessionStore } from '../../src/session/types.ts';
import type { Clock } from '../../src/support/clock.ts';
import { Problem } from '../../src/support/problem.ts';
import { json, restServer } from '../flink/rest-server.ts';
import { fakeKubernetes, noLogs } from '../support/fakes.ts';
import type { Incident, Moment } from './incident.ts';

/** A session that saw an incident, and its servers as they were at the last moment. */
export interface Stage extends AsyncDisposable {
  /** What `why` says there. */
  explain(): Promise<Report>;
}

/** What `why` says about an incident at its last moment. */
export async function play(incident: Incident): Promise<Report> {
  await using stage = await stageOf(incident);
  return await stage.explain();
}

export async function stageOf({ clusterId, namespace, moments }: Incident): Promise<Stage> {
  const last = moments.at(-1);
  if (last === undefined) throw new Error('An incident has at least one moment.');
  const store = createSessionStore({ clusterId, namespace, context: undefined, server: 'https://kubernetes' });
  for (const moment of moments) {
    await using flink = await flinkOf(moment);
    store.tell(await changesOf(moment, clusterId, flink.client, store));
  }
  const flink = await flinkOf(last);
  const asked: Asked = {
    store,
    kubernetes: kubernetesOf(last),
    flink: flink.client,
    logs: keptLogs(moments),
    clock: stoppedAt(last.at),
    signal: new AbortController().signal,
    mode: 'one-shot',
  };
  return { explain: () => explainSession(asked), [Symbol.asyncDispose]: () => flink[Symbol.asyncDispose]() };
}

/** The lines of all moments: a session keeps those of pods that are gone. */
function keptLogs(moments: readonly Moment[]): SessionLogs {
  const logs = new Map(moments.flatMap(({ logs: each }) => Object.entries(each)));
  return {
    ...noLogs,
    view(pods) {
      const lines = pods === 'all' ? [] : pods.flatMap((pod) => logs.get(pod) ?? []);
      return {
        ...noLogs.view(pods),
        count: lines.length,
        line: (index) => ({ at: 0, pod: undefined, text: lines[index] ?? '', level: undefined, timeline: undefined }),
      };
    },
  };
}

/** Nothing waits for time here: every server answers at once. */
const stoppedAt = (at: number): Clock => ({ now: () => at, monotonic: () => at, sleep: () => new Promise(() => {}) });

/** Flink as it answered; without answers it refuses connections. */
async function flinkOf({ at, rest }: Moment): Promise<AsyncDisposable & { readonly client: FlinkClient }> {
  const server = await restServer(({ path }) => {
    const answer = rest[path];
    return answer === undefined ? json({ errors: [`not recorded: ${path}`] }, 404) : json(answer);
  });
  const client = createFlinkClient({
    router: { route: async () => ({ description: 'the incident', url: server.url }), lost: () => undefined },
    clock: stoppedAt(at),
    maxAttempts: 1,
  });
  return {
    client,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** What the feeds tell at one moment. */
async function changesOf(
  { at, objects, rest }: Moment,
  clusterId: string,
  flink: FlinkClient,
  store: SessionStore,
): Promise<readonly Change[]> {
  const pods = (objects['pods'] ?? []).map((raw) => projectPod(raw, clusterId));
  const events = (objects['events'] ?? []) as readonly EventObject[];
  const source = (name: 'pods' | 'events' | 'flink', problem?: Problem): Change => ({
    kind: 'source',
    at,
    source: name,
    status: { state: problem === undefined ? 'live' : 'lost', since: at, dataAt: at, problem, nextTryAt: undefined },
  });
  const elected = (objects['configmaps'] ?? []).some(({ metadata }) => metadata?.name === `${clusterId}-cluster-config-map`);
  const leader = pods.find(({ role, deletedAt }) => role === 'jobmanager' && deletedAt === undefined);
  const kubernetes: readonly Change[] = [
    source('pods'),
    source('events'),
    { kind: 'pods-listed', at, pods, first: true, last: true },
    ...events.flatMap((event): readonly Change[] => {
      const warning = warningOf(event, at);
      return warning === undefined ? [] : [{ kind: 'warning', at, warning }];
    }),
    { kind: 'events-listed', at },
    { kind: 'leader', at, pod: leader?.name, highAvailability: elected },
  ];
  if (rest['/jobs/overview'] === undefined) {
    const silent = new Problem('unreachable', 'Port 8081 of the JobManager refuses connections.');
    return store.get().jobsKnown || leader !== undefined ? [...kubernetes, source('flink', silent)] : kubernetes;
  }
  const jobs = await flink.jobs();
  return [
    ...kubernetes,
    source('flink'),
    { kind: 'overview', at, overview: await flink.overview() },
    { kind: 'jobs-seen', at, jobs },
    ...(await Promise.all(
      jobs.map(async ({ id }): Promise<Change> => ({
        kind: 'job-details',
        at,
        jobId: id,
        checkpoints: await flink.checkpoints(id),
        restarts: 0,
        exceptions: await flink.exceptions(id),
      })),
    )),
  ];
}

/** The API server at that moment; what was not recorded may not be read. */
function kubernetesOf({ at, objects, logs }: Moment): KubernetesClient {
  const unreadable = (): never => {
    throw new Problem('forbidden', 'You may not read that.');
  };
  return fakeKubernetes({
    list: async <T extends KubernetesObject>({ plural }: { readonly plural: string }) => (objects[plural] ?? unreadable()) as readonly T[],
    get: async <T extends KubernetesObject>({
      resource,
      name,
    }: {
      readonly resource: { readonly plural: string };
      readonly name: string;
    }) => ((objects[resource.plural] ?? []).find(({ metadata }) => metadata?.name === name) ?? unreadable()) as T,
    async followLog({ pod, previous }, sink) {
      const lines = logs[`${pod}${previous === true ? ' before' : ''}`] ?? unreadable();
      sink.lines(
        lines.map((line) => {
          const bytes = Buffer.from(line);
          return { at, bytes, from: 0, to: bytes.length, cut: false };
        }),
      );
    },
  });
}
