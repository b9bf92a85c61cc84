/** Netty refuses a first line of more than 4,096 characters, and a proxy may cut a shorter one: metric names are requested in batches. */
const mostQueryCharacters = 3000;

/** The names as values of `get=`, in as few requests as possible. */
export function metricQueries(names: readonly string[]): readonly string[] {
  const parts: string[] = [];
  for (const name of names.map(encodeURIComponent)) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + name.length < mostQueryCharacters) parts[parts.length - 1] = `${last},${name}`;
    else parts.push(name);
  }
  return parts;
}
