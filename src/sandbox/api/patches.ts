import { isRecord, type JsonObject } from './objects.ts';
import { ApiError, badRequest } from './status.ts';

export type PatchType = 'merge' | 'strategic' | 'json' | 'apply';

export function patchType(contentType: string): PatchType {
  switch (contentType.split(';')[0]?.trim()) {
    case 'application/json-patch+json':
      return 'json';
    case 'application/merge-patch+json':
      return 'merge';
    case 'application/strategic-merge-patch+json':
      return 'strategic';
    case 'application/apply-patch+yaml':
      return 'apply';
    default:
      throw new ApiError(
        415,
        'UnsupportedMediaType',
        `the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml`,
      );
  }
}

export function patched(target: JsonObject, patch: unknown, type: PatchType): JsonObject {
  if (type === 'json') return jsonPatched(target, patch);
  if (!isRecord(patch)) throw badRequest('the patch is not an object');
  const result = merged(target, patch, type !== 'merge');
  return isRecord(result) ? result : target;
}

/** RFC 7386; `byKey` merges lists of named things by their key, as the strategic patch does for the core types. */
function merged(target: unknown, patch: unknown, byKey: boolean): unknown {
  if (byKey && Array.isArray(patch) && Array.isArray(target)) return mergedList(target, patch);
  if (!isRecord(patch)) return patch;
  const result: Record<string, unknown> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (byKey && key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = merged(result[key], value, byKey);
  }
  return result;
}

const MERGE_KEYS = ['name', 'uid', 'containerPort', 'port', 'mountPath', 'type'];

function mergedList(target: readonly unknown[], patch: readonly unknown[]): unknown[] {
  const key = MERGE_KEYS.find((name) => patch.length > 0 && patch.every((item) => isRecord(item) && item[name] !== undefined));
  if (key === undefined) return [...patch];
  const result = [...target];
  for (const item of patch) {
    if (!isRecord(item)) continue;
    const at = result.findIndex((known) => isRecord(known) && known[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1);
    } else if (at >= 0) result[at] = merged(result[at], item, true);
    else result.push(merged({}, item, true));
  }
  return result;
}

function jsonPatched(target: JsonObject, patch: unknown): JsonObject {
  if (!Array.isArray(patch)) throw badRequest('a JSON patch is a list of operations');
  let document: unknown = structuredClone(target);
  for (const operation of patch) {
    if (!isRecord(operation) || typeof operation['path'] !== 'string') throw badRequest('a JSON patch operation needs op and path');
    const from = typeof operation['from'] === 'string' ? operation['from'] : '';
    document = applyOperation(document, String(operation['op']), operation['path'], operation['value'], from);
  }
  if (!isRecord(document)) throw badRequest('the patch leaves no object');
  return document;
}

function applyOperation(document: unknown, op: string, path: string, value: unknown, from: string): unknown {
  switch (op) {
    case 'add':
    case 'replace':
    case 'remove':
      return changedAt(document, pointer(path), op, value);
    case 'test':
      if (JSON.stringify(readAt(document, pointer(path))) !== JSON.stringify(value))
        throw new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request`);
      return document;
    case 'copy':
      return changedAt(document, pointer(path), 'add', readAt(document, pointer(from)));
    case 'move': {
      const moved = readAt(document, pointer(from));
      return changedAt(changedAt(document, pointer(from), 'remove', undefined), pointer(path), 'add', moved);
    }
    default:
      throw badRequest(`unknown JSON patch operation ${op}`);
  }
}

const pointer = (path: string): string[] =>
  path
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

function readAt(document: unknown, path: readonly string[]): unknown {
  let found = document;
  for (const part of path) found = Array.isArray(found) ? found[Number(part)] : isRecord(found) ? found[part] : undefined;
  return found;
}

/** `document` is a private clone, so it is changed in place. */
function changedAt(document: unknown, path: readonly string[], op: 'add' | 'replace' | 'remove', value: unknown): unknown {
  const last = path.at(-1);
  if (last === undefined) return value;
  const parent = readAt(document, path.slice(0, -1));
  if (Array.isArray(parent)) {
    const at = last === '-' ? parent.length : Number(last);
    if (op === 'add') parent.splice(at, 0, value);
    else if (op === 'replace') parent[at] = value;
    else parent.splice(at, 1);
  } else if (isRecord(parent)) {
    if (op !== 'add' && !(last in parent))
      throw new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request`);
    const open = parent as Record<string, unknown>;
    if (op === 'remove') delete open[last];
    else open[last] = value;
  } else throw new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request`);
  return document;
}
