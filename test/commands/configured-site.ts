import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClusterFiles, FileReader } from '../../src/cluster/model/types.ts';
import type { KubernetesClient, LogRequest, LogSink } from '../../src/kubernetes/model/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { FakeClock, fakeCluster, fakeFlink, fakeKubernetes, testFront, type TestFront } from '../support/fakes.ts';
import { pod } from '../support/pods-and-jobs.ts';
import type { CommandContext, Doubt, FrontEnd } from '../../src/commands/model/types.ts';
import { desk, type Desk } from './desk.ts';

const shipped = (name: string): string => readFileSync(join(import.meta.dirname, '../config/logging', name), 'utf8');

export const log4j = 'log4j-console.properties';
export const logback = 'logback-console.xml';
export const shippedFiles: Readonly<Record<string, string>> = { [log4j]: shipped(log4j), [logback]: shipped(logback) };

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** A cluster with a ConfigMap and two pods, and somebody at a desk. */
export interface ConfiguredSite extends Desk {
  files: Record<string, string>;
  /** What the pods have. */
  inPods: Record<string, string>;
  readonly clusterFiles: Writable<ClusterFiles>;
  readonly questions: Doubt[];
  /** The pods whose kubelets were asked to sync. */
  readonly synced: string[];
  /** Somebody else writes the ConfigMap before the next write. */
  disturbed: boolean;
  /** A line in the log of a pod. */
  say(pod: string, level: string, logger?: string): void;
  readonly follows: readonly string[];
}

const names = ['c1-jobmanager-x2b7k', 'c1-taskmanager-1-1'] as const;

export function configuredSite({
  readers = names.map((name): FileReader => ({
    pod: name,
    container: 'flink-main-container',
    path: `/opt/flink/conf/${log4j}`,
    fixed: false,
  })),
  answer = true,
  kubernetes = {},
  files: given = {},
  classpath = [],
  front: frontEnd = {},
  readOnly = false,
  env = {},
  mode = 'tui',
}: {
  readonly readers?: readonly FileReader[];
  readonly answer?: boolean;
  readonly kubernetes?: Partial<KubernetesClient>;
  readonly files?: Partial<ClusterFiles>;
  readonly classpath?: readonly string[];
  readonly front?: Partial<FrontEnd>;
  readonly readOnly?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly mode?: CommandContext['mode'];
} = {}): ConfiguredSite {
  const questions: Doubt[] = [];
  const synced: string[] = [];
  const follows: string[] = [];
  const sinks = new Map<string, LogSink>();
  const front: TestFront = testFront({
    agrees: (doubt) => {
      questions.push(doubt);
      return Promise.resolve(answer);
    },
    ...frontEnd,
  });
  const clock = new FakeClock();
  let version = 1;
  const site = { files: { ...shippedFiles }, inPods: { ...shippedFiles } as Record<string, string>, disturbed: false };
  const clusterFiles: Writable<ClusterFiles> = {
    read: async () => ({ configMap: 'flink-config-c1', files: site.files, version: String(version) }),
    async write(before, file, text) {
      if (site.disturbed || before.version !== String(version))
        throw new Problem('conflict', 'Somebody else changed ConfigMap flink-config-c1.');
      version += 1;
      site.files = { ...site.files, [file]: text };
      return { configMap: 'flink-config-c1', files: site.files, version: String(version) };
    },
    readers: async () => readers,
    sync: async (name) => void synced.push(name),
    inPod: async () => site.inPods[log4j],
    ...given,
  };
  const cluster = fakeCluster({ files: clusterFiles });
  const at = desk({
    front,
    clock,
    cluster,
    readOnly,
    env,
    mode,
    flink: fakeFlink({ jvmEnvironment: async () => ({ version: '17', architecture: 'amd64', options: [], classpath }) }),
    kubernetes: fakeKubernetes({
      followLog({ pod: name }: LogRequest, sink: LogSink, signal: AbortSignal) {
        follows.push(name);
        sinks.set(name, sink);
        return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      },
      ...kubernetes,
    }),
  });
  at.store.pods(...names.map((name) => pod({ shortName: name.slice(3) })));
  return Object.assign(site, {
    ...at,
    clock,
    front,
    clusterFiles,
    questions,
    synced,
    follows,
    say(name: string, level: string, logger = 'org.apache.flink.runtime.taskexecutor.TaskExecutor') {
      const bytes = Buffer.from(`2026-11-22 11:34:09,000 ${level.padEnd(5)} ${logger.padEnd(60)} [] - Heartbeat.`);
      void sinks.get(name)?.lines([{ at: clock.now(), bytes, from: 0, to: bytes.length, cut: false }]);
    },
  });
}
