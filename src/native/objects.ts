import type { KubernetesObject } from '../kubernetes/types.ts';
import { Problem } from '../support/problem.ts';

/** The members of live objects that this room reads. A server may leave any of them out. */
export interface DeploymentObject extends KubernetesObject {
  readonly spec?: {
    readonly replicas?: number;
    readonly template?: { readonly spec?: PodSpec };
  };
  readonly status?: {
    readonly readyReplicas?: number;
    readonly replicas?: number;
    readonly conditions?: readonly Condition[];
  };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface ServiceObject extends KubernetesObject {
  readonly spec?: {
    readonly type?: string;
    readonly clusterIP?: string;
    readonly ports?: readonly ServicePort[];
  };
  readonly status?: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] } };
}

export interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
}

export interface NodeObject extends KubernetesObject {
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status?: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
}

export interface ConfigMapObject extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

export interface PodSpec {
  readonly containers?: readonly ContainerSpec[];
  readonly initContainers?: readonly ContainerSpec[];
  readonly nodeName?: string;
  /** Each has its name, and a member that is named like its kind. */
  readonly volumes?: readonly ({ readonly name: string } & Readonly<Record<string, unknown>>)[];
}

export interface ContainerSpec {
  readonly name: string;
  readonly image?: string;
  /** Of an init container: `Always` makes it a sidecar. */
  readonly restartPolicy?: string;
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> };
  readonly args?: readonly string[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
}

export interface PodObject extends KubernetesObject {
  readonly spec?: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly started?: boolean;
  readonly restartCount?: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly reason?: string;
    readonly message?: string;
    readonly exitCode?: number;
    readonly signal?: number;
    readonly startedAt?: string;
    readonly finishedAt?: string;
  };
}

export interface EventObject extends KubernetesObject {
  readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly uid?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string };
}

/** Name of the container that runs Flink. Source: `Constants.MAIN_CONTAINER_NAME`, Flink 2.3. */
export const MAIN_CONTAINER = 'flink-main-container';

/** Label of every object of a native cluster. Source: `Constants.LABEL_TYPE_KEY` and `LABEL_TYPE_NATIVE_TYPE`, Flink 2.3. */
export const NATIVE_LABEL = 'type=flink-native-kubernetes';

/** Selects the pods of one cluster's JobManagers. */
export const jobManagerSelector = (clusterId: string): string => `app=${clusterId},component=jobmanager,${NATIVE_LABEL}`;

/** Name of the Service in front of the REST endpoint. */
export const restServiceName = (clusterId: string): string => `${clusterId}-rest`;

/** Milliseconds since the epoch of an RFC 3339 stamp; undefined for none. */
export function stamp(text: string | null | undefined): number | undefined {
  if (text === undefined || text === null) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** True for the `Problem` of a 404. */
export const isNotFound = (error: unknown): boolean => error instanceof Problem && error.kind === 'not-found';

/** True for the `Problem` of a 403. */
export const isForbidden = (error: unknown): boolean => error instanceof Problem && error.kind === 'forbidden';
