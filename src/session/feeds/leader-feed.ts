import { electionsOf, type Elections } from '../../config/options/elections.ts';
import { CONFIG_MAPS } from '../../kubernetes/model/resources.ts';
import { leaderAddress } from '../../native/leader.ts';
import { names } from '../../native/names.ts';
import type { ConfigMapObject } from '../../native/objects.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { Pod } from '../types.ts';
import type { FeedContext } from './context.ts';
import type { PodListener } from './pods-feed.ts';
import { sourceTeller, supervise, type SourceTeller } from './source-status.ts';

/** Where the configuration, as Flink writes it (nested, or one key a line), has JobManagers elect their leader. Source: `HighAvailabilityOptions.HA_MODE`, Flink 1.18 to 2.3. */
export function electionsIn(config: string): Elections {
  let inside = false;
  for (const line of config.split('\n')) {
    if (/^\S/.test(line)) inside = /^high-availability:\s*$/.test(line);
    const type = (/^high-availability(?:\.type)?:\s*(\S+)/.exec(line) ?? (inside ? /^\s+type:\s*(\S+)/.exec(line) : null))?.[1];
    if (type !== undefined) return electionsOf(type.replace(/^(["'])(.*)\1$/, '$2'));
  }
  return 'none';
}

/** Of elections that cannot be seen nobody knows whether there is a leader. */
const highAvailability: Readonly<Record<Elections, boolean | undefined>> = { none: false, kubernetes: true, elsewhere: undefined };

/**
 * Tells which JobManager pod leads. With high availability of Kubernetes it is the one that the ConfigMap `<cluster id>-cluster-config-map`
 * names, and nobody while it names none; else, also if the elections are held where they cannot be seen, the JobManager that is ready, if
 * there is one only. That ConfigMap comes with the first election and may outlive its cluster: whether there are elections is what the
 * configuration says.
 */
export class LeaderFeed implements PodListener {
  readonly done: Promise<void>;
  readonly #context: FeedContext;
  readonly #source: SourceTeller;
  readonly #jobManagers = new Map<string, Pod>();
  #listing = new Set<string>();
  #address: string | undefined;
  #elections: Elections | undefined;
  #told: { readonly leader: string | undefined; readonly elections: Elections | undefined } = { leader: undefined, elections: undefined };
  /** What the ConfigMap of the election says is known, or cannot be read. */
  #listed = false;
  /** The same of the configuration. */
  #configured = false;
  #reading: Promise<void> = Promise.resolve();

  constructor(context: FeedContext) {
    const { store, teller, clock, signal } = context;
    this.#context = context;
    this.#source = sourceTeller('leader', teller, clock);
    // Another cluster of this name has a configuration of its own.
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

  /** Tells who leads, if both ConfigMaps are known and that is news. */
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
    const { teller, clock } = this.#context;
    teller.tell({ kind: 'leader', at: clock.now(), pod: leader, highAvailability: highAvailability[elections ?? 'elsewhere'] });
  }

  #read(): void {
    this.#reading = supervise(this.#readConfiguration(), this.#source, this.#context.signal);
  }

  async #readConfiguration(): Promise<void> {
    const { kubernetes, target, signal } = this.#context;
    try {
      const { data = {} } = await kubernetes.get<ConfigMapObject>(
        { resource: CONFIG_MAPS, namespace: target.namespace, name: names.configMap(target.clusterId) },
        { signal },
      );
      this.#elections = electionsIn(data['config.yaml'] ?? data['flink-conf.yaml'] ?? '');
    } catch (error) {
      if (isAbort(error)) return;
      // It may not be read, or is not there: then what the other ConfigMap says is all there is.
      if (!(error instanceof Problem)) throw error;
    }
    this.#configured = true;
    this.#look();
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
          // The configuration could not be read when it was asked for: the server may have been away.
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
