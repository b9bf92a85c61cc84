/** Where JobManagers elect their leader. `elsewhere`: in ZooKeeper, or in whatever a factory class of somebody's own uses. */
export type Elections = 'none' | 'kubernetes' | 'elsewhere';

/** What `high-availability.type` means: any word except NONE counts as a factory class, and so do misspellings. Source: `HighAvailabilityMode.fromConfig`, Flink 2.3. */
export function electionsOf(type: string): Elections {
  if (/^(?:none|standalone)$/i.test(type)) return 'none';
  return /^kubernetes$|KubernetesHaServicesFactory$/i.test(type) ? 'kubernetes' : 'elsewhere';
}
