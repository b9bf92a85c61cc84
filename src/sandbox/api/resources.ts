/** A kind of object that the sandbox's API server keeps. */
export interface Resource {
  /** `''` for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
}

const resource = (group: string, version: string, plural: string, kind: string, more: Partial<Resource> = {}): Resource => ({
  group,
  version,
  plural,
  kind,
  singular: kind.toLowerCase(),
  namespaced: true,
  shortNames: [],
  subresources: [],
  ...more,
});

export const PODS = resource('', 'v1', 'pods', 'Pod', {
  shortNames: ['po'],
  subresources: ['log', 'exec', 'attach', 'portforward', 'status', 'eviction'],
});
export const SERVICES = resource('', 'v1', 'services', 'Service', { shortNames: ['svc'], subresources: ['status', 'proxy'] });
export const ENDPOINTS = resource('', 'v1', 'endpoints', 'Endpoints', { singular: 'endpoints', shortNames: ['ep'] });
export const CONFIG_MAPS = resource('', 'v1', 'configmaps', 'ConfigMap', { shortNames: ['cm'] });
export const SECRETS = resource('', 'v1', 'secrets', 'Secret');
export const EVENTS = resource('', 'v1', 'events', 'Event', { shortNames: ['ev'] });
export const SERVICE_ACCOUNTS = resource('', 'v1', 'serviceaccounts', 'ServiceAccount', { shortNames: ['sa'] });
export const NODES = resource('', 'v1', 'nodes', 'Node', { namespaced: false, shortNames: ['no'], subresources: ['status'] });
export const NAMESPACES = resource('', 'v1', 'namespaces', 'Namespace', {
  namespaced: false,
  shortNames: ['ns'],
  subresources: ['status'],
});
export const CLAIMS = resource('', 'v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', {
  shortNames: ['pvc'],
  subresources: ['status'],
});
export const QUOTAS = resource('', 'v1', 'resourcequotas', 'ResourceQuota', { shortNames: ['quota'], subresources: ['status'] });
export const DEPLOYMENTS = resource('apps', 'v1', 'deployments', 'Deployment', {
  shortNames: ['deploy'],
  subresources: ['status', 'scale'],
});
export const REPLICA_SETS = resource('apps', 'v1', 'replicasets', 'ReplicaSet', { shortNames: ['rs'], subresources: ['status'] });
export const POD_METRICS = resource('metrics.k8s.io', 'v1beta1', 'pods', 'PodMetrics', { singular: '' });

/** The kinds that are stored. PodMetrics are computed on request. */
export const RESOURCES: readonly Resource[] = [
  PODS,
  SERVICES,
  ENDPOINTS,
  CONFIG_MAPS,
  SECRETS,
  EVENTS,
  SERVICE_ACCOUNTS,
  NODES,
  NAMESPACES,
  CLAIMS,
  QUOTAS,
  DEPLOYMENTS,
  REPLICA_SETS,
];

export const apiVersion = (of: Resource): string => (of.group === '' ? of.version : `${of.group}/${of.version}`);

/** The name that error messages use: `pods`, `deployments.apps`. */
export const qualified = (of: Resource): string => (of.group === '' ? of.plural : `${of.plural}.${of.group}`);

export const resourceOf = (group: string, plural: string): Resource | undefined =>
  RESOURCES.find((known) => known.group === group && known.plural === plural);
