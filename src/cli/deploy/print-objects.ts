import type { KubernetesObject } from '../../kubernetes/model/types.ts';
import type { ConfigMapObject } from '../../native/objects.ts';
import { jsonText, yamlText } from '../../support/machine-text.ts';
import { maskedData } from '../../config/secrets/documents.ts';
import { mask } from '../../config/secrets/redact.ts';
import type { ObjectFormat } from '../command-line/connection-options.ts';

/**
 * Objects as kubectl accepts them: YAML documents, or one List in JSON. kubectl reads YAML 1.1, where `on` and `012` are not strings, so
 * they are quoted.
 */
export async function printedObjects(objects: readonly KubernetesObject[], format: ObjectFormat): Promise<string> {
  if (format === 'json') return jsonText({ apiVersion: 'v1', kind: 'List', items: objects });
  const documents = await Promise.all(
    objects.map((object) => yamlText(object, { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false })),
  );
  return documents.join('---\n');
}

/** The object with secrets masked: the data of a Secret, and elsewhere everything that is secret by its name or its shape. */
export function maskedObject(object: KubernetesObject): KubernetesObject {
  const { data } = object as ConfigMapObject;
  const plain =
    object.kind === 'Secret' && data !== undefined
      ? { ...object, data: Object.fromEntries(Object.keys(data).map((key) => [key, mask])) }
      : object;
  return maskedData(plain) as KubernetesObject;
}
