/** What every object of a cluster is called. Source: `Constants` and `KubernetesUtils`, Flink 2.3. */
export const names = {
  restService: (clusterId: string) => `${clusterId}-rest`,
  internalService: (clusterId: string) => clusterId,
  configMap: (clusterId: string) => `flink-config-${clusterId}`,
  podTemplateConfigMap: (clusterId: string) => `pod-template-${clusterId}`,
  hadoopConfigMap: (clusterId: string) => `hadoop-config-${clusterId}`,
  keytabSecret: (clusterId: string) => `kerberos-keytab-${clusterId}`,
  krb5ConfigMap: (clusterId: string) => `kerberos-krb5conf-${clusterId}`,
} as const;

export const mainContainer = 'flink-main-container';

/** Labels of all that belongs to the cluster. */
export function commonLabels(clusterId: string): ReadonlyMap<string, string> {
  return new Map([['type', 'flink-native-kubernetes'], ['app', clusterId]]);
}

/** Labels that find the JobManager's pods. */
export function jobManagerSelector(clusterId: string): ReadonlyMap<string, string> {
  return new Map([...commonLabels(clusterId), ['component', 'jobmanager']]);
}
