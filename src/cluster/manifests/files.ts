import { resolve } from 'node:path';
import type { KubernetesObject } from '../../kubernetes/model/types.ts';
import { CONFIG_MAPS } from '../../kubernetes/model/resources.ts';
import { Problem, sentence } from '../../support/problem.ts';
import type { OwnedObject } from '../model/types.ts';
import { mapMember } from './json.ts';
import type { Context } from './types.ts';

/** The bytes of a file of this machine, undefined if there is none. Throws a `Problem` if it cannot be read. */
export function readBytes(context: Context, path: string): Uint8Array | undefined {
  try {
    return context.readFile(resolve(context.cwd, path));
  } catch (error) {
    throw new Problem('invalid', `The file ${path} cannot be read: ${sentence(error)}`, { cause: error });
  }
}

/** The same as UTF-8 text. */
export function readText(context: Context, path: string): string | undefined {
  const bytes = readBytes(context, path);
  return bytes === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** A ConfigMap with texts by file name. */
export function configMap(name: string, labels: ReadonlyMap<string, string>, data: ReadonlyMap<string, string>): OwnedObject {
  const body = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...mapMember('labels', labels) },
    data: Object.fromEntries(data),
  } as KubernetesObject;
  return { resource: CONFIG_MAPS, body };
}
