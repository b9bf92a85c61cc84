import type { AccessQuestion } from '../../kubernetes/model/types.ts';

/** A right that the user or an account needs, and its purpose. */
export interface Need {
  readonly purpose: string;
  readonly question: AccessQuestion;
  /** Optional: without it drey still works, but shows less or takes a detour. */
  readonly optional: boolean;
  /** Having all of these is enough as well. */
  readonly instead?: readonly AccessQuestion[];
}

export interface AccessTopic {
  readonly ha: boolean;
  readonly hostNetwork: boolean;
  /** Exposed on the nodes' addresses: NodePort or LoadBalancer. */
  readonly nodes: boolean;
  readonly keytab: boolean;
}

const needs = (
  purpose: string,
  namespace: string | undefined,
  resource: string,
  verbs: readonly string[],
  optional = false,
): readonly Need[] => {
  const [name = '', subresource] = resource.split('/');
  const [plural = '', ...group] = name.split('.');
  return verbs.map((verb) => ({
    purpose,
    optional,
    question: {
      verb,
      resource: plural,
      group: group.length === 0 ? undefined : group.join('.'),
      subresource,
      namespace,
    },
  }));
};

/** What the user needs to deploy, watch, submit and stop in this namespace. Source: the requests that drey and Flink's client send. */
export function userNeeds(namespace: string, topic: AccessTopic): readonly Need[] {
  return [
    ...needs('deploy', namespace, 'services', ['get', 'create']),
    ...needs('deploy', namespace, 'deployments.apps', ['get', 'create']),
    ...needs('deploy', namespace, 'configmaps', ['create']),
    ...(topic.keytab ? needs('deploy with a keytab', namespace, 'secrets', ['create']) : []),
    ...needs('deploy over the leftovers of an earlier cluster', namespace, 'services', ['update'], true),
    ...needs('deploy over the leftovers of an earlier cluster', namespace, 'configmaps', ['get', 'update'], true),
    ...needs('stop', namespace, 'deployments.apps', ['delete']),
    ...needs('list', namespace, 'deployments.apps', ['list', 'watch']),
    ...needs('watch', namespace, 'pods', ['get', 'list', 'watch']),
    ...needs('show events', namespace, 'events', ['list', 'watch'], true),
    ...needs('read logs', namespace, 'pods/log', ['get']),
    // Without `get`, drey uses SPDY instead of WebSockets; since Kubernetes 1.35 a WebSocket needs `create`, too.
    ...needs('submit and savepoints (REST through a port-forward)', namespace, 'pods/portforward', ['create']).map((need) => ({
      ...need,
      instead: needs('', namespace, 'services/proxy', ['get', 'create', 'patch', 'delete']).map(({ question }) => question),
    })),
    ...needs('find the address of a node', undefined, 'nodes', ['list'], !topic.nodes),
  ];
}

/** What the JobManager's service account needs. Source: `KubernetesResourceManagerDriver` and `KubernetesLeaderElectionHaServices`, Flink 2.3, as recorded. */
export function jobManagerNeeds(namespace: string, topic: AccessTopic): readonly Need[] {
  return [
    ...needs('start and stop TaskManagers', namespace, 'pods', ['create', 'delete', 'list', 'watch']),
    ...needs('own what it creates, and end itself', namespace, 'deployments.apps', ['get', 'delete']),
    ...(topic.ha
      ? needs('high availability', namespace, 'configmaps', ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'])
      : []),
    ...(topic.hostNetwork ? needs('announce its ports on the host network', namespace, 'services', ['get', 'update']) : []),
  ];
}

/** What the TaskManagers' service account needs: nothing without high availability. */
export function taskManagerNeeds(namespace: string, topic: AccessTopic): readonly Need[] {
  return topic.ha ? needs('find the leading JobManager', namespace, 'configmaps', ['get', 'list', 'watch']) : [];
}

/** A rule of a Role. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** One rule per resource, in the order of the questions. */
export function rulesFor(questions: readonly AccessQuestion[]): readonly Rule[] {
  const byResource = new Map<string, { readonly group: string; readonly resource: string; readonly verbs: Set<string> }>();
  for (const { group = '', resource, subresource, verb } of questions) {
    const full = subresource === undefined ? resource : `${resource}/${subresource}`;
    const entry = byResource.get(`${group}/${full}`) ?? { group, resource: full, verbs: new Set<string>() };
    entry.verbs.add(verb);
    byResource.set(`${group}/${full}`, entry);
  }
  return [...byResource.values()].map(({ group, resource, verbs }) => ({ apiGroups: [group], resources: [resource], verbs: [...verbs] }));
}
