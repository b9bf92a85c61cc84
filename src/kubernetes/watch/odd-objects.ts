import { Problem, sentence } from '../../support/problem.ts';
import { record, text } from '../model/json.ts';
import type { KubernetesObject, Unreadable } from '../model/types.ts';

const nameIn = (raw: unknown): string | undefined => text(record(record(raw).metadata).name);

/** `Pod my-pod`, or the best words for an object without a name. */
function nameOf(raw: unknown): string {
  const name = nameIn(raw);
  return name === undefined ? 'an object without a name' : `${text(record(raw).kind) ?? 'the object'} ${name}`;
}

/** Every object in Kubernetes has a name, and everything here looks it up by name. */
function withName(raw: KubernetesObject): KubernetesObject {
  if (nameIn(raw) === undefined) throw new TypeError('not an object with a name');
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

/** Reads the objects of a collection. One that cannot be read is left out and remembered, and the others pass. */
export interface ObjectReader<T> {
  /** A new list begins. */
  begin(): void;
  /** Objects of the list in progress. */
  listed(objects: readonly KubernetesObject[]): readonly T[];
  /** The list is complete. */
  complete(): void;
  /** Objects that a watch reported. */
  watched(kind: 'seen' | 'gone', objects: readonly KubernetesObject[]): readonly T[];
}

/** Calls `tell` with the currently unreadable objects whenever these may have changed, and with undefined if all objects can be read. */
export function objectReader<T>(
  project: (raw: KubernetesObject) => T,
  tell: (unreadable: Unreadable | undefined) => void,
): ObjectReader<T> {
  /** By name. Objects without a name are numbered: an event about one of them may be about any. */
  let odd = new Map<string, Problem>();
  let listing = new Map<string, Problem>();
  const read = (objects: readonly KubernetesObject[], fails: (raw: KubernetesObject, problem: Problem) => void): readonly T[] =>
    objects.flatMap((raw) => {
      try {
        return [projected(raw, project)];
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        fails(raw, error);
        return [];
      }
    });
  return {
    begin() {
      listing = new Map();
    },
    listed: (objects) => read(objects, (raw, problem) => listing.set(nameIn(raw) ?? `#${listing.size}`, problem)),
    complete() {
      const before = odd;
      odd = listing;
      if (before.size > 0 || odd.size > 0) tell(unreadable(odd));
    },
    watched(kind, objects) {
      const before = odd;
      if (before.size > 0) odd = new Map([...before].filter(([name]) => !objects.some((raw) => nameIn(raw) === name)));
      const items = read(objects, (raw, problem) => {
        if (kind === 'gone') return;
        if (odd === before) odd = new Map(before);
        odd.set(nameIn(raw) ?? '#0', problem);
      });
      if (odd !== before) tell(unreadable(odd));
      return items;
    },
  };
}

function unreadable(odd: ReadonlyMap<string, Problem>): Unreadable | undefined {
  const [first] = odd.values();
  return first === undefined
    ? undefined
    : { count: odd.size, names: [...odd.keys()].filter((name) => !name.startsWith('#')), reason: sentence(first) };
}
