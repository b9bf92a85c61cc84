import { envSecretKeyRef, secrets } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { listOf } from './json.ts';
import type { Draft, Json } from './types.ts';

type Named = { readonly name?: Json; readonly mountPath?: Json };

function doubles(values: readonly (Json | undefined)[]): readonly Json[] {
  return [...new Set(values.filter((value, at): value is Json => value !== undefined && values.indexOf(value) !== at))];
}

/** Duplicate paths and names in a pod, which the API server refuses. */
function doubledMounts(draft: Draft): readonly string[] {
  const mounts = listOf(draft.main, 'volumeMounts') as readonly Named[];
  const volumes = listOf(draft.podSpec, 'volumes') as readonly Named[];
  const paths = doubles(mounts.map((mount) => mount.mountPath)).map((path) => {
    const hint = mounts.some((mount) => mount.mountPath === path && mount.name === 'user-artifacts-volume')
      ? ' Set user.artifacts.base-dir to another path.'
      : '';
    return `Two volumes are mounted at ${String(path)}, which Kubernetes refuses.${hint}`;
  });
  return [
    ...paths,
    ...doubles(volumes.map((volume) => volume.name)).map((name) => `Two volumes are called ${String(name)}, which Kubernetes refuses.`),
  ];
}

function incompleteReferences(config: FlinkConfig): readonly string[] {
  return (config.get(envSecretKeyRef) ?? []).flatMap((entry) => {
    const lacking = ['env', 'secret', 'key'].filter((member) => !entry.has(member));
    return lacking.length === 0
      ? []
      : [`${envSecretKeyRef.key}: the entry ${entry.get('env') ?? ''} has no ${lacking.join(' and no ')}, which Kubernetes refuses.`];
  });
}

const volumeLabel = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

function oddVolumes(config: FlinkConfig): readonly string[] {
  return [...(config.get(secrets) ?? [])].flatMap(([name, path]) => [
    ...(`${name}-volume`.length <= 63 && volumeLabel.test(name)
      ? []
      : [
          `${secrets.key}: the volume of the Secret '${name}' would be called ${name}-volume, which Kubernetes refuses; use a pod template.`,
        ]),
    ...(path.startsWith('/') ? [] : [`${secrets.key}: '${path}' is not an absolute path.`]),
  ]);
}

function restartPolicy(draft: Draft): readonly string[] {
  const policy = draft.podSpec.restartPolicy;
  return policy === undefined || policy === 'Always'
    ? []
    : [`The pod template sets the restartPolicy ${String(policy)}; a Deployment accepts only Always.`];
}

/**
 * Settings that Flink's client sends although the API server will refuse them: the objects stay the same, and the user is warned
 * beforehand.
 */
export function serverWillRefuse(draft: Draft): readonly string[] {
  return [...doubledMounts(draft), ...incompleteReferences(draft.config), ...oddVolumes(draft.config), ...restartPolicy(draft)];
}
