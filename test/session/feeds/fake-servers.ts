import type { FlinkClient, JobOverview } from '../../../src/flink/types.ts';
import type {
  KubernetesClient,
  KubernetesObject,
  ListOptions,
  LogRequest,
  LogSink,
  WatchSink,
} from '../../../src/kubernetes/model/types.ts';
import { objectReader } from '../../../src/kubernetes/watch/odd-objects.ts';
import { startFeeds, type StartFeeds } from '../../../src/session/feeds/start.ts';
import { createSessionStore } from '../../../src/session/store.ts';
import type { Feeds, Session, SessionStore } from '../../../src/session/types.ts';
import { Problem } from '../../../src/support/problem.ts';
import { fakeFlink, fakeKubernetes, FakeClock, settle } from '../../support/fakes.ts';
import { logLine } from '../../support/log-line.ts';
import { jobOf, target } from '../build.ts';

/** One watch that a feed opened; raw objects go in, as the API server sends them. */
export interface Watch {
  readonly options: Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>;
  list(...objects: readonly object[]): void;
  page(objects: readonly object[], position: { readonly first: boolean; readonly last: boolean }): void;
  seen(...objects: readonly object[]): void;
  gone(...objects: readonly object[]): void;
  status: WatchSink<unknown>['status'];
  readonly open: boolean;
}

/** One followed log. */
export interface FollowedLog {
  readonly request: LogRequest;
  lines(...lines: readonly (readonly [at: number, text: string])[]): void;
  status: LogSink['status'];
  missing: Required<LogSink>['missing'];
  /** The log is at its end. */
  end(): void;
  /** The server does not let it be read. */
  refuse(): void;
  readonly open: boolean;
}

const until = (signal: AbortSignal): Promise<void> => new Promise((resolve) => signal.addEventListener('abort', () => resolve()));

export const forbidden = (what: string): Problem => new Problem('forbidden', `forbidden: ${what}`);
export const refused = new Problem('unreachable', 'The server refuses connections.');

/** What both servers of a session say, in the hand of a test. */
export class FakeServers {
  readonly clock = new FakeClock();
  readonly watches = new Map<string, Watch>();
  readonly logs: FollowedLog[] = [];
  readonly asked: string[] = [];
  readonly end = new AbortController();
  retried = 0;
  logsAllowed = true;
  jobs: readonly JobOverview[] = [jobOf({ id: 'a', name: 'orders' })];
  /** Thrown by every REST call. */
  restProblem: Problem | undefined;
  /** The cluster's configuration in its ConfigMap; undefined: it cannot be read. */
  configuration: string | undefined;
  /** The logging files beside it. */
  loggingFiles: Readonly<Record<string, string>> = {};
  metrics: readonly KubernetesObject[] | Problem = forbidden('list podmetrics');
  readonly store: SessionStore;
  readonly feeds: Feeds;

  constructor(options: Partial<StartFeeds> & { readonly rest?: Partial<FlinkClient> } = {}) {
    this.store = createSessionStore(target);
    this.feeds = startFeeds({
      store: this.store,
      kubernetes: this.#kubernetes(),
      flink: this.#flink(options.rest ?? {}),
      target,
      clock: this.clock,
      signal: this.end.signal,
      random: () => 0,
      ...options,
    });
  }

  get session(): Session {
    return this.store.get();
  }

  watch(plural: string): Watch {
    const found = this.watches.get(plural);
    if (found === undefined) throw new Error(`nobody watches ${plural}`);
    return found;
  }

  /** The newest log that was followed of this pod. */
  log(pod: string): FollowedLog {
    const found = this.logs.findLast(({ request }) => request.pod === pod);
    if (found === undefined) throw new Error(`nobody follows ${pod}`);
    return found;
  }

  /** Lets a moment pass: batches are told. */
  async moment(ms = 20): Promise<void> {
    await this.clock.advance(ms);
    await settle();
  }

