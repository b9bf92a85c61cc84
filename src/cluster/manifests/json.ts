import type { Json, JsonObject } from './types.ts';

const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);

/** The field as a list; empty if absent. */
export function listOf(object: JsonObject, member: string): readonly Json[] {
  const value = object[member];
  return isList(value) ? value : [];
}

/** The field as an object; empty if absent. */
export function objectOf(object: JsonObject, member: string): JsonObject {
  const value = object[member];
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}

/** The list with `items` appended. An empty list is left out, because Flink's client sends none. */
export function append(object: JsonObject, member: string, ...items: readonly Json[]): JsonObject {
  const all = [...listOf(object, member), ...items];
  return all.length === 0 ? object : { ...object, [member]: all };
}

/** The map with `pairs` set. An empty map is left out. */
export function overlay(object: JsonObject, member: string, pairs: ReadonlyMap<string, string>): JsonObject {
  const all = { ...objectOf(object, member), ...Object.fromEntries(pairs) };
  return Object.keys(all).length === 0 ? object : { ...object, [member]: all };
}

/** The field with the map, or nothing if the map is empty. */
export function mapMember(member: string, pairs: ReadonlyMap<string, string> | undefined): JsonObject {
  return pairs === undefined || pairs.size === 0 ? {} : { [member]: Object.fromEntries(pairs) };
}
