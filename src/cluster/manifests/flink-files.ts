import { join } from 'node:path';
import * as cluster from '../../config/options/options-cluster.ts';
import { configFile, flinkConfDir } from '../../config/options/options-kubernetes.ts';
import type { FlinkConfig } from '../../config/options/types.ts';
import { isAtLeast } from '../../config/options/flink-version.ts';
import { renderConfig } from '../../config/yaml-write.ts';
import { commonLabels, names } from '../../native/names.ts';
import { configMap, readText } from './files.ts';
import { append } from './json.ts';
import type { Context, Draft } from './types.ts';

const volumeName = 'flink-config-volume';

const consoleLogFiles = ['logback-console.xml', 'log4j-console.properties'];
const allLogFiles = [
  'logback.xml',
  'log4j.properties',
  ...consoleLogFiles,
  'logback-session.xml',
  'log4j-session.properties',
  'log4j-cli.properties',
];

/** The logging files that exist in the local folder, in the order in which Flink mounts them. */
function logFiles(config: FlinkConfig, context: Context): ReadonlyMap<string, string> {
  const directory = config.get(cluster.internalConfigDir) ?? config.get(flinkConfDir) ?? '';
  const wanted = isAtLeast(context.flinkVersion, '2.1') ? allLogFiles : consoleLogFiles;
  return new Map(
    wanted.flatMap((name) => {
      const text = readText(context, join(directory, name));
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

/** The first key of an option that is set: the one that `Configuration.removeConfig` removes. */
function presentKey(config: FlinkConfig, keys: readonly string[]): string | undefined {
  return keys.find((key) => config.raw(key) !== undefined);
}

/**
 * The configuration without the options for this machine only. Source: `FlinkConfMountDecorator.getClusterSideConfiguration`, Flink 2.3.
 */
export function clusterSideConfig(config: FlinkConfig): FlinkConfig {
  const local = [
    configFile,
    cluster.internalConfigDir,
    cluster.restBindAddress,
    cluster.jobManagerBindHost,
    cluster.taskManagerBindHost,
    cluster.taskManagerHost,
  ];
  const keys = local
    .map((option) => presentKey(config, [option.key, ...option.fallback, ...option.deprecated]))
    .filter((key) => key !== undefined);
  return config.with(Object.fromEntries(keys.map((key) => [key, undefined])));
}

/** The ConfigMap with logging files and configuration, and its mount. Source: `FlinkConfMountDecorator`, Flink 2.3. */
export function flinkFiles(draft: Draft, context: Context): Draft {
  const config = draft.config.with({ [cluster.dreyFlinkVersion.key]: undefined });
  const shipped = clusterSideConfig(config);
  const rendered = renderConfig(shipped, context.format, config.keys().length);
  const data = new Map([...logFiles(config, context), [context.format, rendered.text]]);
  const name = names.configMap(context.clusterId);
  return {
    ...draft,
    config: shipped,
    podSpec: append(draft.podSpec, 'volumes', {
      name: volumeName,
      configMap: { name, items: [...data.keys()].map((key) => ({ key, path: key })) },
    }),
    main: append(draft.main, 'volumeMounts', { name: volumeName, mountPath: config.get(flinkConfDir) ?? '' }),
    owned: [...draft.owned, configMap(name, commonLabels(context.clusterId), data)],
    notices: [...draft.notices, ...rendered.notices],
  };
}
