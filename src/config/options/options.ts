import * as cluster from './options-cluster.ts';
import * as kubernetes from './options-kubernetes.ts';
import * as memory from './options-memory.ts';
import type { Option } from './types.ts';

export interface OptionGroup {
  readonly title: string;
  readonly options: readonly Option<unknown>[];
}

/** Families of keys with a name in the middle, which do not fit in one row. */
export interface KeyPattern {
  readonly pattern: string;
  readonly matches: RegExp;
  readonly summary: string;
}

const sorted = (options: Readonly<Record<string, Option<unknown>>>): readonly Option<unknown>[] =>
  Object.values(options).sort((one, other) => (one.key < other.key ? -1 : 1));

/** All options that drey knows, by group and key. The reference of options is generated from this. */
export const optionGroups: readonly OptionGroup[] = [
  { title: 'Kubernetes', options: sorted({ ...kubernetes }) },
  { title: 'Memory and CPU', options: sorted({ ...memory }) },
  { title: 'Cluster, program and clients', options: sorted({ ...cluster }) },
];

export const keyPatterns: readonly KeyPattern[] = [
  {
    pattern: 'containerized.master.env.<NAME>',
    matches: /^containerized\.master\.env\../,
    summary: 'Environment variable of the JobManager container',
  },
  {
    pattern: 'containerized.taskmanager.env.<NAME>',
    matches: /^containerized\.taskmanager\.env\../,
    summary: 'Environment variable of the TaskManager containers',
  },
  {
    pattern: 'external-resource.<name>.kubernetes.config-key',
    matches: /^external-resource\..+\.kubernetes\.config-key$/,
    summary: 'Kubernetes resource that provides an external resource',
  },
];

export const allOptions: readonly Option<unknown>[] = optionGroups.flatMap((group) => group.options);
