import type { SavepointFinder } from '../../flink/savepoint-recovery.ts';
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
  /** The pod from the server, as YAML-ready data, with its events. */
  describePod(name: string, signal: AbortSignal): Promise<unknown>;
  /** For a savepoint directory on a file system of the JobManager's pod. */
  readonly findSavepoint: SavepointFinder;
}

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
