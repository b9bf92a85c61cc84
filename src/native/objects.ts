import type {
  CoreV1Event,
  PodMetric,
  V1ConfigMap,
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1Deployment,
  V1Node,
  V1Pod,
  V1PodCondition,
  V1Probe,
  V1ResourceQuota,
  V1Service,
  V1ServicePort,
  V1Volume,
} from '@kubernetes/client-node';
import type { Wire } from '../kubernetes/model/wire.ts';
import { isMoment } from '../support/format.ts';

export type ConfigMapObject = Wire<V1ConfigMap>;
export type DeploymentObject = Wire<V1Deployment>;
export type EventObject = Wire<CoreV1Event>;
export type NodeObject = Wire<V1Node>;
export type PodMetricsObject = Wire<PodMetric>;
export type PodObject = Wire<V1Pod>;
export type ResourceQuotaObject = Wire<V1ResourceQuota>;
export type ServiceObject = Wire<V1Service>;

export type Condition = Wire<V1PodCondition>;
export type ContainerSpec = Wire<V1Container>;
export type ContainerState = Wire<V1ContainerState>;
export type ContainerStatus = Wire<V1ContainerStatus>;
export type Probe = Wire<V1Probe>;
export type ServicePort = Wire<V1ServicePort>;
export type Volume = Wire<V1Volume>;

/** An RFC 3339 stamp in milliseconds since the epoch; undefined without one, and for Go's zero time, which is before the epoch. */
export function stamp(text: string | null | undefined): number | undefined {
  if (text === undefined || text === null) return undefined;
  const at = Date.parse(text);
  return isMoment(at) ? at : undefined;
}
