import type { AccessQuestion, KubernetesObject } from '../../kubernetes/model/types.ts';
import { type Rule, rulesFor } from './needed-rights.ts';
import { shellWord } from '../../support/shell-word.ts';

export type Subject =
  | { readonly kind: 'User'; readonly name: string }
  | { readonly kind: 'ServiceAccount'; readonly name: string; readonly namespace: string };

/** The missing objects as manifests to apply, and kubectl commands that do the same. */
export interface Repair {
  readonly objects: readonly KubernetesObject[];
  readonly commands: readonly string[];
}

export interface RepairRequest {
  readonly name: string;
  readonly namespace: string;
  readonly subject: Subject;
  readonly questions: readonly AccessQuestion[];
}

/** An empty namespace. */
export const namespaceRepair = (name: string): Repair => ({
  objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }],
  commands: [`kubectl create namespace ${shellWord(name)}`],
});

/** A service account without rights. */
export const accountRepair = (name: string, namespace: string): Repair => ({
  objects: [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } }],
  commands: [`kubectl create serviceaccount ${shellWord(name)} -n ${namespace}`],
});

/**
 * The smallest grant of these rights: a Role with its binding, and a ClusterRole for resources without a namespace. Empty without
 * questions. Pure.
 */
export function repairFor({ name, namespace, subject, questions }: RepairRequest): readonly Repair[] {
  const inside = rulesFor(questions.filter((each) => each.namespace !== undefined));
  const outside = rulesFor(questions.filter((each) => each.namespace === undefined));
  return [
    ...(inside.length === 0 ? [] : [repair({ kind: 'Role', name, namespace, subject }, inside)]),
    ...(outside.length === 0 ? [] : [repair({ kind: 'ClusterRole', name, namespace: undefined, subject }, outside)]),
  ];
}

/** A role and the subject that it is bound to. */
interface Grant {
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
  readonly namespace: string | undefined;
  readonly subject: Subject;
}

function repair(grant: Grant, rules: readonly Rule[]): Repair {
  const { kind, name, namespace, subject } = grant;
  const metadata = { name, ...(namespace === undefined ? {} : { namespace }) };
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, rules };
  const binding = {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: `${kind}Binding`,
    metadata,
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
    subjects: [subject.kind === 'User' ? { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: subject.name } : subject],
  };
  return {
    objects: [role, binding] as readonly KubernetesObject[],
    commands: rules.flatMap((rule) => commandsFor(grant, rule, rules.length > 1)),
  };
}

/** `kubectl create role` makes one rule, so several rules need several roles. */
function commandsFor(
  { kind, name, namespace, subject }: Grant,
  { apiGroups, resources, verbs }: Rule,
  several: boolean,
): readonly string[] {
  const resource = `${resources[0] ?? ''}`;
  const [plural = '', subresource] = resource.split('/');
  const full = `${plural}${apiGroups[0] === '' ? '' : `.${apiGroups[0]}`}${subresource === undefined ? '' : `/${subresource}`}`;
  const own = several ? `${name}-${resource.replace('/', '-')}` : name;
  const where = namespace === undefined ? '' : ` -n ${namespace}`;
  const word = kind.toLowerCase();
  const who = subject.kind === 'User' ? `--user=${shellWord(subject.name)}` : `--serviceaccount=${subject.namespace}:${subject.name}`;
  return [
    `kubectl create ${word} ${own} --verb=${verbs.join(',')} --resource=${full}${where}`,
    `kubectl create ${word}binding ${own} --${word}=${own} ${who}${where}`,
  ];
}
