import type { LogLine } from '../kubernetes/model/types.ts';

const keyOf = ({ at, bytes, from, to }: LogLine): string =>
  `${at} ${Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1')}`;

/**
 * One log out of what several writers kept of it, merged by time. A line that all of them have comes once; one that a writer has twice
 * comes twice.
 */
export function copies(parts: readonly (readonly LogLine[])[]): readonly LogLine[] {
  const merged: LogLine[] = [];
  const places = parts.map(() => 0);
  const counts = parts.map(() => new Map<string, number>());
  const taken = new Map<string, number>();
  for (;;) {
    let first = -1;
    for (const [index, part] of parts.entries()) {
      const line = part[places[index] ?? 0];
      const best = first < 0 ? undefined : parts[first]?.[places[first] ?? 0];
      if (line !== undefined && (best === undefined || line.at < best.at)) first = index;
    }
    const line = parts[first]?.[places[first] ?? 0];
    if (line === undefined) return merged;
    places[first] = (places[first] ?? 0) + 1;
    const key = keyOf(line);
    const count = (counts[first]?.get(key) ?? 0) + 1;
    counts[first]?.set(key, count);
    if (count <= (taken.get(key) ?? 0)) continue;
    taken.set(key, count);
    merged.push(line);
  }
}
