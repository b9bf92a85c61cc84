import type { TemplateReading } from '../../src/inside/log/templates/reading.ts';
import { readEntry } from '../../src/inside/log/entry.ts';
import { plainWords } from '../../src/inside/log/plain-words.ts';
import type { SandboxControl } from '../../src/commands/model/sandbox-control.ts';
import type { ClusterHandle } from '../../src/cluster/model/types.ts';
import type { FrontEnd, View } from '../../src/commands/model/types.ts';
import type { FlinkClient } from '../../src/flink/types.ts';
import type { KubernetesClient, KubernetesObject, ReadableList, Unreadable } from '../../src/kubernetes/model/types.ts';
import { objectReader } from '../../src/kubernetes/watch/odd-objects.ts';
import type { Launches } from '../../src/session/launches.ts';
import { createSessionStore } from '../../src/session/store.ts';
import type {
  Change,
  Job,
  Operation,
  Operations,
  Pod,
  LogReader,
  SessionLogs,
  SessionStore,
  SourceName,
  SourceState,
} from '../../src/session/types.ts';
import type { Clock } from '../../src/support/clock.ts';
import { isAbort, type Problem, sentence } from '../../src/support/problem.ts';
import { FakeClock, settle, start } from './fake-clock.ts';
import { target } from './pods-and-jobs.ts';

export { FakeClock, settle, start };

/** An object whose methods all fail except the given ones: unexpected calls are noticed. */
function strict<T extends object>(name: string, given: Partial<T>): T {
  return new Proxy(given, {
    get(target, key): unknown {
      const found: unknown = Reflect.get(target, key);
      if (found !== undefined || typeof key === 'symbol' || key === 'then') return found;
      return () => Promise.reject(new Error(`${name}.${key} was not expected`));
    },
  }) as T;
}

export const fakeFlink = (given: Partial<FlinkClient> = {}): FlinkClient => strict('flink', given);
export const fakeKubernetes = (given: Partial<KubernetesClient> = {}): KubernetesClient =>
  strict('kubernetes', { can: async () => ({ allowed: true }), ...given });
/** The answer of `listReadable` for these objects. */
export function readable<T>(objects: readonly KubernetesObject[], project: (raw: KubernetesObject) => T): ReadableList<T> {
  let unreadable: Unreadable | undefined;
  const reader = objectReader(project, (odd) => {
    unreadable = odd;
  });
  const items = reader.listed(objects);
  reader.complete();
  return { items, unreadable };
}

export const fakeCluster = (given: Partial<ClusterHandle> = {}): ClusterHandle =>
  strict('cluster', { kept: async () => [], mortalSavepoints: async () => undefined, ...given });

/** A store whose content a test sets. */
export interface TestStore extends SessionStore {
  jobs(...jobs: readonly Job[]): void;
  /** The complete list. */
  pods(...pods: readonly Pod[]): void;
  source(name: SourceName, state: SourceState, problem?: Problem): void;
}

export function testStore(clock: Clock): TestStore {
  const store = createSessionStore(target);
  const tell = (...changes: readonly Change[]): void => store.tell(changes);
  const source = (name: SourceName, state: SourceState, problem?: Problem): void =>
    tell({
      kind: 'source',
      at: clock.now(),
      source: name,
      status: { state, since: clock.now(), dataAt: state === 'live' ? clock.now() : undefined, problem, nextTryAt: undefined },
    });
  return {
    ...store,
    source,
    jobs(...jobs) {
      const at = clock.now();
      source('flink', 'live');
      tell({ kind: 'jobs-seen', at, jobs });
      tell(
        ...jobs.map(({ id, checkpoints, restarts, exceptions }): Change => ({
          kind: 'job-details',
          at,
          jobId: id,
          checkpoints,
          restarts,
          exceptions,
        })),
      );
    },
    pods(...pods) {
      source('pods', 'live');
      tell({ kind: 'pods-listed', at: clock.now(), pods, first: true, last: true });
    },
  };
}