  #kubernetes(): KubernetesClient {
    return fakeKubernetes({
      listAndWatch: (resource, options, project, sink) => {
        let open = true;
        const reader = objectReader(project, (objects) => sink.unreadable?.(objects));
        const page: Watch['page'] = (objects, position) => {
          if (position.first) reader.begin();
          const items = reader.listed(objects as readonly KubernetesObject[]);
          if (position.last) reader.complete();
          sink.page(items, position);
        };
        this.watches.set(resource.plural, {
          options,
          page,
          list: (...objects) => {
            page(objects, { first: true, last: true });
            sink.status({ state: 'live' });
          },
          seen: (...objects) => sink.seen(reader.watched('seen', objects as readonly KubernetesObject[])),
          gone: (...objects) => sink.gone(reader.watched('gone', objects as readonly KubernetesObject[])),
          status: (status) => sink.status(status),
          get open() {
            return open;
          },
        });
        return until(options.signal).then(() => void (open = false));
      },
      followLog: (request, sink, signal) =>
        new Promise<void>((resolve) => {
          let open = true;
          const close = (): void => {
            open = false;
            resolve();
          };
          signal.addEventListener('abort', close);
          this.logs.push({
            request,
            lines: (...lines) => sink.lines(lines.map(([at, text]) => logLine(at, text))),
            status: (status) => sink.status(status),
            missing: (from, to) => sink.missing?.(from, to),
            end() {
              sink.status({ state: 'ended' });
              close();
            },
            refuse() {
              sink.status({ state: 'denied', problem: forbidden('get pods/log in default') });
              close();
            },
            get open() {
              return open;
            },
          });
          if (this.logsAllowed) sink.status({ state: 'live' });
        }),
      list: async <T extends KubernetesObject>() => {
        this.asked.push('podmetrics');
        if (this.metrics instanceof Problem) throw this.metrics;
        return this.metrics as readonly T[];
      },
      get: async <T extends KubernetesObject>() => {
        // As below: what a test sets up after the start counts.
        await Promise.resolve();
        if (this.configuration === undefined) throw forbidden('get configmaps');
        return { data: { 'config.yaml': this.configuration, ...this.loggingFiles } } as unknown as T;
      },
      retryNow: () => void (this.retried += 1),
    });
  }

  #flink(given: Partial<FlinkClient>): FlinkClient {
    const answer =
      <T>(name: string, value: () => T) =>
      async (): Promise<T> => {
        this.asked.push(name);
        // An answer takes a moment: what a test sets up after the start counts.
        await Promise.resolve();
        if (this.restProblem !== undefined) throw this.restProblem;
        return value();
      };
    return fakeFlink({
      overview: answer('overview', () => ({
        taskManagers: 2,
        slotsTotal: 8,
        slotsAvailable: 4,
        flinkVersion: '2.3.0',
        flinkCommit: undefined,
      })),
      config: answer('config', () => ({ refreshIntervalMs: 3_000, flinkVersion: '2.3.0', webSubmit: true, webCancel: true })),
      jobs: answer('jobs', () => this.jobs),
      checkpoints: answer('checkpoints', () => undefined),
      exceptions: answer('exceptions', () => []),
      jobMetrics: answer('jobMetrics', () => new Map([['numRestarts', 2]])),
      taskManagers: answer('taskManagers', () => []),
      jobManagerMetrics: answer(
        'jobManagerMetrics',
        () =>
          new Map([
            ['Status.JVM.Memory.Heap.Used', 100],
            ['Status.JVM.Memory.Heap.Max', 400],
            ['Status.JVM.CPU.Load', 0.5],
          ]),
      ),
      taskManagerMetrics: answer('taskManagerMetrics', () => new Map([['Status.JVM.Memory.Heap.Used', 50]])),
      ...given,
    });
  }
}

/** A pod as the API server sends it. */
export function rawPod(
  name: string,
  given: {
    readonly uid?: string;
    readonly node?: string | null;
    readonly ip?: string;
    readonly running?: boolean;
    readonly startedAt?: string;
    readonly createdAt?: string;
    readonly restarts?: number;
    readonly deleted?: boolean;
  } = {},
): object {
  const { running = true, restarts = 0, startedAt = '2026-11-22T10:00:00Z' } = given;
  return {
    metadata: {
      name: `c1-${name}`,
      uid: given.uid ?? `uid-${name}`,
      creationTimestamp: given.createdAt ?? '2026-11-22T10:00:00Z',
      labels: { component: name.startsWith('taskmanager') ? 'taskmanager' : 'jobmanager' },
      ...(given.deleted === true ? { deletionTimestamp: '2026-11-22T11:30:00Z' } : {}),
    },
    spec: {
      ...(given.node === null ? {} : { nodeName: 'node-a' }),
      containers: [{ name: 'flink-main-container', resources: { limits: { cpu: '2', memory: '1Gi' } } }],
    },
    status: {
      phase: 'Running',
      podIP: given.ip,
      containerStatuses: [
        {
          name: 'flink-main-container',
          ready: running,
          restartCount: restarts,
          state: running ? { running: { startedAt } } : { waiting: { reason: restarts > 0 ? 'CrashLoopBackOff' : 'ContainerCreating' } },
        },
      ],
    },
  };
}
