/** What has to start anew before a changed option counts. */
export type TakesEffect = 'deployment' | 'taskmanagers' | 'jobs' | 'processes';

/**
 * By the beginning of a key; the first rule counts. The JobManager's pod and the Services are made when a cluster is deployed
 * (`KubernetesJobManagerFactory`), those of TaskManagers by the JobManager (`KubernetesTaskManagerFactory`), and jobs read theirs when they
 * are submitted. Every process reads its configuration once, when it starts. Flink 2.3.
 */
const rules: readonly (readonly [RegExp, TakesEffect])[] = [
  [
    /^(?:kubernetes\.taskmanager\.|kubernetes\.container\.image|kubernetes\.env|kubernetes\.secrets|kubernetes\.pod-template-file\.taskmanager)/,
    'taskmanagers',
  ],
  [/^(?:kubernetes\.|internal\.|\$internal)/, 'deployment'],
  [/^(?:taskmanager\.|resourcemanager\.taskmanager)/, 'taskmanagers'],
  [/^(?:execution|pipeline|parallelism|restart-strategy|state|table|python)\b/, 'jobs'],
];

export const takesEffect = (key: string): TakesEffect => rules.find(([matches]) => matches.test(key))?.[1] ?? 'processes';
