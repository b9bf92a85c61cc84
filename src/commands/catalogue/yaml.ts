import { PODS } from '../../kubernetes/model/resources.ts';
import type { KubernetesObject, ResourceType } from '../../kubernetes/model/types.ts';
import { clusterSelector } from '../../native/names.ts';
import { Problem } from '../../support/problem.ts';
import { arg, option, orHere } from '../model/arguments.ts';
import { command } from '../model/command.ts';
import type { ObjectsMeant } from '../model/find-object.ts';
import type { CommandContext } from '../model/types.ts';
import { manifestLines, manifestOf } from '../procedures/manifest-text.ts';

export const yaml = command({
  name: 'yaml',
  summary: 'Show a pod, the Deployment, the Services or the ConfigMaps of the cluster as YAML',
  details:
    'deployment, service and configmap show all of that kind that belong to the cluster, service/NAME only one of them. ' +
    'Values that look secret are masked, and a comment says so: applied again, the mask would replace them. Without --managed-fields the bookkeeping of the API server is left out, as by kubectl.',
  group: 'pods',
  examples: ['yaml jm', 'yaml taskmanager-1-1', 'yaml deployment', 'yaml configmap', 'yaml service/my-cluster-rest'],
  args: { pod: orHere(arg.objects('Name of a pod, or deployment, service or configmap, alone or with /NAME'), 'pod') },
  options: { managedFields: option.flag('With metadata.managedFields: who set which field') },
  shell: { kind: 'run' },
  danger: 'safe',
  source: 'kubernetes',
  async run(context, { pod: object, managedFields }) {
    const found = await read(object, context);
    const manifests = found.objects.map((each) => manifestOf(each, found.resource, managedFields));
    return context.front.show({
      kind: 'facts',
      title: titleOf(object),
      text: await manifestLines(manifests),
      data: manifests.map(({ shown }) => shown),
      ...(object.kind === 'pod' ? { about: { kind: 'pod', name: object.pod.name } } : {}),
    });
  },
});

const titleOf = (meant: ObjectsMeant): string =>
  meant.kind === 'pod' ? `YAML of ${meant.pod.shortName}` : `YAML of ${meant.resource.kind} ${meant.name ?? ''}`.trimEnd();

interface Found {
  readonly resource: ResourceType;
  readonly objects: readonly KubernetesObject[];
}

async function read(meant: ObjectsMeant, { kubernetes, store, signal }: CommandContext): Promise<Found> {
  const { clusterId, namespace } = store.get().target;
  if (meant.kind === 'pod')
    return { resource: PODS, objects: [await kubernetes.get({ resource: PODS, namespace, name: meant.pod.name }, { signal })] };
  const { resource, name } = meant;
  const all = await kubernetes.list(resource, { namespace, labelSelector: clusterSelector(clusterId), signal });
  const objects = name === undefined ? all : all.filter(({ metadata }) => metadata?.name === name);
  if (objects.length > 0) return { resource, objects };
  const names = all.flatMap(({ metadata }) => metadata?.name ?? []);
  throw new Problem('not-found', `${clusterId} has no ${resource.kind}${name === undefined ? '' : ` ${name}`}.`, {
    hint: names.length === 0 ? undefined : `It has ${names.join(', ')}.`,
  });
}
