import { CONFIG_MAPS } from '../../kubernetes/resources.ts';
import type { KubernetesObject } from '../../kubernetes/types.ts';
import type { Pod } from '../types.ts';
import type { FeedContext } from './context.ts';
import type { PodListener } from './pods-feed.ts';
import { sourceTeller, supervise } from './source-status.ts';

/** Where the leading REST endpoint writes its address. Source: `KubernetesLeaderElectionHaServices`, Flink 1.18 to 2.3. */
const leaderKey = 'org.apache.flink.k8s.leader.restserver';

/** The host of `<session uuid>,http://<pod ip>:<port>`; IPv6 addresses lose their brackets. */
export function leaderAddress(value: string | undefined): string | undefined {
  const match = value === undefined ? null : /^[^,]*,\w+:\/\/(?:\[([^\]]+)\]|([^/:]+))/.exec(value);
  return match?.[1] ?? match?.[2];
}

/**
 * Tells which JobManager pod leads: with high availability the one that the ConfigMap `<cluster id>-cluster-config-map` names, else the
 * only one; of several (one on its way out) the youngest that is ready.
 */
export function leaderFeed({ kubernetes, target, teller, clock, signal }: FeedContext): PodListener & { readonly done: Promise<void> } {
  const source = sourceTeller('leader', teller, clock);
  const jobManagers = new Map<string, Pod>();
  let address: string | undefined;
  let told: string | undefined;
  /** Whether there is a ConfigMap is known, or will not be told. */
  let settled = false;

  const look = (): void => {
    if (!settled) return;
    const leader = choose([...jobManagers.values()], address);
    if (leader === told) return;
    told = leader;
    teller.tell({ kind: 'leader', at: clock.now(), pod: leader });
  };
  let listing = new Set<string>();

  const name = `${target.clusterId}-cluster-config-map`;
  const work = kubernetes.listAndWatch(
    CONFIG_MAPS,
    { namespace: target.namespace, fieldSelector: `metadata.name=${name}`, signal },
    (raw) => leaderAddress((raw as KubernetesObject & { readonly data?: Readonly<Record<string, string>> }).data?.[leaderKey]),
    {
      page(addresses, { first, last }) {
        if (first || addresses.length > 0) address = addresses[0];
        settled ||= last;
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
      status(status) {
        source.status(status);
        if (status.state !== 'denied') return;
        settled = true;
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
    done: supervise(work, source, signal),
  };
}

function choose(jobManagers: readonly Pod[], address: string | undefined): string | undefined {
  if (address !== undefined) return jobManagers.find(({ ip }) => ip === address)?.name;
  const alive = jobManagers.filter(({ deletedAt, severity }) => deletedAt === undefined && severity !== 'done');
  const ready = alive.filter(({ severity }) => severity === 'ok');
  const youngest = (pods: readonly Pod[]): string | undefined => pods.toSorted((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? -1 : 1))[0]?.name;
  return youngest(ready) ?? (alive.length === 1 ? alive[0]?.name : undefined);
}
