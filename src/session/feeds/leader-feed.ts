import { electionsOf, type Elections } from '../../config/options/elections.ts';
import { setLevels } from '../../config/logging/logging-files.ts';
import { setLevelsText, type SetLevel } from '../../config/logging/set-level.ts';
import { consolePatterns } from '../../inside/log/console-layouts.ts';
import { CONFIG_MAPS } from '../../kubernetes/model/resources.ts';
import { leaderAddress } from '../../native/leader.ts';
import { names } from '../../native/names.ts';
import type { ConfigMapObject } from '../../native/objects.ts';
import { formatSpan } from '../../support/format.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import { timelineEntry } from '../draft.ts';
import type { Pod } from '../types.ts';
import type { FeedContext } from './context.ts';
import type { PodListener } from './pods-feed.ts';
import { sourceReporter, supervise, type SourceReporter } from './source-status.ts';

/**
 * Where JobManagers elect their leader according to the configuration as Flink writes it (nested, or one key per line). Source:
 * `HighAvailabilityOptions.HA_MODE`, Flink 1.18 to 2.3.
 */
export function electionsIn(config: string): Elections {
  let inside = false;
  for (const line of config.split('\n')) {
    if (/^\S/.test(line)) inside = /^high-availability:\s*$/.test(line);
    const type = (/^high-availability(?:\.type)?:\s*(\S+)/.exec(line) ?? (inside ? /^\s+type:\s*(\S+)/.exec(line) : null))?.[1];
    if (type !== undefined) return electionsOf(type.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return 'none';
}

/** If elections cannot be seen, it is unknown whether there is a leader. */
const highAvailability: Readonly<Record<Elections, boolean | undefined>> = { none: false, kubernetes: true, elsewhere: undefined };

/**
 * Reports which JobManager pod leads. With high availability in Kubernetes, it is the pod in the ConfigMap `<cluster
 * id>-cluster-config-map`, and none while the ConfigMap names none. Otherwise, even if elections are held where they cannot be seen, it is
 * the ready JobManager, if there is exactly one. That ConfigMap appears with the first election and may outlive its cluster, so only the
 * configuration shows whether there are elections.
 */
export class LeaderFeed implements PodListener {
  readonly done: Promise<void>;
  readonly #context: FeedContext;
  readonly #source: SourceReporter;
  readonly #jobManagers = new Map<string, Pod>();
  #listing = new Set<string>();
  #address: string | undefined;
  #elections: Elections | undefined;
  #told: { readonly leader: string | undefined; readonly elections: Elections | undefined } = { leader: undefined, elections: undefined };
  /** The ConfigMap of the election has been read, or cannot be read. */
  #listed = false;
  /** The same for the configuration. */
  #configured = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(context: FeedContext) {
    const { store, queue, clock, signal } = context;
    this.#context = context;
    this.#source = sourceReporter('leader', queue, clock);
    // Another cluster of this name has its own configuration.
    const end = store.subscribe(({ deployment }, before) => {
      if (before.deployment === undefined || deployment?.uid === before.deployment.uid) return;
      this.#elections = undefined;
      this.#read();
    });
    this.#read();
    this.done = supervise(this.#watch(), this.#source, signal)
      .then(() => this.#reading)
      .finally(end);
  }

  listed(pods: readonly Pod[], { first, last }: { readonly first: boolean; readonly last: boolean }): void {
    if (first) this.#listing = new Set();
    for (const pod of pods) {
      this.#listing.add(pod.name);
      if (pod.role === 'jobmanager') this.#jobManagers.set(pod.name, pod);
    }
    if (!last) return;
    for (const pod of this.#jobManagers.keys()) if (!this.#listing.has(pod)) this.#jobManagers.delete(pod);
    this.#look();
  }

  seen(pods: readonly Pod[]): void {
    for (const pod of pods) if (pod.role === 'jobmanager') this.#jobManagers.set(pod.name, pod);
    this.#look();
  }

  gone(pods: readonly Pod[]): void {
    for (const pod of pods) if (this.#jobManagers.get(pod.name)?.uid === pod.uid) this.#jobManagers.delete(pod.name);
    this.#look();
  }

  /** Reports the leader if both ConfigMaps are known and the leader is news. */
  #look(): void {
    if (!this.#listed || !this.#configured) return;
    const elections = this.#elections;
    const leader = choose(
      [...this.#jobManagers.values()],
      elections ?? (this.#address === undefined ? 'none' : 'kubernetes'),
      this.#address,
    );
    if (this.#told.leader === leader && this.#told.elections === elections) return;
    this.#told = { leader, elections };
    const { queue, clock } = this.#context;
    queue.tell({ kind: 'leader', at: clock.now(), pod: leader, highAvailability: highAvailability[elections ?? 'elsewhere'] });
  }

  /** The ConfigMap may have been changed, from here for example. */
  refresh(): void {
    if (this.#configured) this.#read();
  }

  #read(): void {
    this.#reading = supervise(this.#readConfiguration(), this.#source, this.#context.signal);
  }

  async #readConfiguration(): Promise<void> {
    const { clock, kubernetes, queue, target, signal } = this.#context;
    try {
      const { data = {} } = await kubernetes.get<ConfigMapObject>(
        { resource: CONFIG_MAPS, namespace: target.namespace, name: names.configMap(target.clusterId) },
        { signal },
      );
      this.#elections = electionsIn(data['config.yaml'] ?? data['flink-conf.yaml'] ?? '');
      // The ConfigMap has the logging files as well: they say how the lines of the logs are to be read.
      queue.tell({ kind: 'log-patterns', at: clock.now(), patterns: consolePatterns(data) });
      this.#tellLevels(setLevels(data));
    } catch (error) {
      if (isAbort(error)) return;
      // Forbidden or missing: then only the other ConfigMap counts.
      if (!(error instanceof Problem)) throw error;
    }
    this.#configured = true;
    this.#look();
  }

  /** Levels of an earlier session are news: nobody may remember them. */
  #tellLevels(levels: readonly SetLevel[]): void {
    const { clock, queue } = this.#context;
    const at = clock.now();
    queue.tell({ kind: 'log-levels', at, levels });
    if (!this.#configured && levels.length > 0) {
      const text = `log level of ${setLevelsText(levels)}, set by drey ${formatSpan(at - Math.min(...levels.map((each) => each.at)))} ago; loglevel --undo takes it back`;
      queue.tell({ kind: 'timeline', at, line: timelineEntry(at, 'drey', 'warn', undefined, text) });
    }
  }

  #watch(): Promise<void> {
    const { kubernetes, target, signal } = this.#context;
    return kubernetes.listAndWatch(
      CONFIG_MAPS,
      { namespace: target.namespace, fieldSelector: `metadata.name=${names.leaderConfigMap(target.clusterId)}`, signal },
      (raw) => leaderAddress(raw as ConfigMapObject),
      {
        page: (addresses, { first, last }) => {
          if (first || addresses.length > 0) this.#address = addresses[0];
          // The first attempt to read the configuration failed: the server may have been away.
          if (first && this.#listed && this.#elections === undefined) this.#read();
          this.#listed ||= last;
          this.#look();
        },
        seen: (addresses) => this.#leads(addresses.at(-1)),
        gone: () => this.#leads(undefined),
        unreadable: this.#source.unreadable,
        status: (status) => {
          this.#source.status(status);
          if (status.state !== 'denied') return;
          this.#listed = true;
          this.#look();
        },
      },
    );
  }

  #leads(address: string | undefined): void {
    this.#address = address;
    this.#look();
  }
}

function choose(jobManagers: readonly Pod[], elections: Elections, address: string | undefined): string | undefined {
  const alive = jobManagers.filter(({ deletedAt, severity }) => deletedAt === undefined && severity !== 'done' && severity !== 'error');
  if (elections === 'kubernetes') return address === undefined ? undefined : alive.find(({ ip }) => ip === address)?.name;
  const [only, ...more] = alive.filter(({ severity }) => severity === 'ok');
  return more.length > 0 ? undefined : only?.name;
}
