import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { flinkConfig } from '../../src/config/flink-config.ts';
import { readConfigYaml } from '../../src/config/load.ts';
import { buildCluster } from '../../src/cluster/manifests/build.ts';
import type { ClusterManifests } from '../../src/cluster/manifests/types.ts';
import { Problem } from '../../src/support/problem.ts';
import { normal } from './compare.ts';

/** What the classes of Flink 2.3.0 made of a configuration, or that they refused it. */
interface Built {
  readonly name: string;
  readonly config: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
  readonly objects?: readonly unknown[];
}

const all = readFileSync(join(import.meta.dirname, 'built.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Built);

/** The folder of the run, which exists in memory only. */
const folder = '/golden';
const fill = (text: string): string => text.replaceAll('${TMP}', folder);

function made({ config, properties, env, files }: Built): ClusterManifests {
  const fromCommandLine = Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, fill(value)]));
  const paths = new Map(Object.entries(files).map(([name, text]) => [`${folder}/files/${name}`, fill(text)]));
  return buildCluster({
    config: flinkConfig(readConfigYaml(fill(config))).with({
      ...fromCommandLine,
      '$internal.deployment.config-dir': `${folder}/conf`,
      'execution.target': 'kubernetes-session',
    }),
    mode: 'session',
    flinkVersion: '2.3',
    format: 'config.yaml',
    cwd: folder,
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
    isFolder: (path) => [...paths.keys()].some((file) => file.startsWith(`${path}/`)),
    readFile: (path) => (paths.has(path) ? new TextEncoder().encode(paths.get(path)) : undefined),
  });
}

describe('the objects are those that Flink makes', () => {
  test.each(all.filter(({ objects }) => objects !== undefined).map((built) => [built.name, built] as const))('%s', (_name, built) => {
    const { deployment, owned } = made(built);
    const own = JSON.parse(JSON.stringify([deployment, ...owned.map(({ body }) => body)]).replaceAll(folder, '${TMP}')) as unknown[];
    expect(own.map((object) => normal(object))).toEqual(built.objects?.map((object) => normal(object)));
  });
});

describe('what Flink refuses is refused', () => {
  test.each(all.filter(({ objects }) => objects === undefined).map((built) => [built.name, built] as const))('%s', (_name, built) => {
    expect(() => made(built)).toThrow(Problem);
  });
});
