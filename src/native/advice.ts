import type { PodRole } from './pod.ts';

/**
 * Advice for causes that are proved by their text. Options are named only if they change something: `jvm-overhead.max` does not if the
 * process has less than 10 GiB. Sources: `TaskExecutorProcessUtils`, `JobManagerProcessUtils`, `TaskManagerExceptionUtils`,
 * `NetworkBufferPool`, Flink 2.3.
 */
const table: readonly { readonly signs: RegExp; readonly advice: (role: PodRole) => string }[] = [
  {
    signs: /OutOfMemoryError: Java heap space|GC overhead limit/,
    advice: (role) =>
      `more heap: ${role === 'taskmanager' ? 'taskmanager.memory.task.heap.size' : 'jobmanager.memory.heap.size'}, or ${role}.memory.process.size.`,
  },
  {
    signs: /OutOfMemoryError: Metaspace/,
    advice: (role) => `restart its pod: classes of jobs that ended stay. ${role}.memory.jvm-metaspace.size buys time.`,
  },
  {
    signs: /OutOfMemoryError: Direct buffer memory/,
    advice: (role) =>
      `more direct memory: ${role === 'taskmanager' ? 'taskmanager.memory.task.off-heap.size' : 'jobmanager.memory.off-heap.size'}.`,
  },
  {
    signs: /Insufficient number of network buffers/,
    advice: () => 'more network memory: taskmanager.memory.network.fraction, .min or .max.',
  },
  {
    signs: /Insufficient (?:cpu|memory)/,
    advice: (role) => `a larger node, or a smaller request: kubernetes.${role}.cpu.amount, ${role}.memory.process.size.`,
  },
  {
    signs: /exceeded quota|must be less than or equal to|maximum (?:cpu|memory) usage/,
    advice: (role) => `a larger quota, or a smaller request: kubernetes.${role}.cpu.amount, ${role}.memory.process.size.`,
  },
  { signs: /service ?account .* not found/i, advice: () => 'create the service account, or name another one: kubernetes.service-account.' },
  {
    signs: /\bsecrets? "[^"]+" not found|in Secret /,
    advice: () =>
      'create the Secret in the namespace of the cluster, or name another one: kubernetes.secrets, kubernetes.env.secretKeyRef or the pod template.',
  },
  {
    signs: /\bconfigmaps? "(?!flink-config-|pod-template-)[^"]+" not found|in ConfigMap /,
    advice: () =>
      'create the ConfigMap in the namespace of the cluster, or name another one: kubernetes.hadoop.conf.config-map.name or the pod template.',
  },
  {
    signs: /ErrImageNeverPull/,
    advice: () =>
      'load the image on the node, or allow the node to pull it: kubernetes.container.image.ref, kubernetes.container.image.pull-policy.',
  },
  {
    signs: /ErrImagePull|ImagePullBackOff|InvalidImageName/,
    advice: () =>
      'check the image, and whether the node may pull it: kubernetes.container.image.ref, kubernetes.container.image.pull-secrets.',
  },
];

/** The advice for this text; empty if it proves no cause that an option helps against. */
export const adviceFor = (text: string, role: PodRole): readonly string[] =>
  table.filter(({ signs }) => signs.test(text)).map(({ advice }) => advice(role));

/** For a container that was killed at its limit: memory outside the JVM's own limits needs more room. */
export const outOfMemoryAdvice = (role: PodRole): string =>
  `more room outside of the JVM's own limits: ${role}.memory.jvm-overhead.fraction or .min; more of everything: ${role}.memory.process.size.`;

export const rightsAdvice = (namespace: string): string =>
  `drey doctor -n ${namespace} shows the rights that are needed, and how to grant them.`;
