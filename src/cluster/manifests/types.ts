import type { ConfigFileName } from '../../config/load.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import type { KubernetesObject } from '../../kubernetes/model/types.ts';
import type { OwnedObject } from '../model/types.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** What reads this machine's files. The bytes, or undefined if there is no file; throws if it cannot be read. */
export type ReadFile = (path: string) => Uint8Array | undefined;

/** What looks at this machine's files, given absolute paths. */
export interface LocalFiles {
  readonly readFile: ReadFile;
  readonly isFolder: (path: string) => boolean;
}

export interface ClusterRequest extends LocalFiles {
  /** File, `-e`, `-t`, `-D` and program options. Has a cluster id, and an application its `pipeline.jars`. */
  readonly config: FlinkConfig;
  readonly mode: 'session' | 'application';
  /** `1.18` to `2.3`. */
  readonly flinkVersion: string;
  /** The file that the cluster gets. */
  readonly format: ConfigFileName;
  /** For `HADOOP_CONF_DIR` and `HADOOP_HOME`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths are relative to. */
  readonly cwd: string;
}

/** The objects of a cluster in the order in which they are sent, the Deployment first. `owned` still lack their owner reference. */
export interface ClusterManifests {
  readonly clusterId: string;
  readonly namespace: string;
  readonly deployment: KubernetesObject;
  readonly owned: readonly OwnedObject[];
  /** The configuration as the cluster gets it. */
  readonly effectiveConfig: FlinkConfig;
  /** Warnings about settings that are probably not intended. */
  readonly notices: readonly string[];
}

/** The state while a cluster is put together. */
export interface Context extends ClusterRequest {
  readonly clusterId: string;
  readonly namespace: string;
}

/** A cluster half made: each step adds to it. */
export interface Draft {
  /** Changed by steps that put files of this machine into the cluster. */
  readonly config: FlinkConfig;
  readonly metadata: JsonObject;
  /** All of the pod but its main container. */
  readonly podSpec: JsonObject;
  readonly sideContainers: readonly JsonObject[];
  readonly main: JsonObject;
  readonly owned: readonly OwnedObject[];
  readonly notices: readonly string[];
}

/** One decision about the cluster. Throws a `Problem` of kind `invalid` if it cannot be deployed. */
export type Step = (draft: Draft, context: Context) => Draft;
