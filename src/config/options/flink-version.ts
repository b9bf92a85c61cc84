import { Problem } from '../../support/problem.ts';

/** The Flink versions whose differences are known, with the patch release of the default image. */
const patchReleases: Readonly<Record<string, string>> = {
  '1.18': '1.18.1',
  '1.19': '1.19.3',
  '1.20': '1.20.3',
  '2.0': '2.0.2',
  '2.1': '2.1.3',
  '2.2': '2.2.1',
  '2.3': '2.3.0',
};

export const defaultFlinkVersion = '2.3';

export const knownFlinkVersions: readonly string[] = Object.keys(patchReleases);

/** `isAtLeast('1.20-SNAPSHOT', '1.19')` is true. Only major and minor count; an unreadable version counts as new. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [major, minor] = parts(version);
  const [wantedMajor, wantedMinor] = parts(wanted);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function parts(version: string): readonly [number, number] {
  const [, major = 'Infinity', minor = 'Infinity'] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return [Number(major), Number(minor)];
}

/** `2.3.0` and `2.3` as `2.3`. Throws a `Problem` of kind `usage` for an unknown version. */
export function flinkVersion(text: string): string {
  const [, version = ''] = /^(\d+\.\d+)(?:\.\d+)?(?:-.*)?$/.exec(text.trim()) ?? [];
  if (version in patchReleases) return version;
  throw new Problem('usage', `The Flink version '${text}' is not known.`, { hint: `Known are ${knownFlinkVersions.join(', ')}.` });
}

/** The version in the tag of an official image: `flink:1.20.1-scala_2.12`, `apache/flink:2.0`; undefined for other images and versions. */
export function versionOfImage(image: string): string | undefined {
  const [, version] = /^(?:docker\.io\/)?(?:library\/|apache\/)?flink:(\d+\.\d+)(?:[.-]|$)/.exec(image) ?? [];
  return version !== undefined && version in patchReleases ? version : undefined;
}

/** The image that Flink's own client of this version deploys by default. Source: `KubernetesConfigOptions.getDefaultFlinkImage`. */
export function defaultImage(version: string): string {
  return `apache/flink:${patchReleases[version] ?? version}-scala_2.12`;
}
