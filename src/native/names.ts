/** Names of the objects of a cluster. Source: `Constants` and `KubernetesUtils`, Flink 2.3. */
export const names = {
  restService: (clusterId: string) => `${clusterId}-rest`,
  internalService: (clusterId: string) => clusterId,
  configMap: (clusterId: string) => `flink-config-${clusterId}`,
  podTemplateConfigMap: (clusterId: string) => `pod-template-${clusterId}`,
  hadoopConfigMap: (clusterId: string) => `hadoop-config-${clusterId}`,
  keytabSecret: (clusterId: string) => `kerberos-keytab-${clusterId}`,
  krb5ConfigMap: (clusterId: string) => `kerberos-krb5conf-${clusterId}`,
  /** With high availability: names the leaders. Source: `KubernetesLeaderElectionHaServices`, Flink 1.18 to 2.3. */
  leaderConfigMap: (clusterId: string) => `${clusterId}-cluster-config-map`,
} as const;

/** Name of the container that runs Flink. Source: `Constants.MAIN_CONTAINER_NAME`, Flink 2.3. */
export const MAIN_CONTAINER = 'flink-main-container';

/** Label of every object of a native cluster. Source: `Constants.LABEL_TYPE_KEY` and `LABEL_TYPE_NATIVE_TYPE`, Flink 2.3. */
const native = ['type', 'flink-native-kubernetes'] as const;
/** Source: `Constants.LABEL_COMPONENT_KEY` and `LABEL_COMPONENT_JOB_MANAGER`, Flink 2.3. */
const jobManager = ['component', 'jobmanager'] as const;

export type Labels = ReadonlyMap<string, string>;

/** Labels of everything that belongs to the cluster. Source: `KubernetesUtils.getCommonLabels`, Flink 2.3. */
export const commonLabels = (clusterId: string): Labels => new Map([native, ['app', clusterId]]);

/** Labels of the JobManagers' pods. */
export const jobManagerLabels = (clusterId: string): Labels => new Map([...commonLabels(clusterId), jobManager]);

const selector = (labels: Iterable<readonly [string, string]>): string =>
  [...labels]
    .map(([key, value]) => `${key}=${value}`)
    .toSorted()
    .join(',');

/** Selects everything that belongs to one cluster, including its pods. */
export const clusterSelector = (clusterId: string): string => selector(commonLabels(clusterId));

/** Selects the pods of one cluster's JobManagers. */
export const jobManagerSelector = (clusterId: string): string => selector(jobManagerLabels(clusterId));

/** Selects everything that belongs to any cluster. */
export const everySelector = selector([native]);

/** Selects the Deployments, of which each cluster has one. */
export const deploymentSelector = selector([native, jobManager]);

/** True for an object that Flink created, false for one that only has the name of a cluster. */
export const isNative = (labels: Readonly<Record<string, string>> | undefined): boolean => labels?.[native[0]] === native[1];
