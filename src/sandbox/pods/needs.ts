import { recordOf, recordsOf, textOf, type ApiObject } from '../api/objects.ts';
import { CLAIMS, CONFIG_MAPS, SECRETS, type Resource } from '../api/resources.ts';
import type { ObjectReader } from '../api/store.ts';

/** Why a volume cannot be mounted, in the words of the kubelet's event `FailedMount`; undefined: all can. */
export function unmountable(objects: ObjectReader, pod: ApiObject): string | undefined {
  const is = (of: Resource, name: string | undefined): boolean =>
    name === undefined || objects.get(of, pod.metadata.namespace, name) !== undefined;
  for (const volume of recordsOf(pod['spec'], 'volumes')) {
    const [map, secret] = [recordOf(volume, 'configMap'), recordOf(volume, 'secret')];
    const failed = (what: string): string => `MountVolume.SetUp failed for volume "${String(volume['name'])}" : ${what} not found`;
    if (map['optional'] !== true && !is(CONFIG_MAPS, textOf(map, 'name'))) return failed(`configmap "${textOf(map, 'name')}"`);
    if (secret['optional'] !== true && !is(SECRETS, textOf(secret, 'secretName')))
      return failed(`secret "${textOf(secret, 'secretName')}"`);
  }
  return undefined;
}

/** A missing claim keeps a pod off every node; in the scheduler's words. */
export function missingClaim(objects: ObjectReader, pod: ApiObject): string | undefined {
  const names = recordsOf(pod['spec'], 'volumes').map((volume) => textOf(recordOf(volume, 'persistentVolumeClaim'), 'claimName'));
  const missing = names.find((name) => name !== undefined && objects.get(CLAIMS, pod.metadata.namespace, name) === undefined);
  return missing === undefined
    ? undefined
    : `0/1 nodes are available: persistentvolumeclaim "${missing}" not found. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`;
}

/** The missing Secret or ConfigMap of an environment variable: the container cannot be created. */
export function missingVariable(objects: ObjectReader, pod: ApiObject): string | undefined {
  for (const container of recordsOf(pod['spec'], 'containers')) {
    for (const variable of recordsOf(container, 'env')) {
      const from = recordOf(variable, 'valueFrom');
      for (const [member, kind, of] of [
        ['secretKeyRef', 'secret', SECRETS],
        ['configMapKeyRef', 'configmap', CONFIG_MAPS],
      ] as const) {
        const name = textOf(recordOf(from, member), 'name');
        if (
          name !== undefined &&
          recordOf(from, member)['optional'] !== true &&
          objects.get(of, pod.metadata.namespace, name) === undefined
        )
          return `${kind} "${name}" not found`;
      }
    }
  }
  return undefined;
}
