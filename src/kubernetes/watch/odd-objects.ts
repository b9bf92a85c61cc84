import { Problem } from '../../support/problem.ts';
import { record, text } from '../model/json.ts';
import type { KubernetesObject } from '../model/types.ts';

/** `Pod my-pod`, or the best words for an object without a name. */
function nameOf(raw: unknown): string {
  const { kind, metadata } = record(raw);
  const name = text(record(metadata)['name']);
  return name === undefined ? 'an object without a name' : `${text(kind) ?? 'the object'} ${name}`;
}

/** Every object in Kubernetes has a name, and everything here looks it up by name. */
function withName(raw: KubernetesObject): KubernetesObject {
  if (text(record(record(raw)['metadata'])['name']) === undefined) throw new TypeError('not an object with a name');
  return raw;
}

/** The result of `project`; throws a `Problem` that names the object if it does not have the shape that Kubernetes promises. */
export function projected<T>(raw: KubernetesObject, project: (raw: KubernetesObject) => T): T {
  try {
    return project(withName(raw));
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('protocol', `The API server sent ${nameOf(raw)} in a shape that Kubernetes does not know.`, {
      hint: 'kubectl get with -o yaml shows it.',
      cause: error,
    });
  }
}

/** For callers that read the object themselves. */
export const asObject = <T extends KubernetesObject>(raw: KubernetesObject): T => raw as T;

/** Like `projected`, for the objects of a stream: an odd one is reported and left out, and the others pass. */
export function careful<T>(
  project: (raw: KubernetesObject) => T,
  odd: (problem: Problem) => void,
): (objects: readonly KubernetesObject[]) => T[] {
  return (objects) =>
    objects.flatMap((raw) => {
      try {
        return [projected(raw, project)];
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        odd(error);
        return [];
      }
    });
}
