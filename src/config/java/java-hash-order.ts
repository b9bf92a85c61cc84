/** `String.hashCode`, spread as in `HashMap.hash`. */
function spreadHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash ^ (hash >>> 16);
}

/** Buckets of a `java.util.HashMap` that started with 16 and grew while `count` entries were added one by one. */
export function grownCapacity(count: number): number {
  let capacity = 16;
  while (count > capacity * 0.75) capacity *= 2;
  return capacity;
}

/** Buckets of a `java.util.HashMap` that was filled at once from a map of `count` entries (`putAll` into an empty one, copy constructor). */
export function copiedCapacity(count: number): number {
  const wanted = Math.floor(count / 0.75 + 1);
  let capacity = 1;
  while (capacity < wanted) capacity *= 2;
  return capacity;
}

/**
 * The iteration order of a `java.util.HashMap` into which `keys` were put in the given order. Flink keeps configurations and map options in
 * such maps, so lists derived from them (environment variables, volumes) have this order. Source: `java.util.HashMap`, JDK 17; a bucket
 * with eight or more entries (a tree there) is treated as a list.
 */
export function hashMapOrder(keys: Iterable<string>, capacity?: number): string[] {
  const all = [...keys];
  const last = (capacity ?? grownCapacity(all.length)) - 1;
  const buckets = new Map(all.map((key) => [key, spreadHash(key) & last]));
  return all.sort((one, other) => (buckets.get(one) ?? 0) - (buckets.get(other) ?? 0));
}
