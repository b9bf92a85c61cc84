import { flinkConfig } from '../../src/config/flink-config.ts';
import type { ConfigValue } from '../../src/config/options/types.ts';
import { buildCluster } from '../../src/cluster/manifests/build.ts';
import type { ClusterManifests, ClusterRequest, JsonObject } from '../../src/cluster/manifests/types.ts';

const memory: Readonly<Record<string, ConfigValue>> = {
  'jobmanager.memory.process.size': '1600m',
  'taskmanager.memory.process.size': '1728m',
};

/** A session cluster `c1` with these options on top of enough memory, and files by absolute path. */
export function build(
  options: Readonly<Record<string, ConfigValue>>,
  files: Readonly<Record<string, string>> = {},
  request: Partial<ClusterRequest> = {},
): ClusterManifests {
  return buildCluster({
    config: flinkConfig(Object.entries({ 'kubernetes.cluster-id': 'c1', ...memory, ...options })),
    mode: 'session',
    flinkVersion: '2.3',
    format: 'config.yaml',
    env: {},
    cwd: '/',
    isFolder: (path) => Object.keys(files).some((file) => file.startsWith(`${path}/`)),
    readFile: (path) => (files[path] === undefined ? undefined : new TextEncoder().encode(files[path])),
    ...request,
  });
}

export type Container = JsonObject & {
  readonly name: string;
  readonly env?: readonly JsonObject[];
  readonly volumeMounts?: readonly JsonObject[];
  readonly ports?: readonly JsonObject[];
  readonly resources: JsonObject;
};
export interface Pod {
  readonly metadata: JsonObject & { readonly labels: Readonly<Record<string, string>> };
  readonly spec: JsonObject & {
    readonly containers: readonly Container[];
    readonly volumes: readonly (JsonObject & { readonly name: string })[];
  };
}

/** The pod of the Deployment. */
export function podOf(manifests: ClusterManifests): Pod {
  return (manifests.deployment as unknown as { readonly spec: { readonly template: Pod } }).spec.template;
}

/** The container that Flink runs in: the last one. */
export function mainOf(manifests: ClusterManifests): Container {
  const main = podOf(manifests).spec.containers.at(-1);
  if (main === undefined) throw new Error('The pod has no container.');
  return main;
}

/** The data of an object by its name. */
export function dataOf(manifests: ClusterManifests, name: string): Readonly<Record<string, string>> | undefined {
  const object = manifests.owned.find(({ body }) => body.metadata?.name === name);
  return (object?.body as { readonly data?: Readonly<Record<string, string>> } | undefined)?.data;
}
