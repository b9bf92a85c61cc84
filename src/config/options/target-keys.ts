/**
 * Keys of the options that say where a command acts. Apart from the tables of options: a command line needs them before the first frame, and
 * the tables bring a YAML parser with them.
 */
export const targetKeys = {
  clusterId: 'kubernetes.cluster-id',
  namespace: 'kubernetes.namespace',
  context: 'kubernetes.context',
  kubeconfig: 'kubernetes.config.file',
  flinkVersion: 'drey.flink-version',
} as const;
