/** Where JobManagers elect their leader. `elsewhere`: in ZooKeeper, or in whatever a custom factory class uses. */
export type Elections = 'none' | 'kubernetes' | 'elsewhere';

/**
 * The meaning of `high-availability.type`: any word except NONE counts as a factory class, even a misspelling. Source:
 * `HighAvailabilityMode.fromConfig`, Flink 2.3.
 */
export function electionsOf(type: string): Elections {
  if (/^(?:none|standalone)$/i.test(type)) return 'none';
  return /^kubernetes$|KubernetesHaServicesFactory$/i.test(type) ? 'kubernetes' : 'elsewhere';
}
