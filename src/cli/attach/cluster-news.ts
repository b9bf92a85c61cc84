import type { FoundCluster } from '../../cluster/find-clusters.ts';
import { readPods } from '../../cluster/pods/read-pods.ts';
import { createRestRouter } from '../../cluster/endpoint/rest-router.ts';
import { podStateWords } from '../../native/pod-trouble.ts';
import { phaseOf } from '../../session/job-phase.ts';
import { unreadableWords } from '../../session/job-words.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { timeLimit } from '../../support/waiting.ts';
import type { CliIo } from '../process/io.ts';
import { openFlinkClient } from '../wiring/rest-client.ts';
import type { Connection } from '../wiring/services.ts';

/** Facts about a cluster in a list that are not in its Deployment. */
export interface ClusterNews {
  readonly jobs: string;
  readonly trouble: string;
}

export interface NewsDesk {
  /** The facts known so far; the first call for a cluster requests them. */
  of(cluster: FoundCluster): ClusterNews;
  onNews(listener: () => void): void;
}

/** Clusters to ask at the same time, and for how long: a list is looked at for seconds. */
const atATime = 3;
const patienceMs = 5_000;

/** Finds jobs and trouble of clusters, in the background and only for those that are looked at. */
export function createNewsDesk(connection: Connection, io: CliIo, signal: AbortSignal): NewsDesk {
  const known = new Map<string, ClusterNews>();
  const waiting: FoundCluster[] = [];
  let listener = (): void => {};
  let running = 0;

  const next = (): void => {
    const cluster = running < atATime ? waiting.shift() : undefined;
    if (cluster === undefined || signal.aborted) return;
    running += 1;
    void ask(connection, cluster, io, signal).then((news) => {
      running -= 1;
      known.set(keyOf(cluster), news);
      listener();
      next();
    });
    next();
  };

  return {
    of(cluster) {
      const news = known.get(keyOf(cluster));
      if (news !== undefined) return news;
      const asking: ClusterNews = { jobs: 'asking', trouble: '' };
      known.set(keyOf(cluster), asking);
      waiting.push(cluster);
      next();
      return asking;
    },
    onNews(heard) {
      listener = heard;
    },
  };
}

const keyOf = ({ namespace, id }: FoundCluster): string => `${namespace}/${id}`;

async function ask(connection: Connection, cluster: FoundCluster, io: CliIo, signal: AbortSignal): Promise<ClusterNews> {
  using limit = timeLimit(patienceMs, signal, io.clock);
  const [jobs, trouble] = await Promise.all([
    orUnknown(jobsOf(connection, cluster, io, limit.signal)),
    orUnknown(troubleOf(connection, cluster, limit.signal)),
  ]);
  return { jobs: jobs ?? 'no answer', trouble: trouble ?? '' };
}

/** If a cluster does not answer in time, or not to this user, its line stays without that word. */
async function orUnknown(question: Promise<string>): Promise<string | undefined> {
  try {
    return await question;
  } catch (error) {
    if (isAbort(error) || error instanceof Problem) return undefined;
    throw error;
  }
}

async function jobsOf(connection: Connection, { id, namespace }: FoundCluster, io: CliIo, signal: AbortSignal): Promise<string> {
  await using router = createRestRouter({ kubernetes: connection.kubernetes, clusterId: id, namespace, ...connection.rest });
  await using flink = await openFlinkClient(router, { ...connection, patience: { maxAttempts: 1 } }, io);
  const phases = (await flink.jobs({ signal, timeoutMs: patienceMs })).map(phaseOf);
  const count = (word: string, ...of: readonly string[]): readonly string[] => {
    const found = phases.filter((phase) => of.includes(phase)).length;
    return found === 0 ? [] : [`${found} ${word}`];
  };
  const parts = [...count('up', 'RUNNING'), ...count('restarting', 'RESTARTING', 'FAILING'), ...count('failed', 'FAILED')];
  return parts.length === 0 ? 'none up' : parts.join(', ');
}

async function troubleOf({ kubernetes }: Connection, { id, namespace }: FoundCluster, signal: AbortSignal): Promise<string> {
  const { items: pods, unreadable } = await readPods(kubernetes, id, namespace, signal);
  const worst = pods.find(({ severity }) => severity === 'error') ?? pods.find(({ severity }) => severity === 'warn');
  if (worst !== undefined) return `${worst.shortName} ${podStateWords(worst)}`;
  return unreadable === undefined ? '' : unreadableWords('pods', unreadable.count);
}
