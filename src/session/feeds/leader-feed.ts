import { electionsOf, type Elections } from '../../config/options/elections.ts';
import { CONFIG_MAPS } from '../../kubernetes/model/resources.ts';
import { leaderAddress } from '../../native/leader.ts';
import { names } from '../../native/names.ts';
import type { ConfigMapObject } from '../../native/objects.ts';
import { isAbort, Problem } from '../../support/problem.ts';
import type { Pod } from '../types.ts';
import type { FeedContext } from './context.ts';
import { oddObjects } from './odd-objects.ts';
import type { PodListener } from './pods-feed.ts';
import { sourceTeller, supervise } from './source-status.ts';

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
export function leaderFeed({
  kubernetes,
  store,
  target,
  teller,
  clock,
  signal,
}: FeedContext): PodListener & { readonly done: Promise<void> } {
  const source = sourceTeller('leader', teller, clock);
  const jobManagers = new Map<string, Pod>();
  let listing = new Set<string>();
  let address: string | undefined;
  let elections: Elections | undefined;
  let told: { readonly leader: string | undefined; readonly elections: Elections | undefined } = {
    leader: undefined,
    elections: undefined,
  };
  /** What either ConfigMap says is known, or will not be told. */
  let listed = false;
  let configured = false;
  let reading: Promise<void> = Promise.resolve();

  const look = (): void => {
    if (!listed || !configured) return;
    const leader = choose([...jobManagers.values()], elections ?? (address === undefined ? 'none' : 'kubernetes'), address);
    if (told.leader === leader && told.elections === elections) return;
    told = { leader, elections };
    teller.tell({ kind: 'leader', at: clock.now(), pod: leader, highAvailability: highAvailability[elections ?? 'elsewhere'] });
  };

  const readConfiguration = async (): Promise<void> => {
    try {
      const { data = {} } = await kubernetes.get<ConfigMapObject>(
        { resource: CONFIG_MAPS, namespace: target.namespace, name: names.configMap(target.clusterId) },
        { signal },
      );
      elections = electionsIn(data['config.yaml'] ?? data['flink-conf.yaml'] ?? '');
    } catch (error) {
      if (isAbort(error)) return;
      // Not to be read, or not there: then what the other ConfigMap says is all there is.
      if (!(error instanceof Problem)) throw error;
    }
    configured = true;
    look();
  };
  const read = (): void => {
    reading = supervise(readConfiguration(), source, signal);
  };
  // Another cluster of this name has a configuration of its own.
  const end = store.subscribe(({ deployment }, before) => {
    if (before.deployment === undefined || deployment?.uid === before.deployment.uid) return;
    elections = undefined;
    read();
  });

  read();

  const work = kubernetes.listAndWatch(
    CONFIG_MAPS,
    { namespace: target.namespace, fieldSelector: `metadata.name=${names.leaderConfigMap(target.clusterId)}`, signal },
    (raw) => leaderAddress(raw as ConfigMapObject),
    {
      page(addresses, { first, last }) {
        if (first || addresses.length > 0) address = addresses[0];
        // It was not to be had when it was asked for: the server may have been away.
        if (first && listed && elections === undefined) read();
        listed ||= last;
        look();
      },
      seen(addresses) {
        address = addresses.at(-1);
        look();
      },
      gone() {
        address = undefined;
        look();
      },
      odd: oddObjects(teller, clock),
      status(status) {
        source.status(status);
        if (status.state !== 'denied') return;
        listed = true;
        look();
      },
    },
  );

  return {
    listed(pods, { first, last }) {
      if (first) listing = new Set();
      for (const pod of pods) {
        listing.add(pod.name);
        if (pod.role === 'jobmanager') jobManagers.set(pod.name, pod);
      }
      if (!last) return;
      for (const pod of jobManagers.keys()) if (!listing.has(pod)) jobManagers.delete(pod);
      look();
    },
    seen(pods) {
      for (const pod of pods) if (pod.role === 'jobmanager') jobManagers.set(pod.name, pod);
      look();
    },
    gone(pods) {
      for (const pod of pods) if (jobManagers.get(pod.name)?.uid === pod.uid) jobManagers.delete(pod.name);
      look();
    },
    done: supervise(work, source, signal)
      .then(() => reading)
      .finally(end),
  };
}

function choose(jobManagers: readonly Pod[], elections: Elections, address: string | undefined): string | undefined {
  const alive = jobManagers.filter(({ deletedAt, severity }) => deletedAt === undefined && severity !== 'done' && severity !== 'error');
  if (elections === 'kubernetes') return address === undefined ? undefined : alive.find(({ ip }) => ip === address)?.name;
  const [only, ...more] = alive.filter(({ severity }) => severity === 'ok');
  return more.length > 0 ? undefined : only?.name;
}
