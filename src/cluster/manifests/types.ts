import type { ConfigFileName } from '../../config/load.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import type { KubernetesObject } from '../../kubernetes/model/types.ts';
import type { OwnedObject } from '../model/types.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Reads a file of this machine. Returns undefined if there is no file; throws if it cannot be read. */
export type ReadFile = (path: string) => Uint8Array | undefined;

/** Reads and lists files of this machine, given absolute paths. */
export interface LocalFiles {
  readonly readFile: ReadFile;
  readonly isFolder: (path: string) => boolean;
}

export interface ClusterRequest extends LocalFiles {
  /** The configuration file, `-e`, `-t`, `-D` and program options. Contains a cluster id, and for an application `pipeline.jars`. */
  readonly config: FlinkConfig;
  readonly mode: 'session' | 'application';
  /** `1.18` to `2.3`. */
  readonly flinkVersion: string;
  /** The format of the cluster's file. */
  readonly format: ConfigFileName;
  /** For `HADOOP_CONF_DIR` and `HADOOP_HOME`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The base of relative paths. */
  readonly cwd: string;
}

/** The objects of a cluster in the order in which they are sent, the Deployment first. `owned` still lack their owner reference. */
export interface ClusterManifests {
  readonly clusterId: string;
  readonly namespace: string;
  readonly deployment: KubernetesObject;
  readonly owned: readonly OwnedObject[];
  /** The configuration for the cluster. */
  readonly effectiveConfig: FlinkConfig;
  /** Warnings about settings that are probably not intended. */
  readonly notices: readonly string[];
}

/** The request while a cluster is built. */
export interface Context extends ClusterRequest {
  readonly clusterId: string;
  readonly namespace: string;
}

/** An unfinished cluster, which each step extends. */
export interface Draft {
  /** Changed by steps that add files of this machine to the cluster. */
  readonly config: FlinkConfig;
  readonly metadata: JsonObject;
  /** The pod without its main container. */
  readonly podSpec: JsonObject;
  readonly sideContainers: readonly JsonObject[];
  readonly main: JsonObject;
  readonly owned: readonly OwnedObject[];
  readonly notices: readonly string[];
}

/** One decision about the cluster. Throws a `Problem` of kind `invalid` if it cannot be deployed. */
export type Step = (draft: Draft, context: Context) => Draft;
