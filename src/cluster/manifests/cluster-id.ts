const length = 45;

/** A cluster id for who names none. `randomHex` gives at least 32 hexadecimal digits. Source: `AbstractContainerizedClusterClientFactory`, Flink 2.3. */
export function generateClusterId(randomHex: () => string): string {
  return `flink-cluster-${randomHex().replaceAll('-', '')}`.slice(0, length);
}
