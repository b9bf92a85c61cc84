/**
 * Keys of the options that say where a command acts. They are not in the tables of options, because a command line needs them before the
 * first frame, and the tables import a YAML parser.
 */
export const targetKeys = {
  clusterId: 'kubernetes.cluster-id',
  namespace: 'kubernetes.namespace',
  context: 'kubernetes.context',
  kubeconfig: 'kubernetes.config.file',
  flinkVersion: 'drey.flink-version',
} as const;
