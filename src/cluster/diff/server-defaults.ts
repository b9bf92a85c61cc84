/**
 * Fields that the API server fills in, with their values; `undefined`: any value. Source: `SetDefaults_*` and the registries, Kubernetes
 * 1.34.
 */
const defaults: Readonly<Record<string, readonly unknown[] | undefined>> = {
  // ObjectMeta
  uid: undefined,
  resourceVersion: undefined,
  creationTimestamp: undefined,
  generation: undefined,
  managedFields: undefined,
  namespace: undefined,
  selfLink: undefined,
  finalizers: undefined,
  ownerReferences: undefined,
  status: undefined,
  // DeploymentSpec
  progressDeadlineSeconds: [600],
  revisionHistoryLimit: [10],
  strategy: undefined,
  replicas: [1],
  // PodSpec
  restartPolicy: ['Always'],
  terminationGracePeriodSeconds: [30],
  schedulerName: ['default-scheduler'],
  enableServiceLinks: [true],
  preemptionPolicy: ['PreemptLowerPriority'],
  priority: undefined,
  serviceAccount: undefined,
  dnsPolicy: ['ClusterFirst'],
  // Container
  terminationMessagePath: ['/dev/termination-log'],
  terminationMessagePolicy: ['File'],
  imagePullPolicy: undefined,
  protocol: ['TCP'],
  hostPort: undefined,
  // Volumes and references
  defaultMode: [420],
  apiVersion: undefined,
  kind: undefined,
  // Probes
  timeoutSeconds: [1],
  periodSeconds: [10],
  successThreshold: [1],
  failureThreshold: [3],
  scheme: ['HTTP'],
  // ServiceSpec
  clusterIP: undefined,
  clusterIPs: undefined,
  ipFamilies: undefined,
  ipFamilyPolicy: undefined,
  internalTrafficPolicy: ['Cluster'],
  externalTrafficPolicy: ['Cluster'],
  sessionAffinity: ['None'],
  allocateLoadBalancerNodePorts: [true],
  nodePort: undefined,
  targetPort: undefined,
  healthCheckNodePort: undefined,
};

/** Annotations that controllers and kubectl maintain on objects. */
const bookkeeping = /^(deployment\.kubernetes\.io|kubectl\.kubernetes\.io)\//;

/**
 * True for a field of a live object that nobody asked for: the server added it, so it would not be lost. `type` only if it is the default.
 */
export function isServerDefault(path: string, key: string, value: unknown): boolean {
  if (/(^|\.)(annotations|labels|data|nodeSelector|matchLabels|selector)$/.test(path))
    return path.endsWith('annotations') && bookkeeping.test(key);
  if (key === 'type') return value === 'ClusterIP' || value === 'Opaque';
  if (!(key in defaults)) return false;
  return defaults[key]?.includes(value) ?? true;
}
