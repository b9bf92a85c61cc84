import { POD_METRICS, RESOURCES, type Resource } from './resources.ts';

/** The version that the sandbox reports: that of the cluster that its answers were compared with. */
export const SERVER_VERSION = 'v1.34.4';

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const SUBRESOURCE_KINDS: Readonly<Record<string, { readonly kind: string; readonly verbs: readonly string[] }>> = {
  log: { kind: 'Pod', verbs: ['get'] },
  exec: { kind: 'PodExecOptions', verbs: ['create', 'get'] },
  attach: { kind: 'PodAttachOptions', verbs: ['create', 'get'] },
  portforward: { kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
  proxy: { kind: 'ServiceProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
  eviction: { kind: 'Eviction', verbs: ['create'] },
  scale: { kind: 'Scale', verbs: ['get', 'patch', 'update'] },
  status: { kind: '', verbs: ['get', 'patch', 'update'] },
};

/** The discovery document at `path`; undefined if there is none. */
export function discovery(path: string): unknown {
  switch (path) {
    case '/version':
      return version();
    case '/api':
      return {
        kind: 'APIVersions',
        versions: ['v1'],
        serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1' }],
      };
    case '/apis':
      return { kind: 'APIGroupList', apiVersion: 'v1', groups: GROUPS.map(group) };
    case '/api/v1':
      return resourceList(
        'v1',
        RESOURCES.filter((known) => known.group === ''),
      );
    case '/apis/apps':
      return { apiVersion: 'v1', ...group(['apps', 'v1']) };
    case '/apis/apps/v1':
      return resourceList(
        'apps/v1',
        RESOURCES.filter((known) => known.group === 'apps'),
      );
    case '/apis/authorization.k8s.io/v1':
      return {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: 'authorization.k8s.io/v1',
        resources: ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview', 'LocalSubjectAccessReview'].map((kind) =>
          review(kind),
        ),
      };
    case '/apis/authentication.k8s.io/v1':
      return {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: 'authentication.k8s.io/v1',
        resources: [review('SelfSubjectReview')],
      };
    case '/apis/metrics.k8s.io/v1beta1':
      return {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: 'metrics.k8s.io/v1beta1',
        resources: [{ name: POD_METRICS.plural, singularName: '', namespaced: true, kind: POD_METRICS.kind, verbs: ['get', 'list'] }],
      };
    case '/healthz':
    case '/livez':
    case '/readyz':
      return 'ok';
    default:
      return undefined;
  }
}

const review = (kind: string): Record<string, unknown> => ({
  name: `${kind.toLowerCase()}s`,
  singularName: kind.toLowerCase(),
  namespaced: kind.startsWith('Local'),
  kind,
  verbs: ['create'],
});

const GROUPS: readonly (readonly [string, string])[] = [
  ['apps', 'v1'],
  ['authentication.k8s.io', 'v1'],
  ['authorization.k8s.io', 'v1'],
  ['metrics.k8s.io', 'v1beta1'],
];

function group([name, served]: readonly [string, string]): Record<string, unknown> {
  const groupVersion = { groupVersion: `${name}/${served}`, version: served };
  return { kind: 'APIGroup', name, versions: [groupVersion], preferredVersion: groupVersion };
}

function version(): Record<string, string> {
  const [, major = '1', minor = '34'] = /^v(\d+)\.(\d+)/.exec(SERVER_VERSION) ?? [];
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: SERVER_VERSION,
    gitCommit: '0'.repeat(40),
    gitTreeState: 'clean',
    buildDate: '2026-01-01T00:00:00Z',
    goVersion: 'go1.24',
    compiler: 'gc',
    platform: 'linux/amd64',
  };
}

function resourceList(groupVersion: string, resources: readonly Resource[]): Record<string, unknown> {
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: resources.flatMap(entries) };
}

function entries(of: Resource): Record<string, unknown>[] {
  const main = {
    name: of.plural,
    singularName: of.singular,
    namespaced: of.namespaced,
    kind: of.kind,
    verbs: VERBS,
    ...(of.shortNames.length === 0 ? {} : { shortNames: of.shortNames }),
    ...(['Pod', 'Service', 'Deployment', 'ReplicaSet'].includes(of.kind) ? { categories: ['all'] } : {}),
  };
  const below = of.subresources.map((name) => {
    const known = SUBRESOURCE_KINDS[name];
    return {
      name: `${of.plural}/${name}`,
      singularName: '',
      namespaced: of.namespaced,
      kind: known?.kind === '' ? of.kind : known?.kind,
      verbs: known?.verbs,
      ...(name === 'scale' ? { group: 'autoscaling', version: 'v1' } : {}),
    };
  });
  return [main, ...below];
}
