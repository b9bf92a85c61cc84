import type { SavepointFinder } from '../../flink/savepoint-recovery.ts';
import type { SeenFolder } from '../../inside/savepoint/judge.ts';
import type { KubernetesObject, ResourceType } from '../../kubernetes/model/types.ts';

/** The actions on one cluster on Kubernetes. */
export interface ClusterHandle {
  /**
   * Deletes the Deployment with background propagation; the rest follows through owner references. Resolves once the server has accepted
   * it.
   */
  kill(signal: AbortSignal): Promise<void>;
  /** Names of the ConfigMaps that outlive it, for high availability. */
  kept(signal: AbortSignal): Promise<readonly string[]>;
  /** The folder of savepoints, if they would be deleted with the cluster; undefined if not, or if this is unknown. */
  mortalSavepoints(directory: string | undefined, signal: AbortSignal): Promise<string | undefined>;
  /** The address as Flink's client prints it, and who can reach it. */
  restAddress(signal: AbortSignal): Promise<{ readonly url: string; readonly reach: string }>;
  /**
   * Opens a loopback port that follows the JobManager; without a number, the port that is already open, if any. `others`: ports that stay
   * open as well.
   */
  openPort(port: number | undefined, signal: AbortSignal): Promise<{ readonly url: string; readonly others: readonly string[] }>;
  /** For a savepoint directory on a file system of the JobManager's pod. */
  readonly findSavepoint: SavepointFinder;
  readonly savepointsIn: SavepointFolders;
  readonly files: ClusterFiles;
}

/** The files of the ConfigMap `flink-config-<cluster id>`, as they were read. */
export interface ConfigurationFiles {
  readonly configMap: string;
  readonly files: Readonly<Record<string, string>>;
  readonly version: string | undefined;
}

/** A running pod that has a file of the ConfigMap. */
export interface FileReader {
  readonly pod: string;
  readonly container: string;
  readonly path: string;
  /** It is mounted alone (`subPath`), and so never changes while the pod lives. */
  readonly fixed: boolean;
}

export interface ClusterFiles {
  read(signal: AbortSignal): Promise<ConfigurationFiles>;
  /** Rejects with a `conflict` if the ConfigMap is no longer the one that was read: then nothing was written. */
  write(before: ConfigurationFiles, file: string, text: string, signal: AbortSignal): Promise<ConfigurationFiles>;
  readers(file: string, signal: AbortSignal): Promise<readonly FileReader[]>;
  /** Makes the kubelet bring changed files to the pod at once, which it does by itself only about once a minute. */
  sync(pod: string, signal: AbortSignal): Promise<void>;
  /** The file as the pod has it; undefined: it has none. */
  inPod(reader: FileReader, signal: AbortSignal): Promise<string | undefined>;
}

/**
 * Looks at the savepoints that lie in a directory, or at the only one if the directory is a savepoint itself. Undefined: the cluster's default
 * directory. `beginning`: only folders whose names begin so.
 */
export type SavepointFolders = (
  wanted: { readonly directory: string | undefined; readonly beginning?: string },
  signal: AbortSignal,
) => Promise<SeenSavepoints>;

/** `unseen`: the directory could not be read; `reason` is a sentence. */
export type SeenSavepoints =
  | {
      readonly state: 'seen';
      readonly directory: string;
      /** `pod my-cluster-6f7`, `this machine`. */
      readonly place: string;
      /** The newest ones first. */
      readonly folders: readonly SeenFolder[];
      /** How many more there are. */
      readonly left: number;
    }
  | { readonly state: 'unseen'; readonly reason: string };

/** One object that belongs to the Deployment. */
export interface OwnedObject {
  readonly resource: ResourceType;
  readonly body: KubernetesObject;
}

/** All objects of a cluster, in the order in which Flink's client sends them. None has an owner reference to the Deployment yet. */
export interface ClusterObjects {
  readonly clusterId: string;
  readonly namespace: string;
  readonly deployment: KubernetesObject;
  readonly owned: readonly OwnedObject[];
}
