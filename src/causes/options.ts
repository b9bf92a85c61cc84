/** Options that had other names before a version: `ConfigOption.withDeprecatedKeys`, Flink 1.18 to 2.3. */
const renamed: readonly { readonly key: string; readonly since: readonly [major: number, minor: number]; readonly before: string }[] = [
  { key: 'execution.checkpointing.dir', since: [1, 20], before: 'state.checkpoints.dir' },
  { key: 'execution.checkpointing.savepoint-dir', since: [1, 20], before: 'state.savepoints.dir' },
  { key: 'execution.checkpointing.storage', since: [1, 20], before: 'state.checkpoint-storage' },
];

/** The name that an option has in this version of Flink; unknown: its newest one. */
export function optionName(key: string, version: string | undefined): string {
  const old = renamed.find((each) => each.key === key);
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (old === undefined || major === undefined || minor === undefined) return key;
  const [sinceMajor, sinceMinor] = old.since;
  const has = Number(major) > sinceMajor || (Number(major) === sinceMajor && Number(minor) >= sinceMinor);
  return has ? key : old.before;
}
