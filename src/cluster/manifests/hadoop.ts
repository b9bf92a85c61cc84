import { join, resolve } from 'node:path';
import { hadoopConfigMapName, hadoopDecoratorEnabled } from '../../config/options/options-kubernetes.ts';
import { commonLabels, names } from '../../native/names.ts';
import { configMap, readText } from './files.ts';
import { append } from './json.ts';
import type { Context, Draft, JsonObject } from './types.ts';

const mountPath = '/opt/hadoop/conf';
const volumeName = 'hadoop-config-volume';
const files = ['core-site.xml', 'hdfs-site.xml'] as const;

function mounted(draft: Draft, configMapSource: JsonObject): Draft {
  return {
    ...draft,
    podSpec: append(draft.podSpec, 'volumes', { name: volumeName, configMap: configMapSource }),
    main: append(append(draft.main, 'volumeMounts', { name: volumeName, mountPath }), 'env', { name: 'HADOOP_CONF_DIR', value: mountPath }),
  };
}

function filesIn(context: Context, directory: string): ReadonlyMap<string, string> {
  return new Map(
    files.flatMap((name) => {
      const text = readText(context, join(directory, name));
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

/** The Hadoop configuration of this machine: `HADOOP_CONF_DIR`, otherwise the first existing folder of `HADOOP_HOME`. */
function localFiles(context: Context): { readonly directory: string; readonly found: ReadonlyMap<string, string> } | undefined {
  const named = context.env.HADOOP_CONF_DIR;
  if (named !== undefined && named.trim() !== '') return { directory: named, found: filesIn(context, named) };
  const home = context.env.HADOOP_HOME;
  if (home === undefined || home.trim() === '') return undefined;
  const directory = [join(home, 'etc', 'hadoop'), join(home, 'conf')].find((folder) => context.isFolder(resolve(context.cwd, folder)));
  return directory === undefined ? undefined : { directory, found: filesIn(context, directory) };
}

/** An existing ConfigMap, or one with the local Hadoop files. Source: `HadoopConfMountDecorator`, Flink 2.3. */
export function hadoop(draft: Draft, context: Context): Draft {
  const { config } = draft;
  if (config.get(hadoopDecoratorEnabled) !== true) return draft;
  const existing = config.get(hadoopConfigMapName)?.trim() ?? '';
  if (existing !== '') return mounted(draft, { name: existing });
  const local = localFiles(context);
  if (local === undefined) return draft;
  if (local.found.size === 0) {
    return {
      ...draft,
      notices: [
        ...draft.notices,
        `The folder ${local.directory} has neither core-site.xml nor hdfs-site.xml; the cluster gets no Hadoop configuration.`,
      ],
    };
  }
  const name = names.hadoopConfigMap(context.clusterId);
  const next = mounted(draft, { name, items: [...local.found.keys()].map((key) => ({ key, path: key })) });
  return { ...next, owned: [...next.owned, configMap(name, commonLabels(context.clusterId), local.found)] };
}
