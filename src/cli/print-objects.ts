import type { KubernetesObject } from '../kubernetes/types.ts';
import { jsonText, yamlText } from '../support/machine-text.ts';
import { isSensitiveKey, mask } from '../support/redact.ts';
import type { ObjectFormat } from './connection-options.ts';

/** Objects as kubectl takes them: YAML documents, or one List in JSON. kubectl reads YAML 1.1, where `on` and `012` are no texts: they are quoted. */
export async function printedObjects(objects: readonly KubernetesObject[], format: ObjectFormat): Promise<string> {
  if (format === 'json') return jsonText({ apiVersion: 'v1', kind: 'List', items: objects });
  const documents = await Promise.all(objects.map((object) => yamlText(object, { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false })));
  return documents.join('---\n');
}

/** The object with secrets replaced: what a Secret holds, and plain values of variables with a secret name. */
export function maskedObject(object: KubernetesObject): KubernetesObject {
  const { data } = object as KubernetesObject & { readonly data?: Readonly<Record<string, string>> };
  const plain = object.kind === 'Secret' && data !== undefined ? { ...object, data: Object.fromEntries(Object.keys(data).map((key) => [key, mask])) } : object;
  return maskedVariables(plain) as KubernetesObject;
}

function maskedVariables(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskedVariables);
  if (typeof value !== 'object' || value === null) return value;
  const { name, value: content } = value as { readonly name?: unknown; readonly value?: unknown };
  const secret = typeof name === 'string' && typeof content === 'string' && isSensitiveKey(name);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, secret && key === 'value' ? mask : maskedVariables(each)]));
}
