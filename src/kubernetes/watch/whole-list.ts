import type { KubernetesObject, ListOptions, ReadableList, ResourceType, Unreadable } from '../model/types.ts';
import type { Transport } from '../request/transport.ts';
import { readList } from './list-pages.ts';
import { asObject, objectReader, projected } from './odd-objects.ts';

/** All objects of a collection. Rejects if one of them cannot be read. */
export async function wholeList<T extends KubernetesObject>(
  transport: Transport,
  resource: ResourceType,
  options: ListOptions,
): Promise<readonly T[]> {
  return await gathered(transport, resource, options, (raws) => raws.map((raw) => projected(raw, asObject<T>)));
}

/** All objects of a collection that can be read. */
export async function readableList<T>(
  transport: Transport,
  resource: ResourceType,
  options: ListOptions,
  project: (raw: KubernetesObject) => T,
): Promise<ReadableList<T>> {
  let unreadable: Unreadable | undefined;
  const reader = objectReader(project, (objects) => {
    unreadable = objects;
  });
  reader.begin();
  const items = await gathered(transport, resource, options, reader.listed);
  reader.complete();
  return { items, unreadable };
}

async function gathered<T>(
  transport: Transport,
  resource: ResourceType,
  options: ListOptions,
  read: (raws: readonly KubernetesObject[]) => readonly T[],
): Promise<readonly T[]> {
  let all: readonly T[] = [];
  await readList(transport, resource, options, read, (items, { first }) => {
    all = first ? items : all.concat(items);
  });
  return all;
}