/** What commands did to a front end. */
export interface TestFront extends FrontEnd {
  readonly printed: string[];
  readonly views: View[];
  readonly done: string[];
}

export function testFront(given: Partial<FrontEnd> = {}): TestFront {
  const printed: string[] = [];
  const views: View[] = [];
  const done: string[] = [];
  return {
    printed,
    views,
    done,
    themes: ['dark', 'light'],
    table: { columns: () => ['name', 'age'], sort: (column, direction) => void done.push(`sort ${column ?? '-'} ${direction ?? '-'}`) },
    print: (lines) => void printed.push(...lines),
    show: (view) => void views.push(view),
    quit: () => void done.push('quit'),
    clear: () => void done.push('clear'),
    setTheme: (name) => void done.push(`theme ${name}`),
    setMouse: (on) => void done.push(`mouse ${on ? 'on' : 'off'}`),
    ...given,
  };
}

/** Runs operations at once, keeps their notes, and updates the store like the real ones. */
export function testOperations(store: SessionStore, clock: Clock, signal: AbortSignal): Operations & { readonly notes: object[] } {
  const notes: object[] = [];
  let count = 0;
  return {
    notes,
    restarts: () => [],
    savepoints: () => [],
    async track({ title, kind, jobId }, work) {
      const entry = { id: `op-${++count}`, title, kind, jobId, startedAt: clock.now() };
      const tell = (state: Operation['state'], given: Pick<Partial<Operation>, 'progress' | 'result' | 'unsent'>): void => {
        const endedAt = state === 'running' ? undefined : clock.now();
        store.tell([
          { kind: 'operation', at: clock.now(), operation: { progress: undefined, result: undefined, ...given, ...entry, state, endedAt } },
        ]);
      };
      tell('running', {});
      try {
        const { value, result } = await work(
          {
            progress: (progress) => tell('running', { progress }),
            note: (note) => void notes.push(note),
            unsent: (unsent) => tell('running', { unsent }),
          },
          signal,
        );
        tell('succeeded', { result });
        return value;
      } catch (error) {
        tell(isAbort(error) ? 'unknown' : 'failed', { result: sentence(error) });
        throw error;
      }
    },
  };
}

/** Nothing was started from here, and nothing is remembered. */
export const noLaunches: Launches = { keep: () => {}, of: () => undefined };

/** Reads the logs of a cluster whose logging files and jobs are not known. */
export const usualReader: LogReader = {
  head: (line) => readEntry(line, []),
  plainWords: (message) => plainWords(message, { clusterId: 'c1', jobs: new Map() }),
};

/** Logs without an entry. */
export const noTemplates = (): TemplateReading => ({
  pending: 0,
  advance: () => {},
  facts: () => ({ templates: [], entries: 0, since: undefined, pending: 0, complete: true }),
});

/** Of pods that have only Flink's container. */
export const noContainer: SessionLogs['container'] = ({ pod, container }) => {
  throw new Error(`The test has no container ${container} in ${pod}.`);
};

/** Nothing is on disk, and nothing lies before the lines. */
export const notKept: Pick<SessionLogs, 'earlier' | 'kept'> = {
  earlier: async () => ({ kept: undefined, fellOut: 0, beganWith: undefined }),
  kept: undefined,
};

export const noLogs: SessionLogs = {
  follow: () => {},
  unfollow: () => {},
  container: noContainer,
  ...notKept,
  reader: usualReader,
  templates: noTemplates,
  view: () => ({
    version: 0,
    count: 0,
    dropped: 0,
    pending: 0,
    advance: () => {},
    line: () => undefined,
    fingerprint: () => 0,
    troublesFrom: (_, minutes) => ({ errors: new Uint32Array(minutes), warnings: new Uint32Array(minutes) }),
    reader: usualReader,
  }),
};

/** A sandbox without actions that only has examples. */
export const fakeSandbox = (examples: string): SandboxControl => ({
  kubeconfig: undefined,
  outlives: false,
  examples,
  actions: [],
  perform: () => Promise.reject(new Error('nothing can be done to it')),
});
