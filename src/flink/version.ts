/** Whether a Flink version (`2.3.0`, `1.20-SNAPSHOT`) is at least `major.minor`. What cannot be read counts as new. */
export function atLeast(version: string, major: number, minor: number): boolean {
  const match = /^(\d+)\.(\d+)/.exec(version);
  if (match === null) return true;
  const [found, foundMinor] = [Number(match[1]), Number(match[2])];
  return found > major || (found === major && foundMinor >= minor);
}
